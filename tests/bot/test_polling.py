"""Long polling: nothing is confirmed before its commit, one chat in order, nothing bad blocks the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Update
from telegram.error import InvalidToken

from bot.clock import MovableClock
from bot.health import Pulse
from bot.polling import ALLOWED_UPDATES, Poller
from bot.sandbox.person import Person
from bot.sandbox.world import Telegram
from tests.bot.delivery_kit import START, bot_of


class DatabaseAway(Exception):
    """Stands for an update that did not commit."""


class Desk:
    """Takes updates instead of the handlers: records them, holds them up or refuses them on order."""

    def __init__(self) -> None:
        self.clock = MovableClock(START)
        self.world = Telegram(self.clock)
        self.ada = Person(self.world, 1001, "Ada Patel")
        self.ben = Person(self.world, 1002, "Ben Reid")
        self.pulse = Pulse(self.clock)
        self.committed: list[str] = []
        self.begun: list[str] = []
        self.faults: list[tuple[int | None, str]] = []
        self.errors: dict[str, list[Exception]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.changed = asyncio.Condition()
        self.pauses: list[float] = []
        self.poller = Poller(
            bot_of(self.world),
            self.process,
            self.store_fault,
            self.pulse,
            not_committed=(DatabaseAway,),
            pause=self.pause,
            long_poll_seconds=5,
        )

    async def process(self, update: Update) -> None:
        assert update.message is not None
        text = update.message.text or ""
        self.begun.append(text)
        await self._tell()
        if text in self.gates:
            await self.gates[text].wait()
        if self.errors.get(text):
            raise self.errors[text].pop(0)
        self.committed.append(text)
        await self._tell()

    def store_fault(self, update_id: int | None, body: Any, error: BaseException) -> None:
        self.faults.append((update_id, type(error).__name__))

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    async def until(self, holds: Any) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(holds)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def waiting(self) -> list[str]:
        """What Telegram still keeps for the bot."""
        return [update.body["text"] for update in self.world.inbox.waiting()]


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    desk = Desk()
    yield desk
    await desk.world.close()


async def finish(desk: Desk, running: asyncio.Task[None]) -> None:
    desk.poller.stop()
    async with asyncio.timeout(10):
        await running


async def test_updates_are_confirmed_once_they_have_committed(desk: Desk) -> None:
    desk.ada.say("one")
    desk.ben.say("two")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: len(desk.committed) == 2)
    await finish(desk, running)
    assert desk.waiting() == []
    assert desk.pulse.heard_at == desk.clock.now()


async def test_what_is_not_committed_is_not_confirmed_though_later_updates_are_done(desk: Desk) -> None:
    gate = desk.gates["slow"] = asyncio.Event()
    desk.ada.say("slow")
    desk.ben.say("quick")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: "quick" in desk.committed)
    desk.ben.say("asked for while the slow one is in hand")
    await desk.until(lambda: len(desk.committed) == 2)

    assert desk.waiting() == ["slow", "quick", "asked for while the slow one is in hand"]
    gate.set()
    await desk.until(lambda: "slow" in desk.committed)
    await finish(desk, running)
    assert desk.waiting() == []
    assert sorted(desk.begun) == sorted(desk.committed), "nothing was worked on twice"


async def test_one_chat_is_worked_on_in_order(desk: Desk) -> None:
    gate = desk.gates["1"] = asyncio.Event()
    for number in range(1, 5):
        desk.ada.say(str(number))
    desk.ben.say("ben")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: "ben" in desk.committed)
    assert desk.begun == ["1", "ben"]
    gate.set()
    await desk.until(lambda: len(desk.committed) == 5)
    await finish(desk, running)
    assert desk.committed == ["ben", "1", "2", "3", "4"]


async def test_a_process_that_died_gets_the_update_again(desk: Desk) -> None:
    desk.gates["hello"] = asyncio.Event()
    desk.ada.say("hello")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: desk.begun)
    running.cancel()
    for task in list(desk.poller._tasks):  # as good as dead: what it was doing is gone
        task.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert desk.waiting() == ["hello"]


async def test_an_update_whose_commit_fails_is_tried_until_it_succeeds(desk: Desk) -> None:
    desk.errors["hello"] = [DatabaseAway() for _ in range(12)]
    desk.ada.say("hello")
    desk.ben.say("meanwhile")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: len(desk.committed) == 2)
    await finish(desk, running)
    assert desk.faults == []
    assert desk.committed == ["meanwhile", "hello"]
    assert max(desk.pauses) == 30


async def test_an_update_that_raises_something_else_is_set_aside_after_five_tries(desk: Desk) -> None:
    desk.errors["bad"] = [LookupError() for _ in range(100)]
    desk.ada.say("bad")
    desk.ada.say("good")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: "good" in desk.committed)
    await finish(desk, running)
    assert [kind for _, kind in desk.faults] == ["LookupError"]
    assert desk.begun.count("bad") == 5
    assert desk.waiting() == []


async def test_an_update_that_cannot_be_read_blocks_nobody(desk: Desk) -> None:
    desk.ada.say("unreadable")
    desk.world.inbox.waiting()[0].body["date"] = "yesterday"
    desk.ben.say("hello")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: desk.committed == ["hello"] and desk.faults)
    await finish(desk, running)
    assert len(desk.faults) == 1
    assert desk.waiting() == []


@pytest.mark.parametrize(
    ("code", "description", "parameters"),
    [
        # a second copy of the bot is running
        (409, "Conflict: terminated by other getUpdates request", None),
        # Telegram is unwell
        (502, "Bad Gateway", None),
        # asked too often
        (429, "Too Many Requests: retry after 3", {"retry_after": 3}),
    ],
)
async def test_after_a_fault_it_waits_and_asks_again(
    desk: Desk, code: int, description: str, parameters: dict[str, int] | None
) -> None:
    desk.world.faults.fail_next("getUpdates", code, description, parameters, times=3)
    desk.ada.say("hello")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: desk.committed == ["hello"])
    await finish(desk, running)
    assert desk.pauses == ([3.0] * 3 if code == 429 else [1.0, 2.0, 4.0])


async def test_an_unknown_token_ends_it(desk: Desk) -> None:
    desk.world.token = "999999:another-token-than-the-one-it-was-given"
    with pytest.raises(InvalidToken):
        async with asyncio.timeout(10):
            await desk.poller.run()


async def test_it_asks_for_exactly_the_kinds_that_it_handles(desk: Desk) -> None:
    desk.ada.say("hello")
    running = asyncio.create_task(desk.poller.run())
    await desk.until(lambda: desk.committed)
    await finish(desk, running)
    assert desk.world.inbox.allowed == frozenset(ALLOWED_UPDATES)
