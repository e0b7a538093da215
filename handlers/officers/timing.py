"""Deadlines that begin while a case is open: to answer, to say how it goes, to speak to the person again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework import following
from casework.cases import DeadlineKind, RiskBand
from casework.deadlines import Deadline
from casework.reminders import plan_reminders
from handlers.turn import Service
from storage import deadlines
from storage.models import Case


def start(
    session: Session, service: Service, case: Case, kinds: Iterable[DeadlineKind], now: datetime
) -> dict[DeadlineKind, date]:
    """Set deadlines of these kinds from now on, with their reminders; one that runs already goes on as it is.

    Returns the day of each. Nothing is promised to nobody: of an anonymous case there is nothing to set.
    Raises BeyondCalendar.
    """
    if case.reporter_id is None:
        return {}
    running = {DeadlineKind(row.kind): row.due_on for row in deadlines.list_open(session, case.id)}
    new = [_deadline(service, case, kind, now) for kind in kinds if kind not in running]
    plans = [(one, plan_reminders(one, now, service.policy, service.calendar)) for one in new]
    deadlines.add_deadlines(session, case.id, plans, set_at=now)
    return {
        **{kind: running[kind] for kind in kinds if kind in running},
        **{one.kind: one.due_on for one in new},
    }


def _deadline(service: Service, case: Case, kind: DeadlineKind, now: datetime) -> Deadline:
    policy, calendar = service.policy, service.calendar
    match kind:
        case DeadlineKind.ANSWER:
            return following.answer_deadline(now, policy, calendar)
        case DeadlineKind.UPDATE:
            return following.update_deadline(now, policy, calendar)
        case DeadlineKind.CONTACT:
            return following.contact_deadline(RiskBand(case.risk), now, policy, calendar)
    raise ValueError(f"{kind.value} does not begin while a case is open")
