"""The fortnight around Easter 2027 as it is planned: who comes when with what, and how it is cared for."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

SEED = 41
FIRST, LAST = date(2027, 3, 22), date(2027, 4, 4)
HOLIDAYS = {date(2027, 3, 26): "Good Friday", date(2027, 3, 29): "Easter Monday"}
LEAVE_FROM, LEAVE_UNTIL = date(2027, 3, 25), date(2027, 3, 31)
MORNING_AFTER = date(2027, 4, 5)

A_DAY = {22: 10, 23: 8, 24: 8, 25: 7, 26: 3, 27: 2, 29: 2, 30: 6, 31: 5, 1: 5, 2: 4}
"""New cases by the day of the month: 60."""
HOURS = (8, 10, 11, 12, 15, 16, 19, 21)


class What(StrEnum):
    """Kinds of case as a resident or a Member begins them."""

    REPORT = "report"
    URGENT = "report of danger now"
    ANONYMOUS = "anonymous report"
    REFERRAL = "referral"
    QUESTION = "question"
    DATA = "data request"
    KEYED_IN = "keyed in by the officer"


class Care(StrEnum):
    """What the team does about a case, once it is acknowledged."""

    PROMPT = "contact on the day it is seen"
    STEADY = "contact on the day it is due"
    SETTLED = "contact when seen, closed the working day after"
    MOVED = "the date is moved by two working days, then kept"
    FAR = "the date is moved far: the manager agrees"
    REFUSED = "the date is moved far: the manager keeps it, and so it is kept"
    LATE = "contact is made only after it was escalated"
    NEVER = "acknowledged and then left"
    UNSEEN = "nobody acknowledges it before the manager does"


CATEGORIES = ("Noise", "Rubbish", "Rowdy groups", "Vehicles", "Damage", "Fires")
FIRST_DAYS: tuple[tuple[What, Care], ...] = (
    (What.REPORT, Care.LATE),
    (What.REPORT, Care.NEVER),
    (What.REPORT, Care.UNSEEN),
    (What.REPORT, Care.MOVED),
    (What.REPORT, Care.FAR),
    (What.REPORT, Care.REFUSED),
    (What.REFERRAL, Care.STEADY),
    (What.URGENT, Care.PROMPT),
    (What.ANONYMOUS, Care.STEADY),
    (What.QUESTION, Care.LATE),
)
"""Monday's: what takes longest to show."""
MIXED = (
    [What.REPORT] * 19
    + [What.URGENT] * 2
    + [What.ANONYMOUS] * 11
    + [What.REFERRAL] * 7
    + [What.QUESTION] * 5
    + [What.DATA] * 5
    + [What.KEYED_IN]
)
CARES = (Care.PROMPT, Care.STEADY, Care.STEADY, Care.SETTLED, Care.SETTLED, Care.MOVED)
SLOW = {9: Care.LATE, 17: Care.LATE, 23: Care.UNSEEN}
"""Among the rest, by place: those that are left lying."""


@dataclass(slots=True)
class Coming:
    """One case that will come in; ``reference`` once it has."""

    number: int
    day: date
    at: time
    what: What
    care: Care
    category: str
    reference: str = ""
    acknowledged: bool = False
    contact_on: date | None = None
    moved: bool = False


def plan() -> list[Coming]:
    """All sixty in the order in which they come; the same each time."""
    chance = random.Random(SEED)
    later = list(MIXED)
    chance.shuffle(later)
    kinds = [*FIRST_DAYS, *((what, _care(what, place, chance)) for place, what in enumerate(later))]
    # Nobody asks for their data on the first day: those who do have reported before.
    found: list[Coming] = []
    for day in days():
        hours = sorted(chance.choices(HOURS, k=A_DAY.get(day.day, 0)))
        for place, hour in enumerate(hours):
            number = len(found)
            what, care = kinds[number]
            if what is What.KEYED_IN:
                hour = 15  # in the office
            at = time(hour, 3 * place)
            found.append(Coming(number, day, at, what, care, CATEGORIES[number % len(CATEGORIES)]))
    return sorted(found, key=lambda one: (one.day, one.at))


def _care(what: What, place: int, chance: random.Random) -> Care:
    if place in SLOW and what in (What.REPORT, What.ANONYMOUS, What.REFERRAL):
        return SLOW[place]
    if what in (What.REPORT, What.ANONYMOUS):
        return chance.choice(CARES)
    return chance.choice((Care.PROMPT, Care.STEADY))


def days() -> list[date]:
    """Every day of the fortnight."""
    return [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]


def is_worked(day: date) -> bool:
    """Whether the team is in the office."""
    return day.weekday() < 5 and day not in HOLIDAYS


def working_day_after(day: date, working_days: int = 1) -> date:
    """So many working days later."""
    while working_days:
        day += timedelta(1)
        working_days -= is_worked(day)
    return day
