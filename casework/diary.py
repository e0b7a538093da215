"""The rules of the incident diary: bands of the day, what counts as late, the pattern, the weekly question.

One entry an incident, written as soon as possible, by the person who saw or heard it; what is corrected stays
beside what was written first (NWCSP domain facts 3.7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from casework.when import PartOfDay

_Key = TypeVar("_Key")


class Band(StrEnum):
    """A quarter of the day, as diaries are read: from 6, 12, 18 and 23 hours local time."""

    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


FROM_HOUR = {Band.MORNING: 6, Band.DAY: 12, Band.EVENING: 18, Band.NIGHT: 23}
"""The local hour in which each band begins; the night ends where the morning begins."""

_BANDS_OF_PARTS = {
    PartOfDay.MORNING: Band.MORNING,
    PartOfDay.AFTERNOON: Band.DAY,
    PartOfDay.EVENING: Band.EVENING,
    PartOfDay.NIGHT: Band.NIGHT,
}


class Effect(StrEnum):
    """What an incident did to the person."""

    SLEEP = "sleep"
    INDOORS = "indoors"
    CHILDREN = "children"
    HEALTH = "health"
    WORK = "work"
    OTHER = "other"
    NONE = "none"


class HowBad(StrEnum):
    """How bad it was for the person, in their own judgement."""

    ANNOYING = "annoying"
    UPSETTING = "upsetting"
    VERY_BAD = "very_bad"
    FRIGHTENING = "frightening"


def band_at(moment: time) -> Band:
    """The band in which a local time lies."""
    for band in reversed(Band):
        if moment.hour >= FROM_HOUR[band]:
            return band
    return Band.NIGHT


def band_of_part(part: PartOfDay) -> Band:
    """The band for a part of the day that somebody named instead of a time."""
    return _BANDS_OF_PARTS[part]


def until_hour(band: Band) -> int:
    """The local hour in which a band ends."""
    order = tuple(Band)
    return FROM_HOUR[order[(order.index(band) + 1) % len(order)]]


@dataclass(frozen=True, slots=True)
class Happened:
    """When one incident was: the local day; the instants (aware), or the band, where they are known."""

    day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    band: Band | None = None

    def band_in(self, zone: ZoneInfo) -> Band | None:
        """The band in which it began; None where nobody said."""
        if self.starts_at is None:
            return self.band
        return band_at(self.starts_at.astimezone(zone).time())

    def evening_of(self, zone: ZoneInfo) -> date:
        """The day that people call it by: the small hours of Sunday are "Saturday night"."""
        if self.starts_at is None:
            return self.day
        local = self.starts_at.astimezone(zone)
        small_hours = local.hour < FROM_HOUR[Band.MORNING]
        return local.date() - timedelta(days=1) if small_hours else local.date()

    def over_by(self, zone: ZoneInfo) -> datetime:
        """The latest instant at which it can have been over: of a day without times, the end of that day."""
        known = self.ends_at or self.starts_at
        if known is not None:
            return known
        return datetime.combine(self.day + timedelta(days=1), time(), zone)


def is_late(happened: Happened, entered_at: datetime, zone: ZoneInfo, after: timedelta) -> bool:
    """Whether an entry was written more than ``after`` since the incident was over."""
    return entered_at - happened.over_by(zone) > after


def with_end(starts_at: datetime | None, ends_at: datetime | None) -> datetime | None:
    """The end, on the next day where it would lie before the start: 11pm to 2am."""
    if starts_at is None or ends_at is None or ends_at >= starts_at:
        return ends_at
    return ends_at + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How many incidents fell on which weekday (0 is Monday) and band; ``untimed`` have no time."""

    counts: Counter[tuple[int, Band]]
    untimed: int

    @property
    def total(self) -> int:
        """All incidents, with or without a time."""
        return self.timed + self.untimed

    @property
    def timed(self) -> int:
        """Those with a time."""
        return self.counts.total()

    def of_band(self, band: Band) -> int:
        """Incidents in one band, on all days."""
        return sum(n for (_, one), n in self.counts.items() if one is band)

    def of_weekday(self, weekday: int) -> int:
        """Incidents with a time on one day of the week."""
        return sum(n for (day, _), n in self.counts.items() if day == weekday)

    @property
    def busiest_band(self) -> Band | None:
        """The band with more incidents than any other; None where there is no such band."""
        return _most({band: self.of_band(band) for band in Band})

    @property
    def busiest_weekday(self) -> int | None:
        """The weekday with more incidents than any other; None where there is no such day."""
        return _most({day: self.of_weekday(day) for day in range(7)})


def pattern_of(incidents: Iterable[Happened], zone: ZoneInfo) -> Pattern:
    """Incidents counted by the day and band in which they began, each once however long it took."""
    counts: Counter[tuple[int, Band]] = Counter()
    untimed = 0
    for happened in incidents:
        band = happened.band_in(zone)
        if band is None:
            untimed += 1
        else:
            counts[happened.evening_of(zone).weekday(), band] += 1
    return Pattern(counts, untimed)


def _most(counts: dict[_Key, int]) -> _Key | None:
    highest = max(counts.values())
    leaders = [key for key, n in counts.items() if n == highest]
    return leaders[0] if highest and len(leaders) == 1 else None
