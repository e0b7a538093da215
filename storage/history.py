"""Reading the history of one case: who looked at it, and the whole of it with all that stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.timeline import OPENED
from storage.models import BrokenPromise, CaseEvent, CaseMessage, Deadline, Person

Line = tuple[CaseEvent, Person | None]


def list_looks(session: Session, case_id: int, *, before: int | None, limit: int) -> list[Line]:
    """Who saw what of the case, the newest first; ``before``: only lines with lower ids."""
    looks = or_(CaseEvent.kind == OPENED, CaseEvent.kind.endswith("_opened", autoescape=True))
    query = (
        select(CaseEvent, Person)
        .join(Person, Person.id == CaseEvent.actor_id, isouter=True)
        .where(CaseEvent.case_id == case_id, looks)
        .order_by(CaseEvent.id.desc())
        .limit(limit)
    )
    rows = session.execute(query if before is None else query.where(CaseEvent.id < before))
    return [(event, person) for event, person in rows]


def list_all(session: Session, case_id: int) -> list[Line]:
    """The whole history of a case, with who made each line, the oldest first."""
    rows = session.execute(
        select(CaseEvent, Person)
        .join(Person, Person.id == CaseEvent.actor_id, isouter=True)
        .where(CaseEvent.case_id == case_id)
        .order_by(CaseEvent.id)
    )
    return [(event, person) for event, person in rows]


def messages_by_id(session: Session, case_id: int) -> dict[int, CaseMessage]:
    """What was written about a case, by the number that its line of history holds."""
    rows: Iterable[CaseMessage] = session.scalars(select(CaseMessage).where(CaseMessage.case_id == case_id))
    return {message.id: message for message in rows}


def list_deadlines(session: Session, case_id: int) -> Sequence[Deadline]:
    """Every deadline that the case ever had, in the order in which they were set."""
    return session.scalars(select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.id)).all()


def list_promises(session: Session, case_id: int) -> Sequence[BrokenPromise]:
    """The days that the person was promised and that passed."""
    return session.scalars(
        select(BrokenPromise).where(BrokenPromise.case_id == case_id).order_by(BrokenPromise.id)
    ).all()
