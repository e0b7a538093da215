"""Requests about one's own data: what can be asked, and by when it has to be answered."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from casework.cases import DeadlineKind
from casework.deadlines import Deadline, Working
from casework.working_days import WorkingCalendar

MONTHS = 1
EXTENDED_MONTHS = 3
"""One month, and two further ones where it is complex (UK GDPR Article 12(3))."""


class Asked(StrEnum):
    """What a person asks for (UK GDPR Articles 15 to 18 and 21; Data (Use and Access) Act 2025, complaints)."""

    ACCESS = "access"
    CORRECT = "correct"
    ERASE = "erase"
    STOP = "stop"
    COMPLAINT = "complaint"


def answer_deadline(
    received_on: date, calendar: WorkingCalendar, *, extended: bool = False, waited_days: int = 0
) -> Deadline:
    """By when it has to be answered, from the local day on which it came.

    `waited_days`: for so many days we waited for what we had asked of the person; the clock stood still (ICO,
    "Can the time for a response be extended?" and "clarify the request"). Raises BeyondCalendar.
    """
    months = EXTENDED_MONTHS if extended else MONTHS
    due_on = calendar.subject_access_due(received_on, months=months, waited_days=waited_days)
    working = Working(received_on, 0, (), due_on, months=months)
    return Deadline(DeadlineKind.ANSWER, due_on, calendar.end_of(due_on), working)


def may_extend(received_on: date, today: date, calendar: WorkingCalendar, *, waited_days: int = 0) -> bool:
    """Whether there is still time to tell the person that it takes longer: within the first month only."""
    return today <= calendar.subject_access_due(received_on, waited_days=waited_days)
