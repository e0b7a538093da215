"""A visit from the first tap to how it went: both sides know, are reminded once, and the calendar names nobody."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import update

from bot.papers.registry import make_paper
from storage.models import Person, Reminder, RoleGrant, Visit
from tests.conversations.conftest import ada, quick_database, town
from tests.following.walks import time_passes
from tests.officers.fieldwork import HOME, opens_more, reports_from
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, the_case

__all__ = ["ada", "quick_database", "town"]

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
async def asha(town: Town) -> Somebody:
    """An officer of Redditch and Bromsgrove, who has a manager."""
    await town.manager("Mona Reid")
    return await town.officer("Asha Patel")


async def books(officer: Somebody, reference: str, day: str = "30 November", clock: str = "10am") -> None:
    await opens_more(officer, reference)
    await officer.taps("Book a visit")
    await officer.says(day, clock)
    await officer.taps("At the address of the case", "Book it")


async def opens_visit(officer: Somebody, reference: str) -> None:
    await opens_more(officer, reference)
    await officer.taps("See the visit")


def ledger(town: Town) -> list[tuple[str, str, str]]:
    """The reminders of visits: audience, status, and why."""
    rows = [row for row in all_rows(town.database, Reminder) if row.visit_id is not None]
    return [(row.audience, row.status, row.reason or "") for row in rows]


def kinds(town: Town, reference: str) -> list[str]:
    return [event.kind for event in the_case(town.database, reference).events]


def entry(town: Town, visit: Visit) -> tuple[str, Calendar]:
    """The calendar file as it is sent."""
    service = town.process.service
    paper = make_paper(town.database, service, {"paper": "visit", "id": visit.id})
    text = paper.content.decode()
    return text, Calendar.from_ical(text)


async def test_a_visit_is_booked_and_both_sides_know(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports_from(ada)
    await books(asha, reference)
    asha.sees_among(
        f"Visit for {reference}: Monday 30 November at 10am.", "The person who reported it is told."
    )
    asha.sees_among(f"For your calendar: {reference}.")
    ada.sees(f"Update on {reference}")
    ada.sees_nothing_of("Monday 30 November")
    await ada.taps("Show the update")
    ada.sees("comes to see you on Monday 30 November at 10am", "Asha Patel comes")
    ada.sees_nothing_of("High Street, B97 4AA.")
    (visit,) = all_rows(town.database, Visit)
    assert visit.at == datetime(2026, 11, 30, 10, tzinfo=LONDON)
    assert visit.place is None
    assert kinds(town, reference)[-1] == "visit_booked"
    await opens_visit(asha, reference)
    asha.sees("Visit on Monday 30 November at 10am.", "At the address of the case.", "Who goes: Asha Patel")
    asha.sees_no_button("It took place", "Nobody was in")  # it is not that day yet


async def test_the_calendar_entry_has_no_name_and_no_address(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada)
    await books(asha, reference)
    (visit,) = all_rows(town.database, Visit)
    text, calendar = entry(town, visit)
    for said in ("Ada", "Lovelace", "High Street", "B97", "Asha", "Noise"):
        assert said not in text
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == f"Visit {reference}"
    assert str(event["location"]) == "Redditch"
    assert event.decoded("dtstart") == visit.at
    assert (event.decoded("dtend") - event.decoded("dtstart")).seconds == 3600
    assert (str(calendar["method"]), str(event["status"]), int(event["sequence"])) == (
        "PUBLISH",
        "CONFIRMED",
        0,
    )
    uid = str(event["uid"])
    await opens_visit(asha, reference)
    await asha.taps("Cancel the visit")
    await asha.says("She is in hospital")
    await asha.taps("Cancel the visit")
    (visit,) = all_rows(town.database, Visit)
    _, calendar = entry(town, visit)
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["method"]), str(event["status"]), int(event["sequence"])) == (
        "CANCEL",
        "CANCELLED",
        1,
    )
    assert str(event["uid"]) == uid


async def test_the_whole_evening_and_morning_of_reminders_over_a_restart(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada)
    await books(asha, reference)
    await time_passes(town, date(2026, 11, 27), 9)
    asha.sees_among("You have a visit:", f"{reference} · Redditch · Monday 30 November at 10am")
    await time_passes(town, date(2026, 11, 29), 17)
    before = len(ada.phone.bot_messages)
    await town.restart()
    await town.until(date(2026, 11, 29), 18)
    assert len(ada.phone.bot_messages) == before + 1
    ada.sees(f"Update on {reference}")
    await ada.taps("Show the update")
    ada.sees("We come to see you on Monday 30 November at 10am.")
    await town.restart()
    await town.tick()
    assert len(ada.phone.bot_messages) == before + 1
    assert sorted(ledger(town)) == [("officer", "sent", ""), ("resident", "sent", "")]


async def test_a_moved_visit_is_reminded_of_at_its_new_time_only(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada)
    await books(asha, reference)
    await opens_visit(asha, reference)
    await asha.taps("Change the visit")
    await asha.says("2 December", "half two")
    await asha.taps("Book it")
    asha.sees_among(f"The visit for {reference} is moved to Wednesday 2 December at 2:30pm.")
    await ada.taps("Show the update")
    ada.sees("The day of our visit has changed. We come to see you on Wednesday 2 December at 2:30pm.")
    assert sorted(ledger(town))[-2:] == [
        ("resident", "planned", ""),
        ("resident", "skipped", "visit changed"),
    ]
    await time_passes(town, date(2026, 12, 1), 18)
    asha.sees_among(f"{reference} · Redditch · Wednesday 2 December at 2:30pm")
    assert sorted(status for _, status, _ in ledger(town)) == ["sent", "sent", "skipped", "skipped"]
    assert kinds(town, reference).count("visit_changed") == 1


async def test_a_cancelled_visit_reminds_nobody_and_the_reason_stays_with_the_team(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada)
    await books(asha, reference)
    await opens_visit(asha, reference)
    await asha.taps("Cancel the visit")
    await asha.says("Her son was seen with a knife")
    await asha.taps("Cancel the visit")
    asha.sees_among(f"The visit for {reference} is off.")
    await ada.taps("Show the update")
    ada.sees("Our visit of Monday 30 November at 10am is off.")
    ada.sees_nothing_of("knife")
    assert {status for _, status, _ in ledger(town)} == {"skipped"}
    (visit,) = all_rows(town.database, Visit)
    assert (visit.outcome, visit.reason) == ("cancelled", "Her son was seen with a knife")
    await opens_more(asha, reference)
    asha.sees(buttons=["Book a visit"])


async def test_a_day_in_the_past_is_refused_in_one_sentence(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada)
    await opens_more(asha, reference)
    await asha.taps("Book a visit")
    await asha.says("20 November")
    asha.sees("Friday 20 November is over. Give a day from today on.")
    asha.is_asked("visits.book.day")
    await asha.says("soon")
    asha.sees("I could not read that day.")
    await asha.says("1 March 2031")
    asha.sees("Bank holidays are known up to")
    await asha.says("today", "9am")  # it is 10am
    asha.sees("9am is over on that day. Give a later time.")
    await asha.says("3am")
    asha.sees("We visit between 7am and 8pm.")
    assert all_rows(town.database, Visit) == []


async def test_a_bank_holiday_is_taken_as_the_next_working_day_and_that_is_said(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada)
    await opens_more(asha, reference)
    await asha.taps("Book a visit")
    await asha.says("25 December")
    asha.sees_among("Tuesday 29 December, since Friday 25 December is Christmas Day")
    await asha.says("10")
    await asha.taps("At the address of the case", "Book it")
    asha.sees_among("This is the next working day, since Friday 25 December is Christmas Day.")
    (visit,) = all_rows(town.database, Visit)
    assert visit.at == datetime(2026, 12, 29, 10, tzinfo=LONDON)


async def test_it_took_place_which_is_contact(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports_from(ada)
    await asha.says(reference)
    await asha.taps("Acknowledge", "Take it")
    await books(asha, reference)
    await time_passes(town, date(2026, 11, 30), 11)
    await opens_visit(asha, reference)
    seen = asha.last
    await asha.taps("It took place")
    asha.sees("The visit is recorded.")
    stored = the_case(town.database, reference)
    assert stored.case.status == "contacted"
    assert stored.deadlines["contact"].end_reason == "met"
    assert [event.kind for event in stored.events].count("visit_took_place") == 1
    await asha.taps_old(seen, "It took place")  # the same finger, again
    await asha.taps_old(seen, "Nobody was in")
    asha.sees("This case has changed since that message.")
    assert kinds(town, reference).count("contact_tried") == 0
    (visit,) = all_rows(town.database, Visit)
    assert visit.outcome == "took_place"


async def test_nobody_in_is_a_try_to_make_contact(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports_from(ada)
    await books(asha, reference)
    await time_passes(town, date(2026, 11, 30), 11)
    await opens_visit(asha, reference)
    await asha.taps("Nobody was in")
    asha.sees("It is recorded that nobody was in.")
    tries = [event for event in the_case(town.database, reference).events if event.kind == "contact_tried"]
    assert [event.detail["channel"] for event in tries] == ["visit"]
    assert the_case(town.database, reference).deadlines["contact"].ended_at is None


async def test_two_officers_book_at_once_and_the_second_is_told(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    ben = await town.officer("Ben Cole")
    reference = await reports_from(ada)
    for officer in (asha, ben):
        await opens_more(officer, reference)
        await officer.taps("Book a visit")
        await officer.says("30 November", "10am")
        await officer.taps("At the address of the case")
    await asha.taps("Book it")
    await ben.taps("Book it")
    ben.sees("A colleague changed the visit meanwhile. Nothing was done.")
    assert len(all_rows(town.database, Visit)) == 1
    await opens_visit(ben, reference)
    await ben.taps("Change the visit")
    await ben.says("1 December", "11am")
    await ben.taps("Book it")
    asha.sees(f"{reference}: a colleague moved your visit to Tuesday 1 December at 11am.")


async def test_an_officer_who_is_no_more_books_nothing(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports_from(ada)
    await opens_more(asha, reference)
    await asha.taps("Book a visit")
    await asha.says("30 November", "10am")
    await asha.taps("At the address of the case")
    leave_the_team(town)
    await asha.taps("Book it")
    asha.sees("This is not open to you any more, so I closed it.")
    assert all_rows(town.database, Visit) == []


def leave_the_team(town: Town) -> None:
    with town.database.transaction() as session:
        session.execute(update(RoleGrant).values(ended_at=town.clock.now()))


async def test_somebody_who_must_not_be_written_to_is_not(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports_from(ada)
    with town.database.transaction() as session:
        session.execute(
            update(Person).where(Person.id == the_case_reporter(town, reference)).values(silent=True)
        )
    before = len(ada.phone.bot_messages)
    await books(asha, reference)
    asha.sees_among("The bot cannot tell the person who is visited. Tell them yourself.")
    await time_passes(town, date(2026, 11, 29), 18)
    assert len(ada.phone.bot_messages) == before
    assert ("resident", "skipped", "not to be written to") in ledger(town)


def the_case_reporter(town: Town, reference: str) -> int:
    found = the_case(town.database, reference).case.reporter_id
    assert found is not None
    return found


async def test_a_closed_case_has_no_visit_any_more(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports_from(ada)
    await books(asha, reference)
    await asha.says(reference)
    await asha.taps("Close the case", "Resolved")
    await asha.says("We spoke with everybody.")
    await asha.taps("Close it now")
    (visit,) = all_rows(town.database, Visit)
    assert visit.outcome == "case_closed"
    assert {status for _, status, _ in ledger(town)} == {"skipped"}
    await opens_more(asha, reference)
    asha.sees_no_button("Book a visit", "See the visit")


async def test_another_place_is_told_behind_the_tap_and_lies_encrypted(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada, HOME)
    await opens_more(asha, reference)
    await asha.taps("Book a visit")
    await asha.says("tomorrow", "2pm")
    await asha.taps("Somewhere else")
    await asha.says("The library")
    await asha.taps("Book it")
    ada.sees_nothing_of("library")
    await ada.taps("Show the update")
    ada.sees("We meet here: The library")
