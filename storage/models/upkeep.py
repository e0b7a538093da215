"""What the program asks of managers for its own sake, and what the open dates were worked out with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import KEY, Base, partial_index


class UpkeepTask(Base, kw_only=True):
    """Something that a manager has to look at, from when it was raised until it is done. Each is raised once."""

    __tablename__ = "upkeep_task"
    __table_args__ = (
        UniqueConstraint("kind", "slot"),
        partial_index("ix_upkeep_task_open", "kind", where="done_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    kind: Mapped[str]
    """A `casework.upkeep.TaskKind`."""
    slot: Mapped[str]
    """What it is about, such as the year: for this it is never raised again."""
    body: Mapped[dict[str, Any]]
    """Counts and lists for people to read; nothing personal."""
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it last was the reason to write to a manager."""
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    """When a manager told the program to do it."""
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """Who answered it; None where it was no longer needed, or done on the command line."""


class DateBasis(Base, kw_only=True):
    """What the open dates were worked out with from an instant on; the last row is what holds now."""

    __tablename__ = "date_basis"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    after_id: Mapped[int] = mapped_column(KEY, unique=True)
    """The row before it, or 0: two processes can't both come after the same one."""
    fingerprint: Mapped[str]
    facts: Mapped[dict[str, Any]]
    """A `casework.recalculation.Basis`."""
    moved: Mapped[int]
    """How many dates moved for it."""
    set_at: Mapped[datetime]
