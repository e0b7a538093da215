"""What the next thing typed is for, where a button asked for it and no form is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.forms import pen
from handlers.turn import Turn

ASKED_FOR = timedelta(hours=24)
"""Whatever comes later is no answer to the question any more: it is asked about first."""
GOES_ON_FOR = timedelta(minutes=10)
"""So long after a message is sent more of it may come: long texts arrive in parts."""


def expect(turn: Turn, what: str, case_id: int, *, life: timedelta = ASKED_FOR, **facts: Any) -> None:
    """The next typed message is for this, about this case. An open form is put aside, and keeps its answers."""
    if turn.draft is not None:
        pen.park(turn)
    until = (turn.now + life).timestamp()
    turn.remember(expects={"what": what, "case": case_id, "until": until, **facts}, unsent=None)


def expected(turn: Turn) -> dict[str, Any] | None:
    """What is waited for; None where nothing is, or no more."""
    expects: dict[str, Any] | None = turn.screen.get("expects")
    if expects is None or expects["until"] < turn.now.timestamp():
        return None
    return expects


def forget(turn: Turn) -> None:
    """Nothing is waited for any more."""
    turn.remember(expects=None, unsent=None)


def takes(turn: Turn) -> bool:
    """Whether what came is what a button asked for: something typed, while no form is open."""
    incoming = turn.incoming
    typed = bool(incoming.text) and incoming.command is None and incoming.file is None
    return typed and not incoming.edited and turn.draft is None and expected(turn) is not None
