"""A person and their own data, as they see it: a copy, a change, settings, deletion."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from storage.models import AsbReport, CaseEvent, Person, Tombstone
from tests.my_data.rows import STORY, report_of
from tests.support.evidence import fetch, photo
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows


def archive_of(town: Town, somebody: Somebody) -> zipfile.ZipFile:
    """The newest document in the chat, opened."""
    document = next(m for m in reversed(somebody.phone.bot_messages) if m.kind == "document")
    stored = town.world.files.find(document.data["document"]["file_id"])
    assert stored is not None
    return zipfile.ZipFile(io.BytesIO(stored.content))


async def test_a_person_gets_a_copy_of_their_data(town: Town, ada: Somebody) -> None:
    report_of(town, ada)
    await ada.says("/mydata")
    ada.sees("Your data and your privacy", buttons=["Get a copy of my data", "Delete my data"])
    await ada.taps("Get a copy of my data")
    ada.sees("Shall we send your copy here?", "Anyone who can open this chat can read it.")
    await ada.taps("Yes, send it here")
    ada.sees_among("Your copy comes now.", "Save it where only you can see it")
    with archive_of(town, ada) as archive:
        names = archive.namelist()
        stored = json.loads(archive.read("my-data.json"))
        pdf = archive.read("my-data.pdf")
    assert names[:2] == ["my-data.json", "my-data.pdf"]
    assert stored["data"]["asb_report"][0]["detail"]["what"] == STORY
    assert stored["left_out"][0].startswith("What we know about other people")
    assert pdf.startswith(b"%PDF-")
    assert b"Old Mr Grey" not in pdf


async def test_two_quick_wishes_give_one_copy(town: Town, ada: Somebody) -> None:
    await ada.says("/mydata")
    await ada.taps("Get a copy of my data")
    await ada.taps_twice("Yes, send it here")
    assert [m.kind for m in ada.phone.bot_messages].count("document") == 1


async def test_a_name_is_put_right_in_the_reports_as_well(town: Town, ada: Somebody) -> None:
    report_of(town, ada)
    await ada.says("/mydata")
    await ada.taps("Change what you have", "My name")
    ada.sees("What is your full name?")
    await ada.says("Ada King")
    await ada.taps("Make the change")
    ada.sees("It is changed in these reports too: KM4P-X7RB.")
    (report,) = all_rows(town.database, AsbReport)
    assert report.detail["name"] == "Ada King"
    assert report.detail["what"] == STORY
    event = all_rows(town.database, CaseEvent)[-1]
    assert (event.kind, event.detail["before"], event.public) == ("corrected", "Ada Lovelace", False)


async def test_a_number_is_put_right_without_any_report(town: Town, ada: Somebody) -> None:
    await ada.says("/mydata")
    await ada.taps("Change what you have", "My phone number")
    await ada.says("01632 960 123")
    await ada.taps("Make the change")
    ada.sees("We have changed it.")
    (person,) = all_rows(town.database, Person)
    assert person.profile["phone"]["typed"] == "01632 960 123"


async def test_settings_say_how_it_is_and_change_with_a_tap(town: Town, ada: Somebody) -> None:
    await ada.says("/mydata")
    await ada.taps("How you message me")
    ada.sees("Our messages say nothing until you tap them.", "from 9pm to 8am", "We remind you once")
    await ada.taps("Say at once what it is about")
    ada.sees("Anyone who sees your phone can read them.", buttons=["Say nothing until I tap"])
    await ada.taps("Change the quiet hours")
    ada.sees("When should we not message you?", buttons=["From 9pm to 8am", "From 10pm to 7am"])
    await ada.taps("From 6pm to 10am")
    ada.sees("from 6pm to 10am")
    await ada.taps("Change the quiet hours", "Message me at any time")
    ada.sees("at any time of day or night")
    await ada.taps("Stop reminders of what I began")
    ada.sees("We do not remind you")
    (person,) = all_rows(town.database, Person)
    assert not person.discreet
    assert not person.draft_reminders
    await ada.taps("Change the quiet hours", "From 9pm to 8am")
    (person,) = all_rows(town.database, Person)
    assert (person.quiet_from, person.quiet_to) == (None, None)


async def test_deleting_takes_three_taps_and_leaves_nothing(town: Town, ada: Somebody) -> None:
    await ada.says("/mydata")
    before = ada.actions
    await ada.taps("Delete my data")
    ada.sees("Do you want us to delete your data?", buttons=["Delete what you can", "Keep everything"])
    await ada.taps("Delete what you can")
    ada.sees("Are you sure?", buttons=["No, go back"])
    await ada.taps("Yes, delete it for good")
    assert ada.actions - before == 3
    ada.sees("We have deleted your data.")
    assert "Yes, delete it for good" not in [one for m in ada.screens for one in m.labels]
    assert all_rows(town.database, Person) == []
    (stone,) = all_rows(town.database, Tombstone)
    assert (stone.kind, stone.received_in) == ("erasure", "2026-11")
    await ada.says("/start")
    assert len(all_rows(town.database, Person)) == 1


async def test_an_open_case_is_named_before_and_stays(town: Town, ada: Somebody) -> None:
    report_of(town, ada)
    await ada.says("/mydata")
    await ada.taps("Delete my data")
    ada.sees("These stay while we work on them: KM4P-X7RB. We need this chat to answer you.")
    await ada.taps("Delete what you can", "Yes, delete it for good")
    ada.sees("We have deleted your data.", "These stay while we work on them: KM4P-X7RB.")
    await ada.says("KM4P-X7RB")
    ada.sees_nothing_of("We show a case only to the person who sent it")


async def test_a_closed_case_stays_without_the_chat(town: Town, ada: Somebody) -> None:
    report_of(town, ada, status="closed", closed_at=town.clock.now())
    await ada.says("/mydata")
    await ada.taps("Delete my data")
    ada.sees("They will not show your Telegram.")
    await ada.taps("Delete what you can", "Yes, delete it for good")
    (person,) = all_rows(town.database, Person)
    assert (person.chat_key, person.telegram_id) == (None, None)
    await ada.says("KM4P-X7RB")
    ada.sees("We show a case only to the person who sent it")


@pytest.mark.parametrize("way_out", ["Keep everything", "Delete what you can>No, go back"])
async def test_whoever_goes_back_keeps_everything(town: Town, ada: Somebody, way_out: str) -> None:
    await ada.says("/mydata")
    await ada.taps("Delete my data", *way_out.split(">"))
    ada.sees("What would you like to do?")
    assert len(all_rows(town.database, Person)) == 1


async def test_an_old_yes_asks_anew(town: Town, ada: Somebody) -> None:
    await ada.says("/mydata")
    await ada.taps("Delete my data", "Delete what you can")
    await town.moves_on(minutes=16)
    await ada.taps("Yes, delete it for good")
    ada.sees("Do you want us to delete your data?")
    assert len(all_rows(town.database, Person)) == 1


async def test_the_second_yes_alone_deletes_nothing(town: Town, ada: Somebody) -> None:
    await ada.says("/mydata")
    await ada.taps("Delete my data", "Delete what you can")
    sure = ada.last
    await ada.taps("No, go back", "Delete my data")
    await ada.taps_old(sure, "Yes, delete it for good")
    assert len(all_rows(town.database, Person)) == 1


async def test_staff_are_told_why_they_cannot(town: Town) -> None:
    jo = await town.officer("Jo Green")
    await jo.says("/mydata")
    await jo.taps("Delete my data")
    jo.sees("You have, or had, a role in the team.", buttons=["Ask the team about my data"])
    jo.sees_no_button("Delete what you can")


async def test_the_notice_says_what_the_policy_says(town: Town, ada: Somebody) -> None:
    await ada.says("/privacy")
    ada.sees_among(
        "What you begin: answers that you have not sent",
        "Kept for 7 days after your last change.",
        "Kept for 6 years after your case is closed.",
        "Information Commissioner's Office",
        "They may be outside the UK",
        last=2,
    )
    ada.sees("Version", buttons=["See or change my data"])
    assert all(len(message.text) <= 4096 for message in ada.phone.bot_messages)
    await ada.taps("See or change my data")
    ada.sees("Your data and your privacy")


async def test_the_copy_has_the_files_that_were_sent(town: Town, ada: Somebody) -> None:
    report_of(town, ada)
    await ada.sends(ada.phone.send_photo, content=photo())
    await ada.taps("Yes, add it")
    await fetch(town)
    await ada.says("/mydata")
    await ada.taps("Get a copy of my data", "Yes, send it here")
    with archive_of(town, ada) as archive:
        files = [name for name in archive.namelist() if name.startswith("files/")]
        assert [archive.read(name) for name in files] == [photo()]
