"""Who carries what: the team's work, handing it over, giving out a case, and leaving."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.forms.flow import Form
from handlers.turn import Service, Turn
from handlers.workload import handing_over, leaving, team

__all__ = ["COMMANDS", "DAILY", "FORMS", "PRESSES", "leaving"]

_ACTS: dict[str, Callable[[Turn, list[str]], None]] = {
    "p": team.page_pressed,
    "pic": team.picture_pressed,
    "hand": lambda turn, _parts: handing_over.start(turn),
    "hp": handing_over.page_pressed,
    "h": handing_over.whose_pressed,
    "go": handing_over.confirmed,
    "l": leaving.list_pressed,
    "who": leaving.who_pressed,
    "end": leaving.end_pressed,
}
"""Buttons by the second part of their data."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``t:<act>:…``. A forged act shows the team's work, and changes nothing."""
    act = _ACTS.get(parts[1] if len(parts) > 1 else "")
    if act is None:
        team.show_team(turn)
    else:
        act(turn, parts)


FORMS: tuple[Form, ...] = (handing_over.HANDOVER,)
COMMANDS: dict[str, Callable[[Turn], None]] = {"team": team.show_team, "handover": handing_over.start}
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {"t": pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {}
