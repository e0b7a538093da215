"""The whole service on this machine: the real bot against the sandbox, and a page with all its people.

Nothing leaves the machine, and nothing stays on it: keys and database are made anew each time.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import uvicorn

from bot.clock import MovableClock, SystemClock
from bot.logs import configure_logs
from bot.process import Process
from bot.rates import Rates
from bot.run import QuietServer, lead, make_poller
from bot.sandbox.page_routes import Controls, Seat
from bot.sandbox.pump import Pump
from bot.sandbox.seed import make_cast, seed
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from bot.settings import PROJECT
from bot.telegram_http import AiohttpRequest
from casework.policy import Policy, parse_policy
from casework.reminders import is_working_time
from casework.working_days import WorkingCalendar
from handlers.words import Catalogs
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.migrations import upgrade

PORT = 8089
LONDON = ZoneInfo("Europe/London")
POLICY = PROJECT / "policy" / "north-worcestershire.toml"


def main(port: int | None = None) -> None:
    """Serve until interrupted. OSError when ``port`` is taken."""
    configure_logs("WARNING", ())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_demo(port))


async def _demo(port: int | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="community-safety-demo-") as folder:
        async with running_demo(Path(folder), port) as demo:
            click.echo(
                f"\n  The demo is ready. Open {demo.address}\n\n  Everybody in it is invented. Ctrl+C ends it.\n"
            )
            await stop.wait()


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the page is, and what runs behind it."""

    address: str
    process: Process
    clock: MovableClock


@contextlib.asynccontextmanager
async def running_demo(folder: Path, port: int | None = None) -> AsyncIterator[Demo]:
    """The demo, seeded and running, with its data in ``folder``."""
    policy = parse_policy(POLICY.read_text(encoding="utf-8"))
    calendar = WorkingCalendar.from_policy(policy, LONDON)
    begins_at = _beginning(policy, calendar)
    clock = MovableClock(begins_at - timedelta(days=9))
    world = Telegram(clock)
    cast = make_cast(world)
    box: list[Process] = []

    async def on_clock_moved(_now: datetime) -> None:
        await box[0].tick()

    controls = Controls(
        clock=clock,
        seats=[
            Seat(cast.resident, "Resident"),
            Seat(cast.member, "Member"),
            Seat(cast.officer, "Officer"),
            Seat(cast.manager, "Manager", shown=False),
        ],
        on_clock_moved=on_clock_moved,
        next_working_morning=lambda now: _next_morning(calendar, now),
    )
    listening = _listen(port)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = QuietServer(
        uvicorn.Config(create_app(world, page=True, controls=controls), log_level="warning", lifespan="off")
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    database = Database(f"sqlite:///{folder}/demo.sqlite3", Keyring.from_text(new_key_text(1)))
    upgrade(database)
    process = await Process.start(
        token=world.token,
        api_url=address,
        database=database,
        policy=policy,
        catalogs=Catalogs.load(),
        clock=clock,
        zone=LONDON,
        request=AiohttpRequest(),
        rates=Rates(),
    )
    box.append(process)
    await process.set_command_menus()
    pump = Pump(process)
    await seed(world, pump, clock, cast, begins_at)
    await pump.confirm()
    clock.let_run()
    world.faults.flood = True
    tasks = [asyncio.create_task(make_poller(process).run()), asyncio.create_task(lead(process))]
    try:
        yield Demo(address, process, clock)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await process.stop()
        database.close()
        server.should_exit = True
        await serving


def _listen(port: int | None) -> socket.socket:
    """A loopback socket: at ``port``, or at the usual one, or at a free one where that is taken."""
    for candidate in (port,) if port is not None else (PORT, 0):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", candidate or 0))
        except OSError:
            listening.close()
            if candidate == port:
                raise
        else:
            return listening
    raise OSError("no port could be had on 127.0.0.1")


def _beginning(policy: Policy, calendar: WorkingCalendar) -> datetime:
    """Now, if the team is at work; else ten o'clock on the next working day, when there is more to see."""
    now = SystemClock().now()
    if is_working_time(now, policy, calendar):
        return now
    day = calendar.next_working_day(calendar.local_day(now))
    return datetime.combine(day, time(10), LONDON).astimezone(UTC)


def _next_morning(calendar: WorkingCalendar, now: datetime) -> datetime:
    day = calendar.add(calendar.local_day(now), 1)
    return datetime.combine(day, time(9), LONDON)
