"""Places, dates, numbers and files: the answers that are more than a tap or a line of text."""

from __future__ import annotations

from datetime import date

import pytest

from storage.models import FileState
from tests.support.service import Somebody, Town
from tests.support.stored import the_case, the_draft
from tests.support.walks import reports_up_to


async def test_a_place_of_another_council_is_said_and_taken_all_the_same(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "where")
    await ada.says("B80 7AA")
    ada.sees("Stratford-on-Avon", buttons=["Redditch", "I don't know"])
    await ada.taps("I don't know")
    ada.is_asked("report.what")
    assert the_draft(town.database).answers["where"]["district"] is None


async def test_a_place_can_be_shared_and_is_confirmed_like_any_other(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "where")
    await ada.taps("Send where I am now")
    ada.sees("Tap the button below")
    assert ada.phone.keyboard == [["Send where I am"]]
    await ada.sends(ada.phone.send_location)
    ada.sees("Redditch", buttons=["Yes, Redditch"])
    await ada.taps("Yes, Redditch")
    ada.is_asked("report.what")
    ada.sees_nothing_of("Tap the button below")  # the throw-away message has gone
    assert ada.phone.keyboard == []
    where = the_draft(town.database).answers["where"]
    assert where["location"] == pytest.approx([52.3067, -1.9456])
    assert where["district"] == "redditch"


async def test_the_telephone_number_can_be_shared_but_only_ones_own(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "phone")
    await ada.taps("Use my Telegram number")
    assert ada.phone.keyboard == [["Send my number"]]
    await ada.sends(ada.phone.send_contact, "+447700900999", user_id=4711, first_name="Bob")
    ada.is_asked("report.phone")
    ada.sees("somebody else's")
    assert "phone" not in the_draft(town.database).answers
    await ada.taps("Use my Telegram number", "Send my number")
    ada.is_asked("report.safe")
    assert ada.phone.keyboard == []
    assert the_draft(town.database).answers["phone"]["e164"] == "+447700900123"


async def test_the_other_buttons_still_work_beside_the_keyboard_of_the_app(ada: Somebody) -> None:
    await reports_up_to(ada, "phone")
    await ada.taps("Use my Telegram number", "Skip")
    ada.is_asked("check")
    ada.sees("Phone: Not given")
    ada.sees_nothing_of("Tap the button below")
    assert ada.phone.keyboard == []


async def test_once_asks_when_and_reads_a_typed_date_back(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.taps("Once")
    ada.is_asked("report.when")
    ada.sees(buttons=["It is happening now", "Today", "Yesterday"])
    await ada.says("last Tuesday 10pm")
    ada.sees("Tuesday 17 November, 10pm", buttons=["Yes, that is right", "No, I will type it again"])
    await ada.taps("No, I will type it again")
    await ada.says("tomorrow")
    ada.is_asked("report.when")
    ada.reads("kit.problem.future")
    await ada.says("tuesday")
    ada.sees("Which one do you mean?", buttons=["Tuesday 24 November", "Tuesday 17 November"])
    await ada.says("2")
    ada.is_asked("report.my_home")
    ada.sees_among("When: Tuesday 17 November", last=2)
    when = the_draft(town.database).answers["when"]
    assert (when["day"], when["at"], when["approximate"]) == ("2026-11-17", None, False)


async def test_an_approximate_time_is_kept_as_one(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.taps("Now and then")
    await ada.says("about 10 last night")
    ada.sees("Monday 23 November, about 10pm")
    await ada.says("yes")
    await ada.taps("I don't know", "I don't know", "Stay anonymous", "Send report")
    stored = the_case(town.database, ada.reference())
    assert stored.report is not None
    assert stored.report.last_happened_on == date(2026, 11, 23)
    assert stored.report.approximate


async def test_files_are_kept_and_refused_by_their_size_alone(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_voice)
    await ada.sends(ada.phone.send_document)
    ada.sees("Got it", "2")
    await ada.taps("That's all", "Most weeks", "The council", "The council", "Stay anonymous")
    ada.sees("What: with 2 files")
    await ada.taps("Send report")
    files = the_case(town.database, ada.reference()).files
    assert [(file.kind, file.state) for file in files] == [
        ("voice", FileState.WAITING),
        ("document", FileState.WAITING),
    ]
