"""A large caseload, written in bulk: officers, residents, open and closed cases with all that hangs on each.

People, addresses and what is encrypted repeat, so that it takes minutes; whatever is encrypted opens.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand
from casework.deadlines import deadline_after
from casework.references import new_reference
from casework.roles import Role
from casework.searching import terms_of
from handlers.turn import Service
from storage import people
from storage.crypto import Keyring
from storage.database import Database
from storage.history_chain import START, Line, chained
from storage.search import term_key
from storage.types import dump_json

FIRST_CHAT = 8_000_000_000
DISTRICTS = ("redditch", "bromsgrove", "wyre_forest")
MANAGERS = 5
MOST_HOUSEHOLDS = 20_000
"""Different names with addresses; each comes in several cases."""
AT_ONCE = 20_000
UNOWNED = 0.05
LATE, TODAY = 0.02, 0.03
"""Of the open deadlines."""


def _each(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_FIRST_NAMES = _each(
    """
    James John Robert Michael William David Richard Thomas Charles Daniel Matthew Mark Paul Steven Andrew
    Sean Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Catherine Margaret Lisa
    Jane Mohammed Ahmed Fatima Aisha Piotr Agnieszka Katarzyna Ion Elena Priya Raj Wei Olu Grace
    """
)
_SURNAMES = _each(
    """
    Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White
    Roberts Green Hall Thomas Clarke Jackson Wood Harris Edwards Turner Martin Cooper Hill Ward Hughes Moore
    Clark King Harrison Lewis Baker Lee Allen Morris Khan Scott Watson Davis Parker James Bennett Young
    Phillips Richardson Mitchell Bailey Carter Cook Singh Shaw Bell Collins Morgan Kelly Begum Hussain Cox
    Kowalski
    """
)
_STARTS = _each(
    """
    Al Ash Bar Beck Birch Black Brad Brom Cal Chad Clay Cold Dar Dun East Elm Fair Fern Glen Gran
    """
)
_MIDDLES = ("", "ber", "der", "ing", "ling", "mer", "ner", "ter", "win", "yer")
_ENDS = _each(
    """
    bridge bury by combe dale den field ford ham hurst ley man more ridge shaw stead ton well wick worth
    """
)
_TYPES = ("Road", "Street", "Close", "Lane", "Avenue", "Drive", "Crescent", "Way")
_OUTWARDS = ("B60", "B61", "B97", "B98", "DY10", "DY11", "DY12", "DY13", "WR9")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    officers: int
    open: int
    closed: int

    @property
    def cases(self) -> int:
        """Open and closed."""
        return self.open + self.closed


@dataclass(frozen=True, slots=True)
class Household:
    """Somebody with an address: what a report of theirs says, encrypted, and what it can be found by."""

    detail: dict[str, Any]
    sealed: bytes
    terms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Caseload:
    """What was written that is asked for later."""

    officers: dict[int, str]
    """Telegram id → district."""
    managers: tuple[int, ...]
    open_of: dict[int, list[int]]
    """Telegram id of an officer → their open cases."""
    references: list[str]
    households: list[Household]


def fill(database: Database, service: Service, size: Size, now: datetime, dice: random.Random) -> Caseload:
    """Write it all, and let the database learn what is where."""
    staff = _hire(database, service, size, now)
    number = min(MOST_HOUSEHOLDS, 1 + size.cases // 4)
    households = [_household(database.keyring, dice) for _ in range(number)]
    writer = _Writer(database)
    residents = _residents(writer, database.keyring, number, max(staff.values()), now)
    caseload = _Filler(writer, service, size, now, dice, staff, residents, households).write()
    writer.close()
    return caseload


def _hire(database: Database, service: Service, size: Size, now: datetime) -> dict[int, int]:
    """Officers and managers; Telegram id → person id."""
    staff = {}
    with database.transaction() as session:
        for number in range(size.officers + MANAGERS):
            chat = FIRST_CHAT + number
            person = people.load_place(session, service.keyring, chat_id=chat, now=now).person
            person.profile = {"name": f"Officer {number}"}
            if number < size.officers:
                home = DISTRICTS[number % len(DISTRICTS)]
                people.grant_role(session, person, Role.OFFICER, districts=(home,), now=now)
            else:
                people.grant_role(session, person, Role.MANAGER, now=now)
            staff[chat] = person.id
    return staff


def _household(keyring: Keyring, dice: random.Random) -> Household:
    common = dice.random() < 0.7
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(_SURNAMES))))
    surname = dice.choices(_SURNAMES, cum_weights=weights)[0] if common else _made_up(dice)
    postcode = (
        f"{dice.choice(_OUTWARDS)} {dice.randrange(1, 10)}{dice.choice('ABDEFG')}{dice.choice('HJLNPQ')}"
    )
    street = f"{_made_up(dice)} {dice.choice(_TYPES)}"
    detail = {
        "name": f"{dice.choice(_FIRST_NAMES)} {surname}",
        "where": {"text": f"{dice.randrange(1, 120)} {street}, {postcode}", "postcode": postcode},
        "what": "Loud music until three every night, and shouting in the street. " * 4,
        "how_often": "most_days",
    }
    terms = tuple(term_key(keyring, term) for term in terms_of(detail))
    return Household(detail, keyring.encrypt(dump_json(detail), b"asb_report.detail"), terms)


def _made_up(dice: random.Random) -> str:
    return dice.choice(_STARTS) + dice.choice(_MIDDLES) + dice.choice(_ENDS)


def _residents(writer: _Writer, keyring: Keyring, number: int, last: int, now: datetime) -> range:
    """Residents, the row of each alike but for the number."""
    telegram = keyring.encrypt(b"1", b"person.telegram_id")
    profile = keyring.encrypt(dump_json({}), b"person.profile")
    ids = range(last + 1, last + 1 + number)
    named = ("id", "chat_key", "telegram_id", "profile", "language", "language_chosen", "silent", "discreet")
    rows = ((n, -n, telegram, profile, "en", False, False, True, True, now) for n in ids)
    writer.write("person", (*named, "draft_reminders", "created_at"), rows)
    return ids


class _Filler:
    """Case by case, with what hangs on each; written a table at a time, some cases at once."""

    def __init__(
        self,
        writer: _Writer,
        service: Service,
        size: Size,
        now: datetime,
        dice: random.Random,
        staff: dict[int, int],
        residents: range,
        households: list[Household],
    ) -> None:
        self.writer, self.service, self.size, self.now, self.dice = writer, service, size, now, dice
        self.residents, self.households = residents, households
        self.chats = {person: chat for chat, person in staff.items()}
        chats = sorted(staff)
        self.officers = {chat: DISTRICTS[n % 3] for n, chat in enumerate(chats[: size.officers])}
        self.managers = tuple(chats[size.officers :])
        self.by_district = {
            home: [staff[chat] for chat, district in self.officers.items() if district == home]
            for home in DISTRICTS
        }
        self.open_of: dict[int, list[int]] = {chat: [] for chat in chats}
        self.references: list[str] = []
        self.seen: set[str] = set()
        self.told = dump_json({"from": "received"})
        self.event = writer.database.keyring.encrypt(self.told, b"case_event.detail")
        self.next_deadline = 1
        today = service.calendar.local_day(now)
        self.days = [_working(service, today, n) for n in range(-4, 16)]
        self.old = _working(service, today - timedelta(days=60), 0)

    def write(self) -> Caseload:
        cases = iter(range(1, self.size.cases + 1))
        while ids := list(islice(cases, AT_ONCE)):
            self._write_some(ids)
        return Caseload(self.officers, self.managers, self.open_of, self.references, self.households)

    def _write_some(self, ids: Sequence[int]) -> None:
        made = [self._case(case_id) for case_id in ids]
        picked = [self.dice.choice(self.households) for _ in ids]
        self.writer.write("case_record", _CASE, made)
        self.writer.write("asb_report", _REPORT, map(_report, made, picked))
        self.writer.write_terms((case[0], home.terms) for case, home in zip(made, picked, strict=True))
        self.writer.write("case_event", _EVENT, (row for case in made for row in self._events(case)))
        deadlines = [row for case in made for row in self._deadlines(case)]
        self.writer.write("deadline", _DEADLINE, deadlines)
        self.writer.write("reminder", _REMINDER, map(self._reminder, deadlines))
        late = (row for row in deadlines if row[8] is None and row[3] < self.days[4][0])
        self.writer.write("broken_promise", _PROMISE, map(self._promise, late))

    def _case(self, case_id: int) -> tuple[Any, ...]:
        """The newest are open, among them some that were closed already."""
        dice, recent = self.dice, self.size.cases - 2 * self.size.open
        is_open = case_id > recent and (case_id - recent) % 2 == 0
        received = self.now - timedelta(minutes=2 * (self.size.cases - case_id) + 1)
        district = dice.choice(DISTRICTS)
        unowned = is_open and dice.random() < UNOWNED
        owner = None if unowned else dice.choice(self.by_district[district])
        status = ("received" if unowned else dice.choice(("assigned", "contacted"))) if is_open else "closed"
        reference = new_reference(dice.choice)
        while reference in self.seen:
            reference = new_reference(dice.choice)
        self.seen.add(reference)
        if is_open:
            self.references.append(reference)
            if owner is not None:
                self.open_of[self.chats[owner]].append(case_id)
        risk = dice.choices(tuple(RiskBand), (50, 40, 10))[0].value
        closed = None if is_open else received + timedelta(minutes=1)
        reporter = dice.choice(self.residents)
        kind, channel = CaseKind.ASB_REPORT.value, Channel.TELEGRAM.value
        head = (case_id, reference, kind, district, status, risk, channel, reporter, owner, received)
        return (*head, None if unowned else received, closed, False, False, 1, received)

    def _events(self, case: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        link = START
        for kind in ("received", "take"):
            line = Line(case[0], case[9], None, "bot", kind, True, self.told)
            link = chained(self.writer.database.keyring, link, line)
            yield (case[0], case[9], "bot", kind, True, self.event, link.seq, link.digest)

    def _deadlines(self, case: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        is_open = case[11] is None
        for kind in (DeadlineKind.CONTACT, DeadlineKind.UPDATE):
            due = self._due() if is_open else self.old
            ended, reason = (None, None) if is_open else (case[11], "met")
            number, self.next_deadline = self.next_deadline, self.next_deadline + 1
            yield (number, case[0], kind.value, *due, case[9], ended, ended, reason)

    def _due(self) -> tuple[date, datetime, str]:
        share = self.dice.random()
        if share < LATE:
            return self.days[self.dice.randrange(4)]
        return self.days[4] if share < LATE + TODAY else self.days[self.dice.randrange(5, 20)]

    def _promise(self, deadline: tuple[Any, ...]) -> tuple[Any, ...]:
        """That it was not kept, found weeks ago."""
        return (deadline[1], deadline[0], deadline[3], True, self.now - timedelta(days=30))

    def _reminder(self, deadline: tuple[Any, ...]) -> tuple[Any, ...]:
        """On the morning of its day; those of days that are over went out."""
        number, case_id, _, due_on, _, _, _, _, ended, _ = deadline
        at = datetime.combine(due_on, datetime.min.time(), UTC) + timedelta(hours=9)
        over = ended is not None or due_on < self.days[4][0]
        return (number, case_id, "due", "owner", at, "sent" if over else "planned", at if over else None)


_PROMISE = ("case_id", "deadline_id", "promised_on", "told", "at")
_CASE = _each(
    """
    id reference kind district status risk channel reporter_id owner_id received_at acknowledged_at closed_at
    restricted anonymous version updated_at
    """
)
_REPORT = ("case_id", "category", "danger_now", "detail", "last_happened_on", "approximate", "on_behalf")
_EVENT = ("case_id", "at", "actor_role", "kind", "public", "detail", "seq", "link")
_DEADLINE = _each(
    """
    id case_id kind due_on due_at working set_at met_at ended_at end_reason
    """
)
_REMINDER = ("deadline_id", "case_id", "stage", "audience", "at", "status", "ended_at")


def _report(case: tuple[Any, ...], home: Household) -> tuple[Any, ...]:
    return (case[0], "noise", False, home.sealed, case[9].date(), False, False)


def _working(service: Service, today: date, days: int) -> tuple[date, datetime, str]:
    """A deadline's day, instant and working, some days from today; days before today are late."""
    if days > 0:
        due = deadline_after(DeadlineKind.CONTACT, today, days, service.calendar)
        return due.due_on, due.due_at, json.dumps(due.working.to_json())
    base = deadline_after(DeadlineKind.CONTACT, today - timedelta(days=7), 1, service.calendar)
    day = today + timedelta(days=days)
    return day, service.calendar.end_of(day), json.dumps(base.working.to_json())


