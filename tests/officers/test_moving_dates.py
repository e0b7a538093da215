"""Moving a date, the review and *Remind me again*, as an officer does it from the card."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from storage.models import CaseEvent, Deadline, Reminder
from tests.conversations.conftest import quick_database, town
from tests.following.walks import opens_case, takes_case, time_passes
from tests.support.service import Somebody, Town
from tests.support.walks import reports

__all__ = ["quick_database", "town"]


@pytest.fixture
async def asha(town: Town) -> Somebody:
    return await town.officer("Asha Patel")


@pytest.fixture
async def mona(town: Town) -> Somebody:
    return await town.manager("Mona Reid")


@pytest.fixture
async def reference(town: Town, asha: Somebody) -> str:
    """A report that Asha has taken; its first contact is due on Friday 27 November."""
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    reference = await reports(ada)
    await takes_case(asha, reference)
    return reference


def rows(town: Town, kind: str) -> list[Deadline]:
    with town.database.reading() as session:
        found = session.scalars(select(Deadline).where(Deadline.kind == kind).order_by(Deadline.id)).all()
        session.expunge_all()
    return list(found)


def events(town: Town, kind: str) -> list[CaseEvent]:
    with town.database.reading() as session:
        found = session.scalars(select(CaseEvent).where(CaseEvent.kind == kind).order_by(CaseEvent.id)).all()
        session.expunge_all()
    return list(found)


async def moves(officer: Somebody, reference: str, to: str, reason: str = "She is away this week") -> None:
    await opens_case(officer, reference)
    await officer.taps("More", "Move a date")
    officer.is_asked("dates.move.day")
    await officer.says(to)
    await officer.taps("Yes, that is right")
    await officer.says(reason)
    officer.is_asked("check")
    await officer.taps("Move it")


async def test_a_date_moves_with_its_reason_and_the_old_one_is_kept(
    town: Town, asha: Somebody, reference: str
) -> None:
    await moves(asha, reference, "30 November")
    asha.sees(f"{reference}: first contact was due Friday 27 November. It is due Monday 30 November now.")
    asha.sees("We told the person the new day.")
    old, new = rows(town, "contact")
    assert (old.end_reason, old.due_on, old.met_at) == ("moved", date(2026, 11, 27), None)
    assert (new.moved_from, new.first_due_on, new.moves, new.due_on) == (
        old.id,
        old.due_on,
        1,
        date(2026, 11, 30),
    )
    with town.database.reading() as session:
        stages = session.scalars(select(Reminder.stage).where(Reminder.deadline_id == new.id)).all()
    assert sorted(stages) == ["before_2", "due", "overdue_1", "overdue_1"]
    (event,) = events(town, "date_moved")
    assert event.detail["reason"] == "She is away this week"
    await asha.taps("Open case")
    asha.sees("moved once")
    await asha.taps("Why this date?")
    asha.sees("moved once", "The first date was Friday 27 November", "She is away this week")


async def test_moved_twice_is_said_and_the_third_time_the_manager_decides(
    town: Town, asha: Somebody, mona: Somebody, reference: str
) -> None:
    await moves(asha, reference, "30 November")
    await moves(asha, reference, "1 December")
    await opens_case(asha, reference)
    asha.sees("moved twice")
    await moves(asha, reference, "2 December", "Still away")
    asha.sees("as often as you can do alone", "We asked your manager", "stays due Tuesday 1 December")
    mona.sees(
        "Asha Patel", "from Tuesday 1 December to Wednesday 2 December", buttons=["Agree", "Keep the date"]
    )
    mona.sees_nothing_of("Still away")  # it may show on a locked phone
    await mona.taps("Agree")
    mona.sees("It is due Wednesday 2 December now.")
    asha.sees("your manager agreed", "Wednesday 2 December")
    assert [row.moves for row in rows(town, "contact")] == [0, 1, 2, 3]


async def test_a_manager_keeps_a_date_and_cannot_change_their_mind_on_the_old_button(
    town: Town, asha: Somebody, mona: Somebody, reference: str
) -> None:
    await moves(asha, reference, "10 December")
    asha.sees("too long after the day that the person was promised")
    asked = mona.last
    await mona.taps("Keep the date")
    asha.sees("your manager wants the date kept", "Friday 27 November")
    await mona.taps_old(asked, "Agree")
    mona.sees("decided before")
    assert [row.moves for row in rows(town, "contact")] == [0]


async def test_a_day_that_is_over_is_refused_in_one_sentence(asha: Somebody, reference: str) -> None:
    await opens_case(asha, reference)
    await asha.taps("More", "Move a date")
    await asha.says("20 November")
    asha.sees("Friday 20 November is over. Type a day from Tuesday 24 November on.")
    await asha.says("when I am ready")
    asha.sees("We did not understand that day.")


@pytest.mark.parametrize(
    ("typed", "said", "taken"),
    [
        ("Saturday 28 November", "Saturday 28 November is not a working day", date(2026, 11, 30)),
        ("25 December", "The next one is Tuesday 29 December", date(2026, 12, 29)),
    ],
)
async def test_a_weekend_or_bank_holiday_is_taken_as_the_next_working_day_and_that_is_said(
    town: Town, mona: Somebody, asha: Somebody, reference: str, typed: str, said: str, taken: date
) -> None:
    await opens_case(mona, reference)
    await mona.taps("More", "Move a date")
    await mona.says(typed)
    mona.sees(said)
    await mona.taps("Yes, that is right")
    await mona.says("She asked for it")
    await mona.taps("Move it")
    assert rows(town, "contact")[-1].due_on == taken


async def test_a_date_that_was_met_meanwhile_is_not_moved(
    town: Town, asha: Somebody, mona: Somebody, reference: str
) -> None:
    await opens_case(asha, reference)
    await asha.taps("More", "Move a date")
    await asha.says("30 November")
    await asha.taps("Yes, that is right")
    await asha.says("She is away")
    await opens_case(mona, reference)
    await mona.taps("Contact made")
    await asha.taps("Move it")
    asha.sees("that date has changed since you began")
    assert len(rows(town, "contact")) == 1


async def test_reviewed_ends_the_review_and_starts_the_next_one(
    town: Town, asha: Somebody, reference: str
) -> None:
    await makes_contact(asha, reference)
    assert [row.due_on for row in rows(town, "review")] == [date(2026, 12, 8)]
    await town.until(date(2026, 12, 3))
    await opens_case(asha, reference)
    await asha.taps("More", "Reviewed")
    await asha.says("It is quieter. We keep watching.")
    asha.sees(f"{reference} is reviewed. The next review is due Thursday 17 December.")
    first, second = rows(town, "review")
    assert (first.end_reason, second.ended_at) == ("met", None)
    (event,) = events(town, "reviewed")
    assert event.detail["note"] == "It is quieter. We keep watching."
    assert not event.public


async def makes_contact(officer: Somebody, reference: str) -> None:
    await opens_case(officer, reference)
    await officer.taps("Contact made")


async def test_a_reminder_waits_until_later_today_and_only_so_often(
    town: Town, asha: Somebody, reference: str
) -> None:
    await time_passes(town, date(2026, 11, 27), 11)
    await opens_case(asha, reference)
    await asha.taps("More", "Remind me again")
    asha.sees(buttons=["Later today"])
    asha.sees_no_button("Tomorrow morning")  # it is due today
    await asha.taps_twice("Later today")
    asha.sees("we remind you again on Friday 27 November at 2pm")
    await town.until(date(2026, 11, 27), 14)
    asha.sees(f"{reference}", "first contact due today")
    await opens_case(asha, reference)
    await asha.taps("More", "Remind me again")  # three hours on, nobody is at work
    asha.sees("waited as long as it can", "Friday 27 November")
    with town.database.reading() as session:
        waited = session.execute(
            select(Reminder.stage, Reminder.status).where(Reminder.stage.like("snoozed%"))
        ).all()
    assert [tuple(one) for one in waited] == [("snoozed_1", "sent")]


async def test_what_is_late_cannot_wait(town: Town, asha: Somebody, mona: Somebody, reference: str) -> None:
    await town.until(date(2026, 11, 30), 10)
    await opens_case(asha, reference)
    await asha.taps("More", "Remind me again")
    asha.sees("this is late, so it cannot wait")
