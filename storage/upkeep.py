"""Tasks for managers, and the basis of the open dates. When one is raised is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.recalculation import Basis
from casework.upkeep import TaskKind
from storage.dialects import dialect_of, insert_statements, table_of
from storage.models import DateBasis, Person, UpkeepTask

_TASKS = table_of(UpkeepTask)
_BASES = table_of(DateBasis)
_OPEN = UpkeepTask.done_at.is_(None)
_RAISE: dict[str, Any] = insert_statements(
    _TASKS,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["kind", "slot"]).returning(_TASKS.c.id),
)
_FOLLOW: dict[str, Any] = insert_statements(
    _BASES, lambda insert: insert.on_conflict_do_nothing(index_elements=["after_id"]).returning(_BASES.c.id)
)


def raise_task(session: Session, kind: TaskKind, slot: str, body: dict[str, Any], now: datetime) -> bool:
    """Raise a task; False where it was raised before, done or not."""
    values = {"kind": kind.value, "slot": slot, "body": body, "raised_at": now}
    return session.execute(_RAISE[dialect_of(session)], values).first() is not None


def list_open(session: Session) -> Sequence[UpkeepTask]:
    """The tasks that nobody has done yet, the oldest first."""
    return session.scalars(select(UpkeepTask).where(_OPEN).order_by(UpkeepTask.id)).all()


def find_open(session: Session, kind: TaskKind) -> Sequence[UpkeepTask]:
    """Those of one kind, the newest first."""
    found = select(UpkeepTask).where(_OPEN, UpkeepTask.kind == kind.value).order_by(UpkeepTask.id.desc())
    return session.scalars(found).all()


def find_asked(session: Session) -> UpkeepTask | None:
    """The recalculation that a manager asked for and that is not done yet; None where there is none."""
    asked = select(UpkeepTask).where(
        _OPEN, UpkeepTask.kind == TaskKind.DATES.value, UpkeepTask.asked_at.is_not(None)
    )
    return session.scalars(asked.order_by(UpkeepTask.id.desc()).limit(1)).one_or_none()


def lock_task(session: Session, task_id: int) -> tuple[UpkeepTask, Person | None] | None:
    """The task as it is now, with who has done it, and nobody else changing it until the transaction ends."""
    locked = select(UpkeepTask).where(UpkeepTask.id == task_id).with_for_update()
    task = session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if task is None:
        return None
    return task, session.get(Person, task.done_by) if task.done_by is not None else None


def mark_told(session: Session, tasks: Iterable[UpkeepTask], now: datetime) -> None:
    """These were the reason to write."""
    ids = [task.id for task in tasks]
    session.execute(update(UpkeepTask).where(UpkeepTask.id.in_(ids)).values(told_at=now))


def end_tasks(session: Session, kind: TaskKind, now: datetime) -> None:
    """What is asked there is done, or no longer needed. The count stays; the lists have served."""
    for task in find_open(session, kind):
        task.done_at, task.body = now, {"count": task.body.get("count", 0)}
    session.flush()


def last_basis(session: Session) -> tuple[int, Basis] | None:
    """What the open dates were worked out with, and the id of its row; None before the first start."""
    row = session.scalars(select(DateBasis).order_by(DateBasis.id.desc()).limit(1)).one_or_none()
    return None if row is None else (row.id, Basis.from_json(row.facts))


def follow_basis(session: Session, after_id: int, basis: Basis, moved: int, now: datetime) -> bool:
    """From now on the dates stand on this basis; False where another process said so first."""
    values = {
        "after_id": after_id,
        "fingerprint": basis.fingerprint,
        "facts": basis.to_json(),
        "moved": moved,
        "set_at": now,
    }
    return session.execute(_FOLLOW[dialect_of(session)], values).first() is not None


def began_at(session: Session) -> datetime | None:
    """When the bot began with this database; None before its first look at the dates."""
    found: datetime | None = session.scalar(select(DateBasis.set_at).where(DateBasis.after_id == 0))
    return found


def basis_set_at(session: Session, basis_id: int) -> datetime | None:
    """When a basis was set; None where there is no such row."""
    found: datetime | None = session.scalar(select(DateBasis.set_at).where(DateBasis.id == basis_id))
    return found


def replace_dates_task(session: Session, slot: str, body: dict[str, Any], now: datetime) -> None:
    """Ask about these dates, and no longer about those of another change. What was asked for stays asked for.

    A change that was taken back and comes again is asked about again; the numbers are those of the last look.
    """
    for task in find_open(session, TaskKind.DATES):
        if task.slot != slot:
            task.done_at, task.body = now, {"count": task.body.get("count", 0)}
    same = select(UpkeepTask).where(UpkeepTask.kind == TaskKind.DATES.value, UpkeepTask.slot == slot)
    known = session.scalars(same.with_for_update()).one_or_none()
    if known is None:
        raise_task(session, TaskKind.DATES, slot, body, now)
        return
    known.body = body
    if known.done_at is not None:
        known.done_at = known.done_by = known.asked_at = known.told_at = None
