"""Moving a database to another revision of its tables. Revisions are in `versions`, the first to the last.

Nothing is migrated by opening a database: the command line does it, and the start of a single-process run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database
from storage.locks import wait_to_migrate

_HERE = Path(__file__).parent


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables to ``revision``, all or nothing. Does nothing where they are there already.

    Processes that start together on PostgreSQL do it one after the other.
    """
    with _migrating(database) as config:
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the tables back to ``revision``; ``base`` removes them all."""
    with _migrating(database) as config:
        command.downgrade(config, revision)


def current_revision(database: Database) -> str | None:
    """The revision of the tables as they are; None where there are none."""
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def head_revision() -> str:
    """The revision that this version of the program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "there is always a first revision"  # noqa: S101  # narrows the type
    return head


@contextmanager
def _migrating(database: Database) -> Iterator[Config]:
    """Alembic's configuration with a connection in one transaction."""
    with _unchecked_foreign_keys(database) as connection, connection.begin():
        if database.dialect == "postgresql":
            # Copying a long table may take its time; another process may be at it.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            wait_to_migrate(connection)
        config = _config()
        config.attributes["connection"] = connection
        yield config


@contextmanager
def _unchecked_foreign_keys(database: Database) -> Iterator[Connection]:
    """A connection on which SQLite lets tables be rebuilt, which drops them for a moment."""
    with database.engine.connect() as connection:
        if database.dialect != "sqlite":
            yield connection
            return
        raw = connection.connection
        raw.execute("PRAGMA foreign_keys=OFF")  # heeded outside a transaction only
        try:
            yield connection
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
