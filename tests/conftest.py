"""Databases for every test that asks for one. `database` runs a test twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from bot.logs import configure_logs
from storage.crypto import Keyring
from storage.database import Database
from tests.support import databases

KINDS = ["sqlite", "postgres"]

# A slow machine is no fault of what is tested.
settings.register_profile("without a clock", deadline=None, derandomize=True)
settings.load_profile("without a clock")


@pytest.fixture(scope="session", autouse=True)
def logs_as_in_life() -> None:
    """The bot's own logging: structlog's default would print local variables, which are what people wrote."""
    configure_logs("WARNING")


@pytest.fixture(scope="session")
def test_keyring() -> Keyring:
    """The keys that all databases of a test run are opened with."""
    return databases.TEST_KEYRING


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.PostgresServer]:
    """A PostgreSQL server: skipped where there can be none, except in CI, where there has to be one."""
    try:
        lock = tmp_path_factory.getbasetemp().parent / "postgres.lock"
        # Not below pytest's own folder: another run closes that to the server's user, and the server dies.
        with (
            TemporaryDirectory(prefix="community-safety-pg-") as folder,
            databases.postgres_server(Path(folder), lock) as server,
        ):
            yield server
    except databases.NoPostgres as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return databases.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def postgres_url(postgres_server: databases.PostgresServer) -> Iterator[str]:
    with postgres_server.migrated() as url:
        yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database of each kind in turn; more processes may open it too."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database of each kind in turn."""
    with databases.opened(database_url) as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A migrated, empty SQLite database only: for what hangs on no database's ways, such as conversations."""
    with databases.opened(sqlite_url) as database:
        yield database


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """A migrated, empty PostgreSQL database only: for what several processes do to each other."""
    with databases.opened(postgres_url) as database:
        yield database
