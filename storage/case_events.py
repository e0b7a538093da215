"""What a case's history says about itself: tries to reach the person, notes, formal steps, what others changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import CaseEvent, Person

TRIED, NOTE, STAGE = "contact_tried", "note", "record_stage"
SPOKEN = ("contact_made", "spoke", "reopen")
"""After one of these the tries before it count no more."""
LOOKS = ("opened", "messages_opened", "evidence_opened")
"""Who looked: nothing has changed by it."""


def list_tries(session: Session, case_id: int) -> Sequence[CaseEvent]:
    """The tries to reach the person since somebody last spoke to them, the oldest first."""
    spoken = select(func.coalesce(func.max(CaseEvent.id), 0)).where(
        CaseEvent.case_id == case_id, CaseEvent.kind.in_(SPOKEN)
    )
    return session.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id, CaseEvent.kind == TRIED, CaseEvent.id > spoken.scalar_subquery())
        .order_by(CaseEvent.id)
    ).all()


def list_stages(session: Session, case_id: int) -> Sequence[CaseEvent]:
    """The formal steps that were recorded, in the order in which they were."""
    stages = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind == STAGE)
    return session.scalars(stages.order_by(CaseEvent.id)).all()


def count_notes(session: Session, case_id: int) -> int:
    """How many notes the team has written on a case."""
    notes = select(func.count()).select_from(CaseEvent)
    return session.scalar(notes.where(CaseEvent.case_id == case_id, CaseEvent.kind == NOTE)) or 0


def list_notes(
    session: Session, case_id: int, *, offset: int, limit: int
) -> list[tuple[CaseEvent, Person | None]]:
    """The team's notes with who wrote them, the newest first."""
    rows = session.execute(
        select(CaseEvent, Person)
        .join(Person, Person.id == CaseEvent.actor_id, isouter=True)
        .where(CaseEvent.case_id == case_id, CaseEvent.kind == NOTE)
        .order_by(CaseEvent.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    return [(event, person) for event, person in rows]


def list_changes_by_others(
    session: Session, case_id: int, person_id: int, limit: int
) -> list[tuple[CaseEvent, Person | None]]:
    """What others have done to a case since this person last looked at it or did something, the oldest first."""
    own = select(func.coalesce(func.max(CaseEvent.id), 0)).where(
        CaseEvent.case_id == case_id, CaseEvent.actor_id == person_id
    )
    rows = session.execute(
        select(CaseEvent, Person)
        .join(Person, Person.id == CaseEvent.actor_id, isouter=True)
        .where(
            CaseEvent.case_id == case_id, CaseEvent.id > own.scalar_subquery(), CaseEvent.kind.not_in(LOOKS)
        )
        .order_by(CaseEvent.id.desc())
        .limit(limit)
    ).all()
    return [(event, person) for event, person in reversed(rows)]
