"""A date that moves, in one line: which, from when to when, and why."""

from __future__ import annotations

from datetime import date

from casework.recalculation import Cause, Why
from handlers.officers.labels import deadline_name
from handlers.upkeep.recalculating import Move
from handlers.words import Html, Words


def line(words: Words, move: Move, today: date) -> Html:
    """ "KM4P-X7RB, report: first contact, Thursday 26 November, now Friday 27 November. …" """
    return words("upkeep.move", **_values(words, move, today))


def plain_line(words: Words, move: Move, today: date) -> str:
    """The same for a terminal."""
    return words.plain("upkeep.move", **_values(words, move, today))


def kept_line(words: Words, why: str, count: int) -> Html:
    """How many dates stay, and why they do."""
    return words.plural(f"upkeep.kept.{why}", count)


def _values(words: Words, move: Move, today: date) -> dict[str, str]:
    why = [_why(words, one, today) for one in move.why] or [words.plain("upkeep.why.counted")]
    return {
        "reference": move.reference,
        "kind": words.plain(f"officer.kind.{move.case_kind}.name"),
        "what": deadline_name(words, move.kind),
        "old": words.day(move.old, today),
        "new": words.day(move.new, today),
        "why": "; ".join(why),
    }


def _why(words: Words, why: Why, today: date) -> str:
    if why.cause is Cause.FIGURE:
        return words.plain("upkeep.why.figure", before=why.before, after=why.after)
    day = words.day(why.day, today) if why.day else ""
    return words.plain(f"upkeep.why.{why.cause.value}", day=day, name=why.name)
