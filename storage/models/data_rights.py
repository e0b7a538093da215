"""What a person asked of their own data, notices that wait or are hidden, and what stays of a deleted case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base, partial_index
from storage.types import EncryptedJSON, EncryptedText


class Notice(Base, kw_only=True):
    """Something for a resident who did not ask: what it says is shown on a tap, or after the quiet hours."""

    __tablename__ = "notice"
    __table_args__ = (partial_index("ix_notice_waiting", "send_at", where="sent_at IS NULL"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True, default=None)
    reference: Mapped[str | None] = mapped_column(default=None)
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("notice.body"))
    """The text as HTML, and its buttons."""
    created_at: Mapped[datetime]
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it went to the outbox; None while it waits for the morning."""


class DataRequest(Base, kw_only=True):
    """What a request about somebody's own data has beside its case."""

    __tablename__ = "data_request"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    asked: Mapped[str]
    """access, correct, erase, stop or complaint."""
    received_on: Mapped[date]
    """The local day from which the month counts."""
    extended_on: Mapped[date | None] = mapped_column(default=None)
    detail: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("data_request.detail"), default_factory=dict)


class CaseHold(Base, kw_only=True):
    """While a case has one, nothing of it is deleted: a court, a review, an appeal, a request for the data."""

    __tablename__ = "case_hold"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    reason: Mapped[str] = mapped_column(EncryptedText("case_hold.reason"))
    placed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    placed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class Tombstone(Base, kw_only=True):
    """What stays of a deleted case: that there was one, and by which rule it went. It names nobody."""

    __tablename__ = "tombstone"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    kind: Mapped[str]
    district: Mapped[str | None] = mapped_column(default=None)
    received_in: Mapped[str]
    """Year and month, 2026-11: a day would point at one of few."""
    closed_in: Mapped[str]
    rule: Mapped[str]
    """The entry of the policy's retention that it was deleted by."""
    deleted_on: Mapped[date]


class AuditLine(Base, kw_only=True):
    """Who of the team did what with a case that is deleted: when and what, without a word of the case."""

    __tablename__ = "audit_line"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    tombstone_id: Mapped[int] = mapped_column(ForeignKey("tombstone.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """Staff only."""
    actor_role: Mapped[str]
    kind: Mapped[str]


class RemovalPermit(Base, kw_only=True):
    """While this row is there, the history of its case may be deleted. Written and removed in one transaction."""

    __tablename__ = "removal_permit"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)


class RecentMessage(Base, kw_only=True):
    """A message of the bot that Telegram still lets it delete, so that a person can have the chat cleared."""

    __tablename__ = "recent_message"
    __table_args__ = (Index("ix_recent_message_sent_at", "sent_at"),)

    chat_key: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime]
