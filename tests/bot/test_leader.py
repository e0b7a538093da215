"""Leadership: one process at a time has it, and another takes over when it is gone."""

from __future__ import annotations

import asyncio

import pytest

from bot.leader import Leader
from storage import outbox
from storage.database import Database


class Shift:
    """Work that lasts until it is ended or cancelled."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.end = asyncio.Event()
        self.cancelled = False

    async def work(self) -> None:
        self.begun.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def test_one_process_alone_leads_and_its_end_ends_it(database: Database) -> None:
    leader, shift = Leader(database, heartbeat=0.02), Shift()
    running = asyncio.create_task(leader.run(shift.work))
    async with asyncio.timeout(10):
        await shift.begun.wait()
        assert leader.leading
        shift.end.set()
        await running
    assert not leader.leading


async def test_a_second_process_waits_and_then_takes_over(postgres_database: Database) -> None:
    first, second = (Leader(postgres_database, heartbeat=0.02) for _ in range(2))
    one, two = Shift(), Shift()
    async with asyncio.timeout(10):
        running = asyncio.create_task(first.run(one.work))
        await one.begun.wait()
        waiting = asyncio.create_task(second.run(two.work))
        await asyncio.sleep(0.1)
        assert not second.leading

        one.end.set()
        await running
        await two.begun.wait()
        assert (first.leading, second.leading) == (False, True)
        two.end.set()
        await waiting


async def test_a_lost_connection_ends_the_work_and_leadership_is_sought_again(
    postgres_database: Database,
) -> None:
    leader = Leader(postgres_database, heartbeat=0.02)
    shifts: list[Shift] = []
    begun: asyncio.Queue[Shift] = asyncio.Queue()

    async def lead() -> None:
        shift = Shift()
        shifts.append(shift)
        begun.put_nowait(shift)
        await shift.work()

    async with asyncio.timeout(10):
        running = asyncio.create_task(leader.run(lead))
        first = await begun.get()
        await first.begun.wait()
        end_other_connections(postgres_database)
        second = await begun.get()
        assert first.cancelled
        await second.begun.wait()
        second.end.set()
        await running


async def test_whoever_leads_hears_of_rows_that_other_processes_wrote(postgres_database: Database) -> None:
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    leader = Leader(postgres_database, on_outbox=lambda: loop.call_soon_threadsafe(heard.set), heartbeat=0.02)
    shift = Shift()
    async with asyncio.timeout(10):
        running = asyncio.create_task(leader.run(shift.work))
        await shift.begun.wait()
        with postgres_database.transaction() as session:
            outbox.announce(session)
        await heard.wait()
        shift.end.set()
        await running


async def test_a_fault_of_the_work_ends_leadership_and_is_passed_on(database: Database) -> None:
    async def broken() -> None:
        raise LookupError("a fault")

    leader = Leader(database, heartbeat=0.02)
    with pytest.raises(LookupError):
        async with asyncio.timeout(10):
            await leader.run(broken)
    assert not leader.leading


def end_other_connections(database: Database) -> None:
    """As a restart of the database server would."""
    with database.own_connection() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
