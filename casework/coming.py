"""Days that lie ahead, as people type them: "tomorrow", "next Friday", "in 2 weeks", "3 December", "3/12".

What was understood is read back; what can be two days is given back as two, and no word is guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from casework.typed_dates.spelling import in_english
from casework.typed_dates.words import MONTHS, WEEKDAYS

_LONGEST = 60
_JUST_OVER = timedelta(days=31)
_WEEK = timedelta(days=7)
_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_BEFORE = rf"(?:(?:on )?(?:{_WEEKDAY}) )?(?:on )?(?:the )?"


def understand_coming(text: str, today: date) -> tuple[date, ...]:
    """The days that were meant, the likelier first; nothing where any of it was not understood.

    A date without its year is this year's where that is to come or has only just been, otherwise next year's.
    Days come before months.
    """
    if len(text) > _LONGEST:
        return ()
    typed = " ".join(in_english(text, "en").split())
    for pattern, meaning in _RULES:
        found = pattern.fullmatch(typed)
        if found is not None:
            return meaning(found, today)
    return ()


def _near(found: re.Match[str], today: date) -> tuple[date, ...]:
    return (today + timedelta(days=_NEAR[found[1]]),)


def _ahead(found: re.Match[str], today: date) -> tuple[date, ...]:
    count = int(found[1])
    return (today + timedelta(days=count if found[2] == "day" else 7 * count),)


def _weekday(found: re.Match[str], today: date) -> tuple[date, ...]:
    """The next one; "next Friday" can be a week after that."""
    ahead = (WEEKDAYS[found[2]] - today.weekday()) % 7
    nearest = today + timedelta(days=ahead or 7)
    if found[1] == "next":
        later = nearest + _WEEK
        return (nearest, later) if (nearest - today).days <= 6 else (nearest,)
    return (nearest,)


def _iso(found: re.Match[str], today: date) -> tuple[date, ...]:
    return _made(int(found[1]), int(found[2]), int(found[3]))


def _figures(found: re.Match[str], today: date) -> tuple[date, ...]:
    return _dated(int(found[1]), int(found[2]), found[3], today)


def _day_month(found: re.Match[str], today: date) -> tuple[date, ...]:
    return _dated(int(found[1]), MONTHS[found[2]], found[3], today)


def _month_day(found: re.Match[str], today: date) -> tuple[date, ...]:
    return _dated(int(found[2]), MONTHS[found[1]], found[3], today)


def _the_day(found: re.Match[str], today: date) -> tuple[date, ...]:
    """The next day of that number, within the months that have it."""
    year, month, day = today.year, today.month, int(found[1])
    for _ in range(3):
        made = _made(year, month, day)
        if made and made[0] > today:
            return made
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return ()


def _dated(day: int, month: int, year: str | None, today: date) -> tuple[date, ...]:
    if year is not None:
        return _made(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    this_year = _made(today.year, month, day)
    if this_year and this_year[0] >= today - _JUST_OVER:
        return this_year
    return _made(today.year + 1, month, day)


def _made(year: int, month: int, day: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], tuple[date, ...]]], ...] = (
    (re.compile(r"(yesterday|today|tomorrow)"), _near),
    (re.compile(r"in (\d{1,3}) (day|week)s?"), _ahead),
    (re.compile(rf"(?:on )?(?:(next|this|coming) )?({_WEEKDAY})"), _weekday),
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), _iso),
    (re.compile(rf"{_BEFORE}(\d{{1,2}})[/.-](\d{{1,2}})(?:[/.-](\d{{4}}|\d{{2}}))?"), _figures),
    (re.compile(rf"{_BEFORE}(\d{{1,2}}) (?:of )?({_MONTH})(?: (\d{{4}}))?"), _day_month),
    (re.compile(rf"{_BEFORE}({_MONTH}) (?:the )?(\d{{1,2}})(?: (\d{{4}}))?"), _month_day),
    (re.compile(rf"{_BEFORE}(\d{{1,2}})"), _the_day),
)
