"""When the team is reminded of a deadline. Times lie in the team's working hours; sending, and sending only
once, are left to whoever keeps the reminders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from casework.deadlines import Deadline
from casework.policy import Policy
from casework.working_days import WorkingCalendar

_OVERDUE = re.compile(r"^overdue_(\d+)$")
DUE_TODAY = "due"


class Audience(StrEnum):
    """Who is reminded. OWNER: the case's owner, or all officers of its district while nobody owns it."""

    OWNER = "owner"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One reminder of a deadline: `before_2`, `due`, `overdue_1` …; `at` is in UTC."""

    stage: str
    audience: Audience
    at: datetime


def plan_reminders(
    deadline: Deadline, set_at: datetime, policy: Policy, calendar: WorkingCalendar
) -> tuple[PlannedReminder, ...]:
    """The reminders of a deadline that was set at `set_at`, in order of time.

    On the morning so many working days before, on the due day's, and on the first working day after it, then
    to the manager as well (NWCSP domain facts 2.8; proposal). What lies before `set_at` is left out. What
    falls on a day when the offices are shut comes the working day before (facts 10; proposal), but what says
    that something is overdue comes the day after instead: before, it would not be true.
    """
    ahead = [
        PlannedReminder(f"before_{n}", Audience.OWNER, _morning_or_before(day, policy, calendar))
        for n in sorted(policy.reminders.before_wd, reverse=True)
        for day in [calendar.subtract(deadline.due_on, n)]
    ]
    due = PlannedReminder(DUE_TODAY, Audience.OWNER, _morning_or_before(deadline.due_on, policy, calendar))
    coming = [reminder for reminder in [*_unless_at(due.at, ahead), due] if reminder.at > set_at]
    return (*coming, *_overdue(1, deadline.due_on, policy, calendar))


def next_overdue(
    stage: str, at: datetime, policy: Policy, calendar: WorkingCalendar
) -> tuple[PlannedReminder, ...]:
    """The reminders of the working day after an overdue one: `overdue_2` after `overdue_1` …

    Nothing for a stage that is not an overdue one.
    """
    found = _OVERDUE.match(stage)
    if found is None:
        return ()
    return _overdue(int(found[1]) + 1, calendar.local_day(at), policy, calendar)


def is_working_time(instant: datetime, policy: Policy, calendar: WorkingCalendar) -> bool:
    """Whether the team is at work at that instant."""
    local = instant.astimezone(calendar.zone)
    in_hours = policy.team.opens <= local.time() < policy.team.closes
    return in_hours and _at_work(local.date(), policy, calendar)


def sendable_at(instant: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """The instant itself within working hours, otherwise the next opening, in UTC. Raises BeyondCalendar."""
    if is_working_time(instant, policy, calendar):
        return instant
    local = instant.astimezone(calendar.zone)
    day = local.date()
    if local.time() >= policy.team.opens or not _at_work(day, policy, calendar):
        day = _next_at_work(day, policy, calendar)
    return calendar.at(day, policy.team.opens)


def _overdue(n: int, after: date, policy: Policy, calendar: WorkingCalendar) -> tuple[PlannedReminder, ...]:
    at = calendar.at(_next_at_work(after, policy, calendar), policy.reminders.morning)
    audiences = [Audience.OWNER]
    if n >= policy.reminders.manager_from_overdue_wd:
        audiences.append(Audience.MANAGER)
    return tuple(PlannedReminder(f"overdue_{n}", audience, at) for audience in audiences)


def _unless_at(instant: datetime, reminders: list[PlannedReminder]) -> list[PlannedReminder]:
    """Two reminders of one thing at one time are one too many: a closure can bring them together."""
    last_at = {reminder.at: reminder for reminder in reminders if reminder.at != instant}
    return sorted(last_at.values(), key=lambda reminder: reminder.at)


def _morning_or_before(day: date, policy: Policy, calendar: WorkingCalendar) -> datetime:
    while not _at_work(day, policy, calendar):
        day = calendar.subtract(day, 1)
    return calendar.at(day, policy.reminders.morning)


def _next_at_work(day: date, policy: Policy, calendar: WorkingCalendar) -> date:
    day += timedelta(days=1)
    while not _at_work(day, policy, calendar):
        day += timedelta(days=1)
    return day


def _at_work(day: date, policy: Policy, calendar: WorkingCalendar) -> bool:
    return policy.team.works_on(day) and calendar.is_office_open(day)
