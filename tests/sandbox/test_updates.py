"""How the bot gets its updates by asking: confirmation, order, lifetimes, one reader."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict

from bot.clock import MovableClock
from bot.sandbox.person import Person
from bot.sandbox.world import Telegram
from tests.sandbox.refusals import refused

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])


async def texts(bot: Bot, **parameters) -> list[str | None]:
    return [update.effective_message.text for update in await bot.get_updates(**parameters)]


async def test_updates_come_again_until_a_higher_offset_confirms_them(bot: Bot, asha: Person):
    asha.say("one")
    asha.say("two")
    first, _ = await bot.get_updates()
    assert await texts(bot) == ["one", "two"]
    assert await texts(bot, offset=first.update_id + 1) == ["two"]
    assert await texts(bot) == ["two"]
    assert await texts(bot, offset=first.update_id + 2) == []
    assert await texts(bot, offset=first.update_id) == []


async def test_a_negative_offset_forgets_all_before_it(bot: Bot, asha: Person):
    for text in ("one", "two", "three"):
        asha.say(text)
    assert await texts(bot, offset=-2) == ["two", "three"]
    assert await texts(bot) == ["two", "three"]


async def test_a_call_brings_a_hundred_at_most(bot: Bot, asha: Person):
    for number in range(101):
        asha.say(str(number))
    assert await texts(bot, limit=1) == ["0"]
    assert await texts(bot, limit=100) == [str(number) for number in range(100)]


async def test_a_long_poll_ends_with_the_first_update(bot: Bot, asha: Person):
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)
    asha.say("here")
    (update,) = await waiting
    assert update.message.text == "here"


async def test_a_second_reader_ends_the_first(bot: Bot, asha: Person):
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)
    second = asyncio.create_task(bot.get_updates(timeout=30))
    with refused("terminated by other getUpdates request", Conflict):
        await first
    asha.say("for the second")
    assert len(await second) == 1


async def test_messages_live_a_day_and_presses_150_seconds(bot: Bot, asha: Person, clock: MovableClock):
    await bot.send_message(asha.user_id, "Sure?", reply_markup=YES)
    asha.say("typed")
    asha.tap("Yes")
    clock.advance(timedelta(seconds=149))
    assert len(await bot.get_updates()) == 2
    clock.advance(timedelta(seconds=1))
    assert await texts(bot) == ["typed"]
    clock.advance(timedelta(hours=24))
    assert await texts(bot) == []


async def test_an_answer_to_an_old_press_is_refused(bot: Bot, asha: Person, clock: MovableClock):
    await bot.send_message(asha.user_id, "Sure?", reply_markup=YES)
    asha.tap("Yes")
    (update,) = await bot.get_updates()
    clock.advance(timedelta(seconds=61))
    with refused("query is too old and response timeout expired or query ID is invalid"):
        await update.callback_query.answer()
    with refused("query ID is invalid"):
        await bot.answer_callback_query("nonsense")


async def test_only_the_kinds_asked_for_are_kept(bot: Bot, asha: Person):
    await bot.get_updates(allowed_updates=["message"])
    asha.edit(asha.say("one"), "two")
    assert [update.message.text for update in await bot.get_updates()] == ["one"]
    await bot.get_updates(allowed_updates=[], offset=-1)
    asha.edit(asha.say("three"), "four")
    assert [bool(update.edited_message) for update in await bot.get_updates(offset=-2)] == [False, True]


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot, world: Telegram):
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with refused("can't use getUpdates method while webhook is active", Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_update_ids_rise_by_one(bot: Bot, asha: Person):
    for text in ("one", "two", "three"):
        asha.say(text)
    ids = [update.update_id for update in await bot.get_updates()]
    assert ids == list(range(ids[0], ids[0] + 3))
