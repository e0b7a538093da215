"""Visits: how they end, when something can be recorded of one, and when both sides are reminded of it.

The officer is reminded on the morning of the working day before, the resident on the evening before, earlier
where it is quiet for them then (proposal).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from casework.policy import Policy
from casework.quiet_hours import is_quiet
from casework.working_days import WorkingCalendar

_DAY = timedelta(days=1)
_EARLIEST = 8
"""The hour before which nobody is told of a visit."""


class VisitOutcome(StrEnum):
    """How a visit ended."""

    TOOK_PLACE = "took_place"
    NOBODY_IN = "nobody_in"
    CANCELLED = "cancelled"
    CASE_CLOSED = "case_closed"


class VisitAudience(StrEnum):
    """Who is reminded of a visit."""

    OFFICER = "officer"
    RESIDENT = "resident"


def may_record(visit_at: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether it can be said how it went: from the beginning of its local day, not before."""
    return calendar.local_day(now) >= calendar.local_day(visit_at)


def remind_officer_at(visit_at: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """The morning of the last day before on which the team works, in UTC. Raises BeyondCalendar."""
    day = calendar.subtract(calendar.local_day(visit_at), 1)
    while not (policy.team.works_on(day) and calendar.is_office_open(day)):
        day = calendar.subtract(day, 1)
    return calendar.at(day, policy.reminders.morning)


def remind_resident_at(
    visit_at: datetime, quiet_from: time, quiet_to: time, policy: Policy, calendar: WorkingCalendar
) -> datetime:
    """The evening before, in UTC; where it is quiet for them then, the last full hour before that is not.

    Whoever has quiet hours all day is told in the evening: what holds messages back holds this one, too.
    """
    day = calendar.local_day(visit_at) - _DAY
    evening = policy.visits.resident_reminder_at
    hours = (time(hour) for hour in range(evening.hour, _EARLIEST - 1, -1))
    clocks = (evening, *(clock for clock in hours if clock < evening))
    free = (clock for clock in clocks if not is_quiet(clock, quiet_from, quiet_to))
    return calendar.at(day, next(free, evening))
