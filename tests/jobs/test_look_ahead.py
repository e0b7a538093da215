"""On Friday: what is due next week, by day; to managers how much everybody has; nothing where nothing is due."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from casework.cases import DeadlineKind
from casework.roles import Role
from handlers.upkeep import look_ahead
from storage import deadlines, leave
from storage.models import Case
from tests.jobs.test_reminders import end_deadlines, own, plain
from tests.jobs.world import deliver, jobs_of, local
from tests.officers.world import ASHA, BEN, MONA, WES, Said, World

FRIDAY = 27


def ahead(world: World, day: int = FRIDAY, hour: int = 14, *, month: int = 11) -> dict[int, Said]:
    """What the look ahead says at an hour of a day, the digest of which went out already."""
    world.clock.move_to(local(day, 9, month=month))
    jobs_of(world).tick()
    deliver(world)
    world.clock.move_to(local(day, hour, month=month))
    jobs_of(world).tick()
    return {one.to: one for one in deliver(world)}


def update_due(world: World, owner: int | None, on: int, *, month: int = 12, **facts) -> Case:
    """A case of which only a visit is due on a day of December."""
    case = world.refer(**facts).case
    if owner is not None:
        own(world, case.id, owner)
    end_deadlines(world, case.id, DeadlineKind.ACKNOWLEDGE, DeadlineKind.CONTACT)
    with world.session() as session:
        (row,) = deadlines.list_open(session, case.id)
        day = datetime(2026, month, on, tzinfo=UTC).date()
        row.due_on, row.due_at = day, world.service.calendar.end_of(day)
    return case


def goes_away(world: World, chat_id: int, deputy: int) -> None:
    person, stands_in = world.person_id(chat_id), world.person_id(deputy)
    with world.session() as session:
        leave.add_leave(
            session,
            person_id=person,
            deputy_id=stands_in,
            first_on=local(FRIDAY, 9).date(),
            last_on=local(FRIDAY, 9).date() + timedelta(days=7),
            by=person,
            now=world.clock.now(),
        )


def test_each_officer_reads_their_own_week_by_day(world: World) -> None:
    tuesday, friday = update_due(world, ASHA, 1), update_due(world, ASHA, 4)
    update_due(world, ASHA, 8)  # the week after that
    other = update_due(world, BEN, 2)
    said = ahead(world)
    text = plain(said[ASHA].text)
    assert text.startswith("Next week, from Monday 30 November")
    assert (
        f"Tuesday 1 December: 1 thing is due\n{tuesday.reference}, Nominated Neighbour referral, Redditch"
        in text
    )
    assert f"Friday 4 December: 1 thing is due\n{friday.reference}" in text
    assert other.reference not in text
    assert "Tuesday 8 December" not in text
    assert said[ASHA].data(tuesday.reference) == f"o:{tuesday.id}"
    assert WES not in said


def test_the_manager_reads_how_much_everybody_has(world: World) -> None:
    for day in (1, 2, 3):
        update_due(world, ASHA, day)
    update_due(world, BEN, 2)
    update_due(world, None, 2)
    said = ahead(world)
    assert plain(said[MONA].text).endswith("The whole team\nAsha Patel: 3\nBen Cole: 1\nNobody has it yet: 1")
    assert "The whole team" not in said[ASHA].text


def test_where_nothing_is_due_nothing_is_said(world: World) -> None:
    update_due(world, ASHA, 8)
    assert not ahead(world)


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [(FRIDAY, 13, False), (FRIDAY, 14, True), (FRIDAY, 16, True), (FRIDAY, 17, False), (26, 14, False)],
)
def test_it_comes_at_the_hour_of_the_policy(sqlite_world: World, day: int, hour: int, said: bool) -> None:
    update_due(sqlite_world, ASHA, 1)
    assert bool(ahead(sqlite_world, day, hour)) is said


def test_before_a_bank_holiday_it_comes_on_the_last_working_day(sqlite_world: World) -> None:
    world = sqlite_world
    world.clock.move_to(local(22, 9, month=12))
    update_due(world, ASHA, 30)
    (said,) = [one for to, one in ahead(world, 24, month=12).items() if to == ASHA]
    assert "Wednesday 30 December" in said.text
    assert not [one for one in ahead(world, 29, month=12).values() if "Next week" in one.text]


def test_restarts_say_nothing_twice(world: World) -> None:
    update_due(world, ASHA, 1)
    assert ASHA in ahead(world)
    for _ in range(3):
        world.clock.advance(timedelta(minutes=1))
        jobs_of(world).tick()
    assert not world.said()


def test_two_processes_at_once_say_it_once(postgres_world: World) -> None:
    world = postgres_world
    update_due(world, ASHA, 1)
    world.clock.move_to(local(FRIDAY, 14))
    started = threading.Barrier(2)

    def process() -> None:
        started.wait()
        with world.database.transaction() as session:
            look_ahead.tell_all(session, world.service, world.clock.now())

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in world.said(ASHA) if "Next week" in one.text]) == 1


def test_a_week_full_of_work_fits_a_screen(sqlite_world: World) -> None:
    world = sqlite_world
    world.hire(3009, Role.OFFICER, "redditch", name="Zoe")
    for day in (1, 2, 3, 4):
        for _ in range(9):
            update_due(world, ASHA, day)
    text = plain(ahead(world)[ASHA].text)
    assert text.count("9 things are due") == 4
    assert text.count("Nominated Neighbour referral") == 12
    # The earlier days get more of the screen: four lines, four, three and one.
    assert [f"and {n} more" in text for n in (5, 6, 8)] == [True, True, True]


def test_who_is_away_reads_nothing_and_their_deputy_has_their_week(world: World) -> None:
    case = update_due(world, ASHA, 1)
    for who, deputy in ((ASHA, WES), (MONA, BEN)):
        goes_away(world, who, deputy)
    said = ahead(world)
    assert said[WES].data(case.reference) == f"o:{case.id}"
    assert ASHA not in said
    assert MONA not in said
    assert "Asha Patel: 1" in plain(said[BEN].text)  # who stands in for the manager
    assert case.reference not in said[BEN].text
