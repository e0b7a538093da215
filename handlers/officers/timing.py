"""Deadlines that begin while a case is open: to answer, to say how it goes, to speak to the person again, to look
at the case again. Here it is seen to that every open case has a next action, whatever else ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

import structlog
from sqlalchemy.orm import Session

from casework import following
from casework.cases import CaseKind, DeadlineKind, RiskBand, is_open
from casework.deadlines import Deadline
from casework.errors import BeyondCalendar
from casework.next_action import needs_review, replanned_review, review_deadline
from casework.reminders import plan_reminders
from handlers.turn import Service
from storage import deadlines
from storage.deadlines import EndReason, Plan
from storage.models import Case
from storage.models import Deadline as Row

log = structlog.get_logger(__name__)


def start(
    session: Session, service: Service, case: Case, kinds: Iterable[DeadlineKind], now: datetime
) -> dict[DeadlineKind, date]:
    """Set deadlines of these kinds from now on, with their reminders; one that runs already goes on as it is.

    Returns the day of each. Nothing is promised to nobody: of an anonymous case there is no such day to set.
    An open case has a next action afterwards. Raises BeyondCalendar.
    """
    wanted = tuple(kinds) if case.reporter_id is not None else ()
    running = {DeadlineKind(row.kind): row.due_on for row in deadlines.list_open(session, case.id)}
    new = [_deadline(service, case, kind, now) for kind in wanted if kind not in running]
    _add(session, service, case, new, now)
    _keep_next_action(session, service, case, {*running, *wanted}, now)
    return {
        **{kind: running[kind] for kind in wanted if kind in running},
        **{one.kind: one.due_on for one in new},
    }


def end(
    session: Session,
    service: Service,
    case: Case,
    kinds: Collection[DeadlineKind],
    now: datetime,
    reason: EndReason = EndReason.MET,
) -> list[Row]:
    """End the open deadlines of these kinds; an open case has a next action afterwards. Returns what was ended."""
    ended = deadlines.end_deadlines(session, case.id, kinds, now=now, reason=reason)
    keep_next_action(session, service, case, now)
    return ended


def keep_next_action(session: Session, service: Service, case: Case, now: datetime) -> date | None:
    """Plan a review where an open case needs one (`casework.next_action`). Returns its day; None for no need.

    A case that rests, such as an enrolled household, is not reviewed: the review that waited ends.

    Beyond the checked calendar there is no day to give: that is logged, and the night tries again.
    """
    waiting = {DeadlineKind(row.kind) for row in deadlines.list_open(session, case.id)}
    return _keep_next_action(session, service, case, waiting, now)


def _keep_next_action(
    session: Session, service: Service, case: Case, waiting: Collection[DeadlineKind], now: datetime
) -> date | None:
    if DeadlineKind.REVIEW in waiting and not is_open(CaseKind(case.kind), case.status):
        review = (DeadlineKind.REVIEW,)
        deadlines.end_deadlines(session, case.id, review, now=now, reason=EndReason.NOT_NEEDED)
    if not needs_review(CaseKind(case.kind), case.status, waiting):
        return None
    return start_review(session, service, case, now)


def start_review(session: Session, service: Service, case: Case, now: datetime) -> date | None:
    """Plan the next review from now on; None, and logged, where it lies beyond the checked calendar."""
    try:
        review = review_deadline(RiskBand(case.risk), now, service.policy, service.calendar)
        _add(session, service, case, [review], now)
    except BeyondCalendar:
        log.exception("case_without_next_action", case=case.id)
        return None
    return review.due_on


def risk_changed(session: Session, service: Service, case: Case, before: RiskBand, now: datetime) -> None:
    """Plan the review that waits anew, by the rhythm of the band that the case has now: sooner if it rose."""
    planned = next(
        (row for row in deadlines.list_open(session, case.id) if row.kind == DeadlineKind.REVIEW), None
    )
    if planned is None:
        return
    old = deadlines.rule_of(planned)
    try:
        new = replanned_review(old, before, RiskBand(case.risk), now, service.policy, service.calendar)
        if new is not old:
            plan = plan_of(service, new, now)
            deadlines.replace_deadline(session, planned, plan, now=now, reason=EndReason.REPLANNED)
    except BeyondCalendar:
        log.exception("review_not_replanned", case=case.id)


def plan_of(service: Service, deadline: Deadline, now: datetime) -> Plan:
    """The deadline with the reminders that it has when it is set now. Raises BeyondCalendar."""
    return deadline, plan_reminders(deadline, now, service.policy, service.calendar)


def _add(session: Session, service: Service, case: Case, new: Iterable[Deadline], now: datetime) -> None:
    plans = [plan_of(service, one, now) for one in new]
    deadlines.add_deadlines(session, case.id, plans, set_at=now)


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
