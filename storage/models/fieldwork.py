"""What officers do outside of the moves: visits, changes of a risk band by hand, links between cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import KEY, Base
from storage.types import EncryptedText


def _one_at_a_time(name: str, *columns: str, where: str) -> Index:
    """At most one such row for which ``where`` holds."""
    condition = text(where)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class Visit(Base, kw_only=True):
    """A visit that was booked on a case; a case has one at a time. A change keeps the row, and its history."""

    __tablename__ = "visit"
    __table_args__ = (_one_at_a_time("ix_visit_open", "case_id", where="ended_at IS NULL"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    at: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(EncryptedText("visit.place"), default=None)
    """Where, if it is not the address of the case."""
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """Who goes there: the officer who booked it."""
    booked_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)
    """How often it was changed or ended: the sequence number of its calendar entry (RFC 5545, 3.8.7.4)."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    """A `casework.visits.VisitOutcome`."""
    reason: Mapped[str | None] = mapped_column(EncryptedText("visit.reason"), default=None)
    """Why it was cancelled; for the team only."""


class RiskChange(Base, kw_only=True):
    """A risk band that an officer changed, or wants to lower and somebody else has to agree to."""

    __tablename__ = "risk_change"
    __table_args__ = (_one_at_a_time("ix_risk_change_waiting", "case_id", where="decided_at IS NULL"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str] = mapped_column(EncryptedText("risk_change.reason"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """The second officer of a lowering."""
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision: Mapped[str | None] = mapped_column(default=None)
    """A `casework.risk.Decision`; None while it waits."""


class CaseLink(Base, kw_only=True):
    """Two cases that belong together. The one with the lower id stands first, so that it is one link."""

    __tablename__ = "case_link"
    __table_args__ = (_one_at_a_time("ix_case_link_open", "case_id", "other_id", where="ended_at IS NULL"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    kind: Mapped[str]
    """A `casework.linking.LinkKind`."""
    linked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    linked_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(EncryptedText("case_link.reason"), default=None)
    """Why the link was taken away."""
