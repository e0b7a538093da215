"""Cases: what every case has, what each kind has beside, their history, deadlines and reminders."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base, partial_index
from storage.types import EncryptedJSON


class Case(Base, kw_only=True):
    """What every case has, whatever its kind. ``version`` refuses a change made from an outdated copy."""

    __tablename__ = "case_record"  # CASE is a word of SQL
    __table_args__ = (
        partial_index("ix_case_record_open_district", "district", "received_at", where="closed_at IS NULL"),
        partial_index("ix_case_record_open_owner", "owner_id", "received_at", where="closed_at IS NULL"),
        partial_index(
            "ix_case_record_unowned",
            "district",
            "received_at",
            where="closed_at IS NULL AND owner_id IS NULL",
        ),
        # For what is no longer kept.
        partial_index(
            "ix_case_record_closed", "kind", "anonymous", "closed_at", where="closed_at IS NOT NULL"
        ),
        partial_index("ix_case_record_owned_since", "owner_id", "owned_since", where="owner_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    district: Mapped[str | None] = mapped_column(default=None)
    """None: not known, so the case is in the queue that all officers share."""
    ward: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[str]
    risk: Mapped[str]
    channel: Mapped[str]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    owned_since: Mapped[datetime | None] = mapped_column(default=None)
    """When its owner got it; None where nobody wrote it down: since it came in."""
    received_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    restricted: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    reporter_unreachable_since: Mapped[datetime | None] = mapped_column(default=None)
    follow_token_hash: Mapped[bytes | None] = mapped_column(index=True, unique=True, default=None)
    """The keyed hash of the token by which an anonymous report is followed; the token itself isn't kept."""
    version: Mapped[int] = mapped_column(init=False)
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}

    def give_to(self, person_id: int, now: datetime) -> None:
        """The person owns it from now on; whoever owns it already goes on as before."""
        if self.owner_id != person_id:
            self.owner_id, self.owned_since = person_id, now


class AsbReport(Base, kw_only=True):
    """What a report of anti-social behaviour has beside its case."""

    __tablename__ = "asb_report"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    category: Mapped[str]
    danger_now: Mapped[bool]
    detail: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("asb_report.detail"), default_factory=dict)
    postcode_outward: Mapped[str | None] = mapped_column(default=None)
    last_happened_on: Mapped[date | None] = mapped_column(default=None)
    approximate: Mapped[bool] = mapped_column(default=False)
    sub_kind: Mapped[str | None] = mapped_column(default=None)
    """What exactly, within the category; None where nobody has said."""
    route: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """Who acts and why: the record of a `casework.routing.Route`."""
    on_behalf: Mapped[bool] = mapped_column(default=False)
    """Whether somebody else is affected than the person who reported."""
    address_hash: Mapped[bytes | None] = mapped_column(index=True, default=None)
    """The keyed hash of where it happens, however it was spelled; None where that is no address."""


class NnsReferral(Base, kw_only=True):
    """What a referral to the Nominated Neighbour Scheme has beside its case."""

    __tablename__ = "nns_referral"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    consent_given_on: Mapped[date]
    consent_how: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(default_factory=list)
    detail: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("nns_referral.detail"), default_factory=dict)
    name_hash: Mapped[bytes | None] = mapped_column(index=True, default=None)
    address_hash: Mapped[bytes | None] = mapped_column(index=True, default=None)


class CaseEvent(Base, kw_only=True):
    """One line of a case's history. The database refuses to change or delete it.

    One change is let through: the same detail encrypted under another key. Each line is chained to the one
    before it as it is inserted (`storage.history_chain`).
    """

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case_id_seq", "case_id", "seq", unique=True),
        Index("ix_case_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """None: the bot itself, or somebody who stayed anonymous."""
    actor_role: Mapped[str]
    kind: Mapped[str]
    public: Mapped[bool] = mapped_column(default=False)
    """Whether the person who reported may see it."""
    detail: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("case_event.detail"), default_factory=dict)
    seq: Mapped[int | None] = mapped_column(init=False, default=None)
    """Its place in the history of its case: 1, 2, 3 …"""
    link: Mapped[bytes | None] = mapped_column(init=False, default=None)
    """A keyed digest of this line and of the link before it."""


class Deadline(Base, kw_only=True):
    """By when something has to be done on a case, and how that date was worked out."""

    __tablename__ = "deadline"
    __table_args__ = (
        partial_index("ix_deadline_open", "due_at", where="ended_at IS NULL"),
        partial_index("ix_deadline_open_of_case", "case_id", "due_on", where="ended_at IS NULL"),
        Index("ix_deadline_due_at", "due_at"),
        partial_index("ix_deadline_recalculated", "ended_at", where="end_reason = 'recalculated'"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    kind: Mapped[str]
    due_on: Mapped[date]
    """The local day."""
    due_at: Mapped[datetime]
    """The end of that day."""
    set_at: Mapped[datetime]
    working: Mapped[dict[str, Any]]
    met_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it stopped counting: met, moved or no longer needed."""
    end_reason: Mapped[str | None] = mapped_column(default=None)
    moved_from: Mapped[int | None] = mapped_column(BIG, default=None)
    """The deadline that ended when this one took its place; why stands in the case's history."""
    first_due_on: Mapped[date | None] = mapped_column(default=None)
    """The day that was set first; None while it was never moved."""
    moves: Mapped[int] = mapped_column(default=0)
    """How often people have moved it."""


class ReminderStatus(StrEnum):
    """Where a reminder stands. All but the first two are final."""

    PLANNED = "planned"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


class Reminder(Base, kw_only=True):
    """One stage of a deadline's or a visit's reminders, for one audience: sent once, or ended with the reason."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("deadline_id", "stage", "audience"),
        partial_index("ix_reminder_planned", "at", where="status = 'planned'"),
        partial_index("ix_reminder_queued", "at", where="status = 'queued'"),
        UniqueConstraint("visit_id", "stage", "audience"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline.id"), default=None)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), default=None)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True, default=None)
    stage: Mapped[str]
    audience: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=ReminderStatus.PLANNED.value)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
