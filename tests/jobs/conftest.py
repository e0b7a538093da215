from __future__ import annotations

import pytest

from storage.database import Database
from tests.officers.world import World, make_world


@pytest.fixture
def world(database: Database) -> World:
    """The team, on a Monday at 10am, on each kind of database in turn."""
    return make_world(database)


@pytest.fixture
def sqlite_world(sqlite_database: Database) -> World:
    """The team, on SQLite only."""
    return make_world(sqlite_database)


@pytest.fixture
def postgres_world(postgres_database: Database) -> World:
    """The team, on PostgreSQL only: for what two processes do to each other."""
    return make_world(postgres_database)
