"""The bots that are measured, each a process of its own; what they cost is read from the operating system."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.server import FakeTelegram
from bot.sandbox.world import Telegram

PROJECT = Path(__file__).parents[1]
_START_SECONDS = 30
_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """A bot to measure: what the table calls it, and the module that is it with its arguments."""

    key: str
    name: str
    module: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A bot's process and the world it is connected to."""

    kind: Kind
    world: Telegram
    process: psutil.Process
    seconds_to_first_poll: float

    def cpu_seconds(self) -> float:
        """Processor time that the process has used so far, its own and the kernel's for it."""
        times = self.process.cpu_times()
        return times.user + times.system

    def resident_megabytes(self) -> float:
        """Memory it holds now (RSS), in MiB."""
        return self.process.memory_info().rss / 2**20


def token_of(number: int) -> str:
    """A token in Telegram's shape that opens nothing."""
    return f"{1_000_000_000 + number}:invented-token-of-the-benchmark-000000"


@asynccontextmanager
async def running(
    server: FakeTelegram,
    kind: Kind,
    *,
    number: int,
    folder: Path,
    environment: Mapping[str, str] = {},
    working_folder: Path = PROJECT,
) -> AsyncIterator[Running]:
    """Start the bot, wait for its first getUpdates, and end it afterwards. Its output goes to a file."""
    token = token_of(number)
    world = server.add_bot(token)
    with (folder / f"{kind.key}-{number}.log").open("wb") as output:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            kind.module,
            *kind.arguments,
            cwd=working_folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
    try:
        await _first_poll(server, token, process, Path(output.name))
        seconds = time.perf_counter() - began
        yield Running(kind, world, psutil.Process(process.pid), seconds)
    finally:
        await _stop(process)


async def _first_poll(
    server: FakeTelegram, token: str, process: asyncio.subprocess.Process, output: Path
) -> None:
    polled = asyncio.create_task(server.polled(token))
    ended = asyncio.create_task(process.wait())
    try:
        await asyncio.wait({polled, ended}, timeout=_START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not polled.done():
            raise RuntimeError(f"the bot did not start:\n{_last_words(output)}")
    finally:
        for task in (polled, ended):
            task.cancel()


def _last_words(output: Path) -> str:
    return output.read_text(errors="replace")[-4000:]


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    if process.returncode is None:
        process.kill()
        await process.wait()
