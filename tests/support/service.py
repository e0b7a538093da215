"""The whole service in a test: the real application, delivery and jobs against the sandbox's Bot API.

People have names and act; time moves only when it is told to. A failure shows the exchange as a transcript.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update

from bot.clock import MovableClock
from bot.process import Parts, Process
from bot.rates import Rates
from bot.sandbox.asgi_request import AsgiRequest
from bot.sandbox.person import Person
from bot.sandbox.screen import Seen
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from casework.policy import Policy, parse_policy
from casework.roles import Role
from handlers.forms.engine import FormKit
from handlers.words import Catalogs
from storage.database import Database
from storage.invitations import create_invitation

LONDON = ZoneInfo("Europe/London")
TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON)
POLICY_FILE = Path(__file__).parents[2] / "policy" / "north-worcestershire.toml"
API = "http://127.0.0.1:8081"
_user_ids = count(7_000_000_001)  # past 32 bits, as real ones are


@cache
def the_policy() -> Policy:
    """The partnership's own policy."""
    return parse_policy(POLICY_FILE.read_text(encoding="utf-8"))


@cache
def the_words() -> Catalogs:
    """The catalogs as they come with the project."""
    return Catalogs.load()


def phrase(key: str) -> str:
    """English words without values, such as a label."""
    return the_words().words("en").plain(key)


class Town:
    """One running service and the people around it."""

    def __init__(self, world: Telegram, process: Process, clock: MovableClock) -> None:
        self.world = world
        self.process = process
        self.clock = clock
        self.alarms = 0  # messages of ours that Telegram refused, of processes that have ended
        self.worked_on: deque[Update] = deque(maxlen=20)  # the last updates
        self._offset: int | None = None

    @property
    def database(self) -> Database:
        """The service's database."""
        return self.process.database

    def resident(self, name: str = "Ada Lovelace", **account: Any) -> Somebody:
        """Somebody with Telegram."""
        return Somebody(self, Person(self.world, next(_user_ids), name, **account))

    async def staff(
        self, name: str, role: Role, districts: Sequence[str] = (), ward: str | None = None
    ) -> Somebody:
        """Somebody who followed an invitation to a role."""
        service = self.process.service
        with self.database.transaction() as session:
            token = create_invitation(
                session,
                self.database.keyring,
                role=role,
                now=self.clock.now(),
                life=timedelta(days=7),
                districts=districts,
                ward=ward,
                name=name,
            )
        assert service.bot_username
        person = self.resident(name)
        await person.starts(f"i_{token}")
        return person

    async def officer(self, name: str = "Jo Green", *districts: str) -> Somebody:
        """An officer of these districts (Redditch and Bromsgrove unless said)."""
        return await self.staff(name, Role.OFFICER, districts or ("redditch", "bromsgrove"))

    async def manager(self, name: str = "Sam Reid") -> Somebody:
        """The community safety manager."""
        return await self.staff(name, Role.MANAGER)

    async def member(
        self, name: str = "Omar Khan", district: str = "redditch", ward: str = "Central"
    ) -> Somebody:
        """A Member for a ward."""
        return await self.staff(name, Role.MEMBER, (district,), ward)

    async def settle(self) -> None:
        """Work on all that people did, and deliver all that was said, until nothing is left."""
        updates = await self.waiting_updates()
        while True:
            for update in updates:
                await self.process.application.process_update(update)
            await self.process.delivery.drain()
            updates = await self.waiting_updates()
            if not updates:
                return

    async def waiting_updates(self) -> list[Update]:
        """What people did since the last time, taken off the queue without being worked on."""
        parameters = {} if self._offset is None else {"offset": self._offset}
        got = await self.process.application.bot.get_updates(
            timeout=0,
            allowed_updates=["message", "edited_message", "callback_query", "my_chat_member"],
            **parameters,
        )
        if got:
            self._offset = got[-1].update_id + 1
        self.worked_on.extend(got)
        return list(got)

    async def tick(self) -> None:
        """What APScheduler does every few seconds: whatever is due now, then its delivery."""
        await self.process.tick()
        await self.settle()

    async def moves_on(self, **by: float) -> None:
        """Time passes (``days=2``), and the jobs look once at the end of it."""
        self.clock.advance(timedelta(**by))
        await self.tick()

    async def until(self, day: date, hour: int = 10, minute: int = 0) -> None:
        """It is this local day and time, and the jobs look once."""
        self.clock.move_to(
            datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)
        )
        await self.tick()

    async def restart(self, **changed: Any) -> None:
        """The process ends and another takes over: nothing but the database goes with it.

        ``changed``: parts of the new process that are different, such as ``kit`` or ``catalogs``.
        """
        parts = {part.name: getattr(self.process.parts, part.name) for part in fields(Parts)}
        self.alarms += self.process.delivery.counts.alarms
        await self.process.stop()
        self.process = await Process.start(**{**parts, **changed})

    async def stop(self) -> None:
        """The end; what is in hand is finished first."""
        self.alarms += self.process.delivery.counts.alarms
        await self.process.stop()


