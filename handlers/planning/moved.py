"""That a day was moved, in words: on the card, in lists, and where somebody asks why."""

from __future__ import annotations

from datetime import date

from handlers.words import Html, Words
from storage.models import Deadline


def moved_phrase(words: Words, moves: int) -> str:
    """ "moved once", "moved twice", "moved 3 times"."""
    if moves < 3:
        return words.plain("dates.moved.once" if moves == 1 else "dates.moved.twice")
    return words.plain("dates.moved.often", times=moves)


def with_moves(words: Words, row: Deadline, line: str) -> str:
    """The line of a deadline, with how often it was moved where it was."""
    if not row.moves:
        return line
    return words.plain("dates.moved.line", line=line, moved=moved_phrase(words, row.moves))


def why_lines(words: Words, row: Deadline, reason: str | None, today: date) -> list[Html]:
    """How often it was moved, the day that was set first, and why it moved last."""
    if not row.moves or row.first_due_on is None:
        return []
    first = words.day(row.first_due_on, today)
    lines = [words("dates.moved.why", moved=moved_phrase(words, row.moves), day=first)]
    if reason:
        lines.append(words("dates.moved.reason", reason=reason))
    return lines
