"""The few places where SQLite and PostgreSQL want a statement of their own kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models import Base


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that need no objects."""
    return cast(Table, model.__table__)


def dialect_of(session: Session) -> str:
    """``sqlite`` or ``postgresql``."""
    return session.get_bind().dialect.name


def insert_statements(table: Table, shape: Callable[[Any], Executable]) -> dict[str, Executable]:
    """``shape(insert into table)`` for each dialect, by its name; built once, run with parameters.

    ON CONFLICT is written alike in both, yet each has an insert of its own. Whether a row was inserted is
    told by RETURNING only: psycopg doesn't count.
    """
    return {"sqlite": shape(sqlite.insert(table)), "postgresql": shape(postgresql.insert(table))}
