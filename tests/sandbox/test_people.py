"""What people do with their phones, and the updates that the bot gets from it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
    Update,
)

from bot.sandbox.person import NothingToTap, Person
from bot.sandbox.world import Telegram

CHOICE = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Noise", callback_data="n"),
            InlineKeyboardButton("Noise at night", callback_data="nn"),
        ],
        [InlineKeyboardButton("Our page", url="https://example.org")],
        [InlineKeyboardButton("Copy KM4P-X7RB", copy_text=CopyTextButton("KM4P-X7RB"))],
    ]
)


async def newest(bot: Bot) -> Update:
    return (await bot.get_updates(offset=-1))[0]


async def test_start_carries_the_payload_of_the_link(bot: Bot, asha: Person):
    asha.start("p_redditch_library")
    message = (await newest(bot)).message
    assert message.text == "/start p_redditch_library"
    assert message.entities[0].type == MessageEntity.BOT_COMMAND
    assert message.entities[0].length == len("/start")
    assert (message.chat.id, message.chat.type, message.from_user.full_name) == (
        asha.user_id,
        "private",
        "Asha Patel",
    )
    with pytest.raises(ValueError, match="deep link"):
        asha.start("no spaces")


async def test_a_tap_finds_the_whole_label_before_a_beginning(bot: Bot, asha: Person):
    await bot.send_message(asha.user_id, "What?", reply_markup=CHOICE)
    asha.tap("Noise")
    assert (await newest(bot)).callback_query.data == "n"
    asha.tap("Noise at")
    assert (await newest(bot)).callback_query.data == "nn"
    asha.tap("nn")
    query = (await newest(bot)).callback_query
    assert (query.data, query.message.text, query.from_user.id) == ("nn", "What?", asha.user_id)
    with pytest.raises(NothingToTap, match="Noise at night"):
        asha.tap("Rubbish")


async def test_a_tap_prefers_the_newest_message(bot: Bot, asha: Person):
    for text in ("old", "new"):
        await bot.send_message(asha.user_id, text, reply_markup=CHOICE)
    asha.tap("Noise")
    assert (await newest(bot)).callback_query.message.text == "new"


async def test_links_and_copy_buttons_stay_on_the_phone(bot: Bot, world: Telegram, asha: Person):
    await bot.send_message(asha.user_id, "What?", reply_markup=CHOICE)
    assert asha.tap("Our page") is None
    assert asha.tap("Copy") is None
    assert (asha.opened, asha.clipboard, len(world.inbox)) == (["https://example.org"], "KM4P-X7RB", 0)


async def test_a_button_that_is_gone_can_still_be_pressed(bot: Bot, asha: Person):
    sent = await bot.send_message(asha.user_id, "What?", reply_markup=CHOICE)
    before = asha.last
    await sent.edit_text("What: noise")
    with pytest.raises(NothingToTap):
        asha.tap("Noise")
    asha.tap_old(before, "Noise")
    query = (await newest(bot)).callback_query
    assert (query.data, query.message.text, query.message.reply_markup) == ("n", "What: noise", None)
    asha.tap_old(before, "Noise", inaccessible=True)
    message = (await newest(bot)).callback_query.message
    assert (message.is_accessible, message.message_id, message.text) == (False, before.message_id, None)


async def test_a_double_tap_is_two_presses(bot: Bot, asha: Person):
    await bot.send_message(asha.user_id, "What?", reply_markup=CHOICE)
    asha.double_tap("Noise")
    first, second = (update.callback_query for update in await bot.get_updates())
    assert first.data == second.data
    assert first.id != second.id


async def test_contact_and_location_buttons_send_what_they_say(bot: Bot, asha: Person):
    keyboard = ReplyKeyboardMarkup(
        [
            [KeyboardButton("My number", request_contact=True)],
            [KeyboardButton("Here", request_location=True)],
            ["No"],
        ],
        one_time_keyboard=True,
    )
    await bot.send_message(asha.user_id, "How?", reply_markup=keyboard)
    assert asha.keyboard == [["My number"], ["Here"], ["No"]]
    asha.tap("My number")
    contact = (await newest(bot)).message.contact
    assert (contact.user_id, contact.phone_number) == (asha.user_id, asha.phone)
    assert asha.keyboard == []
    await bot.send_message(asha.user_id, "Where?", reply_markup=keyboard)
    asha.tap("Here")
    location = (await newest(bot)).message.location
    assert (location.latitude, location.longitude) == asha.place
    await bot.send_message(asha.user_id, "And?", reply_markup=keyboard)
    asha.tap("No")
    assert (await newest(bot)).message.text == "No"


async def test_somebody_elses_card_has_not_the_senders_id(bot: Bot, asha: Person):
    asha.send_contact("+447700900456", first_name="Ben")
    assert (await newest(bot)).message.contact.user_id is None


ODDITIES = [
    "voice",
    "video",
    "video_note",
    "document",
    "sticker",
    "dice",
    "poll",
    "animation",
    "location",
    "photo",
]


@pytest.mark.parametrize("kind", ODDITIES)
async def test_everything_that_can_be_sent_arrives_as_its_kind(bot: Bot, asha: Person, kind):
    sent = getattr(asha, f"send_{kind}")()
    message = (await newest(bot)).message
    assert getattr(message, kind)
    assert sent.kind == kind or kind == "animation"


async def test_an_album_is_separate_messages_of_one_group(bot: Bot, asha: Person):
    asha.send_album(3, "Three bins")
    messages = [update.message for update in await bot.get_updates()]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["Three bins", None, None]
    assert len({message.photo[-1].file_unique_id for message in messages}) == 3


async def test_a_view_once_picture_never_reaches_the_bot(world: Telegram, asha: Person):
    asha.send_view_once()
    assert len(world.inbox) == 0
    assert asha.chat[-1].kind == "photo"


async def test_an_edit_comes_as_an_edited_message(bot: Bot, asha: Person):
    asha.edit(asha.say("B97"), "B98")
    asha.edit(asha.send_photo("one"), "two")
    updates = await bot.get_updates()
    assert [update.edited_message and update.edited_message.text for update in updates][1] == "B98"
    assert updates[3].edited_message.caption == "two"
    assert [message.edited for message in asha.chat[-2:]] == [True, True]


async def test_blocking_and_coming_back_are_told_once_each(bot: Bot, asha: Person):
    asha.block()
    asha.block()
    with pytest.raises(PermissionError):
        asha.say("hello")
    asha.start()
    updates = await bot.get_updates()
    assert [update.my_chat_member.new_chat_member.status for update in updates[:2]] == ["kicked", "member"]
    assert updates[2].message.text == "/start"


async def test_a_very_long_text_is_cut_by_the_app(bot: Bot, asha: Person):
    asha.say("x" * 5000)
    assert [len(update.message.text) for update in await bot.get_updates()] == [4096, 904]


async def test_the_screen_shows_text_markup_buttons_and_time(bot: Bot, asha: Person):
    await bot.send_message(
        asha.user_id, "<b>R&amp;B</b> 👍 <i>now</i>", parse_mode="HTML", reply_markup=CHOICE
    )
    assert asha.last.text == "R&B 👍 now"
    assert asha.last.html == "<b>R&amp;B</b> 👍 <i>now</i>"
    assert asha.last.buttons[0] == ["Noise", "Noise at night"]
    assert asha.last.date == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert asha.last.from_bot
    assert not asha.last.edited
    assert "[Noise] [Noise at night]" in asha.transcript()


async def test_a_deleted_message_leaves_the_own_screen_only(world: Telegram, asha: Person):
    asha.delete(asha.say("oh"))
    assert [message.text for message in asha.chat] == ["/start"]
    assert len(world.inbox) == 1


async def test_the_work_of_a_chat_is_counted(bot: Bot, asha: Person):
    await bot.send_message(asha.user_id, "What is the problem?", reply_markup=CHOICE)
    asha.tap("Noise")
    asha.say("loud music")
    asha.send_photo()
    assert asha.counts == {
        "actions": 4,
        "taps": 2,
        "typed_messages": 1,
        "typed_characters": 10,
        "attached": 1,
        "bot_messages": 1,
        "bot_words": 4,
        "bot_words_edited": 0,
    }


async def test_messages_are_numbered_by_chat(bot: Bot, world: Telegram, asha: Person):
    ben = Person(world, 2, "Ben")
    ben.start()
    assert (await bot.send_message(asha.user_id, "a")).message_id == 2
    assert (await bot.send_message(ben.user_id, "b")).message_id == 2


async def test_a_chat_keeps_its_last_messages_only(bot: Bot, world: Telegram):
    world.keep_messages = 3
    ben = Person(world, 2, "Ben")
    for text in ("one", "two", "three", "four"):
        ben.say(text)
    assert [message.text for message in ben.chat] == ["two", "three", "four"]


async def test_what_is_said_in_a_group_comes_from_the_group(bot: Bot, world: Telegram, asha: Person):
    world.add_group(-1001, "Officers", [asha.user_id])
    asha.say("/queue", group=-1001)
    message = (await newest(bot)).message
    assert (message.chat.id, message.chat.type, message.from_user.id) == (-1001, "supergroup", asha.user_id)
    await bot.send_message(-1001, "Nothing is due.")
    assert world.chats[-1001].messages[2].data["text"] == "Nothing is due."
