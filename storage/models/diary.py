"""The incident diary: what happened to one person, entry by entry, each version kept."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import KEY, Base
from storage.types import EncryptedJSON


class Diary(Base, kw_only=True):
    """A person's diary: for which case new entries are, and when to ask whether there is something to add."""

    __tablename__ = "diary"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), default=None)
    """None: the entries are kept for the person, until they give them to a case."""
    heard_at: Mapped[datetime]
    """The last entry, or the last time that they said that nothing had happened."""
    ask_at: Mapped[datetime | None] = mapped_column(index=True, default=None)
    """When to ask next; None where they do not want to be asked."""


class EntryKind(StrEnum):
    """What an entry says."""

    INCIDENT = "incident"
    QUIET = "quiet"
    """That nothing happened since ``happened_on``."""


class DiaryEntry(Base, kw_only=True):
    """One version of one entry. The database refuses to change it.

    Let through are: giving it to a case, the person's confirmation that it is true, each once; and the same
    body encrypted under another key.
    """

    __tablename__ = "diary_entry"
    __table_args__ = (UniqueConstraint("first_id", "version"),)

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True, default=None)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("diary_entry.id"), default=None)
    """The first version of the entry; None: this is it."""
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(default=EntryKind.INCIDENT.value)
    entered_at: Mapped[datetime]
    happened_on: Mapped[date]
    """The local day."""
    starts_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    band: Mapped[str | None] = mapped_column(default=None)
    """The part of the day, where they gave that and no time."""
    approximate: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the person confirmed that it is true."""
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("diary_entry.body"), default_factory=dict)
    """The answers, as the conversation keeps them."""


class DiaryFile(Base, kw_only=True):
    """A photo, video, voice message or document that came with a version of an entry."""

    __tablename__ = "diary_file"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("diary_entry.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
