"""Somebody without Telegram: keyed in, with the same form and the same clocks, rung or written to, never messaged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import select

from casework.cases import Channel, DeadlineKind
from handlers.paper_bridge.letters import ACKNOWLEDGE
from storage.database import Database
from storage.models import (
    AsbReport,
    Case,
    CaseEvent,
    CaseMessage,
    Deadline,
    DiaryEntry,
    NnsReferral,
    OutboxMessage,
    Person,
    Reminder,
)
from tests.conversations.conftest import all_went_well, hurry
from tests.diary.kit import the_file
from tests.support.service import Somebody, Town, a_town
from tests.support.stored import all_rows
from tests.support.walks import goes_on

LETTER_OF = date(2026, 11, 19)  # the Thursday before


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    """A Tuesday morning in November."""
    hurry(sqlite_database)
    async with a_town(sqlite_database) as town:
        yield town
    all_went_well(town)


@pytest.fixture
async def jo(town: Town) -> Somebody:
    return await town.officer("Jo Green")


async def begins(
    jo: Somebody, *, came: str = "Letter", when: str = "19 November 2026", name: bool = True
) -> None:
    await jo.says("/new")
    jo.is_asked("paper_bridge.channel")
    await jo.taps(came)
    await jo.says(when)
    await jo.taps("Yes, that is right")
    await jo.taps("A report of a problem")
    if not name:
        await jo.taps("Skip")
        return
    await jo.says("Edith Shaw", "3 Oak Road, Redditch, B97 4AA", "01632 960200")
    await jo.taps("Ring or write")


async def keys_in(jo: Somebody, **how: str | bool) -> str:
    """A report of noise by letter, up to its receipt."""
    await begins(jo, **how)
    jo.is_asked("report.danger")
    await goes_on(jo, "danger", "who")
    jo.is_asked("check")
    await jo.taps("Send report")
    return jo.reference()


def the_case(town: Town) -> Case:
    (case,) = all_rows(town.database, Case)
    return case


def kinds(town: Town) -> list[str]:
    return [event.kind for event in all_rows(town.database, CaseEvent)]


async def test_a_letter_becomes_a_case_with_the_same_clocks_from_its_own_day(
    town: Town, jo: Somebody
) -> None:
    reference = await keys_in(jo)
    jo.sees(reference, "Received on Thursday 19 November", "This person has no Telegram")
    case = the_case(town)
    assert (case.channel, case.status, case.anonymous) == (Channel.LETTER.value, "received", False)
    assert town.process.service.calendar.local_day(case.received_at) == LETTER_OF
    due = {row.kind: row.due_on for row in all_rows(town.database, Deadline)}
    assert due == {"acknowledge": date(2026, 11, 20), "contact": date(2026, 11, 24)}
    (event,) = all_rows(town.database, CaseEvent)
    assert (event.actor_role, event.detail["channel"]) == ("officer", "letter")
    assert event.detail["received_on"] == "2026-11-19"


async def test_the_person_is_known_by_what_was_keyed_in_and_has_no_chat(town: Town, jo: Somebody) -> None:
    await keys_in(jo)
    (detail,) = all_rows(town.database, AsbReport)
    assert detail.detail["name"] == "Edith Shaw"
    assert detail.detail["address"] == "3 Oak Road, Redditch, B97 4AA"
    assert detail.detail["phone"]["typed"] == "01632 960200"
    assert detail.detail["reach"] == "both"
    with town.database.reading() as session:
        person = session.get_one(Person, the_case(town).reporter_id)
    assert (person.chat_key, person.telegram_id, person.profile["name"]) == (None, None, "Edith Shaw")
    await jo.taps("Open the case")
    jo.sees("Edith Shaw", "3 Oak Road", "No Telegram: Ring or write")


async def test_the_officer_is_asked_neither_name_nor_number_again_nor_thanked_as_a_resident(
    town: Town, jo: Somebody
) -> None:
    await keys_in(jo)
    jo.sees_nothing_of("Use my name", "Use my Telegram number", "We have your report", "What happens next")


async def test_a_day_that_has_not_come_is_refused(town: Town, jo: Somebody) -> None:
    await jo.says("/new")
    await jo.taps("Letter")
    await jo.says("25 November 2026")
    jo.reads("kit.problem.future")
    assert all_rows(town.database, Case) == []


async def test_what_reaches_us_today_counts_from_now(town: Town, jo: Somebody) -> None:
    await jo.says("/new")
    await jo.taps("Telephone call", "Today", "A report of a problem")
    await jo.says("Edith Shaw")
    await jo.taps("Skip", "Skip", "Ring them")
    await goes_on(jo, "danger", "who")
    await jo.taps("Send report")
    case = the_case(town)
    assert (case.channel, case.received_at) == ("phone", town.clock.now())


async def test_who_gives_no_name_is_anonymous_and_is_kept_nowhere(town: Town, jo: Somebody) -> None:
    before = len(all_rows(town.database, Person))
    await keys_in(jo, name=False)
    case = the_case(town)
    assert (case.anonymous, case.reporter_id) == (True, None)
    assert len(all_rows(town.database, Person)) == before
    assert "Print a letter" not in jo.last.labels


async def test_news_becomes_a_task_to_ring_or_write_and_no_message(town: Town, jo: Somebody) -> None:
    await keys_in(jo)
    await jo.taps("Open the case")
    with town.database.transaction() as session:
        before = session.scalars(select(OutboxMessage.id)).all()
    await jo.taps("Acknowledge")
    assert "phone_asked" in kinds(town)
    open_now = [row.kind for row in all_rows(town.database, Deadline) if row.ended_at is None]
    assert sorted(open_now) == [DeadlineKind.CONTACT.value, DeadlineKind.PHONE.value]
    phone = next(row for row in all_rows(town.database, Deadline) if row.kind == "phone")
    assert [one for one in all_rows(town.database, Reminder) if one.deadline_id == phone.id] != []
    assert before == []  # all that was said has gone to the officer, whose chat is the only one there is
    assert set(town.world.chats) == {jo.phone.user_id}
    jo.sees_nothing_of("An officer will contact you", "Update on")
    await jo.taps("I phoned them")
    assert "phone" not in [row.kind for row in all_rows(town.database, Deadline) if row.ended_at is None]


async def test_more_news_while_the_task_is_open_is_no_second_task(town: Town, jo: Somebody) -> None:
    from handlers.phone_instead import phone_instead

    await keys_in(jo)
    with town.database.transaction() as session:
        case = session.scalars(select(Case)).one()
        person = session.get_one(Person, case.reporter_id)
        for _ in range(3):
            phone_instead(session, town.process.service, person, case.id, town.clock.now())
    assert kinds(town).count("phone_asked") == 1


async def test_a_letter_is_printed_and_recorded(town: Town, jo: Somebody) -> None:
    reference = await keys_in(jo)
    await jo.taps("Print a letter")
    await jo.taps("Letter: we have it")
    assert the_file(jo, town).startswith(b"%PDF-")
    assert jo.last.data["document"]["file_name"] == f"letter-{reference}-{ACKNOWLEDGE}.pdf"
    printed = [event for event in all_rows(town.database, CaseEvent) if event.kind == "letter_printed"]
    assert [(event.detail["which"], event.actor_role) for event in printed] == [("ack", "officer")]


async def test_an_update_is_written_kept_as_a_message_and_answers_what_was_due(
    town: Town, jo: Somebody
) -> None:
    await keys_in(jo)
    await jo.taps("Open the case")
    await jo.taps("Acknowledge")
    await jo.says("/new")  # something else is begun in between, and stays as it is
    await jo.says(the_case(town).reference)
    await jo.taps("More", "Print a letter", "Letter: an update")
    await jo.says("We spoke to your neighbour on Monday.")
    await jo.taps("That's all", "Print it")
    (message,) = all_rows(town.database, CaseMessage)
    assert (message.from_team, message.body) == (True, {"text": "We spoke to your neighbour on Monday."})
    assert "phone" not in [row.kind for row in all_rows(town.database, Deadline) if row.ended_at is None]
    assert kinds(town)[-2:] == ["message_out", "letter_printed"]


async def test_a_closed_case_has_its_closing_letter(town: Town, jo: Somebody) -> None:
    await keys_in(jo)
    await jo.taps("Open the case")
    await jo.taps("Close the case", "Resolved")
    await jo.says("The music is quieter now.")
    await jo.taps("Close it now")
    await jo.taps("More", "Print a letter")
    jo.sees_no_button("Letter: we have it", "Letter: an update")
    await jo.taps("Letter: it is closed")
    assert the_file(jo, town).startswith(b"%PDF-")


async def test_a_diary_sheet_becomes_entries_of_the_persons_diary(town: Town, jo: Somebody) -> None:
    await keys_in(jo)
    await jo.taps("Open the case")
    await jo.taps("More", "Key in a diary sheet")
    await jo.says("20 November 2026 at 11pm")
    await jo.taps("Yes, that is right")
    await jo.says("Shouting until two.")
    await jo.taps("That's all", "Save entry")
    jo.sees("is in the diary of", buttons=["Next entry"])
    (entry,) = all_rows(town.database, DiaryEntry)
    assert (entry.person_id, entry.happened_on) == (the_case(town).reporter_id, date(2026, 11, 20))
    assert entry.body["keyed_in"]["name"] == "Jo Green"
    assert entry.body["keyed_in"]["channel"] == "paper"
    await jo.taps("Open the case")
    await jo.taps("More", "Print a letter", "Their diary, large type")
    assert the_file(jo, town).startswith(b"%PDF-")


async def test_a_referral_can_be_keyed_in_too(town: Town, jo: Somebody) -> None:
    await jo.says("/new")
    await jo.taps("Walk-in", "Today", "A Nominated Neighbour referral")
    await jo.says("Edith Shaw")
    await jo.taps("Skip")
    await jo.says("01632 960200")
    await jo.taps("Ring them")
    jo.is_asked("refer.consent")
    await jo.taps("Yes, they told me")
    jo.is_asked("refer.where")
    await jo.says("3 Oak Road, B97 4AA")
    await jo.taps("Yes, Redditch", "Morning")
    await jo.taps("Lives alone", "Done", "No")
    await jo.taps("No", "Skip", "Send referral")
    case = the_case(town)
    assert (case.kind, case.channel, case.referrer_id) == ("nominated_neighbour", "in_person", None)
    assert case.reporter_id is not None
    (row,) = all_rows(town.database, NnsReferral)
    assert (row.detail["name"], row.detail["reach"]) == ("Edith Shaw", "call")


async def test_somebody_close_is_no_report_here_and_silences_no_officer(town: Town, jo: Somebody) -> None:
    await begins(jo)
    await jo.taps("No, nobody is", "Someone I live with, or did")
    jo.reads("paper_bridge.someone_close")
    assert all_rows(town.database, Case) == []
    assert not any(person.silent for person in all_rows(town.database, Person))


async def test_residents_have_no_such_command_and_forged_buttons_do_nothing(town: Town, jo: Somebody) -> None:
    await keys_in(jo)
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    await ada.says("/new")
    ada.reads("case.for_the_team")
    chat = town.world.chats[ada.phone.user_id]
    for data in ("g:letters:1", "g:print:1:ack", "g:sheet:1"):
        town.world.press_update(chat, ada.phone.account, ada.last.data, data)
        await town.settle()
        ada.reads("case.for_the_team")
    assert not [message for message in ada.phone.bot_messages if message.kind != "text"]


async def test_who_has_a_chat_gets_no_letters(town: Town, jo: Somebody) -> None:
    from tests.diary.kit import REFERENCE, has_case

    ada = town.resident("Ada Lovelace")
    await ada.starts()
    has_case(town, ada)
    await jo.says(REFERENCE)
    await jo.taps("More")
    jo.sees_no_button("Print a letter", "Key in a diary sheet")
    chat = town.world.chats[jo.phone.user_id]
    town.world.press_update(chat, jo.phone.account, jo.last.data, "g:print:1:ack")
    await town.settle()
    jo.reads("paper_bridge.letter.gone")
