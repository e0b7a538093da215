"""What the morning's message has, for the whole team at once: the first lines of each part, and how many there are.

One query a part, however many officers and cases there are: the database ranks the lines of each pool, and only
the first few of each leave it. A pool is what the same people look after: one officer's cases, or those of a
district that nobody in the team owns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, null, or_, select
from sqlalchemy import case as case_when
from sqlalchemy.orm import Session

from casework.cases import DeadlineKind, RiskBand
from casework.roles import Role
from storage.models import Case, CaseEvent, CaseMessage, Deadline, OutboxMessage, Person

LOOKS = ("opened",)
"""Events of somebody only looking: a case with nothing else is silent."""
_STREAM = 500
_STAFF = (Role.OFFICER.value, Role.MANAGER.value)
_OPEN = Case.closed_at.is_(None)
_RISK_ORDER = case_when(
    {band.value: place for place, band in enumerate((RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.STANDARD))},
    value=Case.risk,
    else_=9,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A case in one part of the message, with what is due on it, or since when it has been so."""

    part: str
    case: Case
    deadline: Deadline | None = None
    since: datetime | None = None
    asked: bool = False
    """Somebody wrote and waits for an answer."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line with its pool, and how many lines that pool has in this part."""

    owner_id: int | None
    district: str | None
    total: int
    line: Line


def list_due(
    session: Session, team: Collection[int], today: date, until: datetime, most: int
) -> Iterator[Ranked]:
    """What is late, due today, due later until an instant, and whom somebody has to reach another way."""
    part = case_when(
        (Deadline.kind == DeadlineKind.PHONE.value, "unreachable"),
        (Deadline.due_on < today, "late"),
        (Deadline.due_on == today, "today"),
        else_="week",
    )
    owner, district = _pool(team)
    pool = (part, owner, district)
    ranked = (
        select(
            Deadline.id,
            part.label("part"),
            owner.label("owner_id"),
            district.label("district"),
            _total(*pool),
            _place(pool, Deadline.due_at, _RISK_ORDER, Deadline.id),
        )
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at <= until, _OPEN)
        .subquery()
    )
    rows = session.execute(
        select(Deadline, Case, ranked.c.part, ranked.c.owner_id, ranked.c.district, ranked.c.total)
        .join(ranked, ranked.c.id == Deadline.id)
        .join(Case, Case.id == Deadline.case_id)
        .where(ranked.c.place <= most)
        .order_by(ranked.c.place),
        execution_options={"yield_per": _STREAM},
    )
    for deadline, case, name, owner_id, area, total in rows:
        yield Ranked(owner_id, area, total, Line(name, case, deadline))


def list_late(session: Session, today: datetime, most: int) -> tuple[int, list[Line]]:
    """What is late whoever has it, the latest first, and how many there are: for managers."""
    rows = session.execute(
        select(Deadline, Case, func.count().over())
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at < today, _OPEN)
        .order_by(Deadline.due_at, _RISK_ORDER, Deadline.id)
        .limit(most)
    ).all()
    total = rows[0][2] if rows else 0
    return total, [Line("late", case, deadline) for deadline, case, _ in rows]


def list_new(
    session: Session, team: Collection[int], since: datetime, listed_until: datetime, most: int
) -> Iterator[Ranked]:
    """What came in after an instant, has no owner, and is not among what is late or due by another."""
    fresh = and_(Case.owner_id.is_(None), Case.received_at > since, ~_is_due(listed_until))
    for case, owner_id, district, total in _cases(session, team, fresh, most):
        yield Ranked(owner_id, district, total, Line("new", case, since=case.received_at))


