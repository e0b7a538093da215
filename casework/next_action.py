"""What happens next in a case, and by when. Every open case has such a day, always: where nothing else is due, it
is looked at again on the rhythm of its risk band."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from casework.cases import CaseKind, DeadlineKind, RiskBand, is_open
from casework.deadlines import Deadline, Working, deadline_after
from casework.policy import Policy
from casework.risk import highest, plan_for
from casework.working_days import WorkingCalendar

FIRST_STEPS = frozenset({DeadlineKind.ACKNOWLEDGE, DeadlineKind.CONTACT})
"""While these wait, they are what a report needs: it is reviewed from then on."""


def next_action(waiting: Iterable[Deadline]) -> Deadline | None:
    """The open deadline that comes first; None only where none is open."""
    return min(waiting, key=lambda one: (one.due_at, list(DeadlineKind).index(one.kind)), default=None)


def needs_review(kind: CaseKind, status: str, waiting: Collection[DeadlineKind]) -> bool:
    """Whether a review has to be planned now, since the case is open and has none.

    A report has one beside all else once the first steps are done (NWCSP domain facts 3.6, "Actions";
    proposal). Any other case has one where nothing else is due.
    """
    if not is_open(kind, status) or DeadlineKind.REVIEW in waiting:
        return False
    if kind is CaseKind.ASB_REPORT:
        return not FIRST_STEPS & set(waiting)
    return not waiting


def review_deadline(
    risk: RiskBand, looked_at: datetime, policy: Policy, calendar: WorkingCalendar
) -> Deadline:
    """The next review after somebody looked at the case. Raises BeyondCalendar."""
    days = plan_for(risk, policy.risk).review_wd
    return deadline_after(DeadlineKind.REVIEW, calendar.local_day(looked_at), days, calendar)


def replanned_review(
    planned: Deadline,
    before: RiskBand,
    after: RiskBand,
    changed_at: datetime,
    policy: Policy,
    calendar: WorkingCalendar,
) -> Deadline:
    """The review after the risk band changed: by the new rhythm from the same start, never before tomorrow.

    Where the risk rose it only comes sooner, where it fell only later. Raises BeyondCalendar.
    """
    tomorrow = calendar.add(calendar.local_day(changed_at), 1)
    by_rhythm = calendar.add(planned.working.start_on, plan_for(after, policy.risk).review_wd)
    fair = max(by_rhythm, tomorrow)
    rose = highest(before, after) is after
    due_on = min(planned.due_on, fair) if rose else max(planned.due_on, fair)
    return planned if due_on == planned.due_on else at_day(planned, due_on, calendar)


def at_day(deadline: Deadline, due_on: date, calendar: WorkingCalendar) -> Deadline:
    """The same deadline on another working day; its working tells the distance from the same start.

    Raises BeyondCalendar.
    """
    start_on = min(deadline.working.start_on, due_on)
    working = Working(
        start_on, calendar.between(start_on, due_on), calendar.skipped(start_on, due_on), due_on
    )
    return Deadline(deadline.kind, due_on, calendar.end_of(due_on), working)
