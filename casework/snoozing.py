"""For how long a reminder can wait: later today, or until tomorrow morning; never past the day that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from casework.policy import Policy
from casework.reminders import is_working_time, sendable_at
from casework.working_days import WorkingCalendar


class Wait(StrEnum):
    """Until when."""

    LATER = "later"
    TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class Snooze:
    """A choice that somebody has; `at` is in UTC and in working hours."""

    wait: Wait
    at: datetime


def snoozes(
    due_on: date, taken: int, now: datetime, policy: Policy, calendar: WorkingCalendar
) -> tuple[Snooze, ...]:
    """What can be chosen for a reminder of something due on a day that has waited ``taken`` times already.

    Nothing once it is overdue, or has waited as often as the policy lets it. Raises BeyondCalendar.
    """
    today = calendar.local_day(now)
    if today > due_on or taken >= policy.planning.most_snoozes.value:
        return ()
    found = []
    later = now + timedelta(hours=policy.planning.snooze_hours.value)
    if calendar.local_day(later) == today and is_working_time(later, policy, calendar):
        found.append(Snooze(Wait.LATER, later))
    morning = sendable_at(calendar.at(today + timedelta(days=1), policy.reminders.morning), policy, calendar)
    if calendar.local_day(morning) <= due_on:
        found.append(Snooze(Wait.TOMORROW, morning))
    return tuple(found)
