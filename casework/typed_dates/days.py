"""The day in a phrase. Days come before months, and what can lie in the past does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.typed_dates.rest import PartOfDay, Rest
from casework.typed_dates.words import MONTHS, WEEKDAYS

_SOON = timedelta(days=31)
_NIGHT_LASTS_TO = 5
_LIBRARY_KNOWS = ("pl", "ro", "uk", "ur", "pa")


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were meant, the likelier first."""

    candidates: tuple[date, ...]
    approximate: bool = False
    is_last_night: bool = False


_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?![\d.])")
_LAST_NIGHT = re.compile(r"\b(last night|yesterday night)\b")
_TONIGHT = re.compile(r"\b(tonight|tonite)\b")
_NEAR = re.compile(r"\b(?:the )?(day before yesterday|yesterday|today|tomorrow)\b")
_NEAR_DAYS = {"day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1}
_LONG_AGO = re.compile(r"\b(\d{1,3}) (day|week|month|year)s? ago\b")
_WEEKEND = re.compile(r"\b(last|this past|this|over the|at the|the)? ?weekend\b")
_ON_WEEKDAY = re.compile(rf"\b(?:(last|this|next|this past|past) )?({_WEEKDAY})\b( before last)?")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_FIGURES = re.compile(r"(?<![\d.:])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d:])")
_SHORT = re.compile(r"(?<![\d.:/])(\d{1,2})[/-](\d{1,2})(?![\d:/])")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}}) (?:of )?({_MONTH})\b(?: (\d{{4}}))?")
_MONTH_DAY = re.compile(rf"\b({_MONTH}) (?:the )?(\d{{1,2}})\b(?!:)(?: (\d{{4}}))?")
_THE_DAY = re.compile(r"\b(?:on )?the (\d{1,2})\b(?![:.]\d)")


def take_days(rest: Rest, now: datetime) -> tuple[Days | None, PartOfDay | None]:
    """The day that the phrase names, and the part of it where both are one word."""
    today = now.date()
    if rest.take(_LAST_NIGHT):
        return Days((today - timedelta(days=1),), is_last_night=True), PartOfDay.NIGHT
    if rest.take(_TONIGHT):
        day = today - timedelta(days=1) if now.hour < _NIGHT_LASTS_TO else today
        return Days((day,), is_last_night=True), PartOfDay.NIGHT
    for pattern, meaning in _DAY_RULES:
        found = pattern.search(rest.text)
        if found is not None and (days := meaning(found, today)) is not None:
            rest.take(pattern)
            if pattern is not _ON_WEEKDAY:
                _take_same_weekday(rest, days)
            return days, None
    if re.search(r"\bthis (morning|afternoon|evening)\b", rest.text):
        return Days((today,)), None
    return None, None


def _take_same_weekday(rest: Rest, days: Days) -> None:
    """The weekday beside a date, where it is the date's own: "Saturday 14 November"."""
    found = _ON_WEEKDAY.search(rest.text)
    if found is not None and not found[1] and WEEKDAYS[found[2]] == days.candidates[0].weekday():
        rest.take(_ON_WEEKDAY)


def _near(found: re.Match[str], today: date) -> Days:
    return Days((today + timedelta(days=_NEAR_DAYS[found[1]]),))


def _long_ago(found: re.Match[str], today: date) -> Days | None:
    count, unit = int(found[1]), found[2]
    if unit == "day":
        return Days((today - timedelta(days=count),))
    if unit == "week":
        return Days((today - timedelta(weeks=count),), approximate=True)
    months = count * (12 if unit == "year" else 1)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    day = next((d for d in range(today.day, 27, -1) if _date(year, month + 1, d)), min(today.day, 28))
    made = _date(year, month + 1, day)
    return Days((made,), approximate=True) if made else None


def _weekend(found: re.Match[str], today: date) -> Days:
    """Saturday or Sunday: on a weekend "last" is the one before, and otherwise the one that has just been."""
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if today.weekday() >= 5 and found[1] in ("last", "this past"):
        saturday -= timedelta(days=7)
    return Days((saturday, saturday + timedelta(days=1)), approximate=True)


