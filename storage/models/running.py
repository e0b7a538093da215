"""The bot's own bookkeeping: updates seen, faults, calendar jobs done, the value that proves the keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base
from storage.types import EncryptedJSON, EncryptedText


class SeenUpdate(Base, kw_only=True):
    """An update of Telegram whose effects are in the database."""

    __tablename__ = "seen_update"

    update_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Fault(Base, kw_only=True):
    """An update that could not be worked on, under the reference that the person was told."""

    __tablename__ = "fault"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    reference: Mapped[str] = mapped_column(unique=True)
    update_id: Mapped[int | None] = mapped_column(BIG, default=None)
    at: Mapped[datetime] = mapped_column(index=True)
    error: Mapped[str]
    """The kind of error and where it arose; never what somebody wrote."""
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("fault.body"))


class JobSlot(Base, kw_only=True):
    """A calendar job that was done for one slot of its calendar."""

    __tablename__ = "job_slot"

    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class KeyCheck(Base, kw_only=True):
    """A value known beforehand: whether it opens tells whether the keys are the right ones."""

    __tablename__ = "key_check"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(EncryptedText("key_check.value"))
