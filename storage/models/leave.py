"""When somebody of the team is away, and who does their work meanwhile."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import KEY, Base, partial_index


class Leave(Base, kw_only=True):
    """One leave, from its first to its last local day. A change ends the row, and another takes its place."""

    __tablename__ = "leave"
    __table_args__ = (
        partial_index("ix_leave_planned", "last_on", where="ended_at IS NULL"),
        partial_index("ix_leave_back", "last_on", where="back_told_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was changed, called off or ended early; the last day isn't changed by it."""
    end_reason: Mapped[str | None] = mapped_column(default=None)
    back_told_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the person read what was due meanwhile, and is still open."""
