"""A town to talk in. Whatever a conversation did, every tap was answered and nothing went wrong at our end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from sqlalchemy import event

from storage.database import Database
from storage.models import Fault
from tests.support.service import Somebody, Town, a_town
from tests.support.stored import all_rows


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Logs as the live bot writes them: one line, and a traceback without the values of its variables."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def quick_database(sqlite_database: Database) -> Database:
    """An SQLite database that does not wait for the disk: nothing here outlives a test."""
    hurry(sqlite_database)
    return sqlite_database


def hurry(database: Database) -> None:
    """Let the database's writer go on before its bytes are on the disk."""
    event.listen(
        database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
    )


@pytest.fixture
async def town(quick_database: Database) -> AsyncIterator[Town]:
    """A Tuesday morning in November."""
    async with a_town(quick_database) as town:
        yield town
    all_went_well(town)


def all_went_well(town: Town) -> None:
    """No fault of ours, no message that Telegram refused, every tap answered, and none by a toast."""
    assert not [fault.error for fault in all_rows(town.database, Fault)]
    assert town.alarms == 0
    for press in town.world.presses.values():
        assert press.answer is not None
        assert not press.answer.get("text")


@pytest.fixture
async def ada(town: Town) -> Somebody:
    """A resident who has pressed Start."""
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    return ada


@pytest.fixture
async def cllr_khan(town: Town) -> Somebody:
    """A Member for a ward of Redditch."""
    return await town.member("Omar Khan")


@pytest.fixture
async def duty_officer(town: Town) -> Somebody:
    """An officer of Redditch and Bromsgrove."""
    return await town.officer("Jo Green")
