"""Which of several processes sends the outbox and keeps the calendar: the one with the database's lock.

On SQLite there is one process, and it leads. Two leaders for a moment do no harm beyond a repeated message,
since claims and unique keys don't depend on this lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.locks import try_lead

log = structlog.get_logger(__name__)

HEARTBEAT = 0.5
"""Seconds between two looks at the lock's connection; also how long a follower waits before it asks again."""

Lead = Callable[[], Awaitable[None]]
Nudge = Callable[[], None]


class Leader:
    """Runs ``lead`` while this process leads, and cancels it when the lock is lost.

    ``on_outbox`` is called from another thread for each NOTIFY outbox that arrives while leading.
    """

    def __init__(
        self, database: Database, *, on_outbox: Nudge | None = None, heartbeat: float = HEARTBEAT
    ) -> None:
        self._database = database
        self._on_outbox = on_outbox or (lambda: None)
        self._heartbeat = heartbeat
        self._leading = False

    @property
    def leading(self) -> bool:
        """Whether this process leads now."""
        return self._leading

    async def run(self, lead: Lead) -> None:
        """Lead whenever the lock can be had, until cancelled. What ``lead`` raises or returns ends it."""
        if self._database.dialect == "sqlite":
            self._leading = True
            try:
                await lead()
            finally:
                self._leading = False
            return
        while True:
            if await self._one_term(lead):
                return
            await asyncio.sleep(self._heartbeat)

    async def _one_term(self, lead: Lead) -> bool:
        """Wait for the lock, lead, and give it up; True when ``lead`` ended by itself."""
        term = _Term(self._database, self._on_outbox, self._heartbeat)
        watch = asyncio.create_task(asyncio.to_thread(term.hold))
        work: asyncio.Task[None] | None = None
        try:
            await _either(watch, asyncio.create_task(term.begun.wait()))
            if watch.done():
                watch.result()
                return False
            log.info("leading")
            self._leading = True
            work = asyncio.ensure_future(_as_coroutine(lead))
            await asyncio.wait({watch, work}, return_when=asyncio.FIRST_COMPLETED)
            return work.done() and work.result() is None
        finally:
            self._leading = False
            if work is not None and not work.done():
                if watch.done():
                    log.warning("leadership_lost")
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
            term.over.set()
            with contextlib.suppress(Exception):
                await watch


class _Term:
    """One connection's time with the lock, in a thread of its own."""

    def __init__(self, database: Database, on_outbox: Nudge, heartbeat: float) -> None:
        self.begun = asyncio.Event()
        self.over = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._database = database
        self._on_outbox = on_outbox
        self._heartbeat = heartbeat

    def hold(self) -> None:
        """Return when the term is over or the connection is gone; the lock goes with the connection."""
        import psycopg  # only PostgreSQL comes here, and SQLite does without the driver

        try:
            with ExitStack() as stack:
                connection = stack.enter_context(self._database.own_connection())
                while not try_lead(connection):
                    if self.over.wait(self._heartbeat):
                        return
                connection.execute(text("LISTEN outbox"))
                self._loop.call_soon_threadsafe(self.begun.set)
                while not self.over.is_set():
                    self._listen(connection)
        except (SQLAlchemyError, psycopg.Error) as error:
            log.warning("leader_connection_lost", kind=type(error).__name__)

    def _listen(self, connection: Connection) -> None:
        """A heartbeat: wait for notifications, then prove that the connection still answers."""
        driver: Any = connection.connection.dbapi_connection
        for _ in driver.notifies(timeout=self._heartbeat, stop_after=1):
            self._on_outbox()
        connection.execute(text("SELECT 1"))


async def _as_coroutine(lead: Lead) -> None:
    await lead()


async def _either(first: asyncio.Task[Any], second: asyncio.Task[Any]) -> None:
    await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
