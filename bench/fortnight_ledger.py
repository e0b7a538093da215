"""What became of every deadline of the fortnight, read from the database, and what that makes of each day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.fortnight_plan import FIRST, LAST, is_worked
from casework.cases import CaseKind
from casework.following import PROMISED
from casework.reminders import Audience
from storage.deadlines import EndReason
from storage.models import BrokenPromise, Case, CaseEvent, Deadline, Reminder, ReminderStatus


class End(StrEnum):
    """What became of a deadline that fell due."""

    MET = "met"
    MOVED = "moved"
    ENDED = "ended"
    """Its case closed first, or its risk changed."""
    ESCALATED = "escalated"
    LOST = "lost"
    """None of these: there must be none."""


@dataclass(frozen=True, slots=True)
class Story:
    """A deadline and what became of it."""

    reference: str
    kind: str
    due_on: date
    end: End
    late_told: bool | None
    """Of a late day that was promised to a person whom the bot can reach: whether they were told of it."""


@dataclass(frozen=True, slots=True)
class SentReminder:
    """A reminder that went out."""

    reference: str
    stage: str
    audience: str
    at: datetime


def stories(session: Session) -> list[Story]:
    """Each deadline that fell due in the fortnight, or that was moved away from it."""
    rows = session.execute(
        select(Deadline, Case).join(Case, Case.id == Deadline.case_id).order_by(Deadline.due_at, Deadline.id)
    ).all()
    escalated = _told_manager(session)
    moves = _reasons_of_moves(session)
    broken = {
        row.deadline_id: row.told for row in session.scalars(select(BrokenPromise).order_by(BrokenPromise.id))
    }
    found = []
    for deadline, case in rows:
        if not FIRST <= deadline.due_on <= LAST:
            continue
        end = _end_of(deadline, escalated, moves)
        told = None
        promised = case.kind == CaseKind.ASB_REPORT and deadline.kind in PROMISED
        reachable = case.reporter_id is not None and case.reporter_unreachable_since is None
        if end is End.ESCALATED and promised and reachable:
            told = broken.get(deadline.id, False)
        found.append(Story(case.reference, deadline.kind, deadline.due_on, end, told))
    return found


def _end_of(deadline: Deadline, escalated: set[int], moves: dict[int, str]) -> End:
    in_time = deadline.ended_at is not None and _aware(deadline.ended_at) <= _aware(deadline.due_at)
    if in_time and deadline.end_reason == EndReason.MET:
        return End.MET
    if in_time and deadline.end_reason == EndReason.MOVED and moves.get(deadline.id):
        return End.MOVED
    if in_time and deadline.end_reason in (EndReason.NOT_NEEDED, EndReason.REPLANNED):
        return End.ENDED
    return End.ESCALATED if deadline.id in escalated else End.LOST


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _told_manager(session: Session) -> set[int]:
    """The deadlines of which a manager was told that they are over."""
    rows = session.scalars(
        select(Reminder.deadline_id).where(
            Reminder.audience == Audience.MANAGER.value, Reminder.status == ReminderStatus.SENT.value
        )
    )
    return {deadline_id for deadline_id in rows if deadline_id is not None}


def _reasons_of_moves(session: Session) -> dict[int, str]:
    """The reason in the history of each deadline that was moved."""
    events = session.scalars(select(CaseEvent).where(CaseEvent.kind == "date_moved"))
    return {int(event.detail["moved_from"]): str(event.detail["reason"]) for event in events}


def sent_reminders(session: Session) -> list[SentReminder]:
    """Every reminder that went out, in order."""
    rows = session.execute(
        select(Reminder, Case.reference)
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(Reminder.status == ReminderStatus.SENT.value)
        .order_by(Reminder.ended_at, Reminder.id)
    ).all()
    return [
        SentReminder(reference, row.stage, row.audience, _aware(row.ended_at))
        for row, reference in rows
        if row.ended_at
    ]


def by_day(found: list[Story]) -> dict[date, Counter[End]]:
    """How the deadlines of each working day ended."""
    days: dict[date, Counter[End]] = {}
    for story in found:
        days.setdefault(story.due_on, Counter())[story.end] += 1
    assert all(is_worked(day) for day in days), "a deadline fell on a day off"
    return days


def open_without_next(session: Session) -> list[str]:
    """References of open cases that have no next action with a date."""
    dated = select(Deadline.case_id).where(Deadline.ended_at.is_(None))
    rows = session.scalars(select(Case.reference).where(Case.closed_at.is_(None), Case.id.not_in(dated)))
    return list(rows)
