"""Risk bands that officers changed by hand, and lowerings that wait for a second officer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework.cases import RiskBand
from casework.risk import Decision
from storage.models import Person, RiskChange


def add_change(
    session: Session,
    case_id: int,
    *,
    before: RiskBand,
    after: RiskBand,
    reason: str,
    made_by: int,
    now: datetime,
    raised: bool,
) -> RiskChange:
    """Keep a change. One that is ``raised`` is decided already; a lowering waits. Its id is set.

    The case has to be locked, and nothing may wait on it.
    """
    row = RiskChange(
        case_id=case_id,
        before=before.value,
        after=after.value,
        reason=reason,
        made_by=made_by,
        made_at=now,
        decided_at=now if raised else None,
        decision=Decision.RAISED.value if raised else None,
    )
    session.add(row)
    session.flush()
    return row


def find_waiting(session: Session, case_id: int) -> tuple[RiskChange, Person | None] | None:
    """The lowering that waits on a case, with who proposed it; None where none does."""
    row = session.execute(
        select(RiskChange, Person)
        .join(Person, Person.id == RiskChange.made_by, isouter=True)
        .where(RiskChange.case_id == case_id, RiskChange.decided_at.is_(None))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def decide(
    session: Session, change: RiskChange, decision: Decision, *, by: int | None, now: datetime
) -> None:
    """End a lowering that waits."""
    change.decision, change.decided_by, change.decided_at = decision.value, by, now
    session.flush()


def overtake(session: Session, case_id: int, now: datetime) -> bool:
    """The band has changed meanwhile: what waits is no more. Whether something did."""
    found = find_waiting(session, case_id)
    if found is None:
        return False
    decide(session, found[0], Decision.OVERTAKEN, by=None, now=now)
    return True


def was_set_by_hand(session: Session, case_id: int) -> bool:
    """Whether an officer has ever set the band of a case: then answers alone no longer lower it."""
    by_hand = exists().where(
        RiskChange.case_id == case_id,
        RiskChange.decision.in_([Decision.RAISED.value, Decision.AGREED.value]),
    )
    return bool(session.scalar(select(by_hand)))
