from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.conversations.conftest import all_went_well, hurry
from tests.support.service import Somebody, Town, a_town


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    """A Tuesday morning in November."""
    hurry(sqlite_database)
    async with a_town(sqlite_database) as town:
        yield town
    all_went_well(town)


@pytest.fixture
async def ada(town: Town) -> Somebody:
    """A resident who has pressed Start."""
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    return ada


@pytest.fixture
async def jo(town: Town) -> Somebody:
    """An officer of Redditch and Bromsgrove."""
    return await town.officer("Jo Green")
