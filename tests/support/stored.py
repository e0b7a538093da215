"""What the database holds after a conversation, read as the program reads it, or raw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from storage.database import Database
from storage.models import (
    AsbReport,
    Base,
    Case,
    CaseEvent,
    Deadline,
    Draft,
    Heard,
    NnsReferral,
    Reminder,
    StoredFile,
)


@dataclass(frozen=True)
class StoredCase:
    """A case with all that hangs on it."""

    case: Case
    report: AsbReport | None
    referral: NnsReferral | None
    deadlines: dict[str, Deadline]
    reminders: list[Reminder]
    events: list[CaseEvent]
    heard: list[Heard]
    files: list[StoredFile]

    @property
    def detail(self) -> dict[str, Any]:
        """What was answered."""
        kept = self.report or self.referral
        assert kept is not None
        return kept.detail


def the_case(database: Database, reference: str) -> StoredCase:
    """The case of this reference; an error where there is none."""
    with database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()

        def all_of(model: Any) -> list[Any]:
            return list(session.scalars(select(model).where(model.case_id == case.id).order_by(model.id)))

        return StoredCase(
            case,
            session.get(AsbReport, case.id),
            session.get(NnsReferral, case.id),
            {deadline.kind: deadline for deadline in all_of(Deadline)},
            all_of(Reminder),
            all_of(CaseEvent),
            all_of(Heard),
            all_of(StoredFile),
        )


def all_rows(database: Database, model: Any) -> list[Any]:
    """Every row of a table, oldest first."""
    with database.reading() as session:
        return list(session.scalars(select(model).order_by(*model.__table__.primary_key.columns)))


def the_draft(database: Database) -> Draft:
    """The only draft that there is."""
    (draft,) = all_rows(database, Draft)
    assert isinstance(draft, Draft)
    return draft


def count_rows(database: Database, model: Any) -> int:
    return len(all_rows(database, model))


def raw_rows(database: Database) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table as it lies in the database, encrypted columns and all."""
    with database.reading() as session:
        for name in Base.metadata.tables:
            for row in session.execute(text(f"SELECT * FROM {name}")).mappings():
                yield name, dict(row)
