"""Opening the database and its transactions: SQLite with one writer, or PostgreSQL with a pool.

Everything here is synchronous: one update is worked on by one thread, from begin to commit.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

import storage.history_chain  # noqa: F401 - so that no line of history is inserted unchained
from storage.crypto import Keyring, WrongKey, use_keyring
from storage.models import KeyCheck
from storage.search import follow_details

_KEY_CHECK_ID = 1

# Durability first: FULL syncs every commit, since an update is acknowledged to Telegram right after it.
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "secure_delete=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE would go round the history's triggers
    "temp_store=MEMORY",
)

# In milliseconds. A chat's lock is held for one update only, so a wait of ten seconds means a stuck process.
_POSTGRES_OPTIONS = (
    "-c TimeZone=UTC -c lock_timeout=10000 -c statement_timeout=30000"
    " -c idle_in_transaction_session_timeout=60000"
)


class DatabaseUrlNotUnderstood(ValueError):
    """DATABASE_URL names neither an SQLite file nor a PostgreSQL database."""


class NestedTransaction(RuntimeError):
    """A thread opened a second write transaction inside its first; on SQLite it would wait for itself."""


class Database:
    """One database with its keys; see the module for how it is opened.

    Sessions flush by themselves before each query, so that a rule asked late in an update sees what the same
    update wrote early. Rows stay readable after the commit (``expire_on_commit`` is off).
    """

    def __init__(self, url: str | URL, keyring: Keyring, *, pool_size: int = 8) -> None:
        """Open ``url``; nothing is connected yet. Raises DatabaseUrlNotUnderstood."""
        self.url = _read_url(url)
        self.keyring = keyring
        use_keyring(keyring)
        self.engine, self._reading_engine = (
            _sqlite_engines(self.url, pool_size)
            if self.url.get_backend_name() == "sqlite"
            else _postgres_engines(self.url, pool_size)
        )
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        event.listen(self._write, "after_flush", follow_details)
        self._read = sessionmaker(self._reading_engine, expire_on_commit=False)
        self._open_here = threading.local()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back when an exception leaves it.

        On SQLite there is one at a time; others wait their turn. Raises NestedTransaction.
        """
        if getattr(self._open_here, "writing", False):
            raise NestedTransaction("this thread is already in a transaction; pass its session on instead")
        self._open_here.writing = True
        try:
            with self._write.begin() as session:
                yield session
        finally:
            self._open_here.writing = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; the database refuses anything else. It waits for no writer."""
        with self._read() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """As `reading`, and all of it sees the database as it is at the beginning, however long it takes."""
        with self._read() as session:
            if self.dialect == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def own_connection(self) -> Iterator[Connection]:
        """A connection to keep, for leadership and LISTEN: outside the pool, committing each statement.

        SQLite has neither; there it is an ordinary reader's.
        """
        if self.dialect == "sqlite":
            with self._reading_engine.connect() as connection:
                yield connection
            return
        with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.detach()
            yield connection

    def check_keys(self, session: Session) -> None:
        """Prove that the keys belong to this database; the first start writes the proof.

        Raises WrongKey when they can't open it, or when the oldest key, which look-ups hang on, has changed.
        """
        expected = self.keyring.hash_text("key_check", "look-ups").hex()
        check = session.get(KeyCheck, _KEY_CHECK_ID)
        if check is None:
            session.add(KeyCheck(id=_KEY_CHECK_ID, value=expected))
            session.flush()
        elif not hmac.compare_digest(check.value, expected):
            raise WrongKey(
                "The last key in ENCRYPTION_KEYS is not the one that this database began with, so nobody "
                "would be found by their Telegram account. Put that key back at the end of the list."
            )

    def close(self) -> None:
        """Close all connections."""
        self._reading_engine.dispose()
        self.engine.dispose()


def _read_url(url: str | URL) -> URL:
    read = make_url(url)
    backend = read.get_backend_name()
    if backend == "postgresql":
        return read.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and read.database and read.database != ":memory:":
        return read.set(drivername="sqlite+pysqlite")
    raise DatabaseUrlNotUnderstood(
        "DATABASE_URL names an SQLite file, such as sqlite:///data/bot.db, "
        "or a PostgreSQL database, such as postgresql+psycopg://user:password@host/name"
    )


def _postgres_engines(url: URL, pool_size: int) -> tuple[Engine, Engine]:
    """One pool for both; reading differs only in how its transactions begin."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"options": _POSTGRES_OPTIONS},
        hide_parameters=True,  # an error's text goes to the log, and parameters are what people wrote
    )
    return engine, engine.execution_options(postgresql_readonly=True)


def _sqlite_engines(url: URL, pool_size: int) -> tuple[Engine, Engine]:
    """A writer whose pool of one is a fair queue, and readers that see the last commit meanwhile."""
    Path(url.database or "").touch(mode=0o600)
    writer = _sqlite_engine(url, pool_size=1, begin="BEGIN IMMEDIATE", pragmas=_SQLITE_PRAGMAS)
    reader = _sqlite_engine(
        url, pool_size=pool_size, begin="BEGIN", pragmas=(*_SQLITE_PRAGMAS, "query_only=ON")
    )
    return writer, reader


def _sqlite_engine(url: URL, *, pool_size: int, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: SQLiteConnection, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin transactions by its own rules
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
