"""Working days of England and Wales, local days and the ends of periods. The bank holidays come from the
`holidays` library and the policy's own days; nothing is guessed beyond the last day that somebody checked."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from casework.errors import BeyondCalendar
from casework.policy import CalendarFacts, Policy

_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)


class SkipReason(StrEnum):
    """Why a day does not count."""

    WEEKEND = "weekend"
    BANK_HOLIDAY = "bank_holiday"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that is not a working day. `name` is a bank holiday's or a closure's own; empty for a weekend."""

    day: date
    reason: SkipReason
    name: str = ""


class WorkingCalendar:
    """Counts working days. Immutable; one for each policy.

    A working day is Monday to Friday and no bank holiday of England and Wales (Bills of Exchange Act 1882
    sense, Banking and Financial Dealings Act 1971); the day after receipt is day 1. Every method that would
    have to look at a day after `verified_until` raises BeyondCalendar.
    """

    def __init__(self, facts: CalendarFacts, zone: ZoneInfo | None = None) -> None:
        self.zone = zone or ZoneInfo(facts.zone)
        self.verified_until = facts.verified_until
        self._extra = {named.day: named.name for named in facts.extra_bank_holidays}
        self._removed = frozenset(named.day for named in facts.not_bank_holidays)
        self._closures = facts.office_closures

    @classmethod
    def from_policy(cls, policy: Policy, zone: ZoneInfo | None = None) -> WorkingCalendar:
        """The policy's calendar, in its time zone unless another is given."""
        return cls(policy.calendar, zone)

    def prepare(self, years: range) -> None:
        """Load the bank holidays of these years now: the first use costs most of a second."""
        for year in years:
            _bank_holidays(year)

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts. Raises BeyondCalendar."""
        return self._why_not(day) is None

    def is_office_open(self, day: date) -> bool:
        """Whether it is a working day on which the offices are not shut. Raises BeyondCalendar."""
        return self.is_working_day(day) and not any(c.first <= day <= c.last for c in self._closures)

    def bank_holiday(self, day: date) -> str | None:
        """The name of the bank holiday on that day, if it is one. Raises BeyondCalendar."""
        if day > self.verified_until:
            raise BeyondCalendar(day, self.verified_until)
        if day in self._removed:
            return None
        return self._extra.get(day) or _bank_holidays(day.year).get(day)

    def days_off(self, year: int) -> dict[date, str]:
        """The days of a year, as far as somebody has checked it, that do not count though no weekend; by day."""
        last = min(date(year, 12, 31), self.verified_until)
        return {
            skipped.day: skipped.name
            for skipped in self.skipped(date(year - 1, 12, 31), last)
            if skipped.reason is not SkipReason.WEEKEND
        }

    def add(self, day: date, working_days: int) -> date:
        """The n-th working day strictly after `day`; the day itself for 0. Raises BeyondCalendar."""
        return self._step(day, working_days, _DAY)

    def subtract(self, day: date, working_days: int) -> date:
        """The n-th working day strictly before `day`; the day itself for 0. Raises BeyondCalendar."""
        return self._step(day, working_days, -_DAY)

    def next_working_day(self, day: date) -> date:
        """The day itself where it is a working day, otherwise the next one. Raises BeyondCalendar."""
        return day if self.is_working_day(day) else self.add(day, 1)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; below 0 where `end` is the earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working_day(day) for day in _days_after(start, end))

    def skipped(self, start: date, end: date) -> tuple[SkippedDay, ...]:
        """The days after `start` up to and including `end` that do not count, with the reason."""
        found = (self._why_not(day) for day in _days_after(start, end))
        return tuple(day for day in found if day is not None)

    def local_day(self, instant: datetime) -> date:
        """The local date of an aware instant."""
        return instant.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """The instant of a local time of day, in UTC. An hour that happens twice is taken the first time."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """The last second of the local day, in UTC."""
        return self.at(day, _LAST_SECOND)

    def subject_access_due(self, received_on: date, *, months: int = 1, waited_days: int = 0) -> date:
        """The last day to answer a request for one's own data: one month from the day of receipt.

        The same date next month, or that month's last day; on a weekend or bank holiday the next working
        day (UK GDPR Article 12(3); ICO, "How long do we have to comply?"). `waited_days` are those on which
        the clock stood still.
        """
        return self.next_working_day(_months_later(received_on, months) + timedelta(days=waited_days))

    def _step(self, day: date, working_days: int, step: timedelta) -> date:
        if working_days < 0:
            raise ValueError("working days are counted from 0")
        left = working_days
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def _why_not(self, day: date) -> SkippedDay | None:
        holiday = self.bank_holiday(day)
        if holiday is not None:
            return SkippedDay(day, SkipReason.BANK_HOLIDAY, holiday)
        if day.weekday() >= 5:
            return SkippedDay(day, SkipReason.WEEKEND)
        for closure in self._closures:
            if not closure.counts_as_working and closure.first <= day <= closure.last:
                return SkippedDay(day, SkipReason.CLOSED, closure.name)
        return None


def end_of_period(start: date, months: int) -> date:
    """The last day inside a period of months "beginning with" `start`.

    The start is the period's first day (Anti-social Behaviour, Crime and Policing Act 2014 s.104(11)), so it
    ends the day before the same date; where the last month has no such date, on its last day. Weekends count.
    """
    later = _months_later(start, months)
    return later - _DAY if later.day == start.day else later


def same_date_next_year(day: date) -> date:
    """The same date a year on; 28 February for 29 February."""
    return _months_later(day, 12)


def _months_later(day: date, months: int) -> date:
    """The same date so many months on, or the last day of that month where it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = months_of.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> Mapping[date, str]:
    import holidays  # here, because it takes 0.3 s, and as much again for its first year

    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: name.replace("(observed)", "(substitute day)") for day, name in found.items()}
