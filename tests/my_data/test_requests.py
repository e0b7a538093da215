"""Asking the team about one's own data: the clock of the law, who sees it, and what the person hears."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from storage.models import Case, Deadline
from tests.my_data.rows import report_of
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows


async def asks(ada: Somebody, what: str = "All that you have about me") -> str:
    await ada.says("/mydata")
    await ada.taps("Ask the team about my data", what)
    await ada.says("Everything since June, on paper too.")
    await ada.taps("That's all", "Send the request")
    return ada.reference()


async def opens(officer: Somebody, reference: str) -> None:
    await officer.says(reference)


async def days_pass(town: Town, until: date) -> None:
    """Every day comes: the comparison of the night, then the reminders."""
    day = date(2026, 11, 25)
    while day <= until:
        await town.until(day, 6)
        await town.until(day, 11)
        day += timedelta(days=1)


def due(town: Town) -> list[date]:
    with town.database.reading() as session:
        open_ones = select(Deadline.due_on).where(Deadline.ended_at.is_(None))
        return list(session.scalars(open_ones))


def due_by_kind(town: Town) -> dict[str, date]:
    with town.database.reading() as session:
        open_ones = select(Deadline.kind, Deadline.due_on).where(Deadline.ended_at.is_(None))
        return {row.kind: row.due_on for row in session.execute(open_ones)}


async def test_a_request_is_in_the_queue_and_in_what_is_due(town: Town, ada: Somebody) -> None:
    jo, _ = await town.officer("Jo Green"), await town.manager()
    reference = await asks(ada)
    ada.sees("We have your request.", "An officer will answer it by Thursday 24 December.")
    jo.sees(reference, "data request", "answer by Thursday 24 December")
    await jo.taps("Open")
    jo.sees("Asks for: A copy of everything", "Everything since June, on paper too.", "24 December")
    await days_pass(town, date(2026, 12, 21))
    await jo.says("/due")
    jo.sees(reference)
    await opens(jo, reference)
    await jo.taps("Why this date?")
    jo.sees("1 month after Tuesday 24 November; on a day off, the next working day.")


async def test_an_answer_ends_it_and_is_told_with_the_way_to_complain(town: Town, ada: Somebody) -> None:
    report_of(town, ada)
    jo = await town.officer("Jo Green")
    reference = await asks(ada)
    jo.sees("Redditch")  # where their report is
    await opens(jo, reference)
    await jo.taps("It is answered")
    jo.sees_among("The request is answered and closed.")
    ada.sees(f"Update on {reference}")
    await ada.taps("Show the update")
    ada.sees("We have answered your request about your data.", "ico.org.uk")
    assert due(town) == [date(2026, 11, 26)]  # the report's own
    request = next(case for case in all_rows(town.database, Case) if case.kind == "data_request")
    assert request.closed_at == town.clock.now()
    await ada.says(reference)
    ada.sees("We have answered your request about your data.")


async def test_more_time_once_and_within_the_first_month(town: Town, ada: Somebody) -> None:
    jo = await town.officer("Jo Green")
    reference = await asks(ada)
    await opens(jo, reference)
    await jo.taps("It takes longer")
    jo.sees_no_button("It takes longer")
    assert due(town) == [date(2027, 2, 24)]
    await ada.taps("Show the update")
    ada.sees("takes us longer", "An officer will answer by Wednesday 24 February 2027.")


async def test_no_more_time_after_the_first_month(town: Town, ada: Somebody) -> None:
    jo, _ = await town.officer("Jo Green"), await town.manager()
    reference = await asks(ada)
    await days_pass(town, date(2026, 12, 29))
    await opens(jo, reference)
    await jo.taps("It takes longer")
    jo.sees("The first month is over, so it cannot be made longer.")
    assert due(town) == [date(2026, 12, 24)]
    ada.sees_nothing_of("Update on")


async def test_while_we_wait_for_the_person_the_clock_stands_still(town: Town, ada: Somebody) -> None:
    jo = await town.officer("Jo Green")
    reference = await asks(ada)
    await opens(jo, reference)
    await jo.taps("Wait for the person")
    # Nothing of the law's month runs; the team looks at it again, as at every open case.
    assert due_by_kind(town) == {"review": date(2026, 12, 22)}
    await ada.taps("Show the update")
    ada.sees("We need to know more")
    await days_pass(town, date(2026, 12, 1))
    await opens(jo, reference)
    await jo.taps("The person replied")
    assert due_by_kind(town) == {
        "review": date(2026, 12, 22),
        "answer": date(2026, 12, 31),  # seven days later than 24 December
    }
    await ada.taps("Show the update")
    ada.sees("An officer will answer by Thursday 31 December.")


async def test_an_old_button_changes_nothing(town: Town, ada: Somebody) -> None:
    jo = await town.officer("Jo Green")
    reference = await asks(ada)
    await opens(jo, reference)
    card = jo.last
    await jo.taps("It takes longer")
    await jo.taps_old(card, "It is answered")
    jo.sees("The request has changed. Nothing was done.")
    assert due(town) == [date(2027, 2, 24)]


@pytest.mark.parametrize("act", ["answered", "extend", "ask_back", "heard_back", "x", ""])
async def test_only_the_team_acts_on_a_request(town: Town, ada: Somebody, act: str) -> None:
    reference = await asks(ada)
    request = next(case for case in all_rows(town.database, Case) if case.kind == "data_request")
    forged = f"p:req:{act}:{request.id}:{request.version}"
    from handlers.keyboards import Button
    from tests.my_data.test_discretion import tell

    await tell(town, ada, buttons=((Button("Forged", forged),),))
    await ada.taps("Show the update", "Forged")
    ada.sees("This is for officers of the team.")
    assert reference
    assert due(town) == [date(2026, 12, 24)]


async def test_what_is_not_right_otherwise_is_put_right_by_an_officer(town: Town, ada: Somebody) -> None:
    jo = await town.officer("Jo Green")
    await ada.says("/mydata")
    await ada.taps("Change what you have", "Something else")
    await ada.says("My street is spelt with an e.")
    await ada.taps("That's all", "Make the change")
    ada.sees("We have your request.")
    await jo.taps("Open")
    jo.sees("Asks for: Put something right", "My street is spelt with an e.")


async def test_a_manager_keeps_a_case_from_deletion_and_lets_it_go(town: Town, ada: Somebody) -> None:
    report_of(town, ada)
    sam, jo = await town.manager(), await town.officer("Jo Green")
    await jo.says("/hold KM4P-X7RB court")
    jo.sees("This is for officers of the team.")
    await sam.says("/hold KM4P-X7RB")
    sam.sees("Say why after the reference")
    await sam.says("/hold KM4P-X7RB court hearing in May")
    sam.sees("KM4P-X7RB is kept until you end it with /unhold.")
    from storage import data_rights

    case_id = all_rows(town.database, Case)[0].id
    with town.database.reading() as session:
        assert data_rights.is_held(session, case_id)
    await sam.says("/unhold KM4P-X7RB")
    with town.database.reading() as session:
        assert not data_rights.is_held(session, case_id)
    await sam.says("/hold")
    sam.sees("Send the command with the reference of the case.")
