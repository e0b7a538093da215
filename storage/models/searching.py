"""What cases are found by, as keyed hashes, and what was searched for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BIG, KEY, Base
from storage.types import EncryptedText


class SearchTerm(Base, kw_only=True):
    """Something that a case can be found by, as a keyed hash only. What kind of thing it is, the hash hides, too."""

    __tablename__ = "search_term"
    __table_args__ = (
        Index("ix_search_term_case_id", "case_id", "term"),
        {"sqlite_with_rowid": False},
    )

    term: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)


class CaseSearch(Base, kw_only=True):
    """Who searched, when, for what kind of thing, and how much was found. The database refuses to change it."""

    __tablename__ = "case_search"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    actor_role: Mapped[str]
    kind: Mapped[str]
    found: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText("case_search.text"))


class SearchRemoval(Base, kw_only=True):
    """While this row is there, searches of before an instant may be deleted. It never outlives a transaction."""

    __tablename__ = "search_removal"

    before: Mapped[datetime] = mapped_column(primary_key=True)