class Somebody:
    """A person of the test, with the verbs of a conversation. Every act is worked on at once."""

    def __init__(self, town: Town, phone: Person) -> None:
        self.town = town
        self.phone = phone

    async def starts(self, payload: str | None = None) -> None:
        """Press Start."""
        self.phone.start(payload)
        await self.town.settle()

    async def says(self, *texts: str) -> None:
        """Type and send, one message after the other."""
        for text in texts:
            self.phone.say(text)
            await self.town.settle()

    async def taps(self, *labels: str) -> None:
        """Tap buttons, one after the other."""
        for label in labels:
            self.phone.tap(self.whole(label))
            await self.town.settle()

    async def taps_old(self, message: Seen, label: str, **how: Any) -> None:
        """Tap a button of a message as it was seen earlier."""
        self.phone.tap_old(message, label, **how)
        await self.town.settle()

    async def taps_twice(self, label: str) -> None:
        """A double tap."""
        self.phone.double_tap(self.whole(label))
        await self.town.settle()

    async def sends(self, send: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Send something that is no text: ``await ada.sends(ada.phone.send_photo, caption="…")``."""
        send(*args, **kwargs)
        await self.town.settle()

    async def edits(self, message: Seen, text: str) -> None:
        """Change an own message."""
        self.phone.edit(message, text)
        await self.town.settle()

    def sees(self, *texts: str, buttons: Sequence[str] = ()) -> None:
        """The newest message of the bot holds these texts and offers these buttons."""
        last = self.phone.last
        labels = [_bare(label) for label in last.labels]
        for text in texts:
            assert text in last.text, self._said(f"{text!r} is not in the last message")
        for button in buttons:
            assert button in labels, self._said(f"there is no button {button!r} in {labels}")

    def reads(self, *keys: str) -> None:
        """The newest message holds the sentences of these keys, whatever their wording and their values."""
        for key in keys:
            pattern = _sentence(key)
            assert re.search(pattern, self.phone.last.text), self._said(f"{key} is not in the last message")

    def is_asked(self, question: str) -> None:
        """The newest message asks this question: ``report.where``; ``check`` for *Check your answers*."""
        first = "kit.check.top" if question == "check" else f"{question}.ask"
        pattern = _sentence(first, lines=1)
        assert re.search(pattern, self.phone.last.text), self._said(f"{question} is not asked")

    def sees_among(self, *texts: str, last: int = 4) -> None:
        """The last few messages of the bot hold these texts."""
        joined = "\n".join(message.text for message in self.phone.bot_messages[-last:])
        for text in texts:
            assert text in joined, self._said(f"{text!r} is not in the last {last} messages")

    def sees_nothing_of(self, *texts: str) -> None:
        """No message of the bot in this chat holds any of these texts."""
        for message in self.phone.bot_messages:
            for text in texts:
                assert text not in message.text, self._said(f"{text!r} is in a message")

    def sees_no_button(self, *labels: str) -> None:
        """The newest message of the bot offers none of these."""
        shown = [_bare(label) for label in self.phone.last.labels]
        for label in labels:
            assert label not in shown, self._said(f"there is a button {label!r}")

    @property
    def last(self) -> Seen:
        """The newest message of the bot."""
        return self.phone.last

    @property
    def said_last(self) -> Seen:
        """The newest message of their own."""
        return next(message for message in reversed(self.phone.chat) if not message.from_bot)

    @property
    def screens(self) -> list[Seen]:
        """The messages that have buttons now."""
        return [message for message in self.phone.bot_messages if message.buttons]

    @property
    def actions(self) -> int:
        """Taps, messages and files so far."""
        return self.phone.counts["actions"]

    def reference(self) -> str:
        """The reference in the newest message that has one."""
        for message in reversed(self.phone.bot_messages):
            found = re.search(r"\b[34679B-DF-HJ-NP-RTV-Y]{4}-[34679B-DF-HJ-NP-RTV-Y]{4}\b", message.text)
            if found:
                return found[0]
        raise AssertionError(self._said("no reference was given"))

    def whole(self, label: str) -> str:
        """The label with its number, where it has one on the screen."""
        shown = [one for message in reversed(self.screens) for one in message.labels]
        return next((one for one in shown if _bare(one) == label), label)

    def _said(self, what: str) -> str:
        return f"{what}\n\n{self.phone.transcript()}"


def _sentence(key: str, lines: int = 0) -> str:
    """A pattern of the sentence: its fixed words in order, anything where its values go."""
    template = the_words().template("en", key)
    if lines:
        template = "\n".join(template.split("\n")[:lines])
    plain = html.unescape(re.sub(r"<[^>]*>", "", template))
    return r"[\s\S]*?".join(re.escape(fixed) for fixed in re.split(r"\{\w+\}", plain))


def _bare(label: str) -> str:
    """A label without the number that long lists have."""
    number, dot, rest = label.partition(". ")
    return rest if dot and number.isdigit() else label


@asynccontextmanager
async def a_town(
    database: Database,
    *,
    now: datetime = TUESDAY_MORNING,
    policy: Policy | None = None,
    catalogs: Catalogs | None = None,
    kit: FormKit | None = None,
) -> AsyncIterator[Town]:
    """A service on this database with an invented Telegram around it."""
    clock = MovableClock(now)
    world = Telegram(clock)
    process = await Process.start(
        token=world.token,
        api_url=API,
        database=database,
        policy=policy or the_policy(),
        catalogs=catalogs or the_words(),
        clock=clock,
        zone=LONDON,
        request=AsgiRequest(create_app(world)),
        rates=Rates.unlimited(),
        kit=kit,
    )
    town = Town(world, process, clock)
    try:
        yield town
    finally:
        await town.stop()
