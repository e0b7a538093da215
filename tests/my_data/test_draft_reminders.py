"""One reminder of what was begun: after a day, by day, never a second one, and none for who wants none."""

from __future__ import annotations

from datetime import date

import pytest

from storage.models import Draft, Person
from tests.my_data.rows import add_draft, person_of
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows

WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)


async def begins(town: Town, somebody: Somebody, **facts) -> None:
    with town.database.transaction() as session:
        person = person_of(session, town.database, somebody)
        add_draft(session, person, town.clock.now(), **facts)


def heard(somebody: Somebody) -> int:
    return [m.text for m in somebody.phone.bot_messages].count("There is a message for you.")


async def test_they_are_reminded_once_and_can_go_on(town: Town, ada: Somebody) -> None:
    await begins(town, ada)
    await town.until(WEDNESDAY, 9, 59)
    assert heard(ada) == 0
    await town.until(WEDNESDAY, 10)
    ada.sees("There is a message for you.")
    await ada.taps("Show the update")
    ada.sees("You began a report on Tuesday 24 November.", "until Tuesday 1 December")
    ada.sees("", buttons=["Go on", "Delete it", "Stop these reminders"])
    await town.until(THURSDAY, 12)
    assert heard(ada) == 0  # it was shown in its place
    await ada.taps("Go on")
    assert all_rows(town.database, Draft) != []


async def test_not_at_night(town: Town, ada: Somebody) -> None:
    await town.moves_on(hours=13)  # 23:00
    await begins(town, ada)
    await town.until(WEDNESDAY, 23, 30)
    assert heard(ada) == 0
    await town.until(THURSDAY, 8)
    assert heard(ada) == 1


async def test_what_was_deleted_in_the_night_is_not_spoken_of_in_the_morning(
    town: Town, ada: Somebody
) -> None:
    await town.moves_on(hours=13)
    await begins(town, ada)
    await town.until(WEDNESDAY, 23, 30)
    await ada.says("/hide")
    await town.until(THURSDAY, 8)
    assert heard(ada) == 0


async def test_never_a_second_time_even_of_another_draft_of_then(town: Town, ada: Somebody) -> None:
    await begins(town, ada)
    await begins(town, ada, form="refer")
    for day in (WEDNESDAY, THURSDAY, date(2026, 11, 27), date(2026, 11, 28)):
        await town.until(day, 12)
    assert heard(ada) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"draft_reminders": False},  # turned off
        {"silent": True},  # must not be written to
    ],
)
async def test_who_must_not_or_will_not_be_reminded(town: Town, ada: Somebody, facts: dict) -> None:
    with town.database.transaction() as session:
        person = person_of(session, town.database, ada)
        for name, value in facts.items():
            setattr(person, name, value)
    await begins(town, ada)
    await town.until(WEDNESDAY, 12)
    assert heard(ada) == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"answers": {}},  # nothing was answered yet
        {"answers": {"what": "x", "_danger": ["domestic"]}},  # somebody else may read the telephone
        {"form": "gone"},  # a form that is no more
    ],
)
async def test_what_nobody_is_reminded_of(town: Town, ada: Somebody, facts: dict) -> None:
    await begins(town, ada, **facts)
    await town.until(WEDNESDAY, 12)
    assert heard(ada) == 0


async def test_they_stop_with_a_tap(town: Town, ada: Somebody) -> None:
    await begins(town, ada)
    await town.until(WEDNESDAY, 12)
    await ada.taps("Show the update", "Stop these reminders")
    ada.sees("We will not remind you again.")
    (person,) = all_rows(town.database, Person)
    assert not person.draft_reminders


async def test_a_draft_that_was_sent_or_deleted_before_the_morning_is_not_spoken_of(
    town: Town, ada: Somebody
) -> None:
    await begins(town, ada)
    await town.until(date(2026, 12, 1), 10, 1)
    assert all_rows(town.database, Draft) == []
    assert heard(ada) == 0
