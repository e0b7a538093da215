"""The clock's ticks, from APScheduler. What is due is decided by the tables, so nothing is stored here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY = timedelta(seconds=20)

Tick = Callable[[], Awaitable[object]]


class Scheduler:
    """Calls ``tick`` at once and then at an interval, never twice at a time. What it raises is logged."""

    def __init__(self, tick: Tick, *, every: timedelta = EVERY) -> None:
        self._tick = tick
        self._every = every
        self._scheduler: AsyncIOScheduler | None = None
        self._busy = False

    def start(self) -> None:
        """Begin, on the running loop."""
        # With a late start of any length a tick still runs: misfire_grace_time None, and missed ones as one.
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        scheduler.add_job(self._one, id="first", name="first tick")
        scheduler.add_job(self._one, "interval", seconds=self._every.total_seconds(), id="tick", name="tick")
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """No further ticks; one that is running goes on to its end."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _one(self) -> None:
        """The first tick and the interval's are two jobs to the scheduler, so it can't keep them apart."""
        if self._busy:
            return
        self._busy = True
        try:
            await self._tick()
        finally:
            self._busy = False
