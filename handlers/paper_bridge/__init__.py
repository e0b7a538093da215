"""For people without Telegram: what they say, write or bring is keyed in, and what we say is printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.forms.flow import Form
from handlers.paper_bridge import letters, new, sheets
from handlers.turn import Service, Turn

__all__ = ["ACTS", "COMMANDS", "DAILY", "FORMS", "PRESSES"]

FORMS: tuple[Form, ...] = (new.KEY_IN, sheets.SHEET, letters.LETTER)
COMMANDS: dict[str, Callable[[Turn], None]] = {"new": new.begin_new}
ACTS: dict[str, Callable[[Turn, list[str]], None]] = {
    "letters": letters.pressed,
    "print": letters.print_pressed,
    "sheet": sheets.pressed,
}
"""By the second part of a button's data, ``g:<act>:<case_id>``."""
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {}
