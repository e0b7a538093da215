"""The ledger of reminders: planned, claimed by one process, and ended with the reason.

What is due and who is told is decided elsewhere; that a message was sent is written by delivery.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case as case_when
from sqlalchemy import func, literal, null, select, update
from sqlalchemy.orm import Session

from casework.reminders import Audience, PlannedReminder
from storage.dialects import dialect_of, insert_statements, table_of
from storage.models import Case, Deadline, Fault, JobSlot, Reminder, ReminderStatus

DIFFERENCES = "reminders_differ"
"""The kind of fault under which a difference between plan and ledger is kept."""

SNOOZED = "snoozed_"
"""How the stages begin that somebody let wait; the number follows."""

_SNOOZED = Reminder.stage.like("snoozed\\_%", escape="\\")
_AT_ONCE = 1000
_PLANNED = Reminder.status == literal(ReminderStatus.PLANNED.value, literal_execute=True)
_QUEUED = Reminder.status == literal(ReminderStatus.QUEUED.value, literal_execute=True)
_WITH_CASES = (
    select(Reminder, Deadline, Case)
    .join(Deadline, Deadline.id == Reminder.deadline_id)
    .join(Case, Case.id == Deadline.case_id)
)
_SLOTS = table_of(JobSlot)
_ROWS = table_of(Reminder)


@dataclass(slots=True)
class Due:
    """A reminder with what it is about."""

    reminder: Reminder
    deadline: Deadline
    case: Case


@dataclass(frozen=True, slots=True)
class Claimed:
    """A reminder whose time has come: what has to be known of it to tell it, and no more, as there may be many."""

    id: int
    stage: str
    audience: str
    at: datetime
    deadline_id: int
    case_id: int
    owner_id: int | None
    district: str | None
    person_id: int | None
    """Who let it wait; None where it is for whoever has the case."""
    why_not: str | None
    """Why there is nothing to remind of any more; None where there is."""


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether some reminder of a deadline waits to be sent; one look at an index."""
    waits = select(Reminder.id).where(_PLANNED, Reminder.at <= now, Reminder.deadline_id.is_not(None))
    return session.scalar(waits.limit(1)) is not None


def claim_due(session: Session, now: datetime, limit: int) -> list[Claimed]:
    """Up to ``limit`` reminders that are due, the oldest first; other processes skip them until the commit."""
    rows = session.execute(
        select(
            Reminder.id,
            Reminder.stage,
            Reminder.audience,
            Reminder.at,
            Deadline.id,
            Case.id,
            Case.owner_id,
            Case.district,
            Reminder.person_id,
            case_when(
                (Deadline.ended_at.is_not(None), "deadline ended"),
                (Case.closed_at.is_not(None), "case closed"),
                else_=null(),
            ),
        )
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(_PLANNED, Reminder.at <= now)
        .order_by(Reminder.at, Reminder.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Reminder)
    ).all()
    return [Claimed(*row) for row in rows]


def load_items(session: Session, deadline_ids: Collection[int]) -> dict[int, tuple[Deadline, Case]]:
    """These deadlines with their cases, by id."""
    rows = session.execute(
        select(Deadline, Case).join(Case, Case.id == Deadline.case_id).where(Deadline.id.in_(deadline_ids))
    ).all()
    return {deadline.id: (deadline, case) for deadline, case in rows}


def queue_all(session: Session, ids: Sequence[int]) -> None:
    """These are in the outbox: over for us, delivery says the rest."""
    _set(session, ids, {"status": ReminderStatus.QUEUED.value, "ended_at": None, "reason": None})


def end(reminder: Reminder, status: ReminderStatus, *, now: datetime, reason: str | None = None) -> None:
    """End one; QUEUED is over for us as well, delivery says the rest."""
    reminder.status, reminder.reason = status.value, reason
    reminder.ended_at = None if status is ReminderStatus.QUEUED else now


def end_all(
    session: Session, ids: Sequence[int], status: ReminderStatus, *, now: datetime, reason: str
) -> None:
    """End reminders by their ids, all for one reason."""
    _set(session, ids, {"status": status.value, "ended_at": now, "reason": reason})


