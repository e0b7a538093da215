"""Showing only some of the queue: by kind, area, state and ward, each chosen from what there is.

What was chosen is kept while somebody pages, and forgotten when they ask for the queue anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace

from handlers.keyboards import LONGEST_DATA, Button, Rows, columns
from handlers.turn import Turn
from handlers.words import Html
from storage.cases import EVERYTHING, Only, QueueCount

FACETS = ("kind", "district", "status", "ward")
PRESS = "s"
MOST_CHOICES = 24
"""Of more choices than that those with the fewest cases are left out: a keyboard is no longer than a screen."""


def chosen(turn: Turn) -> Only:
    """What this person chose to see."""
    kept = turn.screen.get("queue_only")
    return Only(**{facet: kept.get(facet) for facet in FACETS}) if kept else EVERYTHING


def keep(turn: Turn, only: Only) -> None:
    """Remember it for the next pages."""
    kept = {facet: value for facet, value in asdict(only).items() if value is not None}
    turn.remember(queue_only=kept or None)


def choose(turn: Turn, counts: Sequence[QueueCount], facet: str, value: str | None) -> None:
    """Narrow to this value, where some case has it: data of buttons can be forged. None is all."""
    if facet in FACETS and (value is None or value in _values(counts, facet)):
        keep(turn, replace(chosen(turn), **{facet: value}))


def choice_in(parts: list[str], place: int) -> str | None:
    """The value at a place of a button's data, which may hold colons; None where there is none."""
    return ":".join(parts[place:]) if place < len(parts) else None


def shown_line(turn: Turn, only: Only) -> list[Html]:
    """What is shown, where it is not everything."""
    names = [_name(turn, facet, value) for facet in FACETS if (value := getattr(only, facet)) is not None]
    return [turn.words("find.only.shown", what=turn.words.listing(names))] if names else []


def row_of(turn: Turn, only: Only, counts: Sequence[QueueCount]) -> tuple[Button, ...]:
    """The way to choose, and back to everything; nothing where all cases are alike."""
    if only == EVERYTHING and len(counts) < 2:
        return ()
    plain = turn.words.plain
    everything = () if only == EVERYTHING else (Button(plain("find.only.all.button"), f"{PRESS}:all"),)
    return (Button(plain("find.only.button"), f"{PRESS}:f"), *everything)


def facets_screen(turn: Turn, counts: Sequence[QueueCount]) -> tuple[Html, Rows]:
    """What the queue can be narrowed by, each with what is chosen now."""
    only, plain = chosen(turn), turn.words.plain
    buttons = []
    for facet in FACETS:
        value = getattr(only, facet)
        if value is None and not _values(counts, facet):
            continue
        now = plain("find.only.any") if value is None else _name(turn, facet, value)
        buttons.append(Button(plain(f"find.only.{facet}.button", now=now), f"{PRESS}:f:{facet}"))
    return turn.words("find.only.by"), (*columns(tuple(buttons), 1), _back(turn))


def values_screen(turn: Turn, counts: Sequence[QueueCount], facet: str) -> tuple[Html, Rows]:
    """What there is of one of them, with how many cases each has beside what else is chosen."""
    others = replace(chosen(turn), **{facet: None})
    numbers = Counter[str]()
    for count in counts:
        if others.lets(count) and (facet != "ward" or count.ward):
            numbers[getattr(count, facet) or ""] += count.cases
    buttons = [
        Button(
            turn.words.plain("find.only.value.button", name=_name(turn, facet, value), n=number),
            f"{PRESS}:v:{facet}:{value}",
        )
        for value, number in numbers.most_common(MOST_CHOICES)
    ]
    fitting = tuple(button for button in buttons if len(button.data.encode()) <= LONGEST_DATA)
    any_of_them = (Button(turn.words.plain("find.only.any.button"), f"{PRESS}:v:{facet}"),)
    return turn.words(f"find.only.{facet}.ask"), (*columns(fitting, 2), any_of_them, _back(turn))


def _values(counts: Sequence[QueueCount], facet: str) -> set[str]:
    return {getattr(count, facet) or "" for count in counts if facet != "ward" or count.ward}


def _back(turn: Turn) -> tuple[Button, ...]:
    return (Button(turn.words.plain("find.only.back.button"), f"{PRESS}:q"),)


def _name(turn: Turn, facet: str, value: str) -> str:
    words = turn.words
    if facet in ("kind", "status"):
        return words.plain(f"officer.{facet}.{value}.name")
    if facet == "district":
        unknown = words.plain("officer.district_unknown")
        return turn.service.policy.district(value).name if value else unknown
    return value
