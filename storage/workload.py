"""What everybody in the team carries, and which of the days that came due were kept: one query each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from casework.cases import RiskBand
from casework.roles import Role
from casework.workload import Load
from storage.models import Case, Deadline, Person, RoleGrant
from storage.people import display_name

_STAFF = (Role.OFFICER.value, Role.MANAGER.value)
_CURRENT = and_(RoleGrant.ended_at.is_(None), RoleGrant.role.in_(_STAFF))
_OPEN = Case.closed_at.is_(None)


def list_loads(session: Session, now: datetime, *, person_id: int | None = None) -> list[Load]:
    """Everybody of the team, and who has left it and still owns open cases; or one of them."""
    owned = _owned(now, None if person_id is None else Case.owner_id == person_id)
    either = select(RoleGrant.person_id).where(_CURRENT).union(select(owned.c.owner_id))
    who = Person.id.in_(either) if person_id is None else Person.id == person_id
    return _loads(session, owned, who)


def list_loads_of(session: Session, now: datetime, district: str | None) -> list[Load]:
    """The officers of a district (all where it is not known) and the managers."""
    here = _CURRENT
    if district is not None:
        anywhere = or_(RoleGrant.role == Role.MANAGER.value, RoleGrant.district.is_(None))
        here = and_(here, or_(RoleGrant.district == district, anywhere))
    staff = select(RoleGrant.person_id).where(here)
    return _loads(session, _owned(now, Case.owner_id.in_(staff)), Person.id.in_(staff))


def count_unowned(session: Session, now: datetime) -> Load:
    """Open cases that nobody owns, as a load without a person (id 0)."""
    late = _late(now)
    row = session.execute(
        select(*_counts(late))
        .select_from(Case)
        .join(late, late.c.case_id == Case.id, isouter=True)
        .where(_OPEN, Case.owner_id.is_(None))
    ).one()
    return Load(0, "", _by_band(row), row.late or 0, officer=False)


def count_kept(
    session: Session, since: datetime, now: datetime, *, person_id: int | None = None
) -> dict[int, tuple[int, int]]:
    """Person id → how many days that came due in between were met, and how many were missed.

    They count for whoever owns the case, from the day on which they got it: what came due before was for
    somebody else to do. What was no longer needed in time counts neither way.
    """
    met = and_(Deadline.met_at.is_not(None), Deadline.met_at <= Deadline.due_at)
    missed = and_(
        or_(Deadline.met_at.is_(None), Deadline.met_at > Deadline.due_at),
        or_(Deadline.ended_at.is_(None), Deadline.ended_at > Deadline.due_at),
    )
    whose = Case.owner_id.is_not(None) if person_id is None else Case.owner_id == person_id
    rows = session.execute(
        select(Case.owner_id, _count_where(met), _count_where(missed))
        .select_from(Deadline)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.due_at >= since,
            Deadline.due_at < now,
            Deadline.due_at >= func.coalesce(Case.owned_since, Case.received_at),
            whose,
        )
        .group_by(Case.owner_id)
    )
    return {owner: (kept or 0, broken or 0) for owner, kept, broken in rows if owner is not None}


def _loads(session: Session, owned: Subquery, who: ColumnElement[bool]) -> list[Load]:
    theirs = aliased(Case)
    last = select(func.max(theirs.owned_since)).where(theirs.owner_id == Person.id).scalar_subquery()
    rows = session.execute(
        select(Person, RoleGrant.role, RoleGrant.district, owned, last.label("last"))
        .select_from(Person)
        .join(RoleGrant, and_(RoleGrant.person_id == Person.id, _CURRENT), isouter=True)
        .join(owned, owned.c.owner_id == Person.id, isouter=True)
        .where(who)
        .order_by(Person.id)
    ).all()
    by_person: dict[int, list[Any]] = {}
    for row in rows:
        by_person.setdefault(row.Person.id, []).append(row)
    return [_load(held) for held in by_person.values()]


def _load(rows: Iterable[Any]) -> Load:
    """One person, of whom there is a row for each role and district that they hold."""
    held = list(rows)
    person: Person = held[0].Person
    officer = [row for row in held if row.role == Role.OFFICER.value]
    return Load(
        person_id=person.id,
        name=display_name(person),
        by_band=_by_band(held[0]),
        late=held[0].late or 0,
        districts=frozenset(row.district for row in officer),
        manager=any(row.role == Role.MANAGER.value for row in held),
        officer=bool(officer),
        reachable=person.chat_key is not None and person.unreachable_since is None,
        last_given_at=held[0].last,
    )


def _owned(now: datetime, whose: ColumnElement[bool] | None) -> Subquery:
    """Open cases by owner: how many of each band, and how many are late."""
    late = _late(now)
    columns: list[ColumnElement[Any]] = [Case.owner_id.expression, *_counts(late)]
    counted = (
        select(*columns)
        .join(late, late.c.case_id == Case.id, isouter=True)
        .where(_OPEN, Case.owner_id.is_not(None))
        .group_by(Case.owner_id)
    )
    return (counted if whose is None else counted.where(whose)).subquery()


def _late(now: datetime) -> Subquery:
    """The cases on which something is overdue."""
    return (
        select(Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at < literal(now, Deadline.due_at.type))
        .distinct()
        .subquery()
    )


def _counts(late: Subquery) -> tuple[ColumnElement[int], ...]:
    bands = (_count_where(Case.risk == band.value).label(band.value) for band in RiskBand)
    return (*bands, func.count(late.c.case_id).label("late"))


def _count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _by_band(row: Any) -> dict[RiskBand, int]:
    return {band: getattr(row, band.value) or 0 for band in RiskBand}
