"""Risk assessments of a case, what a person reported before, and the case behind a follower's token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases import CaseKind, is_open
from casework.risk import Assessment, Source
from storage.crypto import keyring_in_use
from storage.models import AsbReport, Case, RiskAssessment

_FOLLOW = "follow_token"


def record_assessment(
    session: Session,
    *,
    case_id: int,
    at: datetime,
    answers: dict[str, int | None],
    assessment: Assessment,
    source: Source,
    actor_id: int | None,
) -> RiskAssessment:
    """Keep one judgement of a case's risk; the case's own band is the caller's to change. Its id is set."""
    row = RiskAssessment(
        case_id=case_id,
        at=at,
        actor_id=actor_id,
        answers=dict(answers),
        total=assessment.total,
        band=assessment.band.value,
        floors=[floor.value for floor in assessment.floors],
        source=source.value,
    )
    session.add(row)
    session.flush()
    return row


def find_last_assessment(session: Session, case_id: int) -> RiskAssessment | None:
    """The newest judgement of a case's risk; None where nobody has answered yet."""
    newest = select(RiskAssessment).where(RiskAssessment.case_id == case_id)
    return session.scalars(newest.order_by(RiskAssessment.id.desc()).limit(1)).one_or_none()


def list_assessments(session: Session, case_id: int) -> Sequence[RiskAssessment]:
    """All judgements of a case's risk, the oldest first."""
    rows = select(RiskAssessment).where(RiskAssessment.case_id == case_id)
    return session.scalars(rows.order_by(RiskAssessment.id)).all()


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of anti-social behaviour as the rules about repeated ones need it."""

    case_id: int
    reference: str
    category: str
    received_at: datetime
    last_happened_on: date | None
    approximate: bool
    on_behalf: bool
    route: dict[str, Any] | None
    status: str

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return is_open(CaseKind.ASB_REPORT, self.status)


def list_reports_of(session: Session, person_id: int, since: datetime) -> list[Reported]:
    """What somebody has reported since an instant, the oldest first; nothing anonymous leads to anybody."""
    rows = session.execute(
        select(
            Case.id,
            Case.reference,
            AsbReport.category,
            Case.received_at,
            AsbReport.last_happened_on,
            AsbReport.approximate,
            AsbReport.on_behalf,
            AsbReport.route,
            Case.status,
        )
        .join(AsbReport, AsbReport.case_id == Case.id)
        .where(Case.reporter_id == person_id, Case.received_at >= since)
        .order_by(Case.received_at, Case.id)
    ).all()
    return [Reported(*row) for row in rows]


def place_of(session: Session, case_id: int) -> dict[str, Any] | None:
    """Where a report says that it happens; None where there is no such report."""
    detail = session.scalar(select(AsbReport.detail).where(AsbReport.case_id == case_id))
    return detail.get("where") if detail else None


def count_reports_of(session: Session, person_id: int, since: datetime) -> int:
    """How many reports somebody has made since an instant."""
    made = select(func.count()).select_from(Case)
    return (
        session.scalar(
            made.where(
                Case.reporter_id == person_id,
                Case.kind == CaseKind.ASB_REPORT.value,
                Case.received_at >= since,
            )
        )
        or 0
    )


def follow_token_hash(token: str) -> bytes:
    """What is kept of a follower's token, however it was typed: it cannot be turned back."""
    return keyring_in_use().hash_text(_FOLLOW, token.strip())


def find_by_follow_token(session: Session, token: str) -> Case | None:
    """The anonymous case that a token was given for; None where there is none."""
    found = select(Case).where(Case.follow_token_hash == follow_token_hash(token), Case.anonymous.is_(True))
    return session.scalars(found).one_or_none()
