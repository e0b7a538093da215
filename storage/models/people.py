"""People, the roles they hold, and the invitations by which they come to hold them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base, partial_index
from storage.types import EncryptedJSON, EncryptedText


class Person(Base, kw_only=True):
    """Somebody who uses the bot, or was keyed in by an officer (then without chat key and Telegram id)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    chat_key: Mapped[int | None] = mapped_column(BIG, unique=True, default=None)
    telegram_id: Mapped[str | None] = mapped_column(EncryptedText("person.telegram_id"), default=None)
    profile: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("person.profile"), default_factory=dict)
    """Name, telephone number and other ways to reach them."""
    language: Mapped[str] = mapped_column(default="en")
    language_chosen: Mapped[bool] = mapped_column(default=False)
    notice_version: Mapped[str | None] = mapped_column(default=None)
    """The privacy notice that they were shown last, and when."""
    notice_at: Mapped[datetime | None] = mapped_column(default=None)
    unreachable_since: Mapped[datetime | None] = mapped_column(default=None)
    silent: Mapped[bool] = mapped_column(default=False)
    """Nothing is ever sent to them unasked: somebody they live with may see their telephone."""
    discreet: Mapped[bool] = mapped_column(default=True)
    """What we send unasked says nothing before they tap."""
    quiet_from: Mapped[time | None] = mapped_column(default=None)
    """Local; the policy's where None. The same time twice: no quiet hours."""
    quiet_to: Mapped[time | None] = mapped_column(default=None)
    draft_reminders: Mapped[bool] = mapped_column(default=True)
    erasure_asked_at: Mapped[datetime | None] = mapped_column(default=None)
    """When they asked us to delete all; what is left goes once their last case is closed."""
    created_at: Mapped[datetime]


class RoleGrant(Base, kw_only=True):
    """A role held from ``granted_at`` until ``ended_at``; never deleted, so that history keeps its names."""

    __tablename__ = "role_grant"
    __table_args__ = (
        partial_index("ix_role_grant_current_person", "person_id", where="ended_at IS NULL"),
        partial_index("ix_role_grant_current_district", "district", "role", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    district: Mapped[str | None] = mapped_column(default=None)
    """One row a district; None is every district."""
    ward: Mapped[str | None] = mapped_column(default=None)
    agency: Mapped[str | None] = mapped_column(default=None)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)


class Invitation(Base, kw_only=True):
    """A one-use link to a role. Only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[str]
    districts: Mapped[list[str]] = mapped_column(default_factory=list)
    ward: Mapped[str | None] = mapped_column(default=None)
    agency: Mapped[str | None] = mapped_column(default=None)
    name: Mapped[str | None] = mapped_column(EncryptedText("invitation.name"), default=None)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """None: made on the command line."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
