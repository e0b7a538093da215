"""Faults on order: each comes as often as it was ordered, and looks to the client like the real thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.clock import MovableClock
from bot.sandbox.person import Person
from bot.sandbox.world import Telegram
from tests.sandbox.refusals import refused


@pytest.fixture(autouse=True)
def whole_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the program sets it: without it the client warns at every 429."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


async def test_an_ordered_error_comes_as_often_as_ordered(bot: Bot, world: Telegram, asha: Person):
    world.faults.fail_next("sendMessage", 403, "Forbidden: bot was blocked by the user", times=2)
    for _ in range(2):
        with refused("blocked", Forbidden):
            await bot.send_message(asha.user_id, "hello")
    await bot.send_message(asha.user_id, "hello")
    assert len(asha.bot_messages) == 1


async def test_an_error_can_be_ordered_for_one_chat(bot: Bot, world: Telegram, asha: Person):
    ben = Person(world, 2, "Ben")
    ben.start()
    world.faults.fail_next("sendMessage", 400, "Bad Request: chat not found", chat_id=ben.user_id)
    await bot.send_message(asha.user_id, "hello")
    with refused("chat not found"):
        await bot.send_message(ben.user_id, "hello")


async def test_parameters_of_an_error_reach_the_client(bot: Bot, world: Telegram, asha: Person):
    world.faults.fail_next("sendMessage", 429, "Too Many Requests: retry after 7", {"retry_after": 7})
    world.faults.fail_next("sendMessage", 400, "Bad Request: upgraded", {"migrate_to_chat_id": -100})
    with pytest.raises(RetryAfter):
        await bot.send_message(asha.user_id, "hello")
    with pytest.raises(ChatMigrated):
        await bot.send_message(asha.user_id, "hello")


LOST = [
    # the switch, its class at the client, whether the message is there nevertheless
    ("drop_connection_next", {}, NetworkError, 0),
    ("drop_connection_next", {"carried_out": True}, NetworkError, 1),
    ("time_out_next", {}, TimedOut, 1),
    ("time_out_next", {"carried_out": False}, TimedOut, 0),
]


@pytest.mark.parametrize(("switch", "how", "kind", "delivered"), LOST)
async def test_an_answer_that_is_lost(bot: Bot, world: Telegram, asha: Person, switch, how, kind, delivered):
    getattr(world.faults, switch)("sendMessage", **how)
    with pytest.raises(kind) as lost:
        await bot.send_message(asha.user_id, "hello")
    assert type(lost.value) is kind
    assert len(asha.bot_messages) == delivered
    await bot.send_message(asha.user_id, "hello")
    assert len(asha.bot_messages) == delivered + 1


async def test_flood_limits_let_a_burst_pass_and_then_say_how_long(
    bot: Bot, world: Telegram, asha: Person, clock: MovableClock
):
    world.faults.flood = True
    for number in range(20):
        await bot.send_message(asha.user_id, str(number))
    with refused("retry in 0:00:01", RetryAfter):
        await bot.send_message(asha.user_id, "too many")
    clock.advance(timedelta(seconds=1))
    await bot.send_message(asha.user_id, "after a second")
    with refused("retry in 0:00:01", RetryAfter):
        await bot.send_message(asha.user_id, "too many again")


async def test_one_chat_in_excess_does_not_stop_another(bot: Bot, world: Telegram, asha: Person):
    ben = Person(world, 2, "Ben")
    ben.start()
    world.faults.flood = True
    for number in range(20):
        await bot.send_message(asha.user_id, str(number))
    await bot.send_message(ben.user_id, "hello")
    assert ben.last.text == "hello"


async def test_a_read_timeout_of_the_client_is_a_timeout(bot: Bot, world: Telegram, asha: Person):
    world.faults.latency_seconds = 30
    with pytest.raises(TimedOut):
        await bot.send_message(asha.user_id, "hello", read_timeout=0.01)
