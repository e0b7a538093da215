"""The same server behind a real socket, with the client that the library brings along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.sandbox.person import Person
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from tests.sandbox.loopback import served
from tests.sandbox.refusals import refused


@pytest.fixture
async def address(world: Telegram) -> AsyncIterator[str]:
    """Where the server listens: a free port of loopback."""
    async with served(create_app(world)) as address:
        yield address
        await world.close()


@pytest.fixture
async def http_bot(world: Telegram, address: str) -> AsyncIterator[Bot]:
    async with Bot(
        world.token,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    ) as bot:
        yield bot


async def test_a_conversation_over_a_socket(http_bot: Bot, asha: Person):
    polling = asyncio.create_task(http_bot.get_updates(timeout=20))
    asha.say("Guten Tag & “hello” 👍")
    (update,) = await polling
    await update.message.reply_html("<b>Hello</b> 👍")
    assert asha.last.html == "<b>Hello</b> 👍"


async def test_files_go_both_ways_over_a_socket(http_bot: Bot, asha: Person):
    content = bytes(range(256)) * 3000
    sent = await http_bot.send_document(asha.user_id, content, filename="übersicht.pdf")
    assert sent.document.file_name == "übersicht.pdf"
    file = await sent.document.get_file()
    assert bytes(await file.download_as_bytearray()) == content


async def test_errors_have_their_status_over_a_socket(http_bot: Bot, world: Telegram, asha: Person):
    with refused("message text is empty"):
        await http_bot.send_message(asha.user_id, " ")
    world.faults.drop_connection_next("sendMessage", carried_out=True)
    with pytest.raises(NetworkError) as lost:
        await http_bot.send_message(asha.user_id, "hello")
    assert not isinstance(lost.value, TimedOut)
    assert asha.last.text == "hello"
    await http_bot.send_message(asha.user_id, "again")


async def test_a_webhook_is_called_over_a_socket(http_bot: Bot, world: Telegram, asha: Person, address: str):
    """The server's own getMe stands for a bot that answers 200."""
    await http_bot.set_webhook(f"{address}/bot{world.token}/getMe")
    asha.say("hello")
    await world.webhooks.settled()
    assert len(world.inbox) == 0
