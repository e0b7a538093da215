"""The history of cases as proof: sealed each night, shown to managers, printed for an ombudsman."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.forms.flow import Form
from handlers.history import sealing, timeline, who_looked
from handlers.paper_bridge import ACTS as PAPER_BRIDGE
from handlers.turn import Service, Turn

__all__ = ["COMMANDS", "DAILY", "FORMS", "PRESSES"]

FORMS: tuple[Form, ...] = ()
COMMANDS: dict[str, Callable[[Turn], None]] = {}
_ACTS: dict[str, Callable[[Turn, list[str]], None]] = {
    "who": who_looked.pressed,
    "time": timeline.pressed,
    **PAPER_BRIDGE,
}


def pressed(turn: Turn, parts: list[str]) -> None:
    """``g:<act>:<case_id>``; something forged does nothing."""
    act = _ACTS.get(parts[1] if len(parts) > 1 else "")
    if act is not None:
        act(turn, parts)


PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {"g": pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {"history": sealing.seal_once}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""
