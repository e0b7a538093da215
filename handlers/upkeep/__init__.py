"""What keeps the work in step with the calendar: the look ahead, tasks for managers, dates worked out anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.forms.flow import Form
from handlers.turn import Service, Turn
from handlers.upkeep import look_ahead, tasks

FORMS: tuple[Form, ...] = ()
COMMANDS: dict[str, Callable[[Turn], None]] = {}
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {tasks.PRESS: tasks.pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {
    tasks.JOB: tasks.raise_due,
    look_ahead.JOB: look_ahead.tell_all,
}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""

__all__ = ["COMMANDS", "DAILY", "FORMS", "PRESSES"]
