"""What passes between a resident and the team while a case is open, and what became of promises and closings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base
from storage.types import EncryptedJSON, EncryptedText


class CaseMessage(Base, kw_only=True):
    """A message about a case, from the person to the team or back. Later edits are kept as `Heard`."""

    __tablename__ = "case_message"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    at: Mapped[datetime]
    from_team: Mapped[bool]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("case_message.body"), default_factory=dict)
    """``text`` as it was typed, or ``line``: the name of one of the ready-made lines."""
    message_id: Mapped[int | None] = mapped_column(BIG, default=None)
    """Telegram's number of the message, by which its later edits are found."""
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    """When somebody of the team wrote back or spoke to them; of the person's messages only."""


class BrokenPromise(Base, kw_only=True):
    """A day by which the person was to hear from us, and that passed: told once for each such day."""

    __tablename__ = "broken_promise"
    __table_args__ = (UniqueConstraint("deadline_id", "promised_on"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    promised_on: Mapped[date]
    new_on: Mapped[date | None] = mapped_column(default=None)
    """The day that was promised instead; None where no other was."""
    told: Mapped[bool]
    """Whether the bot could tell the person."""
    at: Mapped[datetime] = mapped_column(index=True)


class Closure(Base, kw_only=True):
    """That a case was closed: when, why, what was done, and what the person said about how it went."""

    __tablename__ = "closure"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    at: Mapped[datetime]
    reason: Mapped[str]
    """A `casework.cases.CloseReason`."""
    done: Mapped[str | None] = mapped_column(EncryptedText("closure.done"), default=None)
    """What was done, in the officer's words to the person; None where the person closed it."""
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    better: Mapped[str | None] = mapped_column(default=None)
    informed: Mapped[str | None] = mapped_column(default=None)
    reopened_at: Mapped[datetime | None] = mapped_column(default=None)


class CaseReviewInfo(Base, kw_only=True):
    """That the ASB Case Review was explained to somebody (Home Office statutory guidance, 2025)."""

    __tablename__ = "case_review_info"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    """The report that made it due."""
    sent_at: Mapped[datetime]
