"""``/hide``: what Telegram lets the bot take away is gone, what it does not is said, and nothing is told."""

from __future__ import annotations

from datetime import date

from storage.models import Draft, RecentMessage
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows


async def test_the_chat_is_cleared_with_the_persons_own_messages_and_the_draft(
    town: Town, ada: Somebody
) -> None:
    await ada.says("/report", "/help")
    await ada.says("my neighbour shouts")
    assert all_rows(town.database, Draft) != []
    await ada.says("/hide")
    assert len(ada.phone.chat) == 1
    ada.sees("That is done.", "Some messages may still be here", "Clear history")
    ada.sees_nothing_of("neighbour", "report", "police", "999")
    assert all_rows(town.database, Draft) == []


async def test_what_is_older_than_two_days_stays_and_the_rest_goes(town: Town, ada: Somebody) -> None:
    await ada.says("/help")
    old = len(ada.phone.chat)
    await town.moves_on(days=3)
    await ada.says("/privacy")
    await ada.says("/hide")
    assert len(ada.phone.chat) == old + 1
    ada.sees("That is done.")


async def test_of_two_days_ago_goes_what_still_can(town: Town, ada: Somebody) -> None:
    await ada.says("/help")  # Tuesday at 10
    too_old = len(ada.phone.chat)
    await town.moves_on(hours=10)
    await ada.says("/help")  # Tuesday at 20
    await town.moves_on(hours=40)
    await ada.says("/hide")  # Thursday at 12
    assert len(ada.phone.chat) == too_old + 1


async def test_a_message_that_is_changed_later_is_as_old_as_it_was(town: Town, ada: Somebody) -> None:
    await ada.says("/mydata")
    await town.until(date(2026, 11, 28), 2)  # by now nobody remembers when it was sent
    assert all_rows(town.database, RecentMessage) == []
    old = ada.last.message_id
    await ada.taps("How you message me")  # changed in place
    assert ada.last.message_id == old
    assert old not in [row.message_id for row in all_rows(town.database, RecentMessage)]
    await ada.says("/help", "/hide")
    ada.sees("That is done.")
    ada.sees_nothing_of("/cancel to stop")


async def test_a_second_time_there_is_nothing_left_but_the_line(town: Town, ada: Somebody) -> None:
    await ada.says("/help", "/hide", "/hide")
    assert len(ada.phone.chat) == 1


async def test_more_than_a_hundred_messages_go(town: Town, ada: Somebody) -> None:
    for _ in range(40):
        await ada.says("/help")
    assert len(ada.phone.chat) > 100
    await ada.says("/hide")
    assert len(ada.phone.chat) == 1


async def test_only_the_own_chat_is_cleared(town: Town, ada: Somebody) -> None:
    ben = town.resident("Ben Nevis")
    await ben.starts()
    kept = len(ben.phone.chat)
    await ada.says("/hide")
    assert len(ben.phone.chat) == kept


async def test_when_a_message_was_sent_is_kept_to_the_day_only(town: Town, ada: Somebody) -> None:
    rows = all_rows(town.database, RecentMessage)
    assert rows
    assert {(row.sent_at.hour, row.sent_at.minute, row.sent_at.second) for row in rows} == {(0, 0, 0)}
