"""Giving one officer's work to others: the cases, and all that hangs on them, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.dialects import table_of
from storage.models import Case, Deadline, Dialog, Draft, Reminder, ReminderStatus

ABOUT = "_about"
"""Where a draft keeps what it is about (`handlers.forms.flow.ABOUT`)."""


@dataclass(frozen=True, slots=True)
class Held:
    """An open case of somebody's, with the first day that is due on it and whether that is past."""

    case: Case
    due_on: date | None
    late: bool


def list_held(
    session: Session, owner_id: int, now: datetime, *, only: Collection[int] | None = None, lock: bool = False
) -> list[Held]:
    """The open cases of a person, in the order of their ids. With ``lock`` nobody else changes them.

    Two queries with ``lock``, one without: PostgreSQL locks no rows of a query that groups.
    """
    wanted = [Case.owner_id == owner_id, Case.closed_at.is_(None)]
    if only is not None:
        wanted.append(Case.id.in_(only))
    if lock:
        session.flush()
        locked = select(Case).where(*wanted).order_by(Case.id).with_for_update()
        session.scalars(locked.execution_options(populate_existing=True)).all()
    due = (
        select(
            Deadline.case_id,
            func.min(Deadline.due_on).label("due_on"),
            func.min(Deadline.due_at).label("due_at"),
        )
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), *wanted)
        .group_by(Deadline.case_id)
        .subquery()
    )
    rows = session.execute(
        select(Case, due.c.due_on, due.c.due_at)
        .join(due, due.c.case_id == Case.id, isouter=True)
        .where(*wanted)
        .order_by(Case.id)
    )
    return [Held(case, due_on, due_at is not None and due_at < now) for case, due_on, due_at in rows]


def count_held(session: Session, owner_id: int) -> int:
    """How many open cases somebody owns."""
    held = select(func.count()).select_from(Case).where(Case.owner_id == owner_id, Case.closed_at.is_(None))
    return session.scalar(held) or 0


def give(session: Session, cases: Sequence[Case], given: Mapping[int, int], now: datetime) -> None:
    """Each of the cases to its new owner, by case id. They have to be locked.

    Their versions count on, so that buttons of older cards are known as old.
    """
    session.flush()
    rows = [{"this": case.id, "to": given[case.id], "at": now} for case in cases]
    session.connection().execute(_GIVE, rows)
    for case in cases:
        session.expire(case, ["owner_id", "owned_since", "updated_at", "version"])


@dataclass(frozen=True, slots=True)
class Follows:
    """A column that names the officer of a case beside the case itself, while ``waits`` holds."""

    table: Table
    officer: str
    case: str
    waits: ColumnElement[bool]


FOLLOWS: tuple[Follows, ...] = (
    Follows(table_of(Reminder), "person_id", "case_id", Reminder.status.__eq__(ReminderStatus.PLANNED.value)),
)
"""What goes with a case to its new owner, one statement each. Most of a case names no officer."""


def move_what_follows(session: Session, former_id: int, case_ids: Collection[int]) -> None:
    """What names the former owner on these cases, names the present one."""
    for one in FOLLOWS:
        case_id, officer = one.table.c[one.case], one.table.c[one.officer]
        owner = select(_CASES.c.owner_id).where(_CASES.c.id == case_id).scalar_subquery()
        session.execute(
            update(one.table)
            .where(case_id.in_(case_ids), officer == former_id, one.waits)
            .values({one.officer: owner})
        )


def move_drafts(session: Session, former_chat: int, chat_of_case: Mapping[int, int]) -> int:
    """What the former owner began to write about a case waits for its new owner. Returns how many drafts.

    Case id → the chat key of the new owner. What a draft is about is encrypted, so it is read here; nobody
    has more than a few.
    """
    drafts = session.scalars(select(Draft).where(Draft.chat_key == former_chat)).all()
    moved: list[int] = []
    for draft in drafts:
        about: dict[str, Any] = draft.answers.get(ABOUT) or {}
        chat_key = chat_of_case.get(about.get("case", 0))
        if chat_key is not None:
            draft.chat_key = chat_key
            moved.append(draft.id)
    if moved:
        dialog = session.get(Dialog, former_chat)
        if dialog is not None and dialog.draft_id in moved:
            dialog.draft_id = None
        session.flush()
    return len(moved)


def first_due(held: Sequence[Held]) -> list[Held]:
    """The order of a briefing: high risk first, then what is due first."""
    order = {"high": 0, "medium": 1, "standard": 2}
    return sorted(
        held,
        key=lambda one: (
            order.get(one.case.risk, 9),
            one.due_on is None,
            one.due_on or date.max,
            one.case.id,
        ),
    )


_CASES = table_of(Case)
_GIVE: Any = (
    update(_CASES)
    .where(_CASES.c.id == bindparam("this", type_=BigInteger))
    .values(
        owner_id=bindparam("to", type_=BigInteger),
        owned_since=bindparam("at", type_=_CASES.c.owned_since.type),
        updated_at=bindparam("at", type_=_CASES.c.updated_at.type),
        version=_CASES.c.version + 1,
    )
)
