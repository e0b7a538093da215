"""How the bot gets its updates by webhook: secret, order in a queue, redelivery."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox.asgi_request import AsgiTransport
from bot.sandbox.person import Person
from bot.sandbox.world import Telegram
from tests.sandbox.refusals import refused

HOOK = "http://127.0.0.1:8090/hook"


class Receiver:
    """The bot's end: answers as told, in order, then 200; remembers what came."""

    def __init__(self, *answers: tuple[int, Mapping[str, str]]) -> None:
        self.answers = list(answers)
        self.seen: list[str] = []
        self.secrets: list[str | None] = []
        self.pauses: list[float] = []

    def attach(self, world: Telegram) -> None:
        world.webhooks.transport = AsgiTransport(
            Starlette(routes=[Route("/hook", self.take, methods=["POST"])])
        )
        world.webhooks.pause = self.pause

    async def take(self, request: Request) -> Response:
        update = json.loads(await request.body())
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
        self.seen.append(update["message"]["text"] if "message" in update else "press")
        status, headers = self.answers.pop(0) if self.answers else (200, {})
        return Response(status_code=status, headers=dict(headers))

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


async def test_updates_come_with_the_secret_and_in_order(bot: Bot, world: Telegram, asha: Person):
    receiver = Receiver()
    receiver.attach(world)
    asha.say("before it was set")
    await bot.set_webhook(HOOK, secret_token="s3cret")
    asha.say("after")
    await world.webhooks.settled()
    assert receiver.seen == ["before it was set", "after"]
    assert receiver.secrets == ["s3cret", "s3cret"]
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_an_update_comes_again_until_it_is_taken(bot: Bot, world: Telegram, asha: Person):
    receiver = Receiver((500, {}), (503, {"retry-after": "30"}), (302, {}), (403, {}))
    receiver.attach(world)
    await bot.set_webhook(HOOK)
    asha.say("one")
    asha.say("two")
    await world.webhooks.settled()
    assert receiver.seen == ["one"] * 5 + ["two"]
    assert receiver.pauses == [0, 30, 4, 8]
    assert "403" in (await bot.get_webhook_info()).last_error_message


async def test_an_exception_in_the_bot_is_an_answer_too(bot: Bot, world: Telegram, asha: Person):
    receiver = Receiver()
    receiver.attach(world)
    calls = []

    async def broken_once(scope, receive, send):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("a bug")
        await Response()(scope, receive, send)

    world.webhooks.transport = AsgiTransport(broken_once)
    await bot.set_webhook(HOOK)
    asha.say("one")
    await world.webhooks.settled()
    assert len(calls) == 2


async def test_a_press_does_not_wait_for_a_message_nor_one_chat_for_another(
    bot: Bot, world: Telegram, asha: Person
):
    """One in flight a queue: messages queue by chat, presses by person."""
    ben = Person(world, 2, "Ben Reid")
    ben.start()
    world.inbox.forget_all()
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    await bot.send_message(asha.user_id, "Sure?", reply_markup=keyboard)
    started, gate = [], asyncio.Event()

    async def slow(url, headers, body):
        update = json.loads(body)
        started.append(update["message"]["text"] if "message" in update else "press")
        await gate.wait()
        return 200, {}

    world.webhooks.transport = slow
    await bot.set_webhook(HOOK)
    asha.say("first of Asha")
    asha.say("second of Asha")
    asha.tap("Yes")
    ben.say("first of Ben")
    for _ in range(5):
        await asyncio.sleep(0)
    assert sorted(started) == ["first of Asha", "first of Ben", "press"]
    gate.set()
    await world.webhooks.settled()
    assert started[-1] == "second of Asha"


async def test_no_more_than_the_allowed_connections_are_open(bot: Bot, world: Telegram):
    people = [Person(world, number, f"Person {number}") for number in range(1, 6)]
    open_now, most = 0, 0

    async def slow(url, headers, body):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1
        return 200, {}

    world.webhooks.transport = slow
    await bot.set_webhook(HOOK, max_connections=2)
    for person in people:
        person.start()
    await world.webhooks.settled()
    assert most == 2


REFUSED = [
    # not an address
    ({"url": "nowhere"}, "bad webhook"),
    # another machine: the sandbox speaks to nobody outside
    ({"url": "https://203.0.113.5/hook"}, "loopback addresses only"),
    ({"url": "https://example.org/hook"}, "loopback addresses only"),
    ({"url": HOOK, "secret_token": "no spaces"}, "secret token"),
    ({"url": HOOK, "max_connections": 101}, "max_connections"),
]


@pytest.mark.parametrize(("parameters", "words"), REFUSED)
async def test_a_bad_webhook_is_refused(bot: Bot, parameters, words):
    with refused(words):
        await bot.set_webhook(**parameters)
    assert (await bot.get_webhook_info()).url == ""


async def test_closing_ends_what_is_in_flight(bot: Bot, world: Telegram, asha: Person):
    async def never(url, headers, body):
        await asyncio.Event().wait()
        return 200, {}

    world.webhooks.transport = never
    await bot.set_webhook(HOOK)
    asha.say("one")
    await asyncio.sleep(0)
    await world.close()
    assert [update.body["text"] for update in world.inbox.waiting()] == ["one"]