class _Writer:
    """Rows into tables without checks of what they point at: COPY on PostgreSQL, many at once on SQLite."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._raw: Any = database.engine.raw_connection()
        if database.dialect == "sqlite":
            self._raw.driver_connection.execute("PRAGMA foreign_keys=OFF")
            self._raw.driver_connection.execute("PRAGMA synchronous=OFF")
        else:
            self._raw.driver_connection.execute("SET session_replication_role = replica")
            self._raw.driver_connection.execute("SET statement_timeout = 0")
            self._raw.driver_connection.execute("SET maintenance_work_mem = '512MB'")
            # Both indexes of the longest table are made when all is in it: that takes a tenth of the time.
            self._raw.driver_connection.execute("ALTER TABLE search_term DROP CONSTRAINT pk_search_term")
            self._raw.driver_connection.execute("DROP INDEX ix_search_term_case_id")
            self._raw.driver_connection.commit()

    def write(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """All rows of one table, committed."""
        connection = self._raw.driver_connection
        names = ", ".join(f'"{column}"' for column in columns)
        if self.database.dialect == "sqlite":
            places = ", ".join("?" * len(columns))
            connection.execute("BEGIN")
            plain = (tuple(map(_sqlite_value, row)) for row in rows)
            connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", plain)
            connection.execute("COMMIT")
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()

    def write_terms(self, of_cases: Iterable[tuple[int, tuple[int, ...]]]) -> None:
        """What cases, by id, can be found by."""
        if self.database.dialect == "sqlite":
            self.write(
                "search_term", ("term", "case_id"), ((t, one) for one, terms in of_cases for t in terms)
            )
            return
        connection = self._raw.driver_connection
        lines = "".join(f"{term}\t{one}\n" for one, terms in of_cases for term in terms)
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY search_term (term, case_id) FROM STDIN") as copy,
        ):
            copy.write(lines)
        connection.commit()

    def close(self) -> None:
        """Set the counters of ids past what was written, and look at all tables."""
        connection = self._raw.driver_connection
        if self.database.dialect == "sqlite":
            connection.execute("ANALYZE")
        else:
            for table in ("person", "case_record", "deadline"):
                connection.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
            connection.execute(
                "ALTER TABLE search_term ADD CONSTRAINT pk_search_term PRIMARY KEY (term, case_id)"
            )
            connection.execute("CREATE INDEX ix_search_term_case_id ON search_term (case_id, term)")
            connection.commit()
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE")
        self._raw.invalidate()  # its checks are off


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
