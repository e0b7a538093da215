"""What a card shows beside the case and its people, in one query: the detail, the last risk, earlier reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, true, union_all
from sqlalchemy.orm import Session

from casework.cases import CaseKind
from storage.cases import detail_of
from storage.following import MORE
from storage.models import (
    AsbReport,
    Case,
    CaseEvent,
    DataRequest,
    Enquiry,
    NnsReferral,
    RiskAssessment,
)

MOST_REPORTS = 30
"""Far more than make a repeat victim."""
_NOBODY = 0
"""No person has this id: nothing anonymous leads to anybody."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """`risk` is the last judgement; `reported_at` when the same person reported, this case among it."""

    detail: AsbReport | NnsReferral | Enquiry | DataRequest | None
    risk: RiskAssessment | None = None
    reported_at: list[datetime] = field(default_factory=list)


def find_card_facts(session: Session, case: Case, since: datetime) -> CardFacts:
    """The facts of a case, with what its person reported since an instant. More of the same is a report, too."""
    if case.kind != CaseKind.ASB_REPORT:
        return CardFacts(detail_of(session, case))
    whose = case.reporter_id or _NOBODY
    cases = select(Case.received_at.label("at")).where(
        Case.reporter_id == whose,
        Case.kind == CaseKind.ASB_REPORT.value,
        Case.received_at >= since,
    )
    more = (
        select(CaseEvent.at)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(Case.reporter_id == whose, CaseEvent.kind == MORE, CaseEvent.at >= since)
    )
    reports = union_all(cases, more).subquery()
    last = select(func.max(RiskAssessment.id)).where(RiskAssessment.case_id == case.id).scalar_subquery()
    rows = session.execute(
        select(AsbReport, RiskAssessment, reports.c.at)
        .select_from(AsbReport)
        .join(RiskAssessment, RiskAssessment.id == last, isouter=True)
        .join(reports, true(), isouter=True)
        .where(AsbReport.case_id == case.id)
        .limit(MOST_REPORTS)
    ).all()
    if not rows:
        return CardFacts(None)
    return CardFacts(rows[0][0], rows[0][1], [at for _, _, at in rows if at is not None])
