"""Where a person is in a conversation, what they have answered so far, and what they sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base, partial_index
from storage.types import EncryptedJSON, EncryptedText


class Draft(Base, kw_only=True):
    """A form that somebody is filling in. ``version`` goes into its buttons, so that old ones are known."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    chat_key: Mapped[int] = mapped_column(BIG, index=True)
    form: Mapped[str]
    place: Mapped[str]
    """The key of the question to be answered next, or one of the form kit's own places."""
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("draft.answers"), default_factory=dict)
    partial: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON("draft.partial"), default=None)
    """An answer begun but not finished, such as several choices of which some are ticked."""
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)


class Dialog(Base, kw_only=True):
    """One row a chat: the open draft, and small state that isn't an answer."""

    __tablename__ = "dialog"

    chat_key: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id", ondelete="SET NULL"), default=None)
    screen: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("dialog.screen"), default_factory=dict)
    updated_at: Mapped[datetime]


class Heard(Base, kw_only=True):
    """A typed message that was taken as an answer (version 0), or a later edit of it (1, 2 …).

    Goes with its draft when the draft is deleted. Sending a form moves it to the case first: ``case_id``
    is set and ``draft_id`` cleared.
    """

    __tablename__ = "heard"
    __table_args__ = (UniqueConstraint("chat_key", "message_id", "version"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    chat_key: Mapped[int] = mapped_column(BIG)
    message_id: Mapped[int] = mapped_column(BIG)
    version: Mapped[int] = mapped_column(default=0)
    draft_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft.id", ondelete="CASCADE"), index=True, default=None
    )
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True, default=None)
    question: Mapped[str | None] = mapped_column(default=None)
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("heard.body"))
    at: Mapped[datetime]


class FileState(StrEnum):
    """Whether the bytes of a file are here."""

    WAITING = "waiting"
    STORED = "stored"
    REFUSED = "refused"


class StoredFile(Base, kw_only=True):
    """A file that somebody sent. Its bytes are kept outside the database, and fetched by a job.

    It belongs to a draft, then to a case; or to a person, where they keep it without a case. A row that
    belongs to nobody any more stays until its bytes are removed.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        partial_index("ix_stored_file_waiting", "id", where="state = 'waiting'"),
        partial_index("ix_stored_file_person_id", "person_id", where="person_id IS NOT NULL"),
        partial_index(
            "ix_stored_file_orphan",
            "draft_id",  # all three, or SQLite prefers the index of one of them, where nearly all rows are null
            "case_id",
            "person_id",
            where="draft_id IS NULL AND case_id IS NULL AND person_id IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    draft_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft.id", ondelete="SET NULL"), index=True, default=None
    )
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True, default=None)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """Who keeps it, where it belongs to neither a draft nor a case."""
    chat_key: Mapped[int | None] = mapped_column(BIG, index=True, default=None)
    """By whom it was sent; None where that is not kept."""
    kind: Mapped[str]
    """As what Telegram sent it: photo, video, voice, audio, document."""
    file_id: Mapped[str] = mapped_column(EncryptedText("stored_file.file_id"))
    file_unique_id_hash: Mapped[bytes]
    size: Mapped[int | None] = mapped_column(BIG, default=None)
    """In bytes: as Telegram said until it is stored (None where it didn't), then as counted."""
    mime: Mapped[str | None] = mapped_column(default=None)
    """As the sender's app said; what it is by its content stands in ``content_type``."""
    name: Mapped[str | None] = mapped_column(EncryptedText("stored_file.name"), default=None)
    caption: Mapped[str | None] = mapped_column(EncryptedText("stored_file.caption"), default=None)
    """What was written under it, where those words are nobody's answer."""
    state: Mapped[str] = mapped_column(default=FileState.WAITING.value)
    sha256: Mapped[bytes | None] = mapped_column(default=None)
    """Of the original, as it came."""
    received_at: Mapped[datetime]
    content_type: Mapped[str | None] = mapped_column(default=None)
    """What it is by its content, such as ``image/jpeg``."""
    original: Mapped[str | None] = mapped_column(default=None)
    """The name in the store of the bytes as they came; None where they are not kept."""
    copy: Mapped[str | None] = mapped_column(default=None)
    """The name in the store of the working copy of a picture, which has no metadata."""
    stored_at: Mapped[datetime | None] = mapped_column(default=None)
    refusal: Mapped[str | None] = mapped_column(default=None)
    """Why it was refused: a word of `storage.evidence.Refusal`."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(default=None)
    claimed_until: Mapped[datetime | None] = mapped_column(default=None)
