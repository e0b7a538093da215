"""Moving stored values to the newest key, while the bot runs.

Rotation: put a new key in front of ENCRYPTION_KEYS, restart, run this. Keys between the newest and the oldest
may then go; the oldest stays, since look-ups are keyed from it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, LargeBinary, Table, and_, func, literal, select, type_coerce, update
from sqlalchemy.orm import Session

from storage.crypto import KEY_ID_BYTES, Keyring
from storage.database import Database
from storage.models import Base
from storage.types import encrypted_context


def reencrypt(database: Database, keyring: Keyring, *, batch: int = 500) -> int:
    """Put every value under the newest key, a batch a transaction. Returns how many values were moved.

    Safe to stop and to run again. Raises WrongKey for a value that no key opens.
    """
    moved = 0
    for column in encrypted_columns():
        while True:
            with database.transaction() as session:
                done = reencrypt_batch(session, keyring, column, limit=batch)
            moved += done
            if not done:
                break
    return moved


def encrypted_columns() -> list[Column[Any]]:
    """Every encrypted column of every table."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if encrypted_context(column.type) is not None
    ]


def reencrypt_batch(session: Session, keyring: Keyring, column: Column[Any], *, limit: int) -> int:
    """Move up to ``limit`` values of one column. Returns how many were looked at; 0 when all are moved."""
    table: Table = column.table
    context = (encrypted_context(column.type) or "").encode()
    stored = type_coerce(column, LargeBinary)
    outdated = func.substr(stored, 1, KEY_ID_BYTES) != literal(keyring.newest_prefix, LargeBinary)
    keys = list(table.primary_key.columns)
    rows = session.execute(
        select(*keys, stored.label("stored")).where(column.is_not(None), outdated).limit(limit)
    ).all()
    for row in rows:
        plain = keyring.decrypt(bytes(row.stored), context)
        fresh = literal(keyring.encrypt(plain, context), LargeBinary)
        # Someone may have written a newer value since it was read; that one is under the newest key already.
        same = and_(*(key == getattr(row, key.name) for key in keys), stored == row.stored)
        session.execute(update(table).where(same).values({column: fresh}))
    return len(rows)
