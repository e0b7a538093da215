"""What proves that the history of cases is whole: how far each case's was sealed, and the seals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, Base


class SealedCase(Base, kw_only=True):
    """How far the history of a case went when it was last sealed. It outlives the case until the next seal."""

    __tablename__ = "sealed_case"

    case_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    events: Mapped[int]
    link: Mapped[bytes]
    """That of the last line."""
    removed_on: Mapped[date | None] = mapped_column(default=None)
    """When retention deleted the case."""
    rule: Mapped[str | None] = mapped_column(default=None)
    removal: Mapped[bytes | None] = mapped_column(default=None)
    """A keyed digest of the two, so that only this program can say that a case was deleted lawfully."""


class HistorySeal(Base, kw_only=True):
    """One seal over how far the history of every case went, chained to the seal before it."""

    __tablename__ = "history_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime]
    last_event_id: Mapped[int] = mapped_column(BIG)
    cases: Mapped[int]
    removed: Mapped[int]
    """How many cases retention had deleted by then, of all that were ever sealed."""
    root: Mapped[bytes]
    """A keyed digest of all rows of ``sealed_case``, in the order of the cases."""
    link: Mapped[bytes]
    """A keyed digest of this seal and of the link before it."""
