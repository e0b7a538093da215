"""What is measured, in which order and how often. Rounds are interleaved: every bot in each round."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.bots import PROJECT, Kind, Running, running, token_of
from bench.crowd import Crowd, Played
from bench.server import FakeTelegram
from bot.sandbox.person import Person
from storage.crypto import new_key_text

OURS = ("sqlite", "postgres")
AT_RATE = (*OURS, "memory-same", "pickle-same")
WITH_LATENCY = (*AT_RATE, "memory-one")
"""Where time is waited, not worked, what the others would show is known from these."""
LATENCY = 0.05
"""Seconds a call, in the second half of the measurement."""
RATE = 30.0
"""Updates a second, about what Telegram lets one bot answer."""
_SETTLE = 0.3  # seconds for what a bot does after the last answer, such as writing down that it was sent
_IDLE = 2.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: people, rounds, seconds."""

    people: int
    rounds: int
    people_with_latency: int
    rounds_with_latency: int
    rate_seconds: float
    starts: int


FULL = Size(people=100, rounds=3, people_with_latency=10, rounds_with_latency=2, rate_seconds=12.0, starts=2)
QUICK = Size(people=15, rounds=1, people_with_latency=3, rounds_with_latency=1, rate_seconds=2.0, starts=1)


@dataclass(slots=True)
class Figures:
    """All runs of one bot in one setting."""

    runs: list[Played] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # milliseconds an update

    @property
    def a_second(self) -> float:
        """Updates a second, the median of the rounds."""
        return median(run.a_second for run in self.runs)

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time an update, the median of the rounds."""
        return median(self.cpu)

    def wait_ms(self, share: float) -> float:
        """Milliseconds to the answer that this share of updates did not exceed, the median of the rounds."""
        return 1000 * median(run.wait(share) for run in self.runs)


@dataclass(frozen=True, slots=True)
class Start:
    """One start of ``python -m bot run`` and the process at rest."""

    first_poll: float  # seconds
    again: float  # seconds, with the database there already
    megabytes: float


@dataclass(slots=True)
class Results:
    """Everything that was measured."""

    size: Size
    kinds: Sequence[Kind]
    load_before: float  # processes that wanted a core in the minute before, this benchmark not among them
    ceiling: tuple[int, int] = (0, 0)
    at_once: dict[str, Figures] = field(default_factory=dict)
    with_latency: dict[str, Figures] = field(default_factory=dict)
    at_rate: dict[str, Figures] = field(default_factory=dict)
    starts: list[Start] = field(default_factory=list)


async def measure(size: Size, folder: Path, api: str, server: FakeTelegram, postgres: str) -> Results:
    """Measure everything. RuntimeError when a bot does not start, TimeoutError when one stops answering."""
    kinds = bots(api, folder, postgres)
    results = Results(size, kinds, load_before=os.getloadavg()[0])
    _say("the fake server's own ceiling")
    results.ceiling = await _ceiling(server, api)
    async with AsyncExitStack() as stack:
        async with asyncio.TaskGroup() as starting:
            started = [
                starting.create_task(
                    stack.enter_async_context(running(server, kind, number=number, folder=folder))
                )
                for number, kind in enumerate(kinds, 1)
            ]
        all_running = [task.result() for task in started]
        by_key = {bot.kind.key: bot for bot in all_running}
        _say("a first round that does not count")
        for bot in all_running:
            await _one_run(bot, Figures(), people=5)
        for number in range(size.rounds):
            _say(f"round {number + 1} of {size.rounds} without latency")
            for bot in all_running:
                await _one_run(bot, results.at_once.setdefault(bot.kind.key, Figures()), people=size.people)
        _say(f"{RATE:.0f} updates a second")
        for key in AT_RATE:
            figures = results.at_rate.setdefault(key, Figures())
            await _one_run(by_key[key], figures, people=100, rate_seconds=size.rate_seconds)
        server.latency = LATENCY
        for number in range(size.rounds_with_latency):
            _say(f"round {number + 1} of {size.rounds_with_latency} with latency")
            for key in WITH_LATENCY:
                figures = results.with_latency.setdefault(key, Figures())
                await _one_run(by_key[key], figures, people=size.people_with_latency)
        server.latency = 0.0
    _say("start and rest")
    for number in range(size.starts):
        results.starts.append(await _start(server, api, folder, number))
    return results


def bots(api: str, folder: Path, postgres: str) -> tuple[Kind, ...]:
    """The bots by their order in the table; their numbers make their tokens."""

    def ours(number: int, key: str, name: str, database: str) -> Kind:
        arguments = ("--api", api, "--token", token_of(number), "--database", database)
        return Kind(key, name, "bench.ours", arguments)

    def bare(number: int, calls: str, keep: str, name: str) -> Kind:
        home = folder / f"bare-{number}"
        home.mkdir()
        arguments = ("--api", api, "--token", token_of(number), "--folder", str(home))
        key = keep if keep == "pickle-once" else f"{keep}-{calls}"
        return Kind(key, name, "bench.bare", (*arguments, "--calls", calls, "--keep", keep))

    return (
        ours(1, "sqlite", "this bot, SQLite", f"sqlite:///{folder / 'bench.sqlite3'}"),
        ours(2, "postgres", "this bot, PostgreSQL", postgres),
        bare(3, "same", "memory", "bare, in memory"),
        bare(4, "same", "pickle", "bare, PicklePersistence"),
        bare(5, "same", "pickle-once", "bare, PicklePersistence, one write"),
        bare(6, "one", "memory", "bare, in memory, one message"),
        bare(7, "one", "pickle", "bare, PicklePersistence, one message"),
    )


async def _one_run(bot: Running, figures: Figures, *, people: int, rate_seconds: float | None = None) -> None:
    crowd = Crowd(bot.world, people)
    before = bot.cpu_seconds()
    played = await (crowd.all_at_once(90) if rate_seconds is None else crowd.at_rate(RATE, rate_seconds))
    await asyncio.sleep(_SETTLE)
    figures.runs.append(played)
    figures.cpu.append(1000 * (bot.cpu_seconds() - before) / played.updates)
    _say(
        f"  {bot.kind.name:38} {played.a_second:6.0f}/s {figures.cpu[-1]:6.2f} ms CPU"
        f"  p50 {1000 * played.wait(0.5):5.0f} ms  p99 {1000 * played.wait(0.99):5.0f} ms"
    )


async def _ceiling(server: FakeTelegram, api: str) -> tuple[int, int]:
    token = token_of(0)
    person = Person(server.add_bot(token), 7_000_000_000, "Ada Lovelace")
    person.start()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.ceiling", "--api", api, "--token", token),
        *("--chat", str(person.user_id)),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    get_me, send_message = output.split()
    return int(get_me), int(send_message)


async def _start(server: FakeTelegram, api: str, folder: Path, number: int) -> Start:
    """``python -m bot run`` as an operator starts it: first with no database, then again with it."""
    home = folder / f"start-{number}"
    home.mkdir()
    kind = Kind("run", "python -m bot run", "bot", ("run",))
    token = 100 + 2 * number
    environment = {
        "TELEGRAM_API_URL": api,
        "ENCRYPTION_KEYS": new_key_text(),
        "DATA_DIR": str(home / "data"),
    }
    seconds = []
    for this in (token, token + 1):
        given = {**environment, "BOT_TOKEN": token_of(this)}
        async with running(
            server, kind, number=this, folder=folder, environment=given, working_folder=home
        ) as bot:
            seconds.append(bot.seconds_to_first_poll)
            await asyncio.sleep(_IDLE)
            megabytes = bot.resident_megabytes()
    _say(f"  first poll after {seconds[0]:.2f} s, with a database {seconds[1]:.2f} s; {megabytes:.0f} MiB")
    return Start(seconds[0], seconds[1], megabytes)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
