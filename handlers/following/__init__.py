"""A resident follows their case: where it stands, messages, closing, reopening; and the officer's side of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers import expecting
from handlers.case_review import after_report
from handlers.following import mine, one, promises, reopening, reviews, signals, writing
from handlers.following.one import open_own
from handlers.following.writing import offer as offer_message
from handlers.following.writing import offer_rows as message_rows
from handlers.forms.flow import Form
from handlers.officers import closing, find, messages
from handlers.turn import Service, Turn

__all__ = [
    "COMMANDS",
    "DAILY",
    "FORMS",
    "PRESSES",
    "after_report",
    "message_rows",
    "offer_message",
    "open_own",
    "said",
    "takes",
]

takes = expecting.takes

_ACTS: dict[str, Callable[[Turn, list[str]], None]] = {
    "list": mine.page_pressed,
    "open": one.open_pressed,
    "why": one.why_pressed,
    "write": writing.write_pressed,
    "send": writing.send_pressed,
    "no": writing.no_pressed,
    "worse": signals.worse_pressed,
    "stopped": signals.stopped_pressed,
    "withdraw": signals.withdraw_pressed,
    "taken": signals.withdrawn_pressed,
    "review": reviews.explain_pressed,
    "reopen": reopening.reopen_pressed,
    "asked": reopening.feedback_pressed,
    # of the team
    "msgs": messages.list_pressed,
    "tell": messages.tell_pressed,
    "line": messages.line_pressed,
    "spoke": messages.spoke_pressed,
    "close": closing.pressed,
    "reason": closing.reason_pressed,
    "closed": closing.confirmed,
}
"""Buttons by the second part of their data."""

_SAID: dict[str, Callable[[Turn, dict[str, Any]], None]] = {
    writing.REPLY: writing.said,
    messages.TELL: messages.said,
    closing.CLOSE: closing.said,
    find.FIND: find.said,
}
"""What typed words are for, by what was asked."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``k:<act>:…``. A forged act shows the person's own cases, and nothing else."""
    act = _ACTS.get(parts[1]) if len(parts) > 1 else None
    (act or mine.page_pressed)(turn, parts if act else ["k", "list"])


def said(turn: Turn) -> None:
    """What was typed goes where a button said that it would."""
    expects = expecting.expected(turn)
    if expects is not None:
        _SAID[expects["what"]](turn, expects)


FORMS: tuple[Form, ...] = ()
COMMANDS: dict[str, Callable[[Turn], None]] = {"cases": mine.show_mine}
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {"k": pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {
    promises.JOB: promises.apologise,
}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""
