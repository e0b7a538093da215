"""Deadlines as rows: set with their working, ended with the reason. When something is due is casework's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import deadlines as rules
from casework.cases import DeadlineKind
from casework.reminders import PlannedReminder
from storage.models import Deadline, Reminder


class EndReason(StrEnum):
    """Why a deadline no longer counts."""

    MET = "met"
    NOT_NEEDED = "not_needed"
    MOVED = "moved"
    REPLANNED = "replanned"
    """Another rhythm, since the risk band changed."""
    RECALCULATED = "recalculated"


Plan = tuple[rules.Deadline, Sequence[PlannedReminder]]
"""A deadline and the reminders that go with it."""


def add_deadlines(
    session: Session, case_id: int, plans: Iterable[Plan], *, set_at: datetime
) -> list[Deadline]:
    """Set deadlines of a case together with their reminders: two statements, however many there are."""
    planned = [(_row_of(case_id, deadline, set_at), reminders) for deadline, reminders in plans]
    rows = [row for row, _ in planned]
    session.add_all(rows)
    session.flush()
    session.add_all(
        Reminder(
            deadline_id=row.id,
            case_id=case_id,
            stage=reminder.stage,
            audience=reminder.audience.value,
            at=reminder.at,
        )
        for row, reminders in planned
        for reminder in reminders
    )
    session.flush()
    return rows


def list_open(session: Session, case_id: int) -> Sequence[Deadline]:
    """The deadlines of a case that still count, the next first."""
    return session.scalars(
        select(Deadline)
        .where(Deadline.case_id == case_id, Deadline.ended_at.is_(None))
        .order_by(Deadline.due_at, Deadline.id)
    ).all()


def find_deadline(session: Session, deadline_id: int) -> Deadline | None:
    """The deadline of that id, ended or not; None where there is none."""
    return session.get(Deadline, deadline_id)


def end_deadlines(
    session: Session,
    case_id: int,
    kinds: Collection[DeadlineKind],
    *,
    now: datetime,
    reason: EndReason = EndReason.MET,
) -> list[Deadline]:
    """End the open deadlines of these kinds; those that were met say when. Returns what was ended."""
    wanted = {kind.value for kind in kinds}
    ended = [row for row in list_open(session, case_id) if row.kind in wanted]
    for row in ended:
        row.ended_at, row.end_reason = now, reason.value
        row.met_at = now if reason is EndReason.MET else None
    session.flush()
    return ended


def replace_deadline(
    session: Session, old: Deadline, plan: Plan, *, now: datetime, reason: EndReason
) -> Deadline:
    """End a deadline, and set another of its kind in its place that refers to it. Returns the new one.

    Its reminders are its own; those of the old one no longer apply.
    """
    old.ended_at, old.end_reason = now, reason.value
    (new,) = add_deadlines(session, old.case_id, [plan], set_at=now)
    new.moved_from, new.first_due_on = old.id, old.first_due_on or old.due_on
    new.moves = old.moves + (reason is EndReason.MOVED)
    session.flush()
    return new


def working_of(row: Deadline) -> rules.Working:
    """How its date was worked out."""
    return rules.Working.from_json(row.working)


def rule_of(row: Deadline) -> rules.Deadline:
    """The row as the value that the rules work with."""
    return rules.Deadline(DeadlineKind(row.kind), row.due_on, row.due_at, working_of(row))


def _row_of(case_id: int, deadline: rules.Deadline, set_at: datetime) -> Deadline:
    return Deadline(
        case_id=case_id,
        kind=deadline.kind.value,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        set_at=set_at,
        working=deadline.working.to_json(),
    )
