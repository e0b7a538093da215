"""When a promised day passes the person gets an apology with a new one, by itself, and the manager a mark: once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.jobs import Jobs
from casework.cases import DeadlineKind, RiskBand
from casework.following import (
    Promise,
    answer_deadline,
    closes_when_withdrawn,
    contact_deadline,
    is_chased,
    last_day_to_reopen,
    may_reopen,
    new_day,
    next_promise,
    update_deadline,
)
from casework.working_days import WorkingCalendar
from handlers.following.promises import apologise
from storage.models import BrokenPromise, CaseEvent, Deadline, Notice, Person
from tests.following.walks import makes_contact, takes_case, time_passes
from tests.jobs.world import deliver, jobs_of, local
from tests.officers.world import ADA, ASHA, MONA, POLICY, World
from tests.support.service import Somebody, Town
from tests.support.stored import the_case
from tests.support.walks import reports

CALENDAR = WorkingCalendar.from_policy(POLICY)


def apologies(world: World) -> list[str]:
    """What was said to people, first to last; discreet, so it lies behind their button."""
    with world.session() as session:
        return [notice.body["text"] for notice in session.scalars(select(Notice).order_by(Notice.id))]


def run(world: World, day: int, hour: int = 9, month: int = 11) -> dict[str, int]:
    world.clock.move_to(local(day, hour, month=month))
    with world.session() as session:
        return apologise(session, world.service, world.clock.now())


async def test_months_of_silence_are_three_apologies_and_then_the_managers_number(
    town: Town, mona: Somebody
) -> None:
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    reference = await reports(ada)
    said = []
    for day in (date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 8)):
        await time_passes(town, day)
        ada.sees(f"Update on {reference}")
        await ada.taps("Show the update")
        said.append(ada.last.text)
    assert "by Friday 27 November, and you did not." in said[0]
    assert "The new date is Wednesday 2 December." in said[0]
    assert "by Wednesday 2 December, and you did not." in said[1]
    assert "The new date is Monday 7 December." in said[1]
    assert "The new date is Thursday 10 December." in said[2]
    await time_passes(town, date(2026, 12, 11))
    await ada.taps("Show the update")
    ada.sees("We give you no new date that we may not keep.", "ask for the manager")
    seen = len(ada.phone.bot_messages)
    await time_passes(town, date(2027, 1, 29))
    assert len(ada.phone.bot_messages) == seen
    await ada.says("/cases")
    ada.sees("We said Thursday 10 December 2026, and that day has passed. Call us on")
    marks = [e for e in the_case(town.database, reference).events if e.kind == "promise_missed"]
    assert [mark.detail["new"] for mark in marks] == ["2026-12-02", "2026-12-07", "2026-12-10", None]
    mona.sees_among(f"{reference}, report, Redditch: first contact was due Friday 27 November")


async def test_the_new_date_is_what_the_person_reads_and_the_old_one_stays_late_for_the_officer(
    town: Town, ada: Somebody, asha: Somebody, mona: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await time_passes(town, date(2026, 11, 30))
    await ada.says("/cases")
    ada.sees("Next: an officer will contact you by Wednesday 2 December.")
    await ada.taps(reference, "Why this date?")
    ada.sees("by Friday 27 November", "3 working days after Tuesday 24 November", "by Wednesday 2 December")
    await asha.says("/due")
    asha.sees("Late", f"{reference}: first contact was due Friday 27 November")
    stored = the_case(town.database, reference)
    assert stored.deadlines["contact"].due_on == date(2026, 11, 27)
    assert stored.deadlines["contact"].ended_at is None


async def test_an_update_that_never_comes_is_missed_like_a_contact(
    town: Town, ada: Somebody, asha: Somebody, mona: Somebody
) -> None:
    reference = await reports(ada)
    await makes_contact(asha, reference)
    await time_passes(town, date(2026, 12, 8))
    assert "promise_missed" not in [e.kind for e in the_case(town.database, reference).events]
    asha.sees_among(f"{reference}, report, Redditch: update the person due today, 5pm")
    await time_passes(town, date(2026, 12, 9))
    mona.sees_among(f"{reference}: update the person, promised by Tuesday 8 December.")
    await ada.taps("Show the update")
    ada.sees("Sorry.", "The new date is Friday 11 December.")


def test_each_day_that_passes_is_told_once_however_often_the_job_runs(world: World) -> None:
    world.report()
    assert run(world, 26) == {"missed": 0, "told": 0}  # the day itself is not over
    world.hush()
    assert run(world, 27) == {"missed": 1, "told": 1}
    assert run(world, 27) == {}
    assert run(world, 27, 16) == {}
    assert run(world, 30) == {"missed": 0, "told": 0}  # the new day, Tuesday, is not over yet
    assert len(apologies(world)) == 1
    assert "by Thursday 26 November" in apologies(world)[0]
    assert "The new date is Tuesday 1 December." in apologies(world)[0]
    with world.session() as session:
        assert session.scalars(select(BrokenPromise)).one().new_on == date(2026, 12, 1)
        assert session.scalars(select(CaseEvent.kind)).all().count("promise_missed") == 1


def test_a_job_that_was_not_there_for_a_week_says_it_once(sqlite_world: World) -> None:
    world = sqlite_world
    world.report()
    assert run(world, 7, month=12) == {"missed": 1, "told": 1}
    assert "The new date is Wednesday 9 December." in apologies(world)[0]


@pytest.mark.parametrize(
    ("day", "hour", "why"),
    [
        (28, 10, "a Saturday"),
        (29, 10, "a Sunday"),
        (27, 8, "before the team opens"),
        (27, 18, "after it closes"),
    ],
)
def test_nobody_is_told_outside_working_hours(sqlite_world: World, day: int, hour: int, why: str) -> None:
    sqlite_world.report()
    assert run(sqlite_world, day, hour) == {}, why
    assert not apologies(sqlite_world)


def test_a_promise_that_was_kept_or_ended_is_not_missed(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    with world.session() as session:
        for row in session.scalars(select(Deadline).where(Deadline.case_id == case.id)):
            row.ended_at = world.clock.now()
    assert run(world, 30) == {"missed": 0, "told": 0}


def test_an_anonymous_report_and_a_referral_promise_the_person_nothing(sqlite_world: World) -> None:
    sqlite_world.report(anonymous=True)
    sqlite_world.refer()
    assert run(sqlite_world, 7, month=12) == {"missed": 0, "told": 0}


@pytest.mark.parametrize("fact", ["silent", "unreachable_since"])
def test_who_cannot_be_told_is_named_to_the_manager(sqlite_world: World, fact: str) -> None:
    world = sqlite_world
    case = world.report().case
    with world.session() as session:
        ada = session.get(Person, case.reporter_id)
        setattr(ada, fact, True if fact == "silent" else world.clock.now())
    world.hush()
    world.clock.move_to(local(27, 9))
    jobs_of(world).tick()
    assert not apologies(world)
    assert not world.said(ADA)
    (digest,) = world.said(MONA)
    assert (
        f"{case.reference}: first contact, promised by Thursday 26 November. The bot cannot tell the person."
        in digest.text
    )


def test_the_mark_for_the_manager_is_a_line_of_that_mornings_digest_and_of_no_other(world: World) -> None:
    case = world.report().case
    line = f"{case.reference}: first contact, promised by Thursday 26 November."
    mornings = {}
    for day in (26, 27, 30):
        world.clock.move_to(local(day, 9))
        jobs_of(world).tick()
        mornings[day] = "".join(one.text for one in deliver(world) if one.to == MONA)
    assert {day: line in text for day, text in mornings.items()} == {26: False, 27: True, 30: False}
    assert "The person was told the new date, Tuesday 1 December." in mornings[27]
    said_to_officers = [one.text for one in world.said(ASHA)]
    assert not [text for text in said_to_officers if "Promises" in text]


def test_two_processes_say_it_once(world: World) -> None:
    world.report()
    world.clock.move_to(local(27, 9))
    for _ in range(2):  # each with a memory of its own
        Jobs(world.database, world.service, world.clock).tick()
    assert len(apologies(world)) == 1


def test_an_officers_contact_ends_it(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    run(world, 27)
    with world.turn(ASHA, press=f"k:spoke:{case.id}") as turn:
        from handlers.following import pressed

        pressed(turn, ["k", "spoke", str(case.id)])
    assert run(world, 2, month=12) == {"missed": 0, "told": 0}


# The rules alone


def on(day: date, kind: DeadlineKind = DeadlineKind.CONTACT, missed: int = 0) -> Promise:
    return Promise(kind, day, missed)


MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("promises", "first"),
    [
        ([], None),
        ([on(MONDAY)], on(MONDAY)),
        ([on(MONDAY + timedelta(3)), on(MONDAY, DeadlineKind.UPDATE)], on(MONDAY, DeadlineKind.UPDATE)),
        # of two on one day the answer to what they asked comes first
        ([on(MONDAY), on(MONDAY, DeadlineKind.ANSWER)], on(MONDAY, DeadlineKind.ANSWER)),
    ],
)
def test_the_next_thing_they_hear_is_the_earliest(promises: list[Promise], first: Promise | None) -> None:
    assert next_promise(promises) == first


@pytest.mark.parametrize(
    ("missed", "today", "day"),
    [
        (0, date(2026, 11, 27), date(2026, 12, 1)),  # two working days, over a weekend
        (1, date(2026, 12, 24), date(2026, 12, 30)),  # over Christmas
        (2, date(2026, 12, 2), date(2026, 12, 4)),
        (3, date(2026, 12, 2), None),  # so many dates that another means nothing
        (9, date(2026, 12, 2), None),
    ],
)
def test_an_apology_has_a_new_day_only_so_often(missed: int, today: date, day: date | None) -> None:
    assert new_day(on(MONDAY, missed=missed), today, POLICY, CALENDAR) == day


@given(st.dates(date(2026, 1, 1), date(2028, 11, 30)), st.integers(0, 2))
def test_a_new_day_is_a_working_day_that_is_still_to_come(today: date, missed: int) -> None:
    day = new_day(on(today, missed=missed), today, POLICY, CALENDAR)
    assert day is not None
    assert day > today
    assert CALENDAR.is_working_day(day)
    assert not on(day).is_missed(today)


def test_deadlines_that_begin_while_a_case_is_open_are_counted_from_that_day() -> None:
    at = local(24, 15)
    assert answer_deadline(at, POLICY, CALENDAR).due_on == date(2026, 11, 27)
    assert update_deadline(at, POLICY, CALENDAR).due_on == date(2026, 12, 8)
    assert {risk: contact_deadline(risk, at, POLICY, CALENDAR).due_on for risk in RiskBand} == {
        RiskBand.HIGH: date(2026, 11, 25),
        RiskBand.MEDIUM: date(2026, 11, 27),
        RiskBand.STANDARD: date(2026, 12, 1),
    }


@given(st.dates(date(2026, 1, 1), date(2028, 11, 1)))
def test_an_open_case_never_waits_more_than_ten_working_days_for_news(day: date) -> None:
    told_at = CALENDAR.at(day, POLICY.team.opens)
    due = update_deadline(told_at, POLICY, CALENDAR).due_on
    assert CALENDAR.between(day, due) == 10


def test_the_manager_is_brought_in_at_the_third_message_and_not_again() -> None:
    assert [n for n in range(10) if is_chased(n, POLICY)] == [3]


@pytest.mark.parametrize(
    ("status", "closed_on", "today", "may"),
    [
        ("closed", MONDAY, MONDAY, True),
        ("closed", MONDAY, last_day_to_reopen(MONDAY, POLICY), True),
        ("closed", MONDAY, last_day_to_reopen(MONDAY, POLICY) + timedelta(1), False),
        ("contacted", MONDAY, MONDAY, False),  # it is open already
        ("closed", None, MONDAY, False),
    ],
)
def test_a_report_can_be_opened_again_for_half_a_year(
    status: str, closed_on: date | None, today: date, may: bool
) -> None:
    assert may_reopen(status, closed_on, today, POLICY) is may


def test_at_high_risk_a_person_is_spoken_to_before_their_report_is_closed() -> None:
    assert [risk for risk in RiskBand if not closes_when_withdrawn(risk)] == [RiskBand.HIGH]
