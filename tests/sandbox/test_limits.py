"""What Telegram refuses is refused here, in its words, so that a mistake shows at home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import Forbidden, InvalidToken

from bot.clock import MovableClock
from bot.sandbox.asgi_request import AsgiRequest
from bot.sandbox.person import Person
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from tests.sandbox.refusals import refused


def button(**fields: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Yes", **fields}]]}


def many_buttons(rows: int, columns: int) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * columns] * rows}


REFUSED = [
    # one character too many after the markup is taken out
    ({"text": "<b>" + "x" * 4097 + "</b>", "parse_mode": "HTML"}, "message is too long"),
    # nothing, or nothing but white space
    ({"text": " \n "}, "message text is empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    # callback data is counted in bytes: 33 letters of 2 bytes
    ({"text": "x", "reply_markup": button(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
    # a button that does nothing
    ({"text": "x", "reply_markup": button()}, "Text buttons are unallowed in the inline keyboard"),
    # more than a copy button's clipboard
    ({"text": "x", "reply_markup": button(copy_text={"text": "x" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
    # a link to nowhere
    ({"text": "x", "reply_markup": button(url="javascript:alert(1)")}, "Wrong HTTP URL"),
    # more than a hundred buttons; more than eight in a row
    ({"text": "x", "reply_markup": many_buttons(13, 8)}, "reply markup is too long"),
    ({"text": "x", "reply_markup": many_buttons(1, 9)}, "reply markup is too long"),
    # not a keyboard at all, or two kinds at once
    ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
    ({"text": "x", "reply_markup": button(url="https://a.org") | {"remove_keyboard": True}}, "can't parse"),
    # a hint longer than its field
    (
        {"text": "x", "reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65}},
        "placeholder is too long",
    ),
    # an answer to a message that is not there
    ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    # markup that this bot has no use for
    ({"text": "*x*", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
]


@pytest.mark.parametrize(("parameters", "words"), REFUSED)
async def test_a_message_past_a_limit_is_refused(bot: Bot, asha: Person, parameters, words):
    with refused(words):
        await bot._post("sendMessage", {"chat_id": asha.user_id, **parameters})
    assert asha.bot_messages == []


ACCEPTED = [
    # exactly the longest text, behind markup and entities that don't count
    {"text": "<b>" + "x" * 4095 + "&amp;</b>", "parse_mode": "HTML"},
    # exactly 64 bytes of data
    {"text": "x", "reply_markup": button(callback_data="é" * 32)},
    # exactly a hundred buttons
    {"text": "x", "reply_markup": {"inline_keyboard": many_buttons(12, 8)["inline_keyboard"]
                                   + many_buttons(1, 4)["inline_keyboard"]}},
    # a reply to what is gone, where that is allowed
    {"text": "x", "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
]  # fmt: skip


@pytest.mark.parametrize("parameters", ACCEPTED)
async def test_a_message_at_the_limit_is_delivered(bot: Bot, asha: Person, parameters):
    await bot._post("sendMessage", {"chat_id": asha.user_id, **parameters})
    assert len(asha.bot_messages) == 1


async def test_the_same_content_again_is_not_a_modification(bot: Bot, asha: Person):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    sent = await bot.send_message(asha.user_id, "One", reply_markup=keyboard)
    with refused("message is not modified"):
        await sent.edit_text("One", reply_markup=keyboard)
    await sent.edit_text("One")
    assert asha.last.buttons == []
    with refused("message is not modified"):
        await sent.edit_text("One")


@pytest.mark.parametrize("markup", [ReplyKeyboardMarkup([[KeyboardButton("Here")]]), ReplyKeyboardRemove()])
async def test_a_message_with_a_reply_keyboard_can_never_be_edited(bot: Bot, asha: Person, markup):
    sent = await bot.send_message(asha.user_id, "Where?", reply_markup=markup)
    with refused("message can't be edited"):
        await sent.edit_text("There")


async def test_what_is_not_there_cannot_be_edited_or_deleted(bot: Bot, asha: Person):
    own = asha.say("mine")
    with refused("message to edit not found"):
        await bot.edit_message_text("x", asha.user_id, 999)
    with refused("message can't be edited"):
        await bot.edit_message_text("x", asha.user_id, own.message_id)
    with refused("message to delete not found"):
        await bot.delete_message(asha.user_id, 999)
    assert await bot.delete_messages(asha.user_id, [own.message_id, 999])
    assert own.message_id not in [message.message_id for message in asha.chat]


async def test_messages_can_be_deleted_for_two_days(bot: Bot, asha: Person, clock: MovableClock):
    old = await bot.send_message(asha.user_id, "old")
    clock.advance(timedelta(hours=48))
    assert await bot.delete_message(asha.user_id, old.message_id)
    older = await bot.send_message(asha.user_id, "older")
    clock.advance(timedelta(hours=48, seconds=1))
    with refused("message can't be deleted"):
        await bot.delete_message(asha.user_id, older.message_id)
    await older.edit_text("edits have no such limit")


async def test_only_people_who_started_the_bot_can_be_written_to(bot: Bot, world: Telegram, asha: Person):
    stranger = Person(world, 77, "Sam")
    with refused("chat not found"):
        await bot.send_message(404, "hello")
    with refused("can't initiate conversation", Forbidden):
        await bot.send_message(stranger.user_id, "hello")
    asha.block()
    with refused("bot was blocked by the user", Forbidden):
        await bot.send_message(asha.user_id, "hello")
    asha.unblock()
    await bot.send_message(asha.user_id, "hello")
    asha.account.deactivated = True
    with refused("user is deactivated", Forbidden):
        await bot.send_message(asha.user_id, "hello")


COMMANDS_REFUSED = [
    # capitals, and a name longer than 32
    ([("Help", "x")], "BOT_COMMAND_INVALID"),
    ([("h" * 33, "x")], "BOT_COMMAND_INVALID"),
    # a description longer than 256
    ([("help", "x" * 257)], "BOT_COMMAND_DESCRIPTION_INVALID"),
    # more than a hundred
    ([(f"c{n}", "x") for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
]


@pytest.mark.parametrize(("commands", "words"), COMMANDS_REFUSED)
async def test_a_bad_list_of_commands_is_refused(bot: Bot, commands, words):
    with refused(words):
        await bot._post(
            "setMyCommands", {"commands": [{"command": c, "description": d} for c, d in commands]}
        )


async def test_the_command_menu_is_the_most_specific_one(bot: Bot, world: Telegram, asha: Person):
    await bot.set_my_commands([("help", "Help")])
    await bot.set_my_commands([("report", "Report")], scope={"type": "all_private_chats"})  # type: ignore
    assert [one["command"] for one in asha.commands] == ["report"]
    await bot.set_my_commands([("queue", "Queue")], scope={"type": "chat", "chat_id": asha.user_id})  # type: ignore
    assert [one["command"] for one in asha.commands] == ["queue"]
    with refused("chat not found"):
        await bot.set_my_commands([("queue", "Queue")], scope={"type": "chat", "chat_id": 404})  # type: ignore


TEXTS = [("setMyName", "name", 64), ("setMyDescription", "description", 512)]
TEXTS += [("setMyShortDescription", "short_description", 120)]


@pytest.mark.parametrize(("method", "field", "longest"), TEXTS)
async def test_names_and_descriptions_have_a_length(bot: Bot, method, field, longest):
    await bot._post(method, {field: "x" * longest})
    with refused("too long"):
        await bot._post(method, {field: "x" * (longest + 1)})


TOKENS = [
    # another bot's
    ("1234567890:another-token-with-the-right-shape", "Unauthorized"),
    # no token
    ("nonsense", "Not Found"),
]


@pytest.mark.parametrize(("token", "words"), TOKENS)
async def test_a_wrong_token_opens_nothing(world: Telegram, token, words):
    request = AsgiRequest(create_app(world))
    with refused(words, InvalidToken):
        await request.post(f"http://127.0.0.1/bot{token}/getMe")


async def test_a_method_that_does_not_exist_is_not_found(bot: Bot, world: Telegram):
    with refused("method not found", InvalidToken):
        await bot._post("sendDream", {})
