"""An outbox on a real database, a dispatcher, and the sandbox's Telegram behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import Bot

from bot.clock import MovableClock
from bot.delivery import Delivery
from bot.rates import Rates
from bot.sandbox.asgi_request import AsgiRequest
from bot.sandbox.person import Person
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from storage import outbox
from storage.database import Database
from storage.models import OutboxMessage, Reminder

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def bot_of(world: Telegram) -> Bot:
    """The real client, led into the sandbox without a socket."""
    request = AsgiRequest(create_app(world))
    return Bot(world.token, base_url="http://127.0.0.1/bot", request=request, get_updates_request=request)


class Stage:
    """Two people who have started the bot, and verbs for what an outbox goes through."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovableClock(START)
        self.world = Telegram(self.clock)
        self.bot = bot_of(self.world)
        self.unreachable: list[tuple[int, datetime, str]] = []
        self.ada = Person(self.world, 1001, "Ada Patel")
        self.ben = Person(self.world, 1002, "Ben Reid")
        self.pauses: list[float] = []
        for person in (self.ada, self.ben):
            person.start()
        self.world.inbox.forget_all()
        self.delivery = self.dispatcher()

    def dispatcher(self, database: Database | None = None, rates: Rates | None = None) -> Delivery:
        return Delivery(
            database or self.database,
            self.bot,
            self.clock,
            rates or Rates.unlimited(),
            on_unreachable=self._note_unreachable,
            pause=self._pause,
        )

    def key(self, person: Person) -> int:
        return self.database.keyring.chat_key(person.user_id)

    def put(self, person: Person, text: str = "", *, method: str = "sendMessage", **row: Any) -> int | None:
        """A row for this person; ``payload`` adds to its parameters."""
        payload = {"chat_id": person.user_id} | ({"text": text} if text else {}) | row.pop("payload", {})
        with self.database.transaction() as session:
            return outbox.add(
                session,
                chat_key=self.key(person),
                method=method,
                payload=payload,
                now=self.clock.now(),
                **row,
            )

    def put_reminder(self) -> int:
        with self.database.transaction() as session:
            reminder = Reminder(stage="due", audience="officer", at=START, status="queued")
            session.add(reminder)
            session.flush()
            return reminder.id

    def reminder(self, reminder_id: int) -> Reminder:
        with self.database.reading() as session:
            return session.get_one(Reminder, reminder_id)

    def rows(self) -> list[OutboxMessage]:
        with self.database.reading() as session:
            return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    def _note_unreachable(self, session: Session, chat_key: int, now: datetime, reason: str) -> None:
        assert session.is_active
        self.unreachable.append((chat_key, now, reason))

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def seen_by(person: Person) -> list[str]:
    """What the bot wrote to them."""
    return [message.text for message in person.bot_messages]


def texts(rows: Iterable[OutboxMessage]) -> list[str]:
    return [row.payload["text"] for row in rows]
