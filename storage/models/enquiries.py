"""Questions: those that became a case, those that no page answered, and pages that the team saved for others."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import KEY, Base, partial_index
from storage.types import EncryptedJSON, EncryptedText


class Enquiry(Base, kw_only=True):
    """What a question to the team has beside its case: the words of both sides."""

    __tablename__ = "enquiry"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    detail: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("enquiry.detail"), default_factory=dict)
    """``what`` was asked, the page that did not help, and the team's ``answer``."""
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class AskedOutcome(StrEnum):
    """What came of a question."""

    NO_PAGE = "no_page"
    OFFERED = "offered"
    NOT_HELPED = "not_helped"


class AskedQuestion(Base, kw_only=True):
    """A question as it was typed, without who typed it: so that the team sees which pages are missing."""

    __tablename__ = "asked_question"
    __table_args__ = (partial_index("ix_asked_question_open", "at", where="outcome <> 'offered'"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    at: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(EncryptedText("asked_question.text"))
    outcome: Mapped[str]
    page: Mapped[str | None] = mapped_column(default=None)
    """The page that did not help."""


class PageState(StrEnum):
    """Whether others read the page yet."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"


class SavedPage(Base, kw_only=True):
    """An officer's answer, made into a page; others find it once a colleague or a manager has read it."""

    __tablename__ = "saved_page"
    __table_args__ = (partial_index("ix_saved_page_published", "id", where="state = 'published'"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    title: Mapped[str] = mapped_column(EncryptedText("saved_page.title"))
    body: Mapped[str] = mapped_column(EncryptedText("saved_page.body"))
    question: Mapped[str] = mapped_column(EncryptedText("saved_page.question"))
    """How it was asked in the officer's words: what the search goes by, beside the title."""
    state: Mapped[str] = mapped_column(default=PageState.WAITING.value)
    stamp: Mapped[str]
    """Random, new with every change: the search knows by it that its index is out of date."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), default=None)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(default=None)
