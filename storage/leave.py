"""Leave as rows: set, ended, and looked up by day. Who stands in for whom is casework's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from casework.cases import DeadlineKind
from storage.models import Case, Deadline, Leave, Person


class LeaveEnd(StrEnum):
    """Why a leave no longer counts."""

    CHANGED = "changed"
    ENDED = "ended"
    """Called off, or back early."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave with the two people of it."""

    leave: Leave
    person: Person
    deputy: Person


def add_leave(
    session: Session, *, person_id: int, deputy_id: int, first_on: date, last_on: date, by: int, now: datetime
) -> Leave:
    """Keep a leave. Its id is set."""
    made = Leave(
        person_id=person_id, deputy_id=deputy_id, first_on=first_on, last_on=last_on, set_by=by, set_at=now
    )
    session.add(made)
    session.flush()
    return made


def end_leave(leave: Leave, reason: LeaveEnd, now: datetime) -> None:
    """It no longer counts from now on."""
    leave.ended_at, leave.end_reason = now, reason.value


def lock_person(session: Session, person_id: int) -> Person | None:
    """The person, with nobody else setting their leave until the transaction ends."""
    return session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one_or_none()


def away_on(session: Session, day: date) -> dict[int, int]:
    """Who is away on a local day, each with their deputy."""
    rows = session.execute(
        select(Leave.person_id, Leave.deputy_id)
        .where(Leave.ended_at.is_(None), Leave.last_on >= day, Leave.first_on <= day)
        .order_by(Leave.id)
    ).all()
    return {row.person_id: row.deputy_id for row in rows}


def find_absence(session: Session, leave_id: int) -> Absence | None:
    """The leave of that id with its people, ended or not; None where there is none."""
    return next(iter(_absences(session, Leave.id == leave_id)), None)


def list_planned(session: Session, today: date, person_id: int | None = None) -> list[Absence]:
    """Leave that is not over, the next first: everybody's, or what concerns one person."""
    found = [Leave.ended_at.is_(None), Leave.last_on >= today]
    if person_id is not None:
        found.append((Leave.person_id == person_id) | (Leave.deputy_id == person_id))
    return _absences(session, *found)


def list_overlapping(session: Session, person_id: int, first_on: date, last_on: date) -> Sequence[Leave]:
    """The leave of a person that has days in common with these."""
    return session.scalars(
        select(Leave)
        .where(
            Leave.ended_at.is_(None),
            Leave.person_id == person_id,
            Leave.last_on >= first_on,
            Leave.first_on <= last_on,
        )
        .order_by(Leave.first_on)
    ).all()


def list_back(session: Session, today: date, limit: int) -> list[Absence]:
    """Leave that ended before a day, of people who have not read yet what was due meanwhile."""
    return _absences(
        session, Leave.back_told_at.is_(None), Leave.ended_at.is_(None), Leave.last_on < today, limit=limit
    )


def list_due_in(
    session: Session, owner_id: int, first_on: date, last_on: date, kinds: Sequence[DeadlineKind], limit: int
) -> list[tuple[Deadline, Case]]:
    """Open deadlines of these kinds on a person's cases that fall on some days, the earliest first."""
    rows = session.execute(
        select(Deadline, Case)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Case.owner_id == owner_id,
            Case.closed_at.is_(None),
            Deadline.ended_at.is_(None),
            Deadline.due_on >= first_on,
            Deadline.due_on <= last_on,
            Deadline.kind.in_([kind.value for kind in kinds]),
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(limit)
    ).all()
    return [(deadline, case) for deadline, case in rows]


def list_work_of(
    session: Session, owner_id: int, *, offset: int, limit: int
) -> list[tuple[Case, Deadline | None]]:
    """A person's open cases, each with what is due next on it, the earliest first."""
    next_one = (
        select(Deadline.id)
        .where(Deadline.case_id == Case.id, Deadline.ended_at.is_(None))
        .order_by(Deadline.due_at, Deadline.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Case, Deadline)
        .join(Deadline, Deadline.id == next_one, isouter=True)
        .where(Case.owner_id == owner_id, Case.closed_at.is_(None))
        .order_by(Deadline.due_at.is_(None), Deadline.due_at, Case.id)
        .offset(offset)
        .limit(limit)
    ).all()
    return [(case, deadline) for case, deadline in rows]


def _absences(session: Session, *where: object, limit: int | None = None) -> list[Absence]:
    person, deputy = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Leave, person, deputy)
        .join(person, person.id == Leave.person_id)
        .join(deputy, deputy.id == Leave.deputy_id)
        .where(*where)  # type: ignore[arg-type]
        .order_by(Leave.first_on, Leave.id)
        .limit(limit)
    ).all()
    return [Absence(*row) for row in rows]
