"""Disturbances 13 to 24 of 24, by what happens around a person; 14 with a real process is in test_kill.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from handlers.forms.engine import FormKit
from handlers.forms.flow import Form, Question
from handlers.forms.kinds.choice import yes_no
from handlers.home import show_menu
from handlers.report_problem import REPORT
from storage.database import Database
from storage.models import Case, Draft, Person, RoleGrant
from tests.support.disturbed import TOLD, all_arrives, cost
from tests.support.languages import with_language
from tests.support.service import Somebody, Town, a_town
from tests.support.stored import all_rows, count_rows, the_case, the_draft
from tests.support.walks import REPORT_STEPS, goes_on, reports, reports_up_to

LONDON = ZoneInfo("Europe/London")


async def test_13_a_photo_to_be_viewed_once_never_comes(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    ada.sees("view once")  # said before, since it can't be noticed after
    await ada.sends(ada.phone.send_view_once)
    ada.is_asked("report.what")
    await all_arrives(town, ada, "what")
    assert cost(ada, 1) == 0


async def test_14_the_process_ends_after_every_single_act(town: Town, ada: Somebody) -> None:
    await ada.says("/report")
    for step in REPORT_STEPS.values():
        await town.restart()
        way, _, what = step.partition(":")
        (ada.phone.say if way == "say" else ada.phone.tap)(what if way == "say" else ada.whole(what))
        # Worked on, but nothing was sent yet when the process ends.
        for waiting in await town.waiting_updates():
            await town.process.application.process_update(waiting)
        await town.restart()
        await town.settle()
    assert the_case(town.database, ada.reference()).detail == TOLD
    assert cost(ada, 0) == 0


async def test_15_two_phones_of_one_person(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "category")
    on_the_tablet = ada.last
    await goes_on(ada, "category", "how_often")
    await ada.taps_old(on_the_tablet, "Rubbish")  # which still showed the old screen
    ada.reads("kit.stale.here")
    await all_arrives(town, ada, "how_often")
    assert cost(ada, 1) == 0


async def test_16_blocked_and_back(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    ada.phone.block()
    await town.settle()
    await town.moves_on(days=1)
    await ada.starts()
    await ada.taps("Go on with my report")
    await all_arrives(town, ada, "how_often")
    assert cost(ada, 1) == 1


async def test_17_the_language_changed_in_the_middle(town: Town, ada: Somebody) -> None:
    await town.restart(catalogs=with_language("pl", "Polski", {"report.how_often.ask": "Jak często?"}))
    await reports_up_to(ada, "how_often")
    question = ada.last
    await ada.says("/language")
    await ada.taps("Polski")
    ada.sees("Jak często?")
    await ada.taps_old(question, "1. Most days or nights")  # on a phone that still shows the English one
    await all_arrives(town, ada, "my_home")
    assert cost(ada, 2) == 0


def changed_form(*, without: str = "", new: Question | None = None) -> FormKit:
    """The report in its next version: a question less, or one more after the first."""
    questions = [question for question in REPORT.questions if question.key != without]
    if new is not None:
        questions.insert(1, new)
    form = Form(REPORT.name, REPORT.permission, tuple(questions), REPORT.finish)
    return FormKit((form,), leave=show_menu)


async def test_18_the_form_changed_in_the_middle_and_has_a_new_question(town: Town, ada: Somebody) -> None:
    words = {"report.seen.ask": "Did you see it yourself?", "report.seen.label": "Seen"}
    words |= {"report.seen.change": "Change seen"}
    words |= {f"report.seen.choice.{value}": value.capitalize() for value in ("yes", "no")}
    await reports_up_to(ada, "how_often")
    kit = changed_form(new=Question("seen", yes_no()))
    await town.restart(kit=kit, catalogs=with_language("en-GB", "English", words))
    await speaks(town, "en-GB")
    await ada.taps("Most days or nights")  # the question on the screen is answered first
    ada.sees("Did you see it yourself?")
    await ada.taps("Yes")  # one more, since there is one more question
    await all_arrives(town, ada, "my_home")
    assert cost(ada, 0) == 1


async def speaks(town: Town, language: str) -> None:
    with town.database.transaction() as session:
        session.execute(update(Person).values(language=language))


async def test_18_the_form_changed_in_the_middle_and_lacks_the_present_question(
    town: Town, ada: Somebody
) -> None:
    await reports_up_to(ada, "their_home")
    await town.restart(kit=changed_form(without="their_home"))
    await ada.taps("Housing association")  # a button of a question that is no more
    ada.is_asked("report.who")
    await goes_on(ada, "who")
    assert the_case(town.database, ada.reference()).detail == {**TOLD, "their_home": None}
    assert cost(ada, 0) == 0


CALENDAR = [
    # began, then this long, what the date button says and is taken for, contact due on
    # midnight between the answers: "today" is the day on which it was tapped
    ("2026-11-24 23:58", timedelta(minutes=5), "Today", date(2026, 11, 24), date(2026, 11, 30)),
    # the clocks go back in the middle of the night
    ("2026-10-25 00:30", timedelta(hours=3), "Yesterday", date(2026, 10, 24), date(2026, 10, 28)),
    # the clocks go forward
    ("2027-03-28 00:50", timedelta(minutes=20), "Today", date(2027, 3, 28), date(2027, 4, 1)),
    # Christmas: received on Christmas Eve or on Christmas Day is all the difference there is
    ("2026-12-24 23:59", timedelta(minutes=2), "Today", date(2026, 12, 24), date(2026, 12, 31)),
]


@pytest.mark.parametrize(("began", "later", "tapped", "day", "due"), CALENDAR)
async def test_19_midnight_the_clock_and_bank_holidays_between_two_answers(
    quick_database: Database, began: str, later: timedelta, tapped: str, day: date, due: date
) -> None:
    started = datetime.fromisoformat(began).replace(tzinfo=LONDON).astimezone(UTC)
    async with a_town(quick_database, now=started) as town:
        ada = town.resident("Ada Lovelace")
        await ada.starts()
        await reports_up_to(ada, "how_often")
        await ada.taps("Once", tapped)
        town.clock.advance(later)
        when = {"day": day.isoformat(), "at": None, "approximate": True, "part": None}
        await all_arrives(town, ada, "my_home", how_often="once", when=when)
        stored = the_case(town.database, ada.reference())
        assert stored.report is not None
        assert stored.report.last_happened_on == day
        assert stored.deadlines["contact"].due_on == due


PLACES = [
    # typed, postcode, suggested district
    ("b97 4aa", "B97 4AA", "Redditch"),  # lower case
    ("B97.4AA.", "B97 4AA", "Redditch"),  # dots
    ("b974aa", "B97 4AA", "Redditch"),  # no space
    ("B97", "B97", "Redditch"),  # half
    ("12 High St, dy10 1da", "DY10 1DA", "Wyre Forest"),  # of another district
    ("Bromsgrove", None, "Bromsgrove"),  # a town's name
]


@pytest.mark.parametrize(("typed", "postcode", "district"), PLACES)
async def test_20_postcodes_as_people_type_them(
    town: Town, ada: Somebody, typed: str, postcode: str | None, district: str
) -> None:
    await reports_up_to(ada, "where")
    await ada.says(typed)
    await ada.taps(f"Yes, {district}")
    where = the_draft(town.database).answers["where"]
    assert (where["text"], where["postcode"]) == (typed, postcode)


NAMES = [
    "عمر خان",  # right to left
    "李",  # one letter
    "O'Neil-Smith",
    "Zoë 🌻",
    "<b>Bob</b> & </i>_Sons_ *",  # markup is a name like any other
    "N" * 200,
    "\u202eAda",  # a mark that turns letters around is left out
]


@pytest.mark.parametrize("name", NAMES)
async def test_21_names_in_any_letters(town: Town, ada: Somebody, duty_officer: Somebody, name: str) -> None:
    await reports_up_to(ada, "who")
    await ada.says(name)
    ada.is_asked("report.phone")
    shown = name.replace("\u202e", "")
    ada.sees_among(shown[:100], last=2)
    await all_arrives(town, ada, "phone", name=shown)
    await duty_officer.taps("Open case")
    duty_officer.sees(shown[:100])


async def test_21_a_name_of_more_than_200_letters_is_asked_for_again(ada: Somebody) -> None:
    await reports_up_to(ada, "who")
    await ada.says("N" * 201)
    ada.reads("kit.problem.long")
    ada.sees("200")
    ada.is_asked("report.who")


NETWORK = {
    "breaks before it arrives": ("drop_connection_next", {"carried_out": False}, 1),
    "breaks after it arrived": ("drop_connection_next", {"carried_out": True}, 2),
    "no answer, and it arrived": ("time_out_next", {"carried_out": True}, 2),
    "no answer, and it did not arrive": ("time_out_next", {"carried_out": False}, 1),
}


@pytest.mark.parametrize("fault", NETWORK)
async def test_22_a_network_fault_at_sending(town: Town, ada: Somebody, fault: str) -> None:
    order, how, most = NETWORK[fault]
    await reports_up_to(ada, "check")
    getattr(town.world.faults, order)("sendMessage", chat_id=ada.phone.user_id, **how)
    await ada.taps("Send report")
    town.clock.advance(timedelta(seconds=10))
    await town.settle()
    receipts = [message for message in ada.phone.bot_messages if "We have your report" in message.text]
    assert 1 <= len(receipts) <= most
    assert len({message.text for message in receipts}) == 1  # the same reference
    assert the_case(town.database, ada.reference()).detail == TOLD
    assert count_rows(town.database, Case) == 1


@pytest.mark.parametrize(("code", "why"), [(502, "Bad Gateway"), (429, "Too Many Requests: retry after 3")])
async def test_22_telegram_is_busy_at_sending(town: Town, ada: Somebody, code: int, why: str) -> None:
    await reports_up_to(ada, "check")
    parameters = {"retry_after": 3} if code == 429 else None
    town.world.faults.fail_next("sendMessage", code, why, parameters, chat_id=ada.phone.user_id)
    await ada.taps("Send report")
    town.clock.advance(timedelta(seconds=10))
    await town.settle()
    ada.reads("report.sent")
    assert count_rows(town.database, Case) == 1


async def test_23_an_invitation_followed_twice(town: Town, cllr_khan: Somebody) -> None:
    link = cllr_khan.phone.chat[0].text.removeprefix("/start ")
    bob = town.resident("Bob Marsh")
    await bob.starts(link)
    bob.reads("invite.used")
    await bob.says("/refer")
    bob.reads("refer.not_allowed")
    await cllr_khan.starts(link)  # whose it is: once more does no harm
    await cllr_khan.says("/refer")
    cllr_khan.is_asked("refer.consent")
    assert count_rows(town.database, RoleGrant) == 1


async def test_24_one_officer_acknowledges_while_another_takes_the_case(town: Town, ada: Somebody) -> None:
    jo, asha = await town.officer("Jo Green"), await town.officer("Asha Patel")
    reference = await reports(ada)
    await jo.taps("Open case")
    await asha.taps("Open case")
    jo.phone.tap("Acknowledge")
    asha.phone.tap("Take")
    await town.settle()
    asha.reads("officer.changed")
    asha.sees(reference, "acknowledged")
    assert the_case(town.database, reference).case.owner_id is None
    await asha.taps("Take")  # one more, with the present state before her eyes
    stored = the_case(town.database, reference)
    assert [event.kind for event in stored.events if event.kind != "opened"] == [
        "received",
        "acknowledge",
        "take",
    ]
    assert stored.case.acknowledged_at is not None
    assert stored.case.owner_id is not None
    await jo.taps("Take")
    jo.sees("Asha Patel")
    assert the_case(town.database, reference).case.owner_id == stored.case.owner_id


async def test_nobody_is_told_twice_that_a_report_was_acknowledged(town: Town, ada: Somebody) -> None:
    jo = await town.officer("Jo Green")
    await reports(ada)
    await jo.taps("Open case")
    await jo.taps_twice("Acknowledge")
    assert [message.text for message in ada.phone.bot_messages[-1:]] == [f"Update on {ada.reference()}"]
    assert len([m for m in ada.phone.bot_messages if m.text.startswith("Update on")]) == 1
    await ada.taps("Show")
    ada.sees("Friday 27 November")


async def test_a_draft_is_deleted_once_it_was_sent(town: Town, ada: Somebody) -> None:
    await reports(ada)
    assert all_rows(town.database, Draft) == []
