"""What is to be sent, and what was sent. Queries are in `storage.outbox`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base, partial_index
from storage.types import EncryptedJSON


class OutboxMessage(Base, kw_only=True):
    """One call to Telegram that is still to be made. Deleted once made; kept a while as ``dead`` once given up."""

    __tablename__ = "outbox"
    __table_args__ = (
        partial_index("ix_outbox_live_chat", "chat_key", "id", where="NOT dead", sqlite_where="dead = 0"),
        partial_index("ix_outbox_live", "id", where="NOT dead", sqlite_where="dead = 0"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    chat_key: Mapped[int] = mapped_column(BIG)
    method: Mapped[str]
    """The method of the Bot API, such as ``sendMessage``."""
    payload: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("outbox.payload"))
    """The method's parameters, the real chat id among them."""
    handle: Mapped[str | None] = mapped_column(default=None)
    """A name under which the sent message's id is kept, so that it can be edited later."""
    edit_handle: Mapped[str | None] = mapped_column(default=None)
    """The name of the sent message that this call edits or deletes."""
    dedupe_key: Mapped[str | None] = mapped_column(unique=True, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    claimed_until: Mapped[datetime | None] = mapped_column(default=None)
    dead: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(default=None)
    receipts: Mapped[list[int]] = mapped_column(default_factory=list)
    """Ids of the reminders that are sent with this message."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True, default=None)
    created_at: Mapped[datetime]


class SentMessage(Base, kw_only=True):
    """Which message of a chat carries a handle."""

    __tablename__ = "sent_message"
    __table_args__ = (Index("ix_sent_message_sent_at", "sent_at"),)

    chat_key: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    handle: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(BIG)
    sent_at: Mapped[datetime]
