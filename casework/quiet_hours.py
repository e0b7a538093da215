"""Hours in which a person is not to be woken: when something that was not asked for may be sent."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from casework.working_days import WorkingCalendar

_DAY = timedelta(days=1)


def is_quiet(clock: time, start: time, end: time) -> bool:
    """Whether a local time of day lies from `start` up to, not including, `end`, over midnight if need be.

    The same time twice means no quiet hours.
    """
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def sendable_from(instant: datetime, start: time, end: time, calendar: WorkingCalendar) -> datetime:
    """The instant itself, or where it is quiet then the end of the quiet hours, in UTC.

    `start` and `end` are local.
    """
    local = instant.astimezone(calendar.zone)
    clock = local.time()
    if not is_quiet(clock, start, end):
        return instant
    day = local.date() + _DAY if start > end and clock >= start else local.date()
    # On the night when the clocks go back an hour comes twice, and the end may already be past.
    return max(instant, calendar.at(day, end))
