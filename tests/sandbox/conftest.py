"""A frozen Monday morning, the invented Telegram, the real client of python-telegram-bot, and Asha."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import Bot

from bot.clock import MovableClock
from bot.sandbox.asgi_request import AsgiRequest
from bot.sandbox.person import Person
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def world(clock: MovableClock) -> Telegram:
    return Telegram(clock)


@pytest.fixture
def bot(world: Telegram) -> Bot:
    request = AsgiRequest(create_app(world))
    return Bot(
        world.token,
        base_url="http://127.0.0.1/bot",
        base_file_url="http://127.0.0.1/file/bot",
        request=request,
        get_updates_request=request,
    )


@pytest.fixture
def asha(world: Telegram) -> Person:
    """A person who has pressed Start; the bot has had the update."""
    asha = Person(world, 5_000_000_001, "Asha Patel")
    asha.start()
    world.inbox.forget_all()
    return asha
