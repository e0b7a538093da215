"""The copy of their own data that a person can have at once: rows as plain values, by the declarations.

What is said of other people, and what only the program reads, is left out. Making it readable is a paper's matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Table, false, or_, select
from sqlalchemy.orm import Session

from casework.data_declarations import DECLARATIONS
from casework.data_terms import Copy, Declaration, Owner
from storage.evidence import list_evidence_of_person
from storage.models import Base, Case, Draft, Person, StoredFile

Rows = list[dict[str, Any]]

_REFERRED = ("reference", "kind", "status", "received_at", "closed_at")
"""What somebody who referred a resident may know of it: its state, never a word of it."""


def collect(session: Session, person: Person) -> dict[str, Rows]:
    """Every declared row of a person, by table, without what is left out. Instants are ISO 8601 in UTC.

    A row of a case says which under ``case``.
    """
    references = {case.id: case.reference for case in _cases(session, person)}
    found: dict[str, Rows] = {}
    for declaration in DECLARATIONS:
        table = Base.metadata.tables.get(declaration.table)
        if declaration.copy is Copy.NONE or table is None:
            continue
        rows = _rows(session, declaration, table, person, tuple(references))
        found[declaration.table] = [_plain(declaration, row, references) for row in rows]
    found["referral"] = _referred(session, person)
    return {table: rows for table, rows in found.items() if rows}


def owned_by(
    declaration: Declaration, table: Table, person: Person, case_ids: Iterable[int]
) -> ColumnElement[bool]:
    """The rows of a declared table that belong to a person."""
    return or_(
        false(),
        *(
            condition
            for column, owner in declaration.owners.items()
            if (condition := _owned(table.c[column], owner, person, case_ids)) is not None
        ),
    )


def _cases(session: Session, person: Person) -> list[Case]:
    return list(session.scalars(select(Case).where(Case.reporter_id == person.id).order_by(Case.id)))


def _rows(
    session: Session, declaration: Declaration, table: Table, person: Person, case_ids: tuple[int, ...]
) -> list[dict[str, Any]]:
    whose = owned_by(declaration, table, person, case_ids)
    if declaration.table == "case_record":
        whose = table.c.reporter_id == person.id
    query = select(table).where(whose).order_by(*table.primary_key.columns)
    if declaration.copy is Copy.PUBLIC:
        query = query.where(table.c.public)
    return [dict(row) for row in session.execute(query).mappings()]


def _owned(
    column: ColumnElement[Any], owner: Owner, person: Person, case_ids: Iterable[int]
) -> ColumnElement[bool] | None:
    match owner:
        case Owner.PERSON:
            return column == person.id
        case Owner.CHAT:
            return None if person.chat_key is None else column == person.chat_key
        case Owner.CASE:
            return column.in_(tuple(case_ids))
        case Owner.DRAFT:
            if person.chat_key is None:
                return None
            return column.in_(select(Draft.id).where(Draft.chat_key == person.chat_key))


def _plain(declaration: Declaration, row: dict[str, Any], references: dict[int, str]) -> dict[str, Any]:
    links = {column.name for column in Base.metadata.tables[declaration.table].columns if column.foreign_keys}
    hidden = {"id", *links, *declaration.staff, *declaration.left_out, *declaration.owners}
    kept = {name: value for name, value in row.items() if name not in hidden}
    inside = [path.split(".", 1) for path in declaration.left_out if "." in path]
    for column, key in inside:
        if isinstance(kept.get(column), dict):
            kept[column] = {k: v for k, v in kept[column].items() if k != key}
    case = references.get(row.get("case_id") or 0)
    marked = {"case": case} if case else {}
    return marked | {name: _json(value) for name, value in kept.items() if value is not None}


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: _json(one) for key, one in value.items() if not key.startswith("_")}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value


def _referred(session: Session, person: Person) -> Rows:
    rows = session.scalars(select(Case).where(Case.referrer_id == person.id).order_by(Case.id))
    return [
        {name: _json(value) for name in _REFERRED if (value := getattr(case, name)) is not None}
        for case in rows
        if case.reporter_id != person.id
    ]


def list_file_parts(session: Session, person: Person, most_bytes: int) -> list[list[StoredFile]]:
    """The files whose bytes are here, in the order in which they came, cut into parts of at most so many bytes.

    A single file may be larger. There is always a first part, if need be an empty one.
    """
    parts: list[list[StoredFile]] = [[]]
    room = most_bytes
    for file in list_evidence_of_person(session, person):
        if file.original is None and file.copy is None:
            continue
        size = file.size or 0
        if size > room and parts[-1]:
            parts.append([])
            room = most_bytes
        parts[-1].append(file)
        room -= size
    return parts
