"""A model person plays the yardstick journeys through the sandbox; what it cost goes into docs/journeys.md.

The model: silent reading 200 words a minute, typing on a phone 36 words a minute,
1.5 s a tap, 1.2 s a decision for each action. Read are all new messages of the bot, and those edits that bring a
new screen with buttons; the line that an answered question becomes is the person's own answer. One formula for
all journeys, so that changes compare.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import MovableClock
from bot.process import Process
from bot.rates import Rates
from bot.sandbox.asgi_request import AsgiRequest
from bot.sandbox.chats import Chat, Stored
from bot.sandbox.person import Person
from bot.sandbox.pump import Pump
from bot.sandbox.seed import make_cast, welcome_staff
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from bot.settings import PROJECT
from casework.policy import parse_policy
from handlers.words import Catalogs
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.migrations import upgrade

READING_WORDS_A_MINUTE = 200
TYPING_WORDS_A_MINUTE = 36
SECONDS_A_TAP = 1.5
SECONDS_A_DECISION = 1.2
LONDON = ZoneInfo("Europe/London")
TABLE = PROJECT / "docs" / "journeys.md"

FORTY_WORDS = (
    "Very loud music and shouting come from the flat above us on most nights, often until three. "
    "We cannot sleep, our children are tired at school, and my husband has to drive a bus at five each "
    "morning after that."
)


@dataclass(slots=True)
class Count:
    """What a journey cost."""

    name: str
    target: str
    actions: int = 0
    typed: int = 0
    typed_words: int = 0
    messages: int = 0
    words: int = 0
    left: int = 0  # messages of the bot that stay in the chat

    @property
    def seconds(self) -> float:
        """By the model."""
        typing = self.typed_words / TYPING_WORDS_A_MINUTE * 60
        reading = self.words / READING_WORDS_A_MINUTE * 60
        return typing + reading + self.actions * (SECONDS_A_TAP + SECONDS_A_DECISION)


class ModelPerson:
    """Plays a script on one phone and counts."""

    def __init__(self, pump: Pump, phone: Person, count: Count) -> None:
        self.count = count
        self._pump = pump
        self._phone = phone
        self._seen: dict[int, str] = {}
        phone.world.watchers.append(self._look)

    async def start(self) -> None:
        """Press Start."""
        self._phone.start()
        await self._did()

    async def tap(self, *labels: str) -> None:
        """Tap, one after the other."""
        for label in labels:
            self._phone.tap(label)
            await self._did()

    async def type(self, text: str) -> None:
        """Type and send."""
        self._phone.say(text)
        self._typed(text)
        await self._did()

    async def send_photo(self, caption: str) -> None:
        """Choose a photo, type its caption, send: one message."""
        self._phone.send_photo(caption=caption)
        self._typed(caption)
        await self._did()

    def done(self) -> Count:
        """The cost of the whole."""
        self._phone.world.watchers.remove(self._look)
        self.count.left = len([m for m in self._phone.bot_messages if m.message_id in self._seen])
        return self.count

    def _typed(self, text: str) -> None:
        self.count.typed += 1
        self.count.typed_words += len(text.split())

    async def _did(self) -> None:
        self.count.actions += 1
        await self._pump.settle()

    def _look(self, chat: Chat, stored: Stored) -> None:
        if chat.chat_id != self._phone.user_id or not stored.from_bot or stored.hidden:
            return
        number, text = stored.data["message_id"], stored.data.get("text", "")
        is_new, before = number not in self._seen, self._seen.get(number)
        self._seen[number] = text
        if is_new:
            self.count.messages += 1
        if is_new or (text != before and "reply_markup" in stored.data):
            self.count.words += len(text.split())


async def report(pump: Pump, world: Telegram) -> Count:
    """The yardstick: night noise at a postcode, most nights, 40 words, a photo, name, phone, safe to call."""
    count = Count("A resident reports night noise", "15 actions, 3 typed, 180 s")
    person = ModelPerson(pump, Person(world, 8_000_000_001, "Asha Patel"), count)
    await person.start()
    await person.tap("Report a problem", "No, nobody is", "Noise")
    await person.type("b974aa")
    await person.tap("Yes, Redditch")
    await person.send_photo(FORTY_WORDS)
    await person.tap("That's all", "Most days or nights", "The council", "Housing association", "Use my name")
    await person.type("01632960123")
    await person.tap("Yes, and leave a message", "Send report")
    return person.done()


async def referral(pump: Pump, world: Telegram, member: Person) -> Count:
    """A Member refers a resident whom they met on a doorstep."""
    count = Count("A Member refers a resident", "14 actions, 4 typed")
    person = ModelPerson(pump, member, count)
    await person.start()
    await person.tap("Refer a resident", "Yes, they told me")
    await person.type("Elsie Moore")
    await person.type("3 Church Walk, B97 4BD")
    await person.tap("Yes, Redditch")
    await person.type("01632960222")
    await person.tap(
        "Morning", "Older person", "Done", "No, not yet", "No, there was not", "Skip", "Send referral"
    )
    return person.done()


async def play(folder: Path) -> list[Count]:
    """All journeys, on a fresh service."""
    clock = MovableClock(datetime(2026, 11, 24, 10, tzinfo=UTC))
    world = Telegram(clock)
    database = Database(f"sqlite:///{folder}/journeys.sqlite3", Keyring.from_text(new_key_text(1)))
    upgrade(database)
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
    try:
        pump = Pump(process)
        cast = make_cast(world)
        await welcome_staff(pump, cast)
        return [await report(pump, world), await referral(pump, world, cast.member)]
    finally:
        await process.stop()
        database.close()


def table(counts: list[Count]) -> str:
    """The counts as a Markdown page."""
    rows = [
        f"| {c.name} | {c.target} | {c.actions} | {c.typed} | {c.typed_words} | {c.messages} | {c.left} "
        f"| {c.words} | {c.seconds:.0f} |"
        for c in counts
    ]
    return "\n".join(
        [
            "# How the conversation feels, in numbers",
            "",
            "Written by `make journeys`: a model person plays each journey through the sandbox.",
            "",
            "| journey | target | actions | typed | typed words | messages | left | words read | seconds |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            *[" ".join(paragraph.split()) for paragraph in (__doc__ or "").split("\n\n")[1:]],
            "",
            "*Left*: messages of the bot that stay in the chat. The photo goes with its 40 words as its caption,",
            "which is one message; sent apart, it is one action more.",
            "",
        ]
    )


def main() -> None:
    """Play, print, write the page."""
    with tempfile.TemporaryDirectory(prefix="journeys-") as folder:
        counts = asyncio.run(play(Path(folder)))
    page = table(counts)
    TABLE.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