def _on_weekday(found: re.Match[str], today: date) -> Days:
    word = (found[1] or "").split()
    back = (today.weekday() - WEEKDAYS[found[2]]) % 7
    latest = today - timedelta(days=back)
    week = timedelta(days=7)
    if found[3]:  # "the Saturday before last"
        return Days((latest - week,))
    if word == ["next"]:
        return Days((latest + week,))
    if word == ["last"]:
        # On a Tuesday, "last Monday" can be yesterday or a week before that; "last Tuesday" is never today.
        return Days((latest, latest - week)) if back == 1 else Days((latest if back else latest - week,))
    return Days((latest, latest - week)) if back == 0 and not word else Days((latest,))


def _iso(found: re.Match[str], today: date) -> Days | None:
    made = _date(int(found[1]), int(found[2]), int(found[3]))
    return Days((made,)) if made else None


def _figures(found: re.Match[str], today: date) -> Days | None:
    year = int(found[4]) if len(found[4]) == 4 else 2000 + int(found[4])
    made = _date(year, int(found[3]), int(found[1]))
    return Days((made,)) if made else None


def _short(found: re.Match[str], today: date) -> Days | None:
    return _without_year(int(found[1]), int(found[2]), today)


def _day_month(found: re.Match[str], today: date) -> Days | None:
    return _named_month(int(found[1]), found[2], found[3], today)


def _month_day(found: re.Match[str], today: date) -> Days | None:
    return _named_month(int(found[2]), found[1], found[3], today)


def _named_month(day: int, month: str, year: str | None, today: date) -> Days | None:
    if year is None:
        return _without_year(day, MONTHS[month], today)
    made = _date(int(year), MONTHS[month], day)
    return Days((made,)) if made else None


def _the_day(found: re.Match[str], today: date) -> Days | None:
    """The last day of that number: of this month, or of the latest one that has it."""
    year, month, day = today.year, today.month, int(found[1])
    for _ in range(3):
        made = _date(year, month, day)
        if made is not None and made <= today:
            return Days((made,))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return None


def _without_year(day: int, month: int, today: date) -> Days | None:
    """This year's, or last year's where that has passed; soon to come means that they meant this year's."""
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year <= today + _SOON:
        return Days((this_year,))
    last_year = _date(today.year - 1, month, day)
    return Days((last_year,)) if last_year else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_DAY_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]], ...] = (
    (_ISO, _iso),
    (_FIGURES, _figures),
    (_DAY_MONTH, _day_month),
    (_MONTH_DAY, _month_day),
    (_SHORT, _short),
    (_NEAR, _near),
    (_LONG_AGO, _long_ago),
    (_WEEKEND, _weekend),
    (_ON_WEEKDAY, _on_weekday),
    (_THE_DAY, _the_day),
)


def take_dotted(rest: Rest, now: datetime) -> Days | None:
    """14.11 with no other day can be a date or a time: a date, where there is such a day."""
    found = _DOTTED.search(rest.text)
    if found is None or len(found[1]) + len(found[2]) < 3:
        return None
    days = _without_year(int(found[1]), int(found[2]), now.date())
    if days is not None:
        rest.take(_DOTTED)
    return days


def days_by_library(text: str, now: datetime, languages: tuple[str, ...]) -> Days | None:
    """A day in words of another language that are not among ours, and no figures, where a time would be lost.

    Asked at two times of day: only what agrees is believed, because the library fills in what it did not
    understand with the time that it is.
    """
    known = [code for code in languages if code in _LIBRARY_KNOWS]
    if not known or any(map(str.isdigit, text)):
        return None
    import dateparser  # type: ignore[import-untyped]  # here, because it takes 0.3 s; it has no types

    settings = {"PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY"}
    bases = (now.replace(hour=1, minute=11), now.replace(hour=13, minute=57))
    found = [
        dateparser.parse(text.strip(), languages=known, settings={**settings, "RELATIVE_BASE": base})
        for base in bases
    ]
    if None in found or any(answer.time() != base.time() for answer, base in zip(found, bases, strict=True)):
        return None
    days = {answer.date() for answer in found}
    return Days((days.pop(),)) if len(days) == 1 else None
