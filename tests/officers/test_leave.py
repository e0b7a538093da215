"""`/leave` as an officer and a manager use it: planned, shown, changed, ended; what is said to whom."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from storage.models import Leave
from tests.conversations.conftest import quick_database, town
from tests.following.walks import opens_case, takes_case, time_passes
from tests.support.service import Somebody, Town
from tests.support.walks import reports

__all__ = ["quick_database", "town"]


@pytest.fixture
async def asha(town: Town) -> Somebody:
    return await town.officer("Asha Patel")


@pytest.fixture
async def wes(town: Town) -> Somebody:
    return await town.officer("Wes Lane", "wyre_forest")


@pytest.fixture
async def mona(town: Town) -> Somebody:
    return await town.manager("Mona Reid")


async def plans(somebody: Somebody, first: str, last: str, deputy: str) -> None:
    """From *What is the first day away?* on."""
    somebody.is_asked("leave.first")
    for day in (first, last):
        await somebody.says(day)
        await somebody.taps("Yes, that is right")
    await somebody.taps(deputy)
    somebody.is_asked("check")
    await somebody.taps("Save the leave")


def all_leave(town: Town) -> list[tuple[date, date, str | None]]:
    with town.database.reading() as session:
        rows = session.scalars(select(Leave).order_by(Leave.id)).all()
        return [(row.first_on, row.last_on, row.end_reason) for row in rows]


async def test_leave_is_planned_and_both_read_the_promised_dates_in_it(
    town: Town, asha: Somebody, wes: Somebody
) -> None:
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    reference = await reports(ada)
    await takes_case(asha, reference)
    await asha.says("/leave")
    asha.sees("Nobody has leave planned.")
    await asha.taps("Plan my leave")
    await plans(asha, "26 November", "Sunday 6 December", "Wes Lane")
    asha.sees("Asha Patel is away from Thursday 26 November to Sunday 6 December. Wes Lane stands in")
    asha.sees("One promised date falls into the leave", reference, "Friday 27 November", buttons=[reference])
    wes.sees("You stand in for Asha Patel from Thursday 26 November", reference)
    await wes.says(reference)
    wes.sees("not one of your areas")  # the leave has not begun
    await time_passes(town, date(2026, 11, 26))
    await opens_case(wes, reference)
    wes.sees(buttons=["Contact made"])
    await wes.says("/leave")
    await wes.taps("Work of Asha Patel")
    wes.sees("You stand in", reference)
    await asha.says("/leave")
    asha.sees("Wes Lane stands in", buttons=["Change: Asha Patel", "End: Asha Patel"])


async def test_a_manager_plans_it_for_somebody_who_is_told(
    town: Town, asha: Somebody, wes: Somebody, mona: Somebody
) -> None:
    await mona.says("/leave")
    await mona.taps("Plan it for somebody", "Asha Patel")
    await plans(mona, "30 November", "4 December", "Wes Lane")
    mona.sees("Asha Patel is away", "No promised date falls into the leave.")
    asha.sees("Mona Reid planned your leave: Monday 30 November to Friday 4 December. Wes Lane stands in.")
    wes.sees("You stand in for Asha Patel")


async def test_it_is_changed_and_the_old_deputy_is_told(
    town: Town, asha: Somebody, wes: Somebody, mona: Somebody
) -> None:
    await asha.says("/leave")
    await asha.taps("Plan my leave")
    await plans(asha, "30 November", "4 December", "Wes Lane")
    await asha.says("/leave")
    await asha.taps("Change: Asha Patel")
    await plans(asha, "30 November", "11 December", "Mona Reid")
    asha.sees("The leave of Asha Patel is Monday 30 November to Friday 11 December now. Mona Reid stands in.")
    wes.sees("You do not stand in any more.")
    mona.sees("You stand in for Asha Patel")
    assert all_leave(town) == [
        (date(2026, 11, 30), date(2026, 12, 4), "changed"),
        (date(2026, 11, 30), date(2026, 12, 11), None),
    ]
    await asha.says("/leave")
    await asha.taps("End: Asha Patel")
    mona.sees("over or called off")
    assert [reason for _, _, reason in all_leave(town)] == ["changed", "ended"]


async def test_days_that_do_not_fit_are_refused_in_one_sentence(
    town: Town, asha: Somebody, wes: Somebody
) -> None:
    await asha.says("/leave")
    await asha.taps("Plan my leave")
    await asha.says("20 November")
    asha.sees("Friday 20 November is over.")
    await asha.says("30 November")
    await asha.taps("Yes, that is right")
    await asha.says("27 November")
    asha.sees("Friday 27 November is too early. Type a day from Monday 30 November on.")
    await asha.says("4 December")
    await asha.taps("Yes, that is right", "Wes Lane", "Save the leave")
    await asha.says("/leave")
    await asha.taps("Plan my leave")
    await plans(asha, "4 December", "8 December", "Wes Lane")
    asha.sees("Asha Patel has leave from Monday 30 November to Friday 4 December already.")
    assert len(all_leave(town)) == 1


async def test_a_deputy_who_is_away_too_is_said(town: Town, asha: Somebody, wes: Somebody) -> None:
    await wes.says("/leave")
    await wes.taps("Plan my leave")
    await plans(wes, "1 December", "2 December", "Asha Patel")
    await asha.says("/leave")
    await asha.taps("Plan my leave")
    await plans(asha, "30 November", "4 December", "Wes Lane")
    asha.sees("Wes Lane is away from Tuesday 1 December to Wednesday 2 December too.")


async def test_leave_is_for_the_team(town: Town) -> None:
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    await ada.says("/leave")
    ada.reads("case.for_the_team")
    assert all_leave(town) == []


async def test_a_deputy_keeps_what_they_took_and_can_open_it_when_the_leave_is_over(
    town: Town, asha: Somebody, wes: Somebody, mona: Somebody
) -> None:
    await asha.says("/leave")
    await asha.taps("Plan my leave")
    await plans(asha, "24 November", "27 November", "Wes Lane")
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    reference = await reports(ada)
    await takes_case(wes, reference)
    await time_passes(town, date(2026, 11, 30))
    await opens_case(wes, reference)
    wes.sees("It is assigned", buttons=["Contact made"])
    await wes.taps("Add a note")
    await wes.says("She asked for a call on Tuesday.")
    await wes.taps("That's all")
    wes.reads("officer_note.sent")
