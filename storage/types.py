"""Column types: instants that are always aware and UTC, and values that are always encrypted.

An encrypted column can't be compared or sorted; to find a row by it, keep a keyed hash beside it. A change
inside a JSON value goes unnoticed, so assign a new value.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, TypeDecorator
from sqlalchemy.types import TypeEngine

from storage.crypto import keyring_in_use


class NaiveInstant(ValueError):
    """An instant without a time zone was about to be stored or compared."""


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out. Raises NaiveInstant for a value without a time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveInstant(f"{value.isoformat()} has no time zone; instants are stored in UTC")
        instant = value.astimezone(UTC)
        # SQLite keeps text, which sorts as the instants do only when all of it is written alike.
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Encrypted(TypeDecorator[Any]):
    """Bytes on disk; ``context`` is "table.column", so that a value moved elsewhere doesn't open."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def seal(self, plain: bytes) -> bytes:
        return keyring_in_use().encrypt(plain, self.context.encode())

    def unseal(self, stored: bytes) -> bytes:
        return keyring_in_use().decrypt(bytes(stored), self.context.encode())


class EncryptedBytes(_Encrypted):
    """Bytes, encrypted."""

    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else self.seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else self.unseal(value)


class EncryptedText(_Encrypted):
    """Text, encrypted."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else self.seal(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else self.unseal(value).decode()


class EncryptedJSON(_Encrypted):
    """A JSON value, encrypted; None is SQL NULL."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else self.seal(dump_json(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(self.unseal(value))


def dump_json(value: Any) -> bytes:
    """JSON in one form for one value: sorted keys, no spaces, letters of every script as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def encrypted_context(kind: TypeEngine[Any]) -> str | None:
    """The context of an encrypted column's type; None for a column that isn't encrypted."""
    return kind.context if isinstance(kind, _Encrypted) else None
