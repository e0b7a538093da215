"""Days and times that are still to come, as people type them: "tomorrow", "next Friday", "3 December", "half two".

`casework.when` reads what has happened; here, what can lie ahead does. A word that is not understood spoils the
whole: no guesses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casework.typed_dates.clock import Clock, take_clock, take_sure_clock
from casework.typed_dates.rest import Rest
from casework.typed_dates.spelling import in_english
from casework.typed_dates.words import MONTHS, WEEKDAYS
from casework.working_days import SkippedDay, WorkingCalendar

LONGEST = 60
_WEEK = timedelta(days=7)
_HALF_A_YEAR = timedelta(days=182)
_FIRST_HOUR = 8
"""Nobody is visited before it: "at two" is in the afternoon."""


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A working day ahead. `instead_of` is what was meant, where that is no working day, with the reason."""

    day: date
    instead_of: SkippedDay | None = None


@dataclass(frozen=True, slots=True)
class PastDay:
    """It was understood, and is over."""

    day: date


def read_coming_day(text: str, now: datetime, calendar: WorkingCalendar) -> ComingDay | PastDay | None:
    """The day that a text means; None where it is not understood. `now` is aware.

    What is no working day is taken as the next one. Raises BeyondCalendar.
    """
    today = calendar.local_day(now)
    day = _day_in(text, today) if len(text) <= LONGEST else None
    if day is None:
        return None
    return PastDay(day) if day < today else on_a_working_day(day, calendar)


def on_a_working_day(day: date, calendar: WorkingCalendar) -> ComingDay:
    """The day itself, or the next working day with the reason. Raises BeyondCalendar."""
    working = calendar.next_working_day(day)
    if working == day:
        return ComingDay(day)
    (skipped, *_) = calendar.skipped(day - timedelta(days=1), day)
    return ComingDay(working, skipped)


def next_working_days(now: datetime, count: int, calendar: WorkingCalendar) -> tuple[date, ...]:
    """The working days that come next, without today. Raises BeyondCalendar."""
    today = calendar.local_day(now)
    return tuple(calendar.add(today, n) for n in range(1, count + 1))


def read_time(text: str) -> time | None:
    """The time of day that a text means, in working hours where morning or afternoon is not said."""
    if len(text) > LONGEST:
        return None
    rest = Rest(in_english(text, "en"))
    clock = take_sure_clock(rest) or take_clock(rest, bare=True)
    if clock is None or clock.is_midnight or _TIME_FILLERS.sub(" ", rest.text).strip():
        return None
    return time(_hour_of(clock), clock.minute)


def _hour_of(clock: Clock) -> int:
    return clock.hour + 12 if not clock.is_sure and clock.hour < _FIRST_HOUR else clock.hour


_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_TIME_FILLERS = re.compile(r"\b(at|about|in|the|morning|afternoon|oclock|exactly)\b|[-:.]")
_FILLERS = re.compile(r"\b(on|the|of|a|coming|next|this)\b|[-/.]")
_NEAR = re.compile(r"\b(?:the )?(day after tomorrow|tomorrow|today|yesterday)\b")
_NEAR_DAYS = {"day after tomorrow": 2, "tomorrow": 1, "today": 0, "yesterday": -1}
_IN = re.compile(r"\bin (\d{1,2}|a) (day|week)s?\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_FIGURES = re.compile(r"(?<![\d.:])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?![\d:])")
_SHORT = re.compile(r"(?<![\d.:/])(\d{1,2})[/.-](\d{1,2})(?![\d:/])")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}}) (?:of )?({_MONTH})\b(?: (\d{{4}}))?")
_MONTH_DAY = re.compile(rf"\b({_MONTH}) (?:the )?(\d{{1,2}})\b(?: (\d{{4}}))?")
_ON_WEEKDAY = re.compile(rf"\b(?:(next|this|last) )?({_WEEKDAY})\b( week)?")
_THE_DAY = re.compile(r"\bthe (\d{1,2})\b")


def _day_in(text: str, today: date) -> date | None:
    rest = Rest(in_english(text, "en"))
    for pattern, meaning in _RULES:
        found = pattern.search(rest.text)
        day = None if found is None else meaning(found, today)
        if day is None:
            continue
        rest.take(pattern)
        weekday = None if pattern is _ON_WEEKDAY else rest.take(_ON_WEEKDAY)
        contradicts = weekday is not None and WEEKDAYS[weekday[2]] != day.weekday()
        return None if contradicts or _FILLERS.sub(" ", rest.text).strip() else day
    return None


def _near(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=_NEAR_DAYS[found[1]])


def _in(found: re.Match[str], today: date) -> date:
    count = 1 if found[1] == "a" else int(found[1])
    return today + (count * _WEEK if found[2] == "week" else timedelta(days=count))


def _iso(found: re.Match[str], _today: date) -> date | None:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _figures(found: re.Match[str], _today: date) -> date | None:
    year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3])
    return _date(year, int(found[2]), int(found[1]))


def _short(found: re.Match[str], today: date) -> date | None:
    return _without_year(int(found[1]), int(found[2]), today)


def _day_month(found: re.Match[str], today: date) -> date | None:
    return _named(int(found[1]), MONTHS[found[2]], found[3], today)


def _month_day(found: re.Match[str], today: date) -> date | None:
    return _named(int(found[2]), MONTHS[found[1]], found[3], today)


def _named(day: int, month: int, year: str | None, today: date) -> date | None:
    return _date(int(year), month, day) if year else _without_year(day, month, today)


def _without_year(day: int, month: int, today: date) -> date | None:
    """This year's; next year's only where this year's is long over, since a slip is likelier before that."""
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year >= today - _HALF_A_YEAR:
        return this_year
    return _date(today.year + 1, month, day)


def _on_weekday(found: re.Match[str], today: date) -> date | None:
    """The next such day, never today. "Last" and "next week" on a weekday can be read in two ways."""
    if found[1] == "last" or found[3]:
        return None
    return today + timedelta(days=(WEEKDAYS[found[2]] - today.weekday() - 1) % 7 + 1)


def _the_day(found: re.Match[str], today: date) -> date | None:
    year, month = today.year, today.month
    for _ in range(3):
        day = _date(year, month, int(found[1]))
        if day is not None and day >= today:
            return day
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_ISO, _iso),
    (_FIGURES, _figures),
    (_DAY_MONTH, _day_month),
    (_MONTH_DAY, _month_day),
    (_SHORT, _short),
    (_NEAR, _near),
    (_IN, _in),
    (_ON_WEEKDAY, _on_weekday),
    (_THE_DAY, _the_day),
)
