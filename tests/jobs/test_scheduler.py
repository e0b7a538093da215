"""The ticks: at once, again and again, never two at a time, and a tick that breaks does not end them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.scheduler import Scheduler

OFTEN = timedelta(milliseconds=20)


async def test_it_ticks_at_once_and_then_again() -> None:
    ticked: asyncio.Queue[int] = asyncio.Queue()

    async def tick() -> None:
        await ticked.put(1)

    scheduler = Scheduler(tick, every=OFTEN)
    scheduler.start()
    async with asyncio.timeout(5):
        for _ in range(3):
            await ticked.get()
    scheduler.stop()


async def test_a_tick_that_breaks_does_not_end_the_ticks() -> None:
    ticked: asyncio.Queue[int] = asyncio.Queue()

    async def tick() -> None:
        await ticked.put(1)
        raise ZeroDivisionError

    scheduler = Scheduler(tick, every=OFTEN)
    scheduler.start()
    async with asyncio.timeout(5):
        for _ in range(3):
            await ticked.get()
    scheduler.stop()


async def test_a_slow_tick_is_never_joined_by_a_second_one() -> None:
    running, most, ticks = 0, 0, 0
    enough = asyncio.Event()

    async def tick() -> None:
        nonlocal running, most, ticks
        running += 1
        ticks += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        if ticks == 3:
            enough.set()

    scheduler = Scheduler(tick, every=OFTEN)
    scheduler.start()
    async with asyncio.timeout(5):
        await enough.wait()
    scheduler.stop()
    assert most == 1
