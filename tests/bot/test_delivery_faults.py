"""What delivery does about each answer that Telegram may give, and that no bad row holds up another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from telegram.error import InvalidToken

from storage.database import Database
from tests.bot.delivery_kit import Stage, bot_of, seen_by


@pytest.fixture
def stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program sets it
    return Stage(database)


async def test_too_many_requests_make_one_chat_wait_as_long_as_it_says(stage: Stage) -> None:
    stage.world.faults.fail_next(
        "sendMessage", 429, "Too Many Requests: retry after 7", {"retry_after": 7}, chat_id=1001
    )
    stage.put(stage.ada, "one")
    stage.put(stage.ada, "two")
    stage.put(stage.ben, "hello")

    await stage.delivery.drain()
    assert (seen_by(stage.ada), seen_by(stage.ben)) == ([], ["hello"])
    assert stage.rows()[0].not_before == stage.clock.now() + timedelta(seconds=7)
    assert stage.rows()[0].attempts == 0

    stage.later(seconds=6)
    assert await stage.delivery.drain() == 0
    stage.later(seconds=1)
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["one", "two"]


async def test_two_chats_told_to_wait_stop_everything(stage: Stage) -> None:
    third = stage.world.add_person(1003, "Cleo")
    stage.world.chats[third.user_id].started = True
    for chat_id in (1001, 1002):
        stage.world.faults.fail_next("sendMessage", 429, "slow", {"retry_after": 9}, chat_id=chat_id)
    stage.put(stage.ada, "one")
    stage.put(stage.ben, "two")
    await stage.delivery.drain()

    stage.put(stage.ada, "three", payload={"chat_id": 1003}, method="sendMessage")
    assert await stage.delivery.drain() == 0
    stage.later(seconds=9)
    assert await stage.delivery.drain() == 3


async def test_after_a_broken_connection_the_message_is_sent_later_and_in_order(stage: Stage) -> None:
    stage.world.faults.drop_connection_next("sendMessage", chat_id=1001, times=2)
    stage.put(stage.ada, "one")
    stage.put(stage.ada, "two")

    await stage.delivery.drain()
    assert stage.rows()[0].not_before == stage.clock.now() + timedelta(seconds=2)
    stage.later(seconds=2)
    await stage.delivery.drain()
    assert stage.rows()[0].not_before == stage.clock.now() + timedelta(seconds=4)
    stage.later(seconds=4)
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["one", "two"]


async def test_a_message_that_timed_out_may_arrive_twice_but_is_never_lost(stage: Stage) -> None:
    stage.world.faults.time_out_next("sendMessage")
    stage.put(stage.ada, "one")
    await stage.delivery.drain()
    stage.later(seconds=2)
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["one", "one"]


async def test_six_hours_without_telegram_end_a_message(stage: Stage) -> None:
    stage.world.faults.drop_connection_next("sendMessage", times=1000)
    reminder = stage.put_reminder()
    stage.put(stage.ada, "one", receipts=[reminder])
    begun = stage.clock.now()
    while not stage.rows()[0].dead:
        await stage.delivery.drain()
        stage.later(minutes=5)
    assert timedelta(hours=6) <= stage.clock.now() - begun <= timedelta(hours=6, minutes=10)
    assert stage.reminder(reminder).status == "failed"
    assert stage.delivery.counts.dead == 1


@pytest.mark.parametrize(
    ("code", "description"),
    [
        # the person blocked the bot
        (403, "Forbidden: bot was blocked by the user"),
        # the account is gone
        (403, "Forbidden: user is deactivated"),
        # never started
        (403, "Forbidden: bot can't initiate conversation with a user"),
        # Telegram knows no such chat
        (400, "Bad Request: chat not found"),
    ],
)
async def test_whoever_cannot_be_written_to_is_reported_and_loses_all_that_waits(
    stage: Stage, code: int, description: str
) -> None:
    stage.world.faults.fail_next("sendMessage", code, description, chat_id=1001)
    reminder = stage.put_reminder()
    for text in ("one", "two", "three", "four"):
        stage.put(stage.ada, text)
    stage.put(stage.ada, "five", receipts=[reminder], not_before=stage.clock.now() + timedelta(days=1))
    stage.put(stage.ben, "hello")

    await stage.delivery.drain()

    assert [(key, now) for key, now, _ in stage.unreachable] == [(stage.key(stage.ada), stage.clock.now())]
    assert seen_by(stage.ada) == []
    assert seen_by(stage.ben) == ["hello"]
    assert [row.dead for row in stage.rows()] == [True] * 5
    assert stage.reminder(reminder).status == "failed"
    assert stage.reminder(reminder).reason


async def test_somebody_who_comes_back_gets_what_is_written_from_then_on(stage: Stage) -> None:
    stage.ada.block()
    stage.put(stage.ada, "lost")
    await stage.delivery.drain()
    stage.ada.unblock()
    stage.put(stage.ada, "welcome back")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["welcome back"]
    assert [(row.dead, row.payload) for row in stage.rows()] == [(True, {})]


async def test_a_fault_in_noting_the_unreachable_does_not_hold_up_the_queue(stage: Stage) -> None:
    def broken(*_: Any) -> None:
        raise LookupError("a fault of ours")

    stage.delivery._ledger._on_unreachable = broken
    stage.ada.block()
    stage.put(stage.ada, "lost")
    stage.put(stage.ben, "hello")
    await stage.delivery.drain()
    assert seen_by(stage.ben) == ["hello"]
    assert [row.dead for row in stage.rows()] == [True]


async def test_a_reminder_that_arrived_stays_sent_when_another_message_of_it_fails(stage: Stage) -> None:
    reminder = stage.put_reminder()
    stage.put(stage.ben, "due today", receipts=[reminder])
    await stage.delivery.drain()
    stage.ada.block()
    stage.put(stage.ada, "due today", receipts=[reminder])
    await stage.delivery.drain()
    assert stage.reminder(reminder).status == "sent"


@pytest.mark.parametrize(
    ("method", "payload"),
    [
        # longer than Telegram takes
        ("sendMessage", {"text": "x" * 4097}),
        # nothing to say
        ("sendMessage", {"text": ""}),
        # a button with more data than fits
        (
            "sendMessage",
            {
                "text": "?",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]},
            },
        ),
        # no such method, which Telegram answers as if the token were unknown
        ("sendMesage", {"text": "typo"}),
    ],
)
async def test_a_message_that_can_never_be_sent_is_buried_and_the_next_goes_out(
    stage: Stage, method: str, payload: dict[str, Any]
) -> None:
    bad = stage.put(stage.ada, method=method, payload=payload)
    stage.put(stage.ada, "next")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["next"]
    assert [(row.id, row.dead) for row in stage.rows()] == [(bad, True)]
    assert stage.delivery.counts.alarms == 1


async def test_broken_markup_is_sent_once_more_as_plain_text(stage: Stage) -> None:
    stage.put(stage.ada, "<b>Case</b> <M4P> &amp; <i>more", payload={"parse_mode": "HTML"}, handle="screen")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["Case  & more"]
    assert stage.rows() == []
    assert stage.delivery.counts.alarms == 1


async def test_the_reason_that_is_kept_quotes_nothing_of_the_message(stage: Stage) -> None:
    stage.world.faults.fail_next(
        "sendMessage", 400, 'Bad Request: unsupported start tag "mrs-smith" at byte offset 3'
    )
    stage.put(stage.ada, "<mrs-smith>")
    await stage.delivery.drain()
    assert stage.rows()[0].error == 'Unsupported start tag "…" at byte offset 3'


async def test_an_edit_that_changes_nothing_is_done(stage: Stage) -> None:
    stage.put(stage.ada, "same", handle="screen")
    stage.put(stage.ada, "same", method="editMessageText", edit_handle="screen")
    await stage.delivery.drain()
    assert stage.rows() == []
    assert stage.delivery.counts.dead == 0


async def test_a_message_that_the_person_deleted_is_sent_anew_instead_of_edited(stage: Stage) -> None:
    stage.put(stage.ada, "Question 1", handle="screen")
    await stage.delivery.drain()
    stage.world.faults.fail_next("editMessageText", 400, "Bad Request: message to edit not found")
    stage.put(
        stage.ada, "Question 2", method="editMessageText", edit_handle="screen", payload={"or_send": True}
    )
    stage.put(stage.ada, "Question 3", method="editMessageText", edit_handle="screen")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["Question 1", "Question 3"]


async def test_deleting_what_is_gone_is_done(stage: Stage) -> None:
    stage.put(stage.ada, method="deleteMessage", payload={"message_id": 999})
    await stage.delivery.drain()
    assert stage.rows() == []


async def test_a_group_with_a_new_number_gets_its_message_there(stage: Stage) -> None:
    group = stage.world.add_group(-100200, "Officers", [1001])
    stage.world.faults.fail_next(
        "sendMessage",
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": -100200},
        chat_id=1001,
    )
    stage.put(stage.ada, "for the officers")
    await stage.delivery.drain()
    assert stage.rows() == []
    assert [stored.data["text"] for stored in group.visible()] == ["for the officers"]


async def test_an_unknown_token_stops_delivery_and_loses_nothing(stage: Stage) -> None:
    stage.put(stage.ada, "one")
    right, stage.world.token = stage.world.token, "999999:another-token-than-the-one-it-was-given"
    with pytest.raises(InvalidToken):
        await stage.delivery.drain()
    stage.world.token = right
    stage.delivery._courier._bot = bot_of(stage.world)
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["one"]


async def test_a_late_answer_to_a_press_is_let_go(stage: Stage) -> None:
    stage.put(stage.ada, method="answerCallbackQuery", payload={"callback_query_id": "1", "chat_id": None})
    stage.put(stage.ada, "next")
    await stage.delivery.drain()
    assert seen_by(stage.ada) == ["next"]
    assert stage.rows() == []
