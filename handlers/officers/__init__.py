"""The officer's side: cards and what is done from them, the queue, what is due, and who is told of what."""

from __future__ import annotations

from collections.abc import Callable

from handlers.officers import acts, card, due, queue, reporter, why
from handlers.officers.references import open_reference
from handlers.officers.unreachable import came_or_went, on_unreachable
from handlers.turn import Turn

COMMANDS: dict[str, Callable[[Turn], None]] = {
    "queue": queue.show_queue,
    "due": due.show_due,
}
"""Commands by name."""

PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {
    "c": acts.pressed,
    "d": due.pressed,
    "o": card.open_pressed,
    "q": queue.pressed,
    "u": reporter.show_update,
    "w": why.pressed,
}
"""Buttons by the first part of their data; each is given all parts, split at the colons."""

__all__ = ["COMMANDS", "PRESSES", "came_or_went", "on_unreachable", "open_reference"]
