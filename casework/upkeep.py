"""What comes round with the calendar: the look ahead, and what somebody has to check once a year or so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from casework.policy import Policy, Weekday
from casework.working_days import WorkingCalendar

_WEEK = timedelta(days=7)


class TaskKind(StrEnum):
    """What a manager is asked to do for the program itself.

    DATES: decide on open dates after a change. HOLIDAYS: check next year's bank holidays. FIGURES: have the
    policy's numbers confirmed.
    """

    DATES = "dates"
    HOLIDAYS = "holidays"
    FIGURES = "figures"


def at_risk_until(today: date, policy: Policy, calendar: WorkingCalendar) -> date:
    """The last day that this morning's message looks at: the end of the week, and whatever is reminded of today.

    That is as far ahead as the first reminder comes; before a closure what is reminded of comes earlier still.
    Raises BeyondCalendar.
    """
    next_at_work = today + timedelta(days=1)
    while not (policy.team.works_on(next_at_work) and calendar.is_office_open(next_at_work)):
        next_at_work += timedelta(days=1)
    ahead = max(policy.reminders.before_wd, default=1)
    sunday = today + timedelta(days=6 - today.weekday())
    return max(sunday, calendar.add(next_at_work - timedelta(days=1), ahead))


def look_ahead_on(friday: date, policy: Policy, calendar: WorkingCalendar) -> date:
    """The day on which the look ahead of that day comes: itself, or the last before it on which people work.

    Raises BeyondCalendar.
    """
    while not (policy.team.works_on(friday) and calendar.is_office_open(friday)):
        friday -= timedelta(days=1)
    return friday


def look_aheads_of(today: date, policy: Policy, calendar: WorkingCalendar) -> tuple[date, ...]:
    """The look aheads that come today: each by the day of the week that the policy names. Usually none.

    A long closure can bring two of them together. Raises BeyondCalendar.
    """
    wanted = tuple(Weekday).index(policy.upkeep.look_ahead_day)
    this = today - timedelta(days=today.weekday()) + timedelta(days=wanted)
    return tuple(
        day
        for day in (this, this + _WEEK, this + 2 * _WEEK)
        if day >= today and look_ahead_on(day, policy, calendar) == today
    )


def week_after(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week after that of a day."""
    monday = day - timedelta(days=day.weekday()) + _WEEK
    return monday, monday + timedelta(days=6)


def holidays_to_check(today: date, began_on: date, policy: Policy) -> int | None:
    """The year whose bank holidays somebody has to check by now; None before the policy's day of this year.

    Where the bot began later in this same year, its installation was the check, if that reached so far.
    """
    first = date(today.year, policy.upkeep.holidays_month, policy.upkeep.holidays_day)
    checked = policy.calendar.verified_until >= date(today.year + 1, 12, 31)
    if today < first or (began_on > first and checked):
        return None
    return today.year + 1


def figures_to_check(today: date, began_on: date, policy: Policy) -> tuple[str, ...]:
    """Where the policy has what nobody has confirmed for the set time; of what nobody ever has, since it began."""
    days = timedelta(days=policy.lifetimes.verification_days.value)
    return tuple(
        entry.where
        for entry in policy.unverified(today)
        if entry.verified_on is not None or today - began_on > days
    )


def share(sizes: Sequence[int], room: int, *, most: int, least: int = 2) -> tuple[int, ...]:
    """How many lines each part of a message gets: a few for everyone first, then the earlier parts more.

    Never more than a part has, than `most`, or than `room` together.
    """
    given = [0] * len(sizes)
    for upto in (least, most):
        for place, size in enumerate(sizes):
            more = min(min(size, upto) - given[place], room - sum(given))
            given[place] += max(more, 0)
    return tuple(given)
