"""Dates and times as people type them. What was understood is read back to them by the conversation; what can
be read in two ways is given back as two, and a word that is not understood spoils the whole: no guesses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.typed_dates.clock import Clock
from casework.typed_dates.days import Days
from casework.typed_dates.phrase import Phrase, read_phrase
from casework.typed_dates.rest import PartOfDay

__all__ = ["InFuture", "NotUnderstood", "PartOfDay", "Reading", "TwoReadings", "Understood", "understand"]

_LONGEST = 120
_BEGINS = {PartOfDay.MORNING: 4, PartOfDay.AFTERNOON: 12, PartOfDay.EVENING: 16, PartOfDay.NIGHT: 20}


@dataclass(frozen=True, slots=True)
class Understood:
    """A day, and the instant where a time was said.

    `day` is the local day that it was on; `at` is in UTC, None where only the day is known. `part` is set
    where they said it and no time. `approximate`: they said "about", "evening", "two weeks ago" or the like.
    """

    day: date
    at: datetime | None = None
    approximate: bool = False
    part: PartOfDay | None = None

    @property
    def has_time(self) -> bool:
        """Whether a time of day was said."""
        return self.at is not None


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """Two things that it can mean, the likelier first."""

    first: Understood
    second: Understood


@dataclass(frozen=True, slots=True)
class InFuture:
    """It was understood, and has not happened yet."""

    understood: Understood


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing that can be relied on."""


Reading = Understood | TwoReadings | InFuture | NotUnderstood


def understand(text: str, now: datetime, zone: ZoneInfo, languages: tuple[str, ...] = ("en",)) -> Reading:
    """When something happened, from what somebody typed. `now` is aware; what they typed is local time.

    Days come first: 3/11 is 3 November. What can lie in the past does. English is always read; `languages`
    adds others (two-letter codes).
    """
    local = now.astimezone(zone)
    if len(text) > _LONGEST:
        return NotUnderstood()
    phrase = read_phrase(text, local.replace(tzinfo=None), languages)
    if phrase is None:
        return NotUnderstood()
    if phrase.ago is not None:
        at = now - phrase.ago
        day = at.astimezone(zone).date()
        return Understood(day, at.astimezone(UTC), phrase.approximate)
    return _choose(_readings(phrase, local), local)


def _choose(readings: list[Understood], local: datetime) -> Reading:
    past = [reading for reading in readings if not _is_future(reading, local)]
    if not readings:
        return NotUnderstood()
    if not past:
        return InFuture(readings[0])
    if len(past) == 1:
        return past[0]
    return TwoReadings(past[0], past[1])


def _is_future(reading: Understood, local: datetime) -> bool:
    if reading.at is not None:
        return reading.at > local
    begins = _BEGINS.get(reading.part, 0) if reading.part else 0
    return (reading.day, begins) > (local.date(), local.hour)


def _readings(phrase: Phrase, local: datetime) -> list[Understood]:
    """Everything that the phrase can mean, without doubles, the likelier first."""
    zone = local.tzinfo
    found: list[Understood] = []
    if phrase.days is None:
        moments = _latest(phrase, local)
    elif phrase.clock is None:
        soft = phrase.approximate or phrase.part is not None
        return [Understood(day, None, soft, phrase.part) for day in phrase.days.candidates]
    else:
        hours = _hours(phrase.clock, phrase.part, phrase.days)
        moments = [
            datetime.combine(day + timedelta(days=shift), time(hour, phrase.clock.minute))
            for day in phrase.days.candidates
            for shift, hour in hours
        ]
    for moment in moments:
        at = moment.replace(tzinfo=zone)
        reading = Understood(moment.date(), at.astimezone(UTC), phrase.approximate)
        if reading not in found:
            found.append(reading)
    return found


def _latest(phrase: Phrase, local: datetime) -> list[datetime]:
    """With no day said: the last time that the clock showed it, the more recent reading first."""
    if phrase.clock is None:
        return []
    now = local.replace(tzinfo=None)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    moments = [
        today.replace(hour=hour, minute=phrase.clock.minute)
        for _, hour in _hours(phrase.clock, phrase.part, None)
    ]
    return sorted((m if m <= now else m - timedelta(days=1) for m in moments), reverse=True)


def _hours(clock: Clock, part: PartOfDay | None, days: Days | None) -> list[tuple[int, int]]:
    """The hours that the clock can mean, each with the days to add: the small hours of a night are the next
    day's. Empty where it contradicts itself."""
    if clock.is_midnight:
        return [(1, 0)] if part is PartOfDay.NIGHT else [(1, 0), (0, 0)]
    if clock.is_sure:
        return _sure_hours(clock.hour, part, days)
    hour = clock.hour % 12
    match part:
        case PartOfDay.MORNING:
            return [(0, hour)] if hour else [(0, 12), (0, 0)]
        case PartOfDay.AFTERNOON:
            return [(0, hour + 12)]
        case PartOfDay.EVENING:
            return [(0, hour + 12)] if hour else [(1, 0)]
        case PartOfDay.NIGHT if hour >= 6:
            return [(0, hour + 12)]
        case PartOfDay.NIGHT:
            return _small_hours(hour, days)
        case _:
            return [(0, hour), (0, hour + 12)]


def _sure_hours(hour: int, part: PartOfDay | None, days: Days | None) -> list[tuple[int, int]]:
    if part is PartOfDay.NIGHT and hour < 6:
        return _small_hours(hour, days)
    contradicts = {
        PartOfDay.MORNING: hour > 12,
        PartOfDay.AFTERNOON: not 11 <= hour <= 19,
        PartOfDay.EVENING: not hour >= 15,
        PartOfDay.NIGHT: 6 <= hour < 17,
    }
    return [] if part is not None and contradicts[part] else [(0, hour)]


def _small_hours(hour: int, days: Days | None) -> list[tuple[int, int]]:
    """After midnight of a night: of "last night" surely the next day, of "Saturday night" perhaps."""
    if days is None:
        return [(0, hour)]
    return [(1, hour)] if days.is_last_night else [(1, hour), (0, hour)]