def _set(session: Session, ids: Sequence[int], values: dict[str, Any]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = Reminder.id.in_(ids[start : start + _AT_ONCE])
        session.execute(update(Reminder).where(some).values(values))


def add_planned(session: Session, planned: Iterable[tuple[Claimed, PlannedReminder]]) -> None:
    """Add the reminders that follow claimed ones in one go; those that a deadline has already are left alone."""
    values = [
        {
            "deadline_id": claimed.deadline_id,
            "case_id": claimed.case_id,
            "stage": reminder.stage,
            "audience": reminder.audience.value,
            "at": reminder.at,
            "status": ReminderStatus.PLANNED.value,
        }
        for claimed, reminder in planned
    ]
    if values:
        session.execute(_ADD[dialect_of(session)], values)


def count_snoozes(session: Session, deadline_id: int) -> int:
    """How often reminders of a deadline were let wait."""
    made = select(func.count()).select_from(Reminder)
    return session.scalar(made.where(Reminder.deadline_id == deadline_id, _SNOOZED)) or 0


def waiting_snooze(session: Session, deadline_id: int, person_id: int) -> Reminder | None:
    """The reminder that waits because this person let it; None where there is none."""
    waiting = select(Reminder).where(
        Reminder.deadline_id == deadline_id, Reminder.person_id == person_id, _SNOOZED, _PLANNED
    )
    return session.scalars(waiting.order_by(Reminder.at).limit(1)).one_or_none()


def add_snooze(
    session: Session, deadline: Deadline, *, number: int, at: datetime, person_id: int
) -> Reminder:
    """A reminder for the one person who let it wait; the case has to be locked."""
    made = Reminder(
        deadline_id=deadline.id,
        case_id=deadline.case_id,
        stage=f"{SNOOZED}{number}",
        audience=Audience.OWNER.value,
        person_id=person_id,
        at=at,
    )
    session.add(made)
    session.flush()
    return made


def claim_slot(session: Session, job: str, slot: str, now: datetime) -> bool:
    """Take one slot of a calendar job for this transaction; False when it was done, here or elsewhere."""
    values = {"job": job, "slot": slot, "at": now}
    return session.execute(_CLAIM_SLOT[dialect_of(session)], values).first() is not None


def is_slot_done(session: Session, job: str, slot: str) -> bool:
    """Whether a slot was taken: a look, before a write is tried."""
    return session.get(JobSlot, (job, slot)) is not None


def last_slot_at(session: Session, job: str) -> datetime | None:
    """When the job was last done; None where it never was."""
    last: datetime | None = session.scalar(select(func.max(JobSlot.at)).where(JobSlot.job == job))
    return last


def list_unsent(session: Session, before: datetime, failed_since: datetime, limit: int) -> list[Due]:
    """Reminders of open deadlines that have not gone out, the oldest first.

    Those from before an instant that still wait, and those that were given up since another.
    """
    wanted = (
        (_PLANNED, Reminder.at < before),
        (_QUEUED, Reminder.at < before),
        (Reminder.status == ReminderStatus.FAILED.value, Reminder.ended_at >= failed_since),
    )
    found: list[Due] = []
    for state in wanted:
        rows = session.execute(
            _WITH_CASES.where(*state, Deadline.ended_at.is_(None), Case.closed_at.is_(None))
            .order_by(Reminder.at, Reminder.id)
            .limit(limit)
        ).all()
        found += [Due(*row) for row in rows]
    return found


def list_differences(session: Session, since: datetime) -> Sequence[Fault]:
    """What the nightly comparison has found since an instant."""
    return session.scalars(
        select(Fault).where(Fault.at > since, Fault.error == DIFFERENCES).order_by(Fault.id)
    ).all()


Stages = dict[tuple[str, str], str]
"""The reminders that a deadline has: (stage, audience) → status."""


def each_open_deadline(session: Session, batch: int) -> Iterator[list[tuple[Deadline, Case, Stages]]]:
    """All open deadlines with their reminders, ``batch`` at a time, so that memory stays flat."""
    after = 0
    while True:
        rows = session.execute(
            select(Deadline, Case)
            .join(Case, Case.id == Deadline.case_id)
            .where(Deadline.ended_at.is_(None), Case.closed_at.is_(None), Deadline.id > after)
            .order_by(Deadline.id)
            .limit(batch)
        ).all()
        if not rows:
            return
        after = rows[-1][0].id
        stages = _stages_of(session, [deadline.id for deadline, _ in rows])
        yield [(deadline, case, stages.get(deadline.id, {})) for deadline, case in rows]
        session.expunge_all()


def _stages_of(session: Session, ids: Collection[int]) -> dict[int, Stages]:
    found: dict[int, Stages] = {}
    rows = session.execute(
        select(Reminder.deadline_id, Reminder.stage, Reminder.audience, Reminder.status).where(
            Reminder.deadline_id.in_(ids)
        )
    )
    for deadline_id, stage, audience, status in rows:
        found.setdefault(deadline_id or 0, {})[stage, audience] = status
    return found


_ADD: dict[str, Any] = insert_statements(
    _ROWS,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["deadline_id", "stage", "audience"]),
)
_CLAIM_SLOT: dict[str, Any] = insert_statements(
    _SLOTS, lambda insert: insert.on_conflict_do_nothing().returning(_SLOTS.c.job)
)
