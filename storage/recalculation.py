"""Open dates in batches, put in the place of others, and their reminders planned anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from casework.cases import CaseKind
from casework.deadlines import Deadline as DatedRule
from casework.reminders import PlannedReminder
from storage import deadlines
from storage.deadlines import EndReason
from storage.models import Case, DataRequest, Deadline, Reminder, ReminderStatus
from storage.reminders import SNOOZED

PLANNED_ANEW = "planned anew"
"""Why a reminder was skipped: its date moved, or its time had passed when it came to be."""
OF_THEIR_OWN = ("overdue", SNOOZED)
"""How the stages begin whose time comes from the one before, or from a person, and not from the plan."""
_RECALCULATED = Deadline.end_reason == literal(EndReason.RECALCULATED.value, literal_execute=True)


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A date that counts, its case, the request where it is one about a person's own data, its reminders."""

    deadline: Deadline
    case: Case
    request: DataRequest | None
    reminders: Sequence[Reminder]


def batch_after(session: Session, after: int, limit: int) -> list[OpenRow]:
    """The next open dates of open cases by id."""
    chosen = _open_dates().where(Deadline.id > after).order_by(Deadline.id).limit(limit)
    return _with_reminders(session, session.execute(chosen).all())


def locked(session: Session, ids: Collection[int]) -> list[OpenRow]:
    """These dates as they are now, their cases locked; those that ended meanwhile are left out."""
    session.expire_all()
    of = select(Deadline.case_id).where(Deadline.id.in_(ids))
    session.execute(select(Case.id).where(Case.id.in_(of)).order_by(Case.id).with_for_update()).all()
    chosen = _open_dates().where(Deadline.id.in_(ids)).order_by(Deadline.case_id, Deadline.id)
    fresh = chosen.execution_options(populate_existing=True)
    return _with_reminders(session, session.execute(fresh).all())


def each_batch(session: Session, limit: int) -> Iterator[list[OpenRow]]:
    """All open dates without their reminders, a batch at a time; what was read is forgotten: memory stays flat."""
    after = 0
    while True:
        chosen = _open_dates().where(Deadline.id > after).order_by(Deadline.id).limit(limit)
        batch = [OpenRow(row[0], row[1], row[2], ()) for row in session.execute(chosen).all()]
        if not batch:
            return
        yield batch
        after = batch[-1].deadline.id
        session.expunge_all()


def replace(
    session: Session, old: Deadline, new: DatedRule, planned: Sequence[PlannedReminder], now: datetime
) -> None:
    """End a date because it was worked out anew, and set the other one with its reminders."""
    waiting = update(Reminder).where(
        Reminder.deadline_id == old.id, Reminder.status == ReminderStatus.PLANNED.value
    )
    session.execute(
        waiting.values(status=ReminderStatus.SKIPPED.value, ended_at=now, reason=PLANNED_ANEW),
        execution_options={"synchronize_session": False},
    )
    deadlines.replace_deadline(session, old, (new, planned), now=now, reason=EndReason.RECALCULATED)


def plan_anew(
    session: Session, plans: Iterable[tuple[OpenRow, Sequence[PlannedReminder]]], now: datetime
) -> int:
    """Bring the waiting reminders of dates that stay in line with what is planned now. How many changed.

    What waits and is planned no longer goes, unless its time is of its own. What is planned for a time
    that has passed is put down as skipped: the ledger has it, and nobody is told of it late.
    """
    moved, gone, missing = [], [], []
    for row, planned in plans:
        wanted = {(one.stage, one.audience.value): one for one in planned}
        had = {(one.stage, one.audience): one for one in row.reminders}
        for key, reminder in had.items():
            if reminder.status != ReminderStatus.PLANNED.value:
                continue
            if key not in wanted:
                gone += [reminder.id] if not reminder.stage.startswith(OF_THEIR_OWN) else []
            elif reminder.at != wanted[key].at:
                moved.append({"id": reminder.id, "at": wanted[key].at})
        missing += [_values(row, one, now) for key, one in wanted.items() if key not in had]
    if moved:
        session.execute(update(Reminder), moved)
    if gone:
        session.execute(delete(Reminder).where(Reminder.id.in_(gone)))
    if missing:
        session.execute(insert(Reminder), missing)
    return len(moved) + len(gone) + len(missing)


def moved_by_owner(session: Session, since: datetime | None) -> dict[int, int]:
    """How many dates were worked out anew after an instant and still count so, by the owner of the case."""
    after = Deadline.ended_at > since if since is not None else Deadline.ended_at.is_not(None)
    rows = session.execute(
        select(Case.owner_id, func.count())
        .join(Deadline, Deadline.case_id == Case.id)
        .where(_RECALCULATED, after, Case.owner_id.is_not(None))
        .group_by(Case.owner_id)
    ).all()
    return {owner_id: count for owner_id, count in rows if owner_id is not None}


def count_moved(session: Session, since: datetime | None) -> int:
    """How many dates were worked out anew after an instant."""
    after = Deadline.ended_at > since if since is not None else Deadline.ended_at.is_not(None)
    return session.scalar(select(func.count()).select_from(Deadline).where(_RECALCULATED, after)) or 0


def _open_dates() -> Select[Deadline, Case, DataRequest]:
    return (
        select(Deadline, Case, DataRequest)
        .join(Case, Case.id == Deadline.case_id)
        .join(
            DataRequest,
            (DataRequest.case_id == Case.id) & (Case.kind == CaseKind.DATA_REQUEST.value),
            isouter=True,
        )
        .where(Deadline.ended_at.is_(None), Case.closed_at.is_(None))
    )


def _with_reminders(session: Session, rows: Sequence[Any]) -> list[OpenRow]:
    ids = [row[0].id for row in rows]
    found: dict[int, list[Reminder]] = {}
    if ids:
        for reminder in session.scalars(select(Reminder).where(Reminder.deadline_id.in_(ids))):
            found.setdefault(reminder.deadline_id or 0, []).append(reminder)
    return [OpenRow(row[0], row[1], row[2], found.get(row[0].id, [])) for row in rows]


def _values(row: OpenRow, planned: PlannedReminder, now: datetime) -> dict[str, Any]:
    over = planned.at <= now
    return {
        "deadline_id": row.deadline.id,
        "case_id": row.case.id,
        "stage": planned.stage,
        "audience": planned.audience.value,
        "at": planned.at,
        "status": (ReminderStatus.SKIPPED if over else ReminderStatus.PLANNED).value,
        "ended_at": now if over else None,
        "reason": PLANNED_ANEW if over else None,
    }