def list_silent(
    session: Session,
    team: Collection[int],
    *,
    asked_before: datetime,
    quiet_since: datetime,
    listed_until: datetime,
    most: int,
) -> Iterator[Ranked]:
    """Where somebody has waited for an answer since an instant, or nobody of the team wrote an entry since one.

    Not what is late or due by ``listed_until`` anyway.
    """
    asked_at = (
        select(func.min(CaseMessage.at, type_=CaseMessage.__table__.c.at.type))
        .where(
            CaseMessage.case_id == Case.id,
            CaseMessage.from_team.is_(False),
            CaseMessage.answered_at.is_(None),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    worked = _worked_on().correlate(Case)
    last_at = (
        select(func.max(CaseEvent.at, type_=CaseEvent.__table__.c.at.type))
        .where(worked.whereclause)
        .correlate(Case)
        .scalar_subquery()
    )
    quiet = and_(Case.received_at < quiet_since, ~worked.where(CaseEvent.at >= quiet_since).exists())
    silent = and_(or_(asked_at < asked_before, quiet), ~_is_due(listed_until))
    for case, owner_id, district, total, asked, last in _cases(
        session, team, silent, most, asked_at, last_at
    ):
        waits = asked is not None and asked < asked_before
        since = asked if waits else last or case.received_at
        yield Ranked(owner_id, district, total, Line("silent", case, since=since, asked=waits))


def list_undelivered(session: Session, team: Collection[int], most: int) -> Iterator[Ranked]:
    """Where a message to the person was given up, and the team has done nothing on the case since."""
    dead = (
        select(OutboxMessage.created_at)
        .join(Person, Person.chat_key == OutboxMessage.chat_key)
        .where(
            OutboxMessage.case_id == Case.id,
            OutboxMessage.dead.is_(True),
            or_(Person.id == Case.reporter_id, Person.id == Case.referrer_id),
            ~_worked_on()
            .where(CaseEvent.at > OutboxMessage.created_at)
            .correlate(Case, OutboxMessage)
            .exists(),
        )
        .correlate(Case)
    )
    lost_at = dead.order_by(OutboxMessage.id).limit(1).scalar_subquery()
    with_dead = select(OutboxMessage.case_id).where(OutboxMessage.dead.is_(True))
    where = and_(Case.id.in_(with_dead), dead.exists())
    for case, owner_id, district, total, since in _cases(session, team, where, most, lost_at):
        yield Ranked(owner_id, district, total, Line("undelivered", case, since=since))


def count_by_day(
    session: Session, team: Collection[int], first: datetime, last: datetime
) -> list[tuple[int | None, str | None, date, int]]:
    """How many dates fall on each day between two instants, by pool."""
    owner, district = _pool(team)
    rows = session.execute(
        select(owner, district, Deadline.due_on, func.count())
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at >= first, Deadline.due_at <= last, _OPEN)
        .group_by(owner, district, Deadline.due_on)
    ).all()
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def list_between(
    session: Session, team: Collection[int], first: datetime, last: datetime, most: int
) -> Iterator[Ranked]:
    """What falls between two instants: the first lines of each day of each pool."""
    owner, district = _pool(team)
    pool = (owner, district, Deadline.due_on)
    ranked = (
        select(
            Deadline.id,
            owner.label("owner_id"),
            district.label("district"),
            _total(*pool),
            _place(pool, _RISK_ORDER, Deadline.id),
        )
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at >= first, Deadline.due_at <= last, _OPEN)
        .subquery()
    )
    rows = session.execute(
        select(Deadline, Case, ranked.c.owner_id, ranked.c.district, ranked.c.total)
        .join(ranked, ranked.c.id == Deadline.id)
        .join(Case, Case.id == Deadline.case_id)
        .where(ranked.c.place <= most)
        .order_by(Deadline.due_on, ranked.c.place),
        execution_options={"yield_per": _STREAM},
    )
    for deadline, case, owner_id, area, total in rows:
        yield Ranked(owner_id, area, total, Line(deadline.due_on.isoformat(), case, deadline))


def _cases(
    session: Session, team: Collection[int], where: ColumnElement[bool], most: int, *more: ColumnElement[Any]
) -> Iterator[Any]:
    """The first cases of each pool: case, owner, district, how many the pool has, and ``more`` of each."""
    owner, district = _pool(team)
    pool = (owner, district)
    ranked = (
        select(
            Case.id,
            owner.label("owner_id"),
            district.label("district"),
            _total(*pool),
            _place(pool, _RISK_ORDER, Case.received_at, Case.id),
        )
        .where(_OPEN, where)
        .subquery()
    )
    yield from session.execute(
        select(Case, ranked.c.owner_id, ranked.c.district, ranked.c.total, *more)
        .join(ranked, ranked.c.id == Case.id)
        .where(ranked.c.place <= most)
        .order_by(ranked.c.place),
        execution_options={"yield_per": _STREAM},
    )


def _pool(team: Collection[int]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Owner and district of a case's pool: one of the two is NULL."""
    known = and_(Case.owner_id.is_not(None), Case.owner_id.in_(sorted(team)))
    return case_when((known, Case.owner_id), else_=null()), case_when((known, null()), else_=Case.district)


def _total(*pool: Any) -> Any:
    """How many lines a pool has."""
    return func.count().over(partition_by=pool).label("total")


def _place(pool: tuple[Any, ...], *order: Any) -> Any:
    """Which of them a line is, from 1."""
    return func.row_number().over(partition_by=pool, order_by=order).label("place")


def _is_due(until: datetime) -> ColumnElement[bool]:
    return (
        select(Deadline.id)
        .where(Deadline.case_id == Case.id, Deadline.ended_at.is_(None), Deadline.due_at <= until)
        .correlate(Case)
        .exists()
    )


def _worked_on() -> Any:
    """What somebody of the team did on a case, beyond looking."""
    return select(CaseEvent.id).where(
        CaseEvent.case_id == Case.id, CaseEvent.actor_role.in_(_STAFF), CaseEvent.kind.not_in(LOOKS)
    )
