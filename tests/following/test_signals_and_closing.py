"""It got worse, it stopped, they take it back; and how a case ends, with words for both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework.cases import CloseReason
from storage.models import Case, CaseEvent, Closure, Deadline
from tests.following.test_only_ones_own import press
from tests.following.walks import closes_case, makes_contact, opens_case, takes_case, time_passes
from tests.officers.world import ADA, ASHA, World
from tests.support.service import Somebody, Town, phrase
from tests.support.stored import all_rows, the_case
from tests.support.walks import reports


async def test_it_got_worse_is_one_tap_and_the_officer_knows_before_a_word_is_written(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await makes_contact(asha, reference)
    await ada.says(reference)
    await ada.taps("It got worse")
    asha.sees(f"{reference}: it got worse, the person says.")
    ada.sees("What has changed?", "by Friday 27 November", "999", buttons=["Answer a few short questions"])
    await ada.says("He stood at my window last night.")
    ada.sees(f"We have your message about {reference}.")
    await opens_case(asha, reference)
    asha.sees("it got worse, the person who sent it", buttons=["Messages: 1 to answer"])


async def test_the_short_questions_after_it_got_worse_are_about_that_case(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await makes_contact(asha, reference)
    await ada.says(reference)
    await ada.taps("It got worse", "Answer a few short questions")
    ada.is_asked("risk.how_often")


async def test_the_same_signal_tapped_again_is_no_more_news(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await ada.says(reference)
    screen = ada.last
    for _ in range(3):
        await ada.taps_old(screen, "It got worse")
    told = [m for m in asha.phone.bot_messages if "it got worse" in m.text and m.text.startswith(reference)]
    assert len(told) == 1
    await town.moves_on(hours=2)
    await ada.taps_old(screen, "It got worse")
    told = [m for m in asha.phone.bot_messages if "it got worse" in m.text and m.text.startswith(reference)]
    assert len(told) == 2


async def test_it_stopped_leaves_the_choice_to_the_person(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await ada.says(reference)
    await ada.taps("It stopped")
    ada.sees("That is good to hear.", buttons=["Close my report", "Keep it open"])
    asha.sees(f"{reference}: it stopped, the person says. They have not closed it.")
    await ada.taps("Keep it open")
    ada.sees("An officer is working on your report.")
    assert the_case(town.database, reference).case.closed_at is None


async def test_a_report_is_taken_back_after_a_second_tap_and_can_be_opened_again(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await ada.says(reference)
    await ada.taps("Take it back")
    ada.sees(f"Do you want to take {reference} back?")
    await ada.taps("No, keep it open")
    assert the_case(town.database, reference).case.status == "assigned"
    await ada.taps("Take it back", "Yes, take it back")
    ada.sees(f"You took {reference} back.", "you took it back.", buttons=["Open it again"])
    asha.sees(f"{reference}: the person took it back. It is closed.")
    stored = the_case(town.database, reference)
    assert (stored.case.status, stored.case.closed_at) == ("closed", town.clock.now())
    assert all(row.ended_at is not None for row in stored.deadlines.values())
    assert stored.deadlines["contact"].met_at is None  # it was not kept, it was no longer needed
    seen = len(ada.phone.bot_messages)
    await time_passes(town, date(2026, 12, 15))
    assert len(ada.phone.bot_messages) == seen
    await ada.taps("Open it again")
    ada.sees(f"{reference} is open again.")


async def test_at_high_risk_an_officer_speaks_to_them_before_it_is_closed(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    """Somebody may have made them take it back."""
    reference = await reports(ada)
    await makes_contact(asha, reference)
    with town.database.transaction() as session:
        session.get(Case, the_case(town.database, reference).case.id).risk = "high"
    await ada.says(reference)
    await ada.taps("Take it back", "Yes, take it back")
    ada.sees("An officer will talk with you first, by Friday 27 November.")
    asha.sees("speak with them before you close it")
    assert the_case(town.database, reference).case.status == "contacted"


# Closing


async def test_closing_can_be_typed_and_nothing_is_closed_before_the_last_tap(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await opens_case(asha, reference)
    await asha.taps("Close the case")
    await asha.says("no further action")
    asha.sees(f"What was done about {reference}?")
    await asha.says("x" * 1600)
    asha.sees("That is more than 1500 characters.")
    await asha.says("We asked twice & heard <nothing>.")
    asha.sees("there is not enough information to go on", "We asked twice & heard <nothing>.")
    assert the_case(town.database, reference).case.closed_at is None
    await asha.taps("Change the text")
    await asha.says("We asked twice.")
    await asha.taps("Close it now")
    (closure,) = all_rows(town.database, Closure)
    assert (closure.reason, closure.done) == ("no_further_action", "We asked twice.")
    assert closure.closed_by == the_case(town.database, reference).case.owner_id


async def test_the_person_is_told_once_even_where_two_officers_close_it(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    ben = await town.officer("Ben Cole", "redditch")
    reference = await reports(ada)
    for officer, done in ((asha, "We spoke with them."), (ben, "I saw them too.")):
        await opens_case(officer, reference)
        await officer.taps("Close the case", "Resolved")
        await officer.says(done)
    await asha.taps("Close it now")
    await ben.taps("Close it now")
    ben.sees("That cannot be done now: the case is closed.")
    assert [row.done for row in all_rows(town.database, Closure)] == ["We spoke with them."]
    assert [e.kind for e in the_case(town.database, reference).events].count("close") == 1


async def test_after_the_time_to_reopen_they_are_led_to_a_new_report(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await closes_case(asha, reference)
    await ada.taps("Show the update")
    closed = ada.last
    town.clock.advance(timedelta(days=183))
    await ada.taps_old(closed, "Open it again")
    ada.sees("This report was closed long ago.", buttons=["Report a problem"])
    await ada.says(reference)
    ada.sees_no_button("Open it again")
    assert the_case(town.database, reference).case.status == "closed"


async def test_how_it_went_is_asked_once_and_kept(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports(ada)
    await closes_case(asha, reference)
    await ada.taps("Show the update")
    asked = ada.last
    await ada.taps("Say how it went", "No, it is worse")
    await ada.taps_old(asked, "Say how it went")
    ada.sees("Did we tell you enough on the way?")  # where they were
    await ada.taps("Yes, you did")
    ada.sees("Thank you.")
    (closure,) = all_rows(town.database, Closure)
    assert (closure.better, closure.informed) == ("no", "yes")


async def test_an_anonymous_report_is_closed_without_telling_anybody(town: Town, asha: Somebody) -> None:
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    from tests.support.walks import reports_up_to

    await reports_up_to(ada, "who")
    await ada.taps("Stay anonymous", "Send report")
    reference = ada.reference()
    seen = len(ada.phone.bot_messages)
    await opens_case(asha, reference)
    asha.sees_no_button("Write to the resident")
    await asha.taps("Close the case", "Resolved")
    await asha.says("We looked, and it is quiet now.")
    asha.sees("Nobody can be told.")
    await asha.taps("Close it now")
    asha.sees("Closed. The bot could not tell the person")
    assert len(ada.phone.bot_messages) == seen


@pytest.mark.parametrize("reason", [r for r in CloseReason if r is not CloseReason.WITHDRAWN])
def test_every_reason_has_words_for_the_officer_and_for_the_person(reason: CloseReason) -> None:
    assert phrase(f"messages.reason.{reason.value}.button")
    assert phrase(f"following.reason.{reason.value}.name")


def test_withdrawn_is_no_reason_that_an_officer_can_give(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    assert not press(world, ASHA, f"k:reason:{case.id}:withdrawn")
    assert world.case(case.id).closed_at is None


def test_a_forged_last_tap_closes_nothing(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    (said,) = press(world, ASHA, f"k:closed:{case.id}")
    assert said.text == f"Why do you close {case.reference}?"
    assert world.case(case.id).closed_at is None


def test_closing_and_opening_again_leave_deadlines_and_history_right_on_both_databases(world: World) -> None:
    case = world.report().case
    press(world, ADA, f"k:taken:{case.id}")
    with world.session() as session:
        assert not session.scalars(select(Deadline.id).where(Deadline.ended_at.is_(None))).all()
    world.clock.advance(timedelta(days=3))
    press(world, ADA, f"k:reopen:{case.id}")
    with world.session() as session:
        (contact,) = session.scalars(select(Deadline).where(Deadline.ended_at.is_(None))).all()
        assert (contact.kind, contact.due_on) == ("contact", date(2026, 12, 1))
        assert session.scalars(select(Closure)).one().reopened_at == world.clock.now()
        kinds = session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)).all()
    assert list(kinds) == ["received", "withdraw", "reopen"]
    assert world.case(case.id).closed_at is None
