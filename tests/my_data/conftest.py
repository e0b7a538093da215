"""A town for transcripts, on SQLite; queries are tested on both databases by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.conversations.conftest import all_went_well, hurry
from tests.support.service import Somebody, Town, a_town


@pytest.fixture
def quick_database(sqlite_database: Database) -> Database:
    """An SQLite database that does not wait for the disk."""
    hurry(sqlite_database)
    return sqlite_database


@pytest.fixture
async def town(quick_database: Database) -> AsyncIterator[Town]:
    """A Tuesday morning in November."""
    async with a_town(quick_database) as town:
        yield town
    all_went_well(town)


@pytest.fixture
async def ada(town: Town) -> Somebody:
    """A resident who has pressed Start."""
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    return ada
