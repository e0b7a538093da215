"""Takes a typed phrase apart: which day, what time, which part of the day. It takes away what it knows, bit
by bit; what is left over at the end means that the phrase was not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.typed_dates.clock import Clock, take_clock, take_sure_clock
from casework.typed_dates.days import Days, days_by_library, take_days, take_dotted
from casework.typed_dates.rest import PartOfDay, Rest
from casework.typed_dates.spelling import in_english


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase says. `ago` is set where it counts back from this very moment."""

    days: Days | None = None
    clock: Clock | None = None
    part: PartOfDay | None = None
    approximate: bool = False
    ago: timedelta | None = None


def read_phrase(text: str, now: datetime, languages: tuple[str, ...]) -> Phrase | None:
    """What a text says, or None where any of it is not understood. `now` is local and naive."""
    for language in ("en", *(code for code in languages if code != "en")):
        phrase = _read(Rest(in_english(text, language)), now)
        if phrase is not None:
            return phrase
    days = days_by_library(text, now, languages)
    return None if days is None else Phrase(days)


def _read(rest: Rest, now: datetime) -> Phrase | None:
    soft = False
    while rest.take(_ABOUT):
        soft = True
    ago = _take_ago(rest)
    if ago is not None:
        length, rough = ago
        return Phrase(ago=length, approximate=soft or rough) if _is_used_up(rest) else None
    clock = take_sure_clock(rest)
    days, part = take_days(rest, now)
    if days is None and clock is None:
        days = take_dotted(rest, now)
    if clock is None:
        bare = days is not None or soft or _PART.search(rest.text) is not None
        clock = take_clock(rest, bare=bare)
    part = part or _take_part(rest)
    if not _is_used_up(rest) or (days is None and clock is None):
        return None
    return Phrase(days, clock, part, soft or (days is not None and days.approximate))


_ABOUT = re.compile(
    r"\b(about|around|approximately|approx|roughly|circa|maybe|probably|perhaps|i think|i guess|some ?time|"
    r"nearly|almost|just after|just before|shortly after|shortly before|lunchtime)\b|~"
)
_NOW = re.compile(r"\b(just now|right now|now|at the moment|at this moment|currently)\b")
_AGO = re.compile(r"\b(\d{1,3}) (minute|min|hour|hr)s? ago\b")
_FILLERS = re.compile(
    r"\b(on|at|the|in|of|it|was|is|happened|started|starting|happening|since|from|between|until|till|til|to|"
    r"and|all|day|during|by|over|this|that|time|hours|hrs|hr|oclock|again|early|late)\b"
    r"|[-/:.]"
)


def _is_used_up(rest: Rest) -> bool:
    return not _FILLERS.sub(" ", rest.text).strip()


def _take_ago(rest: Rest) -> tuple[timedelta, bool] | None:
    """How long before now, to the minute, and whether that is a rough figure."""
    if rest.take(_NOW):
        return timedelta(0), False
    found = rest.take(_AGO)
    if found is None:
        return None
    unit = "hours" if found[2].startswith("h") else "minutes"
    return timedelta(**{unit: int(found[1])}), True


_PART = re.compile(
    r"\b(?:(?:early|late|mid) )?(?:in the |this |that )?(?:early |late )?"
    r"(morning|mornin|afternoon|evening|eve|night|early hours|small hours)\b"
)
_PARTS = {
    "morning": PartOfDay.MORNING,
    "mornin": PartOfDay.MORNING,
    "afternoon": PartOfDay.AFTERNOON,
    "evening": PartOfDay.EVENING,
    "eve": PartOfDay.EVENING,
    "night": PartOfDay.NIGHT,
    "early hours": PartOfDay.MORNING,
    "small hours": PartOfDay.MORNING,
}


def _take_part(rest: Rest) -> PartOfDay | None:
    found = rest.take(_PART)
    return _PARTS[found[1]] if found else None
