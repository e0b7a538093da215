"""What somebody who follows their case can count on: by when they hear from us, what happens when we are late, and
for how long a closed case can be opened again. The figures are the policy's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.cases import CaseKind, DeadlineKind, RiskBand, is_open
from casework.deadlines import Deadline, deadline_after, receipt_day
from casework.policy import Policy
from casework.working_days import WorkingCalendar

PROMISED = (DeadlineKind.ANSWER, DeadlineKind.CONTACT, DeadlineKind.UPDATE)
"""What we tell the person by when they get it: a date of these that passes is a promise not kept."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that the person was told they would get by a local day; the day moves with each apology."""

    kind: DeadlineKind
    day: date
    missed: int = 0

    def is_missed(self, today: date) -> bool:
        """Whether its day is over."""
        return self.day < today


def next_promise(promises: Iterable[Promise]) -> Promise | None:
    """What the person hears from us first: of two on one day the more personal one."""
    return min(promises, key=lambda one: (one.day, PROMISED.index(one.kind)), default=None)


def new_day(promise: Promise, today: date, policy: Policy, calendar: WorkingCalendar) -> date | None:
    """The new day that goes with an apology; None once so many were not kept that another means nothing.

    Raises BeyondCalendar.
    """
    if promise.missed >= policy.following.apologies.value:
        return None
    return calendar.add(today, policy.following.apology_wd.value)


def answer_deadline(received_at: datetime, policy: Policy, calendar: WorkingCalendar) -> Deadline:
    """By when a message of the person's is answered. Raises BeyondCalendar."""
    start_on = receipt_day(received_at, policy, calendar)
    return deadline_after(DeadlineKind.ANSWER, start_on, policy.following.answer_wd.value, calendar)


def update_deadline(told_at: datetime, policy: Policy, calendar: WorkingCalendar) -> Deadline:
    """By when they hear again how it goes, counted from the last time (NWCSP domain facts 3.4; proposal)."""
    start_on = calendar.local_day(told_at)
    return deadline_after(DeadlineKind.UPDATE, start_on, policy.following.update_wd.value, calendar)


def contact_deadline(
    risk: RiskBand, reopened_at: datetime, policy: Policy, calendar: WorkingCalendar
) -> Deadline:
    """By when somebody speaks to them after a case was opened again: as after a new report."""
    days = policy.working_days(CaseKind.ASB_REPORT, DeadlineKind.CONTACT, risk)
    start_on = receipt_day(reopened_at, policy, calendar)
    return deadline_after(DeadlineKind.CONTACT, start_on, days or 1, calendar)


def is_chased(unanswered: int, policy: Policy) -> bool:
    """Whether this message is the one that brings the manager in: told once, not with each one after it."""
    return unanswered == policy.following.chased_after.value


def last_day_to_reopen(closed_on: date, policy: Policy) -> date:
    """The last local day on which the person can open the case again (NWCSP domain facts 3.5; proposal)."""
    return closed_on + timedelta(days=policy.following.reopen_days.value)


def may_reopen(status: str, closed_on: date | None, today: date, policy: Policy) -> bool:
    """Whether the person can open a report again today."""
    if closed_on is None or is_open(CaseKind.ASB_REPORT, status):
        return False
    return today <= last_day_to_reopen(closed_on, policy)


def closes_when_withdrawn(risk: RiskBand) -> bool:
    """Whether a report is closed as soon as the person withdraws it.

    At high risk an officer speaks to them first: somebody may have made them do it (proposal).
    """
    return risk is not RiskBand.HIGH
