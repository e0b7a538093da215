"""Finding cases by keyed hashes of what they say of names and places, and the history of what was searched.

The hashes of a case follow its detail by themselves: `Database` has `follow_details` called after each flush.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, literal, or_, select, union
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import get_history

from casework.roles import Actor
from casework.searching import AllOf, Search, Term, terms_of
from storage.cases import View
from storage.crypto import Keyring, keyring_in_use
from storage.dialects import dialect_of, insert_statements, table_of
from storage.models import AsbReport, Case, CaseSearch, NnsReferral, SearchRemoval, SearchTerm

LOOKED_THROUGH = 500
"""Of the cases that fit the words, the newest so many are looked at."""

_TERMS = table_of(SearchTerm)
_DETAILED = (AsbReport, NnsReferral)
_ADD = insert_statements(_TERMS, lambda insert: insert.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Match:
    """A case that was found, and how many of the closer terms it has."""

    case: Case
    nearness: int


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of what was found, and how many there are in all; ``capped``: there may be more, older ones."""

    page: Sequence[Match]
    total: int
    capped: bool


def term_key(keyring: Keyring, term: Term) -> int:
    """The keyed hash of a term: a signed 64-bit integer."""
    return int.from_bytes(keyring.hash_text(f"find {term.kind.value}", term.text)[:8], signed=True)


def find_cases(
    session: Session, keyring: Keyring, search: Search, view: View, *, offset: int, limit: int
) -> Matches:
    """The cases that are meant, in reach of the person: the nearest first, open before closed, then the newest.

    Of restricted cases only one's own; whoever sees every district sees all.
    """
    fitting = _fitting(keyring, search)
    if fitting is None:
        return Matches((), 0, capped=False)
    hits = fitting.cte("hits")
    nearer = {term_key(keyring, term) for term in search.nearer}
    nearness = _nearness(nearer).label("nearness")
    rows = session.execute(
        select(
            Case,
            nearness,
            func.count().over().label("total"),
            select(func.count()).select_from(hits).scalar_subquery().label("looked_at"),
        )
        .join(hits, hits.c.case_id == Case.id)
        .where(_in_reach(view))
        .order_by(nearness.desc(), Case.closed_at.is_not(None), Case.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    page = [Match(row[0], int(row.nearness)) for row in rows]
    if not rows:
        return Matches(page, 0, capped=False)
    return Matches(page, int(rows[0].total), capped=rows[0].looked_at >= LOOKED_THROUGH)


def _fitting(keyring: Keyring, search: Search) -> Select[Any] | None:
    """The ids of cases that fit, the newest only."""
    ways: list[Select[Any]] = [_having(keyring, way) for way in search.any_of]
    if search.references:
        ways.append(select(Case.id.label("case_id")).where(Case.reference.in_(search.references)))
    if not ways:
        return None
    if len(ways) == 1 and not search.references and len(search.any_of[0][0]) == 1:
        return _newest(ways[0])  # one look into the index, which has each case once
    fits = union(*(_newest(way).subquery().select() for way in ways)).subquery()
    return select(fits.c.case_id).order_by(fits.c.case_id.desc()).limit(LOOKED_THROUGH)


def _newest(way: Select[Any]) -> Select[Any]:
    column = next(iter(way.selected_columns))
    return way.order_by(column.desc()).limit(LOOKED_THROUGH)


def _having(keyring: Keyring, way: AllOf) -> Select[Any]:
    """Cases with at least one term of each set."""
    first, *others = ([term_key(keyring, term) for term in one] for one in way)
    wanted = select(SearchTerm.case_id).where(SearchTerm.term.in_(first))
    if len(first) > 1:
        wanted = wanted.distinct()
    for other in others:
        also = aliased(SearchTerm)
        wanted = wanted.where(SearchTerm.case_id.in_(select(also.case_id).where(also.term.in_(other))))
    return wanted


def _nearness(nearer: Collection[int]) -> ColumnElement[int]:
    if not nearer:
        return literal(0, literal_execute=True)
    return (
        select(func.count())
        .select_from(SearchTerm)
        .where(SearchTerm.case_id == Case.id, SearchTerm.term.in_(sorted(nearer)))
        .correlate(Case)
        .scalar_subquery()
    )


def _in_reach(view: View) -> ColumnElement[bool]:
    if view.districts is None:
        return literal(value=True)
    reach = or_(Case.district.in_(sorted(view.districts)), Case.district.is_(None))
    return and_(reach, or_(~Case.restricted, Case.owner_id == view.person_id))


# Terms


def write_terms(session: Session, details: Mapping[int, Mapping[str, Any]]) -> None:
    """Store what these cases, by id, can be found by, instead of what was there."""
    keyring, connection = keyring_in_use(), session.connection()
    connection.execute(delete(_TERMS).where(_TERMS.c.case_id.in_(details)))
    rows = [
        {"term": term_key(keyring, term), "case_id": case_id}
        for case_id, detail in details.items()
        for term in terms_of(detail)
    ]
    if rows:
        connection.execute(_ADD[dialect_of(session)], rows)


def follow_details(session: Session, _context: object) -> None:
    """After a flush: the terms of cases whose detail is new or has changed."""
    changed = {
        one.case_id: one.detail
        for one in (*session.new, *session.dirty)
        if isinstance(one, _DETAILED) and get_history(one, "detail").has_changes()
    }
    if changed:
        write_terms(session, changed)


def is_filled(session: Session) -> bool:
    """Whether there are terms, or no case that could have any."""
    if session.scalar(select(SearchTerm.case_id).limit(1)) is not None:
        return True
    return all(session.scalar(select(model.case_id).limit(1)) is None for model in _DETAILED)


def rewrite_terms(
    session: Session, model: type[AsbReport | NnsReferral], after: int, limit: int
) -> list[int]:
    """Write the terms of the next cases of a kind anew; the ids of those that were looked at."""
    rows = session.execute(
        select(model.case_id, model.detail)
        .where(model.case_id > after)
        .order_by(model.case_id)
        .limit(limit)
        .with_for_update()
    ).all()
    write_terms(session, {row.case_id: row.detail for row in rows})
    return [case_id for case_id, _ in rows]


# History


def record_search(
    session: Session, *, actor: Actor, kind: str, text: str, found: int, now: datetime
) -> CaseSearch:
    """A line of the history of searches; it can't be changed afterwards."""
    if actor.person_id is None:
        raise ValueError("a search is made by somebody")
    line = CaseSearch(
        at=now, actor_id=actor.person_id, actor_role=actor.role.value, kind=kind, found=found, text=text
    )
    session.add(line)
    session.flush()
    return line


def sweep_searches(session: Session, before: datetime) -> int:
    """Delete searches of before an instant. Returns how many."""
    session.flush()
    session.execute(insert(SearchRemoval).values(before=before))
    gone = session.execute(delete(CaseSearch).where(CaseSearch.at < before).returning(CaseSearch.id)).all()
    session.execute(delete(SearchRemoval).where(SearchRemoval.before == before))
    return len(gone)
