"""A whole service in memory and on a throwaway database, with people who act one at a time and a clock to move.

What a person of the team gets without having done anything is kept apart: that is what the work costs them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import event

from bot.clock import MovableClock
from bot.process import Process
from bot.rates import Rates
from bot.sandbox.asgi_request import AsgiRequest
from bot.sandbox.chats import Chat, Stored
from bot.sandbox.person import Person
from bot.sandbox.pump import Pump
from bot.sandbox.screen import Seen
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from bot.settings import PROJECT
from casework.policy import parse_policy
from casework.roles import Role
from handlers.words import Catalogs
from storage.database import Database
from storage.invitations import create_invitation

LONDON = ZoneInfo("Europe/London")
REFERENCE = re.compile(r"\b[34679B-DF-HJ-NP-RTV-Y]{4}-[34679B-DF-HJ-NP-RTV-Y]{4}\b")
A_MOMENT = timedelta(seconds=20)
"""Between two things that one person does: nobody is faster than the bot lets them be."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message that somebody got without having done anything just then."""

    at: datetime
    text: str

    @property
    def day(self) -> date:
        """The local day."""
        return self.at.astimezone(LONDON).date()

    @property
    def references(self) -> list[str]:
        """The cases in it, each once."""
        return list(dict.fromkeys(REFERENCE.findall(self.text)))


@dataclass(slots=True)
class Somebody:
    """A person and their phone; every act of theirs is worked on at once."""

    office: Office
    phone: Person
    unasked: list[Told] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    read: int = 0
    """How many of the unasked messages they have looked at."""

    async def starts(self, payload: str | None = None) -> None:
        """Press Start."""
        self.phone.start(payload)
        await self.office.settle(self)

    async def says(self, *texts: str) -> None:
        """Type and send, one message after the other."""
        for text in texts:
            self.phone.say(text)
            await self.office.settle(self)

    async def taps(self, *labels: str) -> None:
        """Tap buttons, one after the other."""
        for label in labels:
            self.phone.tap(label)
            await self.office.settle(self)

    async def plays(self, script: str) -> None:
        """Acts in a row, between bars: what is tapped; after a colon, what is typed."""
        for act in script.split("|"):
            await (self.says(act[1:]) if act.startswith(":") else self.taps(act))

    @property
    def last(self) -> Seen:
        """The newest message of the bot."""
        return self.phone.last

    def offers(self, label: str) -> bool:
        """Whether the newest message has a button that begins so."""
        return any(one.startswith(label) for one in self.last.labels)

    def reference(self) -> str:
        """The reference in the newest message that has one. LookupError where none was given."""
        for message in reversed(self.phone.bot_messages):
            found = REFERENCE.search(message.text)
            if found:
                return found[0]
        raise LookupError(self.phone.transcript())

    def unread(self) -> list[Told]:
        """What came unasked since they looked last."""
        new = self.unasked[self.read :]
        self.read = len(self.unasked)
        return new


class Office:
    """One running service and the people around it."""

    def __init__(self, world: Telegram, process: Process, clock: MovableClock) -> None:
        self.world = world
        self.process = process
        self.clock = clock
        self.restarts = 0
        self.stopped_jobs = 0
        self.refused = 0  # messages of ours that Telegram refused, of processes that have ended
        self._pump = Pump(process)
        self._acting: int | None = None
        self._ids = count(7_100_000_001)
        self._chats: dict[int, Somebody] = {}
        world.watchers.append(self._look)

    def person(self, name: str) -> Somebody:
        """Somebody with Telegram."""
        number = next(self._ids)
        self._chats[number] = Somebody(self, Person(self.world, number, name))
        return self._chats[number]

    async def staff(self, name: str, role: Role, *districts: str, ward: str | None = None) -> Somebody:
        """Somebody who followed an invitation to a role."""
        with self.process.database.transaction() as session:
            token = create_invitation(
                session,
                self.process.database.keyring,
                role=role,
                now=self.clock.now(),
                life=timedelta(days=7),
                districts=districts,
                ward=ward,
                name=name,
            )
        somebody = self.person(name)
        await somebody.starts(f"i_{token}")
        return somebody

    async def settle(self, acting: Somebody | None = None) -> None:
        """Work on all that was done and deliver all that is due; a moment passes after somebody's act."""
        self._acting = acting.phone.user_id if acting else None
        try:
            await self._pump.settle()
        finally:
            self._acting = None
        if acting is not None:
            self.clock.advance(A_MOMENT)

    def today(self) -> date:
        """The local day."""
        return self.clock.now().astimezone(LONDON).date()

    async def until(self, day: date, at: time) -> None:
        """It is this local day and time, and the jobs look once; later, where people were slower than that."""
        self.wait_until(day, at)
        await self.look()
        await self.settle()

    def wait_until(self, day: date, at: time) -> None:
        """It is this local day and time, and no job has looked yet."""
        instant = datetime.combine(day, at, LONDON).astimezone(UTC)
        if instant > self.clock.now():
            self.clock.move_to(instant)

    async def look(self) -> None:
        """The jobs do what is due now; nothing is delivered yet."""
        done = await asyncio.to_thread(self.process.jobs.tick, self.clock.now())
        self.stopped_jobs += sum(name.endswith("_stopped") for name in done)

    async def restart(self) -> None:
        """The process ends and another takes over; nothing but the database goes with it.

        The new one asks Telegram from the start of what it still holds: what was in hand comes again.
        """
        self.refused += self.process.delivery.counts.alarms
        self.process = await self.process.again()
        self._pump = Pump(self.process)
        self.restarts += 1

    def _look(self, chat: Chat, stored: Stored) -> None:
        somebody = self._chats.get(chat.chat_id)
        number = stored.data["message_id"]
        if somebody is None or not stored.from_bot or number in somebody.seen:
            return
        somebody.seen.add(number)
        if self._acting != chat.chat_id:
            somebody.unasked.append(Told(self.clock.now(), str(stored.data.get("text", ""))))


@asynccontextmanager
async def an_office(database: Database, now: datetime) -> AsyncIterator[Office]:
    """A service on this empty database, which need not outlive the day."""
    if database.dialect == "sqlite":
        event.listen(
            database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
        )
    clock = MovableClock(now)
    world = Telegram(clock)
    process = await Process.start(
        token=world.token,
        api_url="http://127.0.0.1:8081",
        database=database,
        policy=parse_policy((PROJECT / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8")),
        catalogs=Catalogs.load(),
        clock=clock,
        zone=LONDON,
        request=AsgiRequest(create_app(world)),
        rates=Rates.unlimited(),
    )
    office = Office(world, process, clock)
    try:
        yield office
    finally:
        await office.process.stop()
