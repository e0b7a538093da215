"""A resident reports a neighbour problem: the exchange, and what is stored of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import inspect

from casework.cases import RiskBand
from storage.models import Draft, OutboxMessage, Person, StoredFile
from tests.support.service import Somebody, Town, phrase
from tests.support.stored import all_rows, count_rows, raw_rows, the_case, the_draft
from tests.support.walks import STORY, reports, reports_up_to


async def test_a_resident_reports_noise_and_leaves_a_name(town: Town, duty_officer: Somebody) -> None:
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    ada.sees("999", "101", buttons=["Report a problem", "Help", "Language"])
    await ada.taps("Report a problem")
    ada.is_asked("report.danger")
    ada.sees("/privacy", buttons=["Yes, right now", "No, nobody is"])
    await ada.taps("No, nobody is")
    ada.is_asked("report.category")
    ada.sees(buttons=["Noise", "Threats", "Rubbish", "Something else"])
    await ada.taps("Noise")
    ada.is_asked("report.where")
    ada.sees(buttons=["Send where I am now", "Back", "Cancel"])
    await ada.says("b97 4aa")
    ada.sees("B97 4AA", "Redditch", buttons=["Yes, Redditch", "No, or I am not sure"])
    await ada.taps("Yes, Redditch")
    ada.is_asked("report.what")
    await ada.sends(ada.phone.send_photo, STORY)
    ada.sees("Got it", buttons=["That's all"])
    await ada.taps("That's all")
    ada.is_asked("report.how_often")
    await ada.taps("Most days or nights")
    ada.is_asked("report.my_home")
    ada.sees(buttons=["The council", "Housing association", "I don't know"])
    await ada.taps("The council")
    ada.is_asked("report.their_home")
    await ada.taps("Housing association")
    ada.is_asked("report.who")
    ada.sees(buttons=["Use my name, Ada Lovelace", "Stay anonymous"])
    await ada.taps("Use my name")
    ada.is_asked("report.phone")
    ada.sees(buttons=["Use my Telegram number", "Skip"])
    await ada.says("07700 900123")
    ada.is_asked("report.safe")
    await ada.taps("Yes, and leave a message")
    ada.is_asked("check")
    ada.sees("Where: b97 4aa, Redditch", "What: Loud music", "(with 1 file)")
    ada.sees("Your home: The council", "Their home: Housing association", "Phone: 07700 900123")
    await ada.taps("Send report")
    ada.sees("We have your report.", "Friday 27 November", "3 working days after Tuesday 24 November")

    reference = ada.reference()
    duty_officer.sees(reference, "Redditch", "Wednesday 25 November")
    duty_officer.sees_nothing_of("Ada", "07700", "Loud music")
    assert ada.phone.counts["actions"] <= 15
    assert ada.phone.counts["typed_messages"] <= 3
    await ada.taps("Copy reference")
    assert ada.phone.clipboard == reference

    stored = the_case(town.database, reference)
    assert stored.case.district == "redditch"
    assert stored.case.risk == RiskBand.MEDIUM
    assert stored.case.received_at == town.clock.now()
    assert stored.report is not None
    assert (stored.report.category, stored.report.danger_now) == ("noise", False)
    assert stored.report.postcode_outward == "B97"
    assert stored.detail["what"] == STORY
    assert stored.detail["where"] == {
        "text": "b97 4aa",
        "postcode": "B97 4AA",
        "location": None,
        "district": "redditch",
    }
    assert stored.detail["phone"] == {"typed": "07700 900123", "e164": "+447700900123"}
    assert stored.detail["safe"] == "call_and_message"
    assert (stored.detail["my_home"], stored.detail["their_home"]) == ("council_tenant", "provider_tenant")
    assert {kind: due.due_on for kind, due in stored.deadlines.items()} == {
        "acknowledge": date(2026, 11, 25),
        "contact": date(2026, 11, 27),
    }
    assert {reminder.deadline_id for reminder in stored.reminders} == {
        deadline.id for deadline in stored.deadlines.values()
    }
    assert [event.kind for event in stored.events] == ["received"]
    assert stored.events[0].actor_id == stored.case.reporter_id is not None
    assert [file.kind for file in stored.files] == ["photo"]
    assert {heard.question for heard in stored.heard} == {"where", "what", "phone"}
    assert count_rows(town.database, Draft) == 0


async def test_the_chat_is_left_as_one_line_an_answer(ada: Somebody) -> None:
    await reports(ada)
    lines = [message.text for message in ada.phone.bot_messages]
    answers = {
        "danger": "No, nobody is",
        "category": "Noise",
        "where": "b97 4aa, Redditch",
        "what": STORY,
        "how_often": "Most days or nights",
        "my_home": "The council",
        "their_home": "Housing association",
        "who": "Ada Lovelace",
        "phone": "07700 900123",
        "safe": "Yes, and leave a message",
    }
    records = [f"{phrase(f'report.{key}.label')}: {answer}" for key, answer in answers.items()]
    assert lines[1:-2] == records  # then what was checked, and the receipt
    assert [message.labels for message in ada.screens[1:]] == [
        [
            "Copy reference",
            "What happens next?",
            "Tell us more about the noise",
            "Ten short questions that help us",
        ]
    ]


async def test_an_anonymous_report_leads_back_to_nobody(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_photo)
    await ada.says(STORY)
    await ada.taps("That's all", "Most days or nights", "The council", "I don't know", "Stay anonymous")
    ada.sees("Your name: Anonymous")
    ada.sees_no_button("Change phone")
    await ada.taps("Send report")
    ada.sees("We have your report.")
    duty_officer.sees(ada.reference(), "Redditch")

    stored = the_case(town.database, ada.reference())
    assert stored.case.anonymous
    assert (stored.case.reporter_id, stored.case.referrer_id) == (None, None)
    assert [event.actor_id for event in stored.events] == [None]
    assert stored.heard == []
    assert [file.chat_key for file in stored.files] == [None]
    assert not {"Ada", "Lovelace"} & set(str(stored.detail).replace("'", " ").split())
    assert (stored.detail["name"], stored.detail["phone"]) == (None, None)
    assert count_rows(town.database, OutboxMessage) == 0

    # Whatever belongs to the case, in any table, names neither the chat nor the person.
    key = town.process.service.keyring.chat_key(ada.phone.user_id)
    (person,) = [person for person in all_rows(town.database, Person) if person.chat_key == key]
    of_people = {column for table in _tables(town) for column in _columns_of_people(town, table)}
    checked = 0
    for table, row in raw_rows(town.database):
        belongs = table == "case_record" or row.get("case_id") == stored.case.id
        if not belongs:
            continue
        checked += 1
        assert key not in row.values(), table
        assert str(ada.phone.user_id) not in map(str, row.values()), table
        assert person.id not in [row[name] for name in of_people & row.keys() if row[name] is not None], table
    assert checked >= 6


def _tables(town: Town) -> list[str]:
    return inspect(town.database.engine).get_table_names()


def _columns_of_people(town: Town, table: str) -> list[str]:
    keys = inspect(town.database.engine).get_foreign_keys(table)
    return [key["constrained_columns"][0] for key in keys if key["referred_table"] == "person"]


async def test_what_people_wrote_lies_in_the_database_only_encrypted(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "safe")
    told = ("Ada", "Lovelace", "07700", "Loud music", "b97 4aa", str(ada.phone.user_id))
    for reached in ("draft", "case"):
        for table, row in raw_rows(town.database):
            for name, value in row.items():
                for words in told:
                    assert words.encode() not in _bytes(value), f"{reached}: {table}.{name}"
        if reached == "draft":
            await ada.taps("Yes, and leave a message", "Send report")


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


async def test_somebody_in_danger_reads_999_first_and_can_go_on(town: Town, ada: Somebody) -> None:
    await ada.says("/report")
    await ada.taps("Yes, right now")
    ada.sees("call 999 now", "press 55", buttons=["I can go on"])
    await ada.taps("I can go on")
    ada.is_asked("report.category")
    ada.sees_among("call 999 now", last=2)  # it stays there to be read
    await ada.taps("Threats", "Someone threatened to hurt", "No, I don't")
    await ada.says("B97 4AA")
    await ada.taps("Yes, Redditch")
    await ada.says("They shout at us")
    await ada.taps("That's all", "Once", "It is happening now", "I don't know", "I don't know")
    await ada.taps("Use my name", "Skip", "Send report")
    ada.sees("Wednesday 25 November", "1 working day after Tuesday 24 November")
    stored = the_case(town.database, ada.reference())
    assert stored.report is not None
    assert stored.report.danger_now
    assert stored.case.risk == RiskBand.HIGH
    assert stored.detail["when"]["at"] == town.clock.now().isoformat()


async def test_words_of_danger_interrupt_wherever_they_are_typed(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.says("He came to the door with a knife")
    ada.sees("call 999 now", buttons=["I can go on"])
    await ada.taps("I can go on")
    ada.sees("Got it", buttons=["That's all"])
    await ada.taps("That's all")
    await ada.says("most days, and I want to die")  # no choice, but more than a wrong choice
    ada.sees("call 999 now", "116 123")
    await ada.says("go on")
    ada.is_asked("report.how_often")
    await ada.taps("Most weeks", "I don't know", "I don't know", "Stay anonymous", "Send report")
    stored = the_case(town.database, ada.reference())
    assert stored.detail["what"] == "He came to the door with a knife"
    assert stored.detail["danger_words"] == ["weapon", "self_harm"]
    assert stored.detail["more"] == ["most days, and I want to die"]


async def test_words_of_danger_under_a_photo_interrupt_as_well(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "category")
    await ada.sends(ada.phone.send_photo, "he has a machete")
    ada.sees("call 999 now")
    await ada.taps("I can go on")
    ada.is_asked("report.category")
    assert the_draft(town.database).answers["_more"] == ["he has a machete"]
    assert count_rows(town.database, StoredFile) == 1


async def test_what_is_written_while_999_is_shown_is_kept(town: Town, ada: Somebody) -> None:
    await ada.says("/report")
    await ada.taps("Yes, right now")
    await ada.says("My neighbour is at my door")
    ada.is_asked("report.category")
    assert the_draft(town.database).answers["_more"] == ["My neighbour is at my door"]


@pytest.mark.parametrize(
    ("typed", "district", "council_homes"),
    [
        ("B98 7DE", "Redditch", True),  # the only council of the three that still has homes of its own
        ("B61 8DA", "Bromsgrove", False),
        ("DY10 1DA", "Wyre Forest", False),
    ],
)
async def test_council_homes_are_offered_only_where_there_are_any(
    ada: Somebody, typed: str, district: str, council_homes: bool
) -> None:
    await reports_up_to(ada, "where")
    await ada.says(typed)
    await ada.taps(f"Yes, {district}")
    await ada.says(STORY)
    await ada.taps("That's all", "Most weeks")
    ada.is_asked("report.my_home")
    ada.sees(buttons=["Housing association", "I have no home"])
    assert any("The council" in label for label in ada.last.labels) is council_homes
    await ada.taps("I have no home")
    ada.is_asked("report.their_home")
    assert any("The council" in label for label in ada.last.labels) is council_homes
    ada.sees_no_button("I have no home")


async def test_an_unknown_district_goes_to_the_common_queue(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_up_to(ada, "where")
    await ada.says("the path behind the shops")
    ada.sees("Which district is it in?", buttons=["Redditch", "Bromsgrove", "Wyre Forest", "I don't know"])
    await ada.taps("I don't know")
    await ada.says(STORY)
    await ada.taps("That's all", "Most weeks")
    ada.is_asked("report.my_home")  # every tenure that there is
    ada.sees(buttons=["The council"])
    await ada.taps("I don't know", "I don't know", "Stay anonymous")
    ada.sees("Where: the path behind the shops, district not known")
    await ada.taps("Send report")
    assert the_case(town.database, ada.reference()).case.district is None
    duty_officer.sees(ada.reference())


def is_at(ada: Somebody, shown: str) -> None:
    """A question by its key, else words."""
    if shown == "check" or shown.startswith("report."):
        ada.is_asked(shown)
    else:
        ada.sees(shown)


async def test_a_whole_report_can_be_made_by_typing_alone(town: Town, ada: Somebody) -> None:
    for typed, shown in (
        ("report a problem", "report.danger"),  # the words of the menu's button
        ("no", "report.category"),
        ("nose", "report.where"),  # nearly Noise
        ("B97.4aa", "Redditch"),
        ("yes", "report.what"),
        ("Loud music until three", "Got it"),
        ("photo follows", "Got it"),
        ("That’s all.", "report.how_often"),  # as a phone writes the apostrophe
        ("4", "report.when"),
        ("yesterday at 23:30", "Monday 23 November, 11:30pm"),
        ("that is right", "report.my_home"),
        ("1. The council", "report.their_home"),
        ("dont know", "report.who"),
        ("back", "report.their_home"),
        ("keep", "report.who"),
        ("Ada", "report.phone"),
        ("0 77 00 900-123", "report.safe"),
        ("yes, but leave no mesage", "check"),
        ("change phone", "report.phone"),
        ("skip", "check"),
        ("send", "We have your report."),
    ):
        await ada.says(typed)
        is_at(ada, shown)
    assert ada.phone.counts["taps"] == 1  # Start
    stored = the_case(town.database, ada.reference())
    assert stored.report is not None
    assert stored.report.category == "noise"
    assert stored.detail["what"] == "Loud music until three\nphoto follows"
    assert stored.detail["how_often"] == "once"
    assert stored.detail["my_home"] == "council_tenant"
    assert stored.detail["their_home"] == "not_sure"
    assert (stored.detail["name"], stored.detail["phone"]) == ("Ada", None)


@pytest.mark.parametrize(
    ("question", "typed", "shown"),
    [
        ("district", "no, or i am not sure", "Which district is it in?"),
        ("where", "Send where I am now", "Tap the button below"),
        ("who", "Use my name", "report.phone"),
        ("phone", "use my telegram number", "Tap the button below"),
        ("more", "Take my last message out", "report.what"),
    ],
)
async def test_the_words_of_a_button_do_what_the_button_does(
    ada: Somebody, question: str, typed: str, shown: str
) -> None:
    await reports_up_to(ada, question)
    await ada.says(typed)
    is_at(ada, shown)
