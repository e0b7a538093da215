"""Somebody sends far more than anybody reads: it is all kept, and said once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.pace import MOST_PEOPLE, Pace
from storage.database import Database
from storage.models import CaseMessage, Heard
from tests.support.service import Town, a_town, the_policy
from tests.support.stored import the_case
from tests.support.walks import goes_on, reports, reports_up_to

MOST = the_policy().pace.messages_a_minute.value


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with a_town(sqlite_database) as town:
        yield town


async def test_a_flood_in_a_report_is_answered_once_and_all_of_it_reaches_the_officer(town: Town):
    ada = town.resident()
    await reports_up_to(ada, "how_often")
    town.clock.advance(timedelta(minutes=2))
    for number in range(MOST + 5):
        await ada.says(f"and shouting, time {number}")
    sentences = [message.text for message in ada.phone.bot_messages]
    assert sum("That is a lot at once" in text for text in sentences) == 1
    town.clock.advance(timedelta(minutes=2))
    await ada.taps("Most weeks")  # of a screen from before: they are shown where they are
    await goes_on(ada, "how_often")
    more = the_case(town.database, ada.reference()).detail["more"]
    assert more == [f"and shouting, time {number}" for number in range(MOST + 5)]


async def test_words_of_danger_are_answered_in_a_flood(town: Town):
    ada = town.resident()
    await ada.starts()
    for _ in range(MOST + 1):
        await ada.says("hello")
    ada.sees("That is a lot at once")
    await ada.says("he has a knife")
    ada.sees("call 999 now")


async def test_messages_about_a_case_all_reach_it(town: Town):
    ada, jo = town.resident(), await town.officer()
    reference = await reports(ada)
    await ada.says("/cases")
    await ada.taps(reference)
    await ada.taps("Write to us")
    for number in range(MOST + 3):
        await ada.says(f"Again, {number}.")
    with town.database.reading() as session:
        assert len(session.scalars(select(CaseMessage)).all()) == MOST + 3
    jo.sees_nothing_of("Again")


async def test_outside_of_a_conversation_the_words_are_kept(town: Town):
    ada = town.resident()
    await ada.starts()
    for number in range(MOST + 2):
        await ada.says(f"la la {number}")
    with town.database.reading() as session:
        kept = [row.body["text"] for row in session.scalars(select(Heard))]
    assert f"la la {MOST + 1}" in kept


def test_only_so_many_people_are_counted_and_a_minute_ends():
    pace = Pace()
    town_time = datetime(2026, 11, 24, 9, tzinfo=UTC)
    for chat in range(MOST_PEOPLE + 1):
        assert pace.count(chat, town_time) == 1
    assert pace.count(0, town_time) == 1  # forgotten meanwhile
    assert pace.count(MOST_PEOPLE, town_time) == 2
    assert pace.count(MOST_PEOPLE, town_time + timedelta(minutes=1)) == 1
