"""Deleting what is kept no longer: closed cases with all that is theirs, and rows that nobody needs.

A case leaves a tombstone, which names nobody, and who of the team did what with it. The database lets a history
be deleted only while its case has a removal permit, which is written and removed in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, and_, delete, exists, insert, select, update
from sqlalchemy.orm import Session, aliased

from casework.cases import CaseKind
from casework.data_declarations import declared
from casework.data_terms import WithCase
from casework.retention import Rule
from casework.working_days import WorkingCalendar
from storage.data_rights import month_of
from storage.dialects import table_of
from storage.history_seal import mark_removed
from storage.models import (
    AuditLine,
    Base,
    Case,
    CaseEvent,
    CaseHold,
    Notice,
    OutboxMessage,
    RecentMessage,
    RemovalPermit,
    Tombstone,
)

_CASES = table_of(Case)
_STAFF = ("officer", "manager", "partner", "member")


@dataclass(frozen=True, slots=True)
class Deleted:
    """A case that is gone, or would go: nothing by which anybody could be known but its reference, for the log."""

    reference: str
    rule: str
    files: int


def list_ended(session: Session, rule: Rule, closed_before: datetime, limit: int) -> Sequence[Case]:
    """Cases of a rule that were closed before an instant and that nothing holds, those closed first in front.

    Held by hand, or while the person who reported has an open request about their data.
    """
    held = exists().where(CaseHold.case_id == Case.id, CaseHold.ended_at.is_(None))
    request = aliased(Case)
    asked = exists().where(
        request.kind == CaseKind.DATA_REQUEST.value,
        request.closed_at.is_(None),
        request.reporter_id == Case.reporter_id,
    )
    anonymous = (False, True) if rule.anonymous is None else (rule.anonymous,)
    query = select(Case).where(
        Case.kind == rule.kind.value,
        Case.anonymous.in_(anonymous),  # always there: it stands in the index before the instant
        Case.closed_at.is_not(None),
        Case.closed_at < closed_before,
        ~held,
        ~asked,
    )
    if rule.statuses is not None:
        query = query.where(Case.status.in_(sorted(rule.statuses)))
    if rule.other_statuses:
        query = query.where(Case.status.not_in(sorted(rule.other_statuses)))
    return session.scalars(query.order_by(Case.closed_at, Case.id).limit(limit)).all()


def delete_case(
    session: Session, case: Case, rule: Rule, *, calendar: WorkingCalendar, today: date
) -> Tombstone:
    """Delete a case with its history and everything that points to it. Its files lose their owner.

    Whether its time is over is the caller's to know.
    """
    session.flush()
    tombstone = _bury(session, case, rule, calendar, today)
    mark_removed(session, case, rule.what, today)
    session.execute(insert(RemovalPermit).values(case_id=case.id))
    this = _CASES.c.id == case.id
    for table, column, whose in _below(_CASES, this):
        if table.name == RemovalPermit.__tablename__:
            continue
        _clear(session, table, column, whose)
    session.execute(delete(RemovalPermit).where(RemovalPermit.case_id == case.id))
    session.execute(delete(_CASES).where(this))
    session.expunge(case)
    return tombstone


def sweep_audit(session: Session, before: datetime) -> int:
    """Delete what the team did with deleted cases, of before an instant. Returns how many lines."""
    return len(session.execute(delete(AuditLine).where(AuditLine.at < before).returning(AuditLine.id)).all())


def sweep_notices(session: Session, before: datetime) -> int:
    """Delete notices that were sent before an instant. Returns how many."""
    return len(session.execute(delete(Notice).where(Notice.sent_at < before).returning(Notice.id)).all())


def sweep_recent(session: Session, before: datetime) -> int:
    """Forget messages that Telegram no longer lets the bot delete. Returns how many."""
    gone = delete(RecentMessage).where(RecentMessage.sent_at < before)
    return len(session.execute(gone.returning(RecentMessage.message_id)).all())


def sweep_unsent(session: Session, before: datetime) -> int:
    """Delete messages that were given up and written before an instant. Returns how many."""
    gone = delete(OutboxMessage).where(OutboxMessage.dead, OutboxMessage.created_at < before)
    return len(session.execute(gone.returning(OutboxMessage.id)).all())


def _bury(session: Session, case: Case, rule: Rule, calendar: WorkingCalendar, today: date) -> Tombstone:
    closed_at = case.closed_at or case.updated_at
    tombstone = Tombstone(
        kind=case.kind,
        district=case.district,
        received_in=month_of(calendar.local_day(case.received_at)),
        closed_in=month_of(calendar.local_day(closed_at)),
        rule=rule.what,
        deleted_on=today,
    )
    session.add(tombstone)
    session.flush()
    events = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id))
    for event in events:
        session.add(
            AuditLine(
                tombstone_id=tombstone.id,
                at=event.at,
                actor_id=event.actor_id if event.actor_role in _STAFF else None,
                actor_role=event.actor_role,
                kind=event.kind,
            )
        )
        session.flush()
        session.expunge(event)
    return tombstone


Step = tuple[Table, str, ColumnElement[bool]]


def _below(parent: Table, whose: ColumnElement[bool]) -> Iterator[Step]:
    """Every table that points at these rows, or at rows that point at them, the farthest first."""
    for child in reversed(Base.metadata.sorted_tables):
        for key in child.foreign_keys:
            if key.column.table is not parent or child is parent:
                continue
            column = key.parent
            theirs = column.in_(select(key.column).where(whose))
            if not _lets_go(child):
                yield from _below(child, theirs)
            yield child, column.name, theirs


def _lets_go(table: Table) -> bool:
    found = declared(table.name)
    return found is not None and found.with_case is WithCase.LET_GO


def _clear(session: Session, table: Table, column: str, whose: ColumnElement[bool]) -> None:
    if _lets_go(table):
        session.execute(update(table).where(and_(whose)).values({column: None}))
    else:
        session.execute(delete(table).where(whose))
