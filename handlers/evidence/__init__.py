"""Evidence: what people send beside words, and how officers open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.evidence import offering, showing, sweeping
from handlers.evidence.offering import offer_file, typed
from handlers.forms.flow import Form
from handlers.turn import Service, Turn

FORMS: tuple[Form, ...] = ()
COMMANDS: dict[str, Callable[[Turn], None]] = {}


def _pressed(turn: Turn, parts: list[str]) -> None:
    """``e:<act>`` and what it is about."""
    act = parts[1] if len(parts) > 1 else ""
    (showing if act in showing.ACTS else offering).pressed(turn, parts)


PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {"e": _pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {"evidence": sweeping.sweep}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""

__all__ = ["COMMANDS", "DAILY", "FORMS", "PRESSES", "offer_file", "typed"]
