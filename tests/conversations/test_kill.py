"""Disturbance 14 with a real process: killed in the middle of a report, again and again, it loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from bot.clock import SystemClock
from bot.run import QuietServer
from bot.sandbox.person import Person
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from storage.crypto import Keyring, new_key_text
from storage.models import Case, Fault
from tests.support import databases
from tests.support.disturbed import TOLD
from tests.support.service import Somebody
from tests.support.stored import all_rows, the_case
from tests.support.walks import REPORT_STEPS

PATIENCE_SECONDS = 30.0
KILLED_AFTER = {
    # the step, and how many seconds after it the process is killed
    "where": 0.0,  # before the update is taken, or just then
    "more": 0.015,  # around the commit
    "check": 0.04,  # around the sending of the receipt
}


async def until(happened: Callable[[], bool]) -> None:
    """Wait, looking every hundredth of a second. TimeoutError where it does not happen."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not happened():  # noqa: ASYNC110  # another process makes it happen
            await asyncio.sleep(0.01)


@asynccontextmanager
async def served(world: Telegram) -> AsyncIterator[str]:
    """The invented Telegram on a free loopback port, in this event loop."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = QuietServer(uvicorn.Config(create_app(world), log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await world.close()
        server.should_exit = True
        await serving
        listening.close()


class LiveBot:
    """``python -m bot run`` as an operator starts it."""

    def __init__(self, folder: Path, api: str, token: str, keys: str) -> None:
        self.folder = folder
        self.settings = {
            "BOT_TOKEN": token,
            "TELEGRAM_API_URL": api,
            "ENCRYPTION_KEYS": keys,
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
            "LOG_LEVEL": "WARNING",
        }
        self.running: Process | None = None

    async def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,
                env={**os.environ, **self.settings},
                stdout=log,
                stderr=log,
            )

    async def end(self, how: signal.Signals) -> None:
        if self.running is not None and self.running.returncode is None:
            self.running.send_signal(how)
            await self.running.wait()


SECOND_STEPS = ("menu", "district", "more", "check")
"""Known by their buttons; all others by their question."""


async def answer(phone: Person, question: str, step: str) -> None:
    """Do this step as soon as the screen asks for it. A screen may come twice; the newest is answered."""
    way, _, what = step.partition(":")
    await until(lambda: can_tap(phone, what) if question in SECOND_STEPS else is_asked(phone, question))
    if way == "say":
        phone.say(what)
    else:
        phone.tap(whole(phone, what))


def is_asked(phone: Person, question: str) -> bool:
    if not phone.bot_messages:
        return False
    try:
        Somebody(None, phone).is_asked(f"report.{question}")  # type: ignore[arg-type]
    except AssertionError:
        return False
    return True


def whole(phone: Person, label: str) -> str:
    return Somebody(None, phone).whole(label)  # type: ignore[arg-type]


def can_tap(phone: Person, label: str) -> bool:
    found = whole(phone, label)
    return any(one.startswith(found) for message in phone.bot_messages for one in message.labels)


async def test_14_the_process_is_killed_three_times_in_one_report(tmp_path: Path) -> None:
    world, keys = Telegram(SystemClock()), new_key_text(1)
    phone = Person(world, 7_123_456_789, "Ada Lovelace")
    async with served(world) as api:
        bot = LiveBot(tmp_path, api, world.token, keys)
        await bot.start()
        try:
            phone.start()
            await answer(phone, "menu", "tap:Report a problem")
            for question, step in REPORT_STEPS.items():
                await answer(phone, question, step)
                if question in KILLED_AFTER:
                    await asyncio.sleep(KILLED_AFTER[question])
                    await bot.end(signal.SIGKILL)
                    await bot.start()
            await until(lambda: "We have your report" in phone.last.text)
        finally:
            await bot.end(signal.SIGTERM)
    with databases.opened(databases.sqlite_url(tmp_path / "bot.db"), Keyring.from_text(keys)) as database:
        assert the_case(database, Somebody(None, phone).reference()).detail == TOLD  # type: ignore[arg-type]
        assert len(all_rows(database, Case)) == 1
        assert all_rows(database, Fault) == []
