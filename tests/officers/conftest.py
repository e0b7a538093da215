from __future__ import annotations

import pytest

from storage.database import Database
from tests.conversations.conftest import ada, quick_database, town
from tests.officers.world import World, make_world
from tests.support.service import Somebody, Town

__all__ = ["ada", "quick_database", "town"]


@pytest.fixture
async def asha(town: Town) -> Somebody:
    """An officer of Redditch and Bromsgrove."""
    return await town.officer("Asha Patel")


@pytest.fixture
def world(database: Database) -> World:
    """The team, on a Monday at 10am, on each kind of database in turn."""
    return make_world(database)


@pytest.fixture
def sqlite_world(sqlite_database: Database) -> World:
    """The team, on SQLite only."""
    return make_world(sqlite_database)
