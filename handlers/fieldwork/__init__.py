"""What officers do on a case beside its moves: visits, the risk band by hand, and links to other cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.fieldwork import links, risk_change, visit_ends, visit_reminding, visits
from handlers.forms.flow import Form
from handlers.turn import Service, Turn

PRESS = "v"

_ACTS: dict[str, Callable[[Turn, list[str]], None]] = {
    "visit": visits.open_pressed,
    "move": visits.change_pressed,
    "cancel": visit_ends.cancel_pressed,
    "been": visit_ends.been_pressed,
    "out": visit_ends.out_pressed,
    "file": visit_ends.file_pressed,
    "risk": risk_change.change_pressed,
    "why": risk_change.why_pressed,
    "agree": risk_change.agree_pressed,
    "decline": risk_change.decline_pressed,
    "links": links.list_pressed,
    "link": links.link_pressed,
    "unlink": links.unlink_pressed,
}
"""Buttons by the second part of their data; the third is the case's id."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``v:<act>:<case_id>:…``; what is forged opens nothing but what is theirs to see."""
    _ACTS.get(parts[1] if len(parts) > 1 else "", links.list_pressed)(turn, parts)


FORMS: tuple[Form, ...] = (visits.BOOK, visit_ends.CANCEL, risk_change.CHANGE, links.LINK, links.UNLINK)
COMMANDS: dict[str, Callable[[Turn], None]] = {}
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {PRESS: pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {
    visit_reminding.JOB: visit_reminding.remind,
}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""
