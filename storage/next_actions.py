"""Open cases that have no next action, which there should be none of; found to be mended."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from casework.cases import LIFECYCLES, CaseKind, DeadlineKind
from casework.next_action import FIRST_STEPS
from storage.models import Case, Deadline


def list_without(session: Session, after: int, limit: int) -> list[int]:
    """Ids of open cases, beyond an id, that need a review to be planned: no day at all, or no review yet."""
    reports = and_(
        Case.kind == CaseKind.ASB_REPORT.value,
        ~_waits({*FIRST_STEPS, DeadlineKind.REVIEW}),
    )
    others = and_(Case.kind != CaseKind.ASB_REPORT.value, ~_waits(None))
    return list(
        session.scalars(
            select(Case.id)
            .where(Case.closed_at.is_(None), Case.id > after, _is_open(), or_(reports, others))
            .order_by(Case.id)
            .limit(limit)
        )
    )


def _waits(kinds: Collection[DeadlineKind] | None) -> ColumnElement[bool]:
    """Whether a case has an open deadline, of these kinds or of any."""
    wanted = exists().where(Deadline.case_id == Case.id, Deadline.ended_at.is_(None))
    if kinds is not None:
        wanted = wanted.where(Deadline.kind.in_(sorted(kind.value for kind in kinds)))
    return wanted.correlate(Case)


def _is_open() -> ColumnElement[bool]:
    """Not in a state of its kind's lifecycle in which nobody need act."""
    return and_(
        *(
            ~and_(Case.kind == kind.value, Case.status.in_(sorted(lifecycle.resting)))
            for kind, lifecycle in LIFECYCLES.items()
        )
    )
