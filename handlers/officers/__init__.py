"""The officer's side: cards and what is done from them, the queue, what is due, and who is told of what."""

from __future__ import annotations

from collections.abc import Callable

from handlers.forms.flow import Form
from handlers.officers import (
    acts,
    assigning,
    card,
    card_menu,
    due,
    find,
    notes,
    queue,
    reporter,
    stages,
    tries,
    why,
)
from handlers.officers.references import open_reference
from handlers.officers.unreachable import came_or_went, on_unreachable
from handlers.turn import Turn

FORMS: tuple[Form, ...] = (notes.FORM, stages.FORM)
"""What officers write about a case."""

COMMANDS: dict[str, Callable[[Turn], None]] = {
    "queue": queue.show_queue,
    "due": due.show_due,
    "find": find.show_find,
}
"""Commands by name."""

_MORE: dict[str, Callable[[Turn, list[str]], None]] = {
    "assign": assigning.asked,
    "reassign": assigning.asked,
    "own": assigning.chosen,
    "contact_tried": tries.asked,
    "tried": tries.chosen,
    "note": notes.begin,
    "notes": notes.list_pressed,
    "read": notes.read_pressed,
    "stage": stages.begin,
}
"""Acts that ask something more, by the second part of their data."""


def _pressed_more(turn: Turn, parts: list[str]) -> None:
    """``h:<act>:<case_id>:…``; anything else is about the card's two keyboards."""
    _MORE.get(parts[1] if len(parts) > 1 else "", card_menu.pressed)(turn, parts)


PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {
    "c": acts.pressed,
    "d": due.pressed,
    "h": _pressed_more,
    "o": card.open_pressed,
    "q": queue.pressed,
    "s": find.pressed,
    "u": reporter.show_update,
    "w": why.pressed,
}
"""Buttons by the first part of their data; each is given all parts, split at the colons."""

__all__ = ["COMMANDS", "FORMS", "PRESSES", "came_or_went", "on_unreachable", "open_reference"]
