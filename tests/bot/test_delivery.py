"""The way out: order, edits, receipts, pacing, crashes. Telegram's refusals are in test_delivery_faults."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import Delivery
from bot.rates import Rates
from storage.database import Database
from tests.bot.delivery_kit import Stage, seen_by, texts


@pytest.fixture
def stage(database: Database) -> Stage:
    return Stage(database)


async def test_messages_arrive_in_the_order_in_which_they_were_written(stage: Stage) -> None:
    for number in range(1, 8):
        stage.put(stage.ada, f"ada {number}")
        stage.put(stage.ben, f"ben {number}")

    assert await stage.delivery.drain() == 14

    assert seen_by(stage.ada) == [f"ada {number}" for number in range(1, 8)]
    assert seen_by(stage.ben) == [f"ben {number}" for number in range(1, 8)]
    assert stage.rows() == []


async def test_a_row_whose_time_has_not_come_stays(stage: Stage) -> None:
    stage.put(stage.ada, "tomorrow", not_before=stage.clock.now() + timedelta(days=1))
    assert await stage.delivery.drain() == 0

    stage.later(days=1)
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["tomorrow"]


async def test_what_is_written_twice_under_one_key_is_sent_once(stage: Stage) -> None:
    stage.put(stage.ada, "a new case", dedupe_key="case:42:new")
    stage.put(stage.ada, "a new case", dedupe_key="case:42:new")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["a new case"]


async def test_a_message_is_edited_by_its_handle(stage: Stage) -> None:
    stage.put(stage.ada, "Question 1", handle="screen")
    await stage.delivery.drain()
    stage.put(stage.ada, "Answer 1", method="editMessageText", edit_handle="screen")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["Answer 1"]


async def test_a_message_and_its_edit_may_wait_together(stage: Stage) -> None:
    stage.put(stage.ada, "Question 1", handle="screen")
    stage.put(stage.ada, "Answer 1", method="editMessageText", edit_handle="screen")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["Answer 1"]


async def test_the_last_message_under_a_handle_is_the_one_that_is_edited(stage: Stage) -> None:
    stage.put(stage.ada, "Question 1", handle="screen")
    stage.put(stage.ada, "Question 2", handle="screen")
    stage.put(stage.ada, "Answer 2", method="editMessageText", edit_handle="screen")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["Question 1", "Answer 2"]


@pytest.mark.parametrize(
    ("payload", "arrives"),
    [
        # news that has to be read is sent anew
        ({"or_send": True}, ["Menu"]),
        # a mere tidying-up is let go
        ({}, []),
    ],
)
async def test_an_edit_of_a_message_that_nobody_knows(
    stage: Stage, payload: dict[str, Any], arrives: list[str]
) -> None:
    stage.put(stage.ada, "Menu", method="editMessageText", edit_handle="never sent", payload=payload)
    await stage.delivery.drain()
    assert seen_by(stage.ada) == arrives
    assert stage.rows() == []


async def test_what_was_sent_instead_of_an_edit_can_be_edited_next(stage: Stage) -> None:
    stage.put(stage.ada, "Menu", method="editMessageText", edit_handle="menu", payload={"or_send": True})
    await stage.delivery.drain()
    stage.put(stage.ada, "Menu, page 2", method="editMessageText", edit_handle="menu")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["Menu, page 2"]


async def test_a_reminder_is_marked_as_sent_with_its_message(stage: Stage) -> None:
    first, second = stage.put_reminder(), stage.put_reminder()
    stage.put(stage.ada, "Two cases are due today.", receipts=[first, second])
    await stage.delivery.drain()
    for reminder_id in (first, second):
        reminder = stage.reminder(reminder_id)
        assert (reminder.status, reminder.ended_at, reminder.reason) == ("sent", stage.clock.now(), None)


async def test_after_a_crash_before_the_results_were_written_the_message_is_sent_again(stage: Stage) -> None:
    stage.put(stage.ada, "one")
    crashed = stage.dispatcher()

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    # The process dies with the message at Telegram and the row still in the outbox.
    crashed._ledger._record = power_cut  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        await crashed.drain()
    crashed.close()
    assert seen_by(stage.ada) == ["one"]
    assert await stage.delivery.drain() == 0, "the claim still holds"

    stage.later(seconds=31)
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["one", "one"]
    assert stage.rows() == []


async def test_results_that_could_not_be_written_are_written_later_and_nothing_is_sent_twice(
    stage: Stage,
) -> None:
    stage.put(stage.ada, "one")
    record, times = stage.delivery._ledger._record, []

    def fails_once(*args: Any) -> None:
        times.append(1)
        if len(times) == 1:
            raise ConnectionError("the database is away")
        record(*args)

    stage.delivery._ledger._record = fails_once  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await stage.delivery.drain()
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["one"]
    assert stage.rows() == []


async def test_two_dispatchers_on_one_database_double_nothing(postgres_database: Database) -> None:
    stage = Stage(postgres_database)
    for number in range(30):
        stage.put(stage.ada if number % 2 else stage.ben, str(number))
    other = stage.dispatcher(Database(postgres_database.url, postgres_database.keyring))

    while stage.rows():
        await asyncio.gather(stage.delivery.drain(), other.drain())

    assert seen_by(stage.ada) == [str(number) for number in range(1, 30, 2)]
    assert seen_by(stage.ben) == [str(number) for number in range(0, 30, 2)]
    other._database.close()


async def test_the_running_dispatcher_sends_when_woken_and_stops_with_nothing_in_hand(stage: Stage) -> None:
    arrived = asyncio.Event()
    stage.world.watchers.append(lambda *_: arrived.set())
    running = asyncio.create_task(stage.delivery.run())
    await asyncio.sleep(0)

    stage.put(stage.ada, "Hello")
    await asyncio.to_thread(stage.delivery.wake)
    async with asyncio.timeout(10):
        await arrived.wait()
        stage.delivery.stop()
        await running
    assert seen_by(stage.ada) == ["Hello"]
    assert stage.rows() == []


async def test_a_cancelled_dispatcher_writes_back_what_it_has_sent(stage: Stage) -> None:
    running = asyncio.create_task(stage.delivery.run())
    # Cancelled by the very message that it is sending.
    stage.world.watchers.append(lambda *_: running.cancel())
    stage.put(stage.ada, "Hello")
    stage.delivery.wake()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(10):
            await running
    assert seen_by(stage.ada) == ["Hello"]
    assert stage.rows() == []


async def test_a_restart_on_sqlite_frees_what_the_last_process_had_in_hand(sqlite_database: Database) -> None:
    stage = Stage(sqlite_database)
    stage.put(stage.ada, "Hello")
    dead = stage.dispatcher()
    dead._ledger.turn([], 20, [])  # claimed, and then the process died

    arrived = asyncio.Event()
    stage.world.watchers.append(lambda *_: arrived.set())
    running = asyncio.create_task(stage.delivery.run())
    async with asyncio.timeout(10):
        await arrived.wait()
        stage.delivery.stop()
        await running
    assert seen_by(stage.ada) == ["Hello"]


async def test_a_fault_at_the_start_of_a_term_is_retried(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, faults = stage.delivery._ledger.release_all, [ConnectionError("the database is away")]

    def release_at_the_second_try() -> None:
        if faults:
            raise faults.pop()
        release()

    monkeypatch.setattr(stage.delivery._ledger, "release_all", release_at_the_second_try)
    stage.put(stage.ada, "Hello")
    stage.dispatcher()._ledger.turn([], 20, [])  # claimed by a process that is gone
    arrived = asyncio.Event()
    stage.world.watchers.append(lambda *_: arrived.set())
    running = asyncio.create_task(stage.delivery.run())
    async with asyncio.timeout(10):
        await arrived.wait()
        stage.delivery.stop()
        await running
    assert seen_by(stage.ada) == ["Hello"]


async def one_paced_round(delivery: Delivery) -> None:
    """One round as `run` makes them, with pacing."""
    await delivery._turn()
    await delivery._lanes_over()
    await delivery._turn(claim=False)


async def test_a_chat_that_got_its_burst_rests_while_others_go_on(sqlite_database: Database) -> None:
    stage = Stage(sqlite_database)
    paced = stage.dispatcher(rates=Rates(chat_burst=2))
    for number in range(1, 4):
        stage.put(stage.ada, f"ada {number}")
    stage.put(stage.ben, "ben 1")

    await one_paced_round(paced)
    assert seen_by(stage.ada) == ["ada 1", "ada 2"]
    assert seen_by(stage.ben) == ["ben 1"]
    assert texts(stage.rows()) == ["ada 3"]
    assert stage.rows()[0].attempts == 0

    stage.later(seconds=1)
    await one_paced_round(paced)
    assert seen_by(stage.ada) == ["ada 1", "ada 2", "ada 3"]
