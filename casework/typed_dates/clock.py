"""The time of day in a phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casework.typed_dates.rest import Rest


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. Not `is_sure`: ten may be in the morning or in the evening."""

    hour: int
    minute: int = 0
    is_sure: bool = True
    is_midnight: bool = False


_SURE = re.compile(r"\b(\d{1,2})(?:\s?[:.h]\s?(\d{2}))? ?(am|pm)\b")
_RANGE = re.compile(
    r"\b(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?"
    r" ?(?:-|to|and|until|till|til) ?(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)\b"
)
_SECOND = re.compile(r"\b(?:-|to|and|until|till|til) (?:\d{1,2}:\d{2}|midnight)(?!\d)")
_PAST = re.compile(
    r"\b(half|quarter|\d{1,2})(?: minutes?)?( past| to)? (\d{1,2})(?: oclock)?(?: ?(am|pm))?(?!\d|[:./]\d)"
)
_COLON = re.compile(r"(?<![\d:])(\d{1,2})[:h](\d{2})(?![\d:])")
_DOTTED_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?![\d.])")
_MILITARY = re.compile(r"\bat (\d{2})(\d{2})(?: ?(?:hours|hrs|h))?\b|\b(\d{2})(\d{2}) ?(?:hours|hrs|h)\b")
_AT_HOUR = re.compile(r"\bat (?:about )?(\d{1,2})(?: oclock)?\b(?![:./-]\d)|\b(\d{1,2}) oclock\b")
_BARE = re.compile(r"(?<![\d:./-])(\d{1,2})(?![\d:./-])")
_MIDNIGHT = re.compile(r"\b(?:12 )?midnight\b")


def _clock(hour: str, minute: str | None, half: str | None = None) -> Clock | None:
    """A clock from its figures; None for figures that no clock shows."""
    h, m = int(hour), int(minute or 0)
    if m > 59 or h > 24 or (h == 24 and m):
        return None
    if half is not None:
        if h == 0 or (half == "am" and h > 12):
            return None
        return Clock(h if h > 12 else h % 12 + (12 if half == "pm" else 0), m)
    if h in (0, 24):
        return Clock(0, m, is_midnight=h == 24)
    return Clock(h, m, is_sure=h > 12 or hour.startswith("0"))


def take_sure_clock(rest: Rest) -> Clock | None:
    """A time with am or pm; of "10 to 11pm" the first."""
    found = _RANGE.search(rest.text)
    if found is not None and (start := _range_start(found)) is not None:
        rest.take(_RANGE)
        return start
    past = _PAST.search(rest.text)
    if past is not None and past[4]:
        return None
    found = _SURE.search(rest.text)
    if found is None or (clock := _clock(found[1], found[2], found[3])) is None:
        return None
    rest.take(_SURE)
    return clock


def _range_start(found: re.Match[str]) -> Clock | None:
    hour, minute, half, until_hour, until_minute, until_half = found.groups()
    until = _clock(until_hour, until_minute, until_half)
    if until is None:
        return None
    if half is None and int(hour) <= 12:
        end = (until.hour % 12, until.minute)
        same_half = (int(hour) % 12, int(minute or 0)) < end
        half = until_half if same_half else {"am": "pm", "pm": "am"}[until_half]
    return _clock(hour, minute, half)


def take_clock(rest: Rest, *, bare: bool) -> Clock | None:
    """Any other time; of a stretch its beginning. `bare`: a lone number is one as well."""
    if (past := _take_past(rest)) is not None:
        return past
    for pattern in (_COLON, _DOTTED_CLOCK, _MILITARY, _AT_HOUR, *((_BARE,) if bare else ())):
        found = pattern.search(rest.text)
        if found is None:
            continue
        figures = [figure for figure in found.groups() if figure is not None]
        clock = _clock(figures[0], figures[1] if len(figures) > 1 else None)
        if clock is not None:
            rest.take(pattern)
            rest.take(_SECOND)
            return clock
    if rest.take(_MIDNIGHT):
        return Clock(0, is_midnight=True)
    return None


def _take_past(rest: Rest) -> Clock | None:
    """Half past ten, quarter to 9, half ten (which is half past)."""
    found = _PAST.search(rest.text)
    if found is None or (found[1] != "half" and found[2] is None):
        return None
    minutes = {"half": 30, "quarter": 15}.get(found[1]) or int(found[1])
    hour = int(found[3])
    if found[2] == " to":
        hour, minutes = hour - 1 or 12, 60 - minutes
    clock = _clock(str(hour), str(minutes), found[4])
    if clock is not None:
        rest.take(_PAST)
    return clock
