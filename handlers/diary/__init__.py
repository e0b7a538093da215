"""The incident diary, from one tap to a PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.diary import acts, weekly
from handlers.diary.forms import FULL, NOW
from handlers.forms.flow import Form
from handlers.turn import Service, Turn

FORMS: tuple[Form, ...] = (NOW, FULL)
COMMANDS: dict[str, Callable[[Turn], None]] = {"diary": acts.show}
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {"y": acts.pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {"diary": weekly.ask_all}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""
