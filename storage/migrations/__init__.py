"""Moving a database to another revision of its tables. Revisions are in `versions`, the first to the last.

Nothing is migrated by opening a database: the command line does it, and the start of a single-process run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.database import Database
from storage.locks import wait_to_migrate

# Alembic takes a fifth of a second to import, and a start that finds its tables up to date needs none of it.
if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
_VERSIONS = _HERE / "versions"


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables to ``revision``, all or nothing. Does nothing where they are there already.

    Processes that start together on PostgreSQL do it one after the other.
    """
    if revision == "head" and current_revision(database) == head_revision():
        return
    from alembic import command

    with _migrating(database) as config:
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the tables back to ``revision``; ``base`` removes them all."""
    from alembic import command

    with _migrating(database) as config:
        command.downgrade(config, revision)


def current_revision(database: Database) -> str | None:
    """The revision of the tables as they are; None where there are none."""
    with database.reading() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def head_revision() -> str:
    """The revision that this version of the program needs: that of the file whose number is the highest."""
    return max(path.stem.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


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
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
