"""The web side: only Telegram is heard, 200 means committed, and the health pages tell the truth."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from telegram import Update

from bot.clock import MovableClock
from bot.health import Health, Pulse
from bot.sandbox.asgi_request import AsgiTransport, asgi_call
from bot.sandbox.person import Person
from bot.sandbox.world import Telegram
from bot.webhook import Webhook, create_app
from storage import outbox
from storage.database import Database
from tests.bot.delivery_kit import START, bot_of

SECRET = "a-secret-of-the-test"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}}}


class Site:
    """The application, with updates taken down instead of worked on."""

    def __init__(self, database: Database, *, polls: bool = False) -> None:
        self.clock = MovableClock(START)
        self.world = Telegram(self.clock)
        self.health = Health(database, self.clock, Pulse(self.clock), polls=polls)
        self.leads = True
        self.processed: list[Update] = []
        self.errors: list[Exception] = []
        self.faults: list[tuple[int | None, Any]] = []
        webhook = Webhook(bot_of(self.world), self.process, self.store_fault, self.health, secret=SECRET)
        self.app = create_app(webhook, "/hook", self.health, lambda: self.leads)

    async def process(self, update: Update) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.processed.append(update)

    def store_fault(self, update_id: int | None, body: Any, error: BaseException) -> None:
        self.faults.append((update_id, body))

    async def post(self, body: bytes, secret: str | None = SECRET) -> tuple[int, dict[bytes, bytes], bytes]:
        headers = {} if secret is None else {b"x-telegram-bot-api-secret-token": secret.encode()}
        return await asgi_call(self.app, "POST", "http://127.0.0.1/hook", headers, body)

    async def get(self, path: str) -> tuple[int, bytes]:
        status, _, body = await asgi_call(self.app, "GET", f"http://127.0.0.1{path}", {}, b"")
        return status, body


@pytest.fixture
def site(sqlite_database: Database) -> Site:
    return Site(sqlite_database)


async def test_an_update_with_the_secret_is_worked_on_and_acknowledged(site: Site) -> None:
    status, _, body = await site.post(json.dumps(UPDATE).encode())
    assert (status, body) == (200, b"")
    assert [update.update_id for update in site.processed] == [7]


@pytest.mark.parametrize("secret", [None, "", "a-guess", SECRET[:-1], SECRET + "x"])
async def test_nobody_else_is_heard(site: Site, secret: str | None) -> None:
    status, _, body = await site.post(json.dumps(UPDATE).encode(), secret)
    assert (status, body) == (403, b"")
    assert site.processed == []


async def test_what_did_not_commit_is_asked_for_again(site: Site) -> None:
    site.errors.append(ConnectionError("the database is away"))
    status, headers, body = await site.post(json.dumps(UPDATE).encode())
    assert (status, headers[b"retry-after"], body) == (503, b"5", b"")
    status, _, _ = await site.post(json.dumps(UPDATE).encode())
    assert status == 200
    assert len(site.processed) == 1


@pytest.mark.parametrize(
    ("body", "update_id"),
    [
        # no JSON at all
        (b"{", None),
        # JSON, yet no update
        (b"[1, 2]", None),
        # an update of a shape that the library does not know
        (json.dumps({"update_id": 8, "message": {"date": "yesterday"}}).encode(), 8),
    ],
)
async def test_what_cannot_be_read_is_kept_and_acknowledged(
    site: Site, body: bytes, update_id: int | None
) -> None:
    status, _, _ = await site.post(body)
    assert status == 200
    assert [kept for kept, _ in site.faults] == [update_id]
    assert site.processed == []


async def test_a_body_that_no_update_can_have_is_refused(site: Site) -> None:
    status, _, _ = await site.post(b" " * 1_000_001)
    assert status == 413


async def test_telegrams_own_redelivery_brings_an_update_until_it_has_committed(site: Site) -> None:
    site.errors += [ConnectionError(), ConnectionError()]
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    site.world.webhooks.transport = AsgiTransport(site.app)
    site.world.webhooks.pause = pause
    site.world.webhooks.set("https://127.0.0.1/hook", SECRET, 4)
    person = Person(site.world, 1001, "Ada Patel")
    person.say("hello")
    async with asyncio.timeout(10):
        await site.world.webhooks.settled()
    assert [update.message.text for update in site.processed if update.message] == ["hello"]
    assert 5 in paused
    await site.world.close()


async def facts_of(site: Site) -> tuple[int, dict[str, bool]]:
    status, body = await site.get("/readyz")
    return status, {name: fact["well"] for name, fact in json.loads(body).items()}


async def test_a_process_that_has_just_started_is_ready(database: Database) -> None:
    site = Site(database, polls=True)
    assert await facts_of(site) == (
        200,
        {"updates": True, "scheduler": True, "outbox": True, "database": True},
    )
    assert await site.get("/livez") == (200, b"alive")


async def test_silence_of_a_poller_and_of_the_scheduler_shows(sqlite_database: Database) -> None:
    site = Site(sqlite_database, polls=True)
    site.clock.advance(timedelta(minutes=2))
    status, facts = await facts_of(site)
    assert status == 503
    assert not facts["updates"]
    assert not facts["scheduler"]

    site.health.pulse.heard()
    site.health.pulse.ticked()
    assert (await facts_of(site))[0] == 200


async def test_a_quiet_webhook_is_no_fault_and_a_follower_keeps_no_calendar(site: Site) -> None:
    site.leads = False
    site.clock.advance(timedelta(hours=8))
    assert await facts_of(site) == (200, {"updates": True, "outbox": True, "database": True})


async def test_an_outbox_that_stands_still_shows(site: Site) -> None:
    with site.health.database.transaction() as session:
        outbox.add(session, chat_key=1, method="sendMessage", payload={}, now=site.clock.now())
    site.health.pulse.ticked()
    site.clock.advance(timedelta(seconds=119))
    assert (await facts_of(site))[1]["outbox"]
    site.clock.advance(timedelta(seconds=1))
    assert not (await facts_of(site))[1]["outbox"]


async def test_a_database_that_is_away_shows(postgres_database: Database) -> None:
    away = Database(
        postgres_database.url.set(database="there_is_no_such_database"), postgres_database.keyring
    )
    site = Site(away)
    status, facts = await facts_of(site)
    assert status == 503
    assert not facts["database"]
    away.close()


async def test_a_webhook_without_a_secret_is_not_made(site: Site) -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(bot_of(site.world), site.process, site.store_fault, site.health, secret="")
