"""Visits as rows, with their part of the ledger of reminders. When both sides are reminded is casework's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, literal, select, update
from sqlalchemy.orm import Session, aliased

from casework.visits import VisitAudience, VisitOutcome
from storage.models import Case, Person, Reminder, ReminderStatus, Visit

_PLANNED = Reminder.status == literal(ReminderStatus.PLANNED.value, literal_execute=True)
_OPEN = Visit.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit with the officer who goes there."""

    visit: Visit
    visitor: Person | None


def find_open(session: Session, case_id: int) -> Booked | None:
    """The visit that is booked on a case; None where none is."""
    row = session.execute(
        select(Visit, Person)
        .join(Person, Person.id == Visit.visitor_id, isouter=True)
        .where(Visit.case_id == case_id, _OPEN)
    ).one_or_none()
    return None if row is None else Booked(*row)


def find_visit(session: Session, visit_id: int) -> tuple[Visit, Case] | None:
    """A visit, over or not, with its case; None where there is none."""
    row = session.execute(
        select(Visit, Case).join(Case, Case.id == Visit.case_id).where(Visit.id == visit_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


Times = Mapping[VisitAudience, datetime]


def book(
    session: Session,
    case_id: int,
    *,
    at: datetime,
    place: str | None,
    visitor_id: int,
    times: Times,
    now: datetime,
) -> Visit:
    """Book a visit with its reminders; those whose time has passed are left out. Its id is set.

    The case has to be locked, and to have no open visit.
    """
    visit = Visit(case_id=case_id, at=at, place=place, visitor_id=visitor_id, booked_at=now)
    session.add(visit)
    session.flush()
    _plan(session, visit, times, now)
    return visit


def change(
    session: Session, visit: Visit, *, at: datetime, place: str | None, times: Times, now: datetime
) -> None:
    """Move a visit; what was planned for the old time is skipped."""
    visit.at, visit.place = at, place
    visit.changes += 1
    _skip(session, (visit.id,), "visit changed", now)
    _plan(session, visit, times, now)


def end(
    session: Session, visit: Visit, outcome: VisitOutcome, *, now: datetime, reason: str | None = None
) -> None:
    """End a visit; nobody is reminded of it any more."""
    visit.ended_at, visit.outcome, visit.reason = now, outcome.value, reason
    visit.changes += 1
    _skip(session, (visit.id,), "visit ended", now)
    session.flush()


def end_of_closed_case(session: Session, case_id: int, now: datetime) -> None:
    """A case that is closed has no visit any more."""
    found = find_open(session, case_id)
    if found is not None:
        end(session, found.visit, VisitOutcome.CASE_CLOSED, now=now)


def _plan(session: Session, visit: Visit, times: Times, now: datetime) -> None:
    session.add_all(
        Reminder(
            visit_id=visit.id,
            case_id=visit.case_id,
            stage=f"visit_{visit.changes}",
            audience=audience.value,
            at=at,
        )
        for audience, at in times.items()
        if at > now
    )
    session.flush()


def _skip(session: Session, visit_ids: Collection[int], why: str, now: datetime) -> None:
    session.flush()
    planned = update(Reminder).where(Reminder.visit_id.in_(visit_ids), _PLANNED)
    session.execute(planned.values(status=ReminderStatus.SKIPPED.value, reason=why, ended_at=now))


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder of a visit whose time has come, with all that it is about."""

    reminder: Reminder
    visit: Visit
    case: Case
    reporter: Person | None
    visitor: Person | None

    def why_not(self, now: datetime) -> str | None:
        """Why there is nothing to remind of any more; None where there is."""
        if self.visit.ended_at is not None or self.case.closed_at is not None:
            return "visit ended"
        return "too late" if self.visit.at <= now else None


def is_any_due(session: Session, now: datetime, audiences: Collection[VisitAudience]) -> bool:
    """Whether somebody of these is to be reminded of a visit; one look at an index."""
    return session.scalar(select(Reminder.id).where(*_due(now, audiences)).limit(1)) is not None


def claim_due(
    session: Session, now: datetime, audiences: Collection[VisitAudience], limit: int
) -> Sequence[DueReminder]:
    """Up to ``limit`` of them, the oldest first; other processes skip them until the commit."""
    reporter, visitor = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Reminder, Visit, Case, reporter, visitor)
        .join(Visit, Visit.id == Reminder.visit_id)
        .join(Case, Case.id == Visit.case_id)
        .join(reporter, reporter.id == Case.reporter_id, isouter=True)
        .join(visitor, visitor.id == Visit.visitor_id, isouter=True)
        .where(*_due(now, audiences))
        .order_by(Reminder.at, Reminder.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Reminder)
    ).all()
    return [DueReminder(*row) for row in rows]


def _due(now: datetime, audiences: Collection[VisitAudience]) -> tuple[ColumnElement[bool], ...]:
    whose = Reminder.audience.in_([audience.value for audience in audiences])
    return (_PLANNED, Reminder.at <= now, Reminder.visit_id.is_not(None), whose)
