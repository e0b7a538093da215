"""What is sent unasked: says nothing until it is tapped, not at night, and to some people never."""

from __future__ import annotations

from datetime import date, time

import pytest

from handlers.keyboards import Button
from handlers.my_data.discretion import tell_resident
from handlers.words import Html
from storage.models import Notice, OutboxMessage
from tests.my_data.rows import person_of, report_of
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
NEWS = Html("An officer <b>called</b> about the noise.")


async def tell(town: Town, somebody: Somebody, text: Html = NEWS, **how) -> bool:
    with town.database.transaction() as session:
        person = person_of(session, town.database, somebody)
        told = tell_resident(session, town.process.service, person, text=text, now=town.clock.now(), **how)
    await town.settle()
    return told


def set_up(town: Town, somebody: Somebody, **facts) -> None:
    with town.database.transaction() as session:
        person = person_of(session, town.database, somebody)
        for name, value in facts.items():
            setattr(person, name, value)


async def test_the_news_comes_on_a_tap_in_the_same_message(town: Town, ada: Somebody) -> None:
    assert await tell(town, ada, reference="KM4P-X7RB", buttons=((Button("Reply", "m:help"),),))
    ada.sees("Update on KM4P-X7RB", buttons=["Show the update"])
    ada.sees_nothing_of("noise")
    shown = len(ada.phone.bot_messages)
    await ada.taps("Show the update")
    ada.sees("An officer called about the noise.", buttons=["Reply"])
    assert len(ada.phone.bot_messages) == shown


async def test_without_a_case_it_says_only_that_there_is_a_message(town: Town, ada: Somebody) -> None:
    await tell(town, ada)
    ada.sees("There is a message for you.")


async def test_whoever_wants_it_plain_reads_it_at_once(town: Town, ada: Somebody) -> None:
    set_up(town, ada, discreet=False)
    await tell(town, ada, reference="KM4P-X7RB")
    ada.sees("An officer called about the noise.")


@pytest.mark.parametrize("why", [{"silent": True}, {"unreachable_since": True}])
async def test_some_people_are_never_written_to(town: Town, ada: Somebody, why: dict) -> None:
    facts = {name: value if name == "silent" else town.clock.now() for name, value in why.items()}
    set_up(town, ada, **facts)
    before = len(ada.phone.bot_messages)
    assert not await tell(town, ada, urgent=True)
    assert len(ada.phone.bot_messages) == before
    assert all_rows(town.database, Notice) == []


async def test_at_night_it_waits_for_the_morning_and_holds_up_no_answer(town: Town, ada: Somebody) -> None:
    await town.until(TUESDAY, 23)
    assert await tell(town, ada, reference="KM4P-X7RB")
    ada.sees_nothing_of("Update on")
    await ada.says("/help")
    ada.sees_among("In danger now?")
    await town.until(WEDNESDAY, 7, 59)
    ada.sees_nothing_of("Update on")
    await town.until(WEDNESDAY, 8)
    ada.sees("Update on KM4P-X7RB")
    await town.until(WEDNESDAY, 9)
    assert [m.text for m in ada.phone.bot_messages].count("Update on KM4P-X7RB") == 1


async def test_what_is_urgent_comes_at_night_and_says_nothing_either(town: Town, ada: Somebody) -> None:
    await town.until(TUESDAY, 23)
    await tell(town, ada, reference="KM4P-X7RB", urgent=True)
    ada.sees("Update on KM4P-X7RB")


async def test_own_quiet_hours_count(town: Town, ada: Somebody) -> None:
    set_up(town, ada, quiet_from=time(9), quiet_to=time(12))
    await tell(town, ada, reference="KM4P-X7RB")
    ada.sees_nothing_of("Update on")
    await town.until(TUESDAY, 12)
    ada.sees("Update on KM4P-X7RB")


async def test_who_went_silent_in_the_night_hears_nothing_in_the_morning(town: Town, ada: Somebody) -> None:
    await town.until(TUESDAY, 23)
    await tell(town, ada, reference="KM4P-X7RB")
    set_up(town, ada, silent=True)
    await town.until(WEDNESDAY, 9)
    ada.sees_nothing_of("Update on")
    assert all_rows(town.database, Notice) == []
    assert all_rows(town.database, OutboxMessage) == []


async def test_nobody_opens_the_notice_of_another(town: Town, ada: Somebody) -> None:
    report_of(town, ada)
    ben = town.resident("Ben Nevis")
    await ben.starts()
    await tell(town, ada, reference="KM4P-X7RB")
    (notice,) = all_rows(town.database, Notice)
    await tell(town, ben, Html("for Ben"), buttons=((Button("Forged", f"p:show:{notice.id}"),),))
    await ben.taps("Show the update", "Forged")
    ben.sees("That message is too old to show.")
    ben.sees_nothing_of("noise")


async def test_a_notice_is_forgotten_after_its_days_and_its_button_says_so(town: Town, ada: Somebody) -> None:
    await tell(town, ada, reference="KM4P-X7RB")
    await town.until(date(2027, 2, 3), 2)
    assert all_rows(town.database, Notice) == []
    await ada.taps("Show the update")
    ada.sees("That message is too old to show.")


@pytest.mark.parametrize("silent", [False, True])
async def test_what_an_officer_does_is_told_unless_they_must_not_be_written_to(
    town: Town, ada: Somebody, silent: bool
) -> None:
    report_of(town, ada)
    jo = await town.officer("Jo Green")
    set_up(town, ada, silent=silent)
    await jo.says("KM4P-X7RB")
    await jo.taps("Acknowledge")
    told = "Update on KM4P-X7RB" in [message.text for message in ada.phone.bot_messages]
    assert told is not silent
