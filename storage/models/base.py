"""What every table has in common: names of constraints, kinds of columns, the dataclass base."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, MetaData, text
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from storage.types import UTCDateTime

# SQLite numbers rows by itself only in a column that is called INTEGER.
KEY = BigInteger().with_variant(Integer, "sqlite")

# Ids of Telegram, and chat keys, need 64 bits.
BIG = BigInteger()


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row as a dataclass. Ids are given by the database.

    Each table repeats ``kw_only=True``, which type checkers don't take over from here.
    """

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime(),
        bytes: LargeBinary(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
    }


def partial_index(name: str, *columns: str, where: str, sqlite_where: str | None = None) -> Index:
    """An index over the rows for which ``where`` holds.

    It serves only queries that say the same in the same words, as SQLAlchemy renders them for each database;
    so values are written into such a query (``literal_execute=True``), not bound.
    """
    return Index(name, *columns, sqlite_where=text(sqlite_where or where), postgresql_where=text(where))
