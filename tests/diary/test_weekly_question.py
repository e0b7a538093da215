"""Once a week, to those who want it: is there more to add?"""

from __future__ import annotations

from datetime import date

import pytest

from storage import people
from storage.models import Diary
from tests.diary.kit import REFERENCE, close_case, entries, has_case, it_happens_now
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows

QUESTION = "Anything to add to your diary since"


@pytest.fixture
async def asked_weekly(town: Town, ada: Somebody) -> Somebody:
    """Ada, who turned the question on, on Tuesday at 10am."""
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("Ask me each week")
    return ada


async def test_nobody_is_asked_who_did_not_ask_for_it(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await it_happens_now(ada)
    await town.moves_on(days=14)
    ada.sees_nothing_of("Update on")


async def test_the_question_comes_after_a_week_and_says_nothing_by_itself(
    town: Town, asked_weekly: Somebody
) -> None:
    await town.moves_on(days=6, hours=23)
    asked_weekly.sees_nothing_of("Update on")
    await town.moves_on(hours=1)
    asked_weekly.sees(f"Update on {REFERENCE}", buttons=["Show the update"])
    assert QUESTION not in asked_weekly.last.text
    await asked_weekly.taps("Show")
    asked_weekly.sees(QUESTION, "Tuesday 24 November", buttons=["Add an entry", "Nothing happened"])
    await town.tick()
    assert [m.text for m in asked_weekly.phone.bot_messages].count(asked_weekly.last.text) == 1


async def test_it_waits_for_working_hours(town: Town, asked_weekly: Somebody) -> None:
    await town.until(date(2026, 12, 5), 11)  # a Saturday
    asked_weekly.sees_nothing_of("Update on")
    await town.until(date(2026, 12, 7), 8, 30)
    asked_weekly.sees_nothing_of("Update on")
    await town.until(date(2026, 12, 7), 9, 30)
    asked_weekly.sees(f"Update on {REFERENCE}")


async def test_nothing_happened_is_kept_once_and_starts_a_new_week(
    town: Town, asked_weekly: Somebody
) -> None:
    await town.moves_on(days=7)
    await asked_weekly.taps("Show", "Nothing happened")
    asked_weekly.sees("We noted that nothing happened.")
    await asked_weekly.taps("Nothing happened")
    (entry,) = entries(town)
    assert (entry.kind, entry.happened_on, entry.body) == (
        "quiet",
        date(2026, 11, 24),
        {"until": "2026-12-01"},
    )
    await town.moves_on(days=6)
    assert "Update on" not in asked_weekly.last.text
    await town.moves_on(days=1)
    await asked_weekly.taps("Show")
    asked_weekly.sees(QUESTION, "Tuesday 1 December")


async def test_an_entry_puts_the_question_off(town: Town, asked_weekly: Somebody) -> None:
    await town.moves_on(days=3)
    await asked_weekly.says("/diary")
    await it_happens_now(asked_weekly)
    await town.moves_on(days=6)
    asked_weekly.sees_nothing_of("Update on")
    await town.moves_on(days=1)
    asked_weekly.sees(f"Update on {REFERENCE}")


async def test_it_can_be_stopped_from_the_question(town: Town, jo: Somebody, asked_weekly: Somebody) -> None:
    await town.moves_on(days=7)
    await asked_weekly.taps("Show", "Stop asking")
    asked_weekly.sees(buttons=["Ask me each week"])
    asked_weekly.sees_among("We will not ask you each week.")
    assert all_rows(town.database, Diary)[0].ask_at is None
    await town.moves_on(days=14)
    assert "Update on" not in asked_weekly.last.text


async def test_it_ends_with_the_case(town: Town, asked_weekly: Somebody) -> None:
    close_case(town, REFERENCE, town.clock.now())
    await town.moves_on(days=7)
    asked_weekly.sees_nothing_of("Update on")
    assert all_rows(town.database, Diary)[0].ask_at is None


async def test_who_must_not_be_written_to_is_never_asked(town: Town, asked_weekly: Somebody) -> None:
    with town.database.transaction() as session:
        person = people.find_by_chat(session, town.database.keyring.chat_key(asked_weekly.phone.user_id))
        assert person is not None
        person.silent = True
    await town.moves_on(days=7)
    await town.moves_on(days=7)
    asked_weekly.sees_nothing_of("Update on")
