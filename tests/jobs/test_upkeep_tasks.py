"""What managers are asked to look at: raised once, in their digest until done, a reason to write once a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework.policy import parse_policy
from storage.database import Database
from tests.jobs.changed import TEXT
from tests.jobs.test_recalculation import press, tasks
from tests.jobs.world import deliver, jobs_of
from tests.officers.world import ASHA, MONA, Said, World, make_world

SEPTEMBER = datetime(2027, 9, 27, 9, 0, tzinfo=UTC)  # a Monday, 10am local


@pytest.fixture
def autumn(database: Database) -> World:
    """The team, a few days before October; the bot began in January, and every number was confirmed."""
    world = make_world(database, datetime(2027, 1, 4, 10, tzinfo=UTC))
    policy = parse_policy(TEXT.replace("value = 180,", "value = 3660,"))
    world = replace(world, service=replace(world.service, policy=policy))
    jobs_of(world).tick()
    world.clock.move_to(SEPTEMBER)
    return world


def each_morning(world: World, days: int) -> list[tuple[int, Said]]:
    """So many mornings; the day of the month with what was said to the manager."""
    heard = []
    deliver(world)
    for _ in range(days):
        world.clock.advance(timedelta(days=1))
        jobs_of(world).tick()
        jobs_of(world).tick()  # a restart
        now = world.clock.now()
        heard += [(now.day, one) for one in deliver(world) if one.to == MONA]
    return heard


def test_in_october_the_bank_holidays_are_asked_for_once_a_week_until_they_are_checked(autumn: World) -> None:
    heard = each_morning(autumn, 16)  # until Wednesday 13 October
    assert [day for day, _ in heard] == [1, 8]
    assert len(tasks(autumn)) == 1
    said = heard[0][1]
    assert "Check the bank holidays of 2028." in said.text
    shown = press(autumn, MONA, said.data("Show the bank holidays"))
    assert "Friday 14 April 2028: Good Friday" in shown.text
    thanks = press(autumn, MONA, shown.data("Checked"))
    assert "The bank holidays of 2028 are checked." in thanks.text
    (task,) = tasks(autumn)
    assert (task.done_by, task.done_at) == (autumn.person_id(MONA), autumn.clock.now())
    assert not each_morning(autumn, 30)
    again = press(autumn, MONA, said.data("Checked"))
    assert again.text == "Mona Reid did this on Wednesday 13 October."
    assert tasks(autumn)[0].done_at == task.done_at


def test_an_open_task_is_in_every_digest_that_there_is(autumn: World) -> None:
    heard = each_morning(autumn, 4)
    assert [day for day, _ in heard] == [1]
    autumn.report()
    late = each_morning(autumn, 7)  # from the day after the report was due
    assert late
    assert all("Check the bank holidays of 2028." in said.text for _, said in late)


def test_an_officer_is_not_asked_and_cannot_answer(autumn: World) -> None:
    each_morning(autumn, 4)
    task_id = tasks(autumn)[0].id
    assert "for officers of the team" in press(autumn, ASHA, f"b:checked:{task_id}").text
    assert tasks(autumn)[0].done_at is None


def test_the_numbers_that_nobody_confirmed_are_one_task_with_a_list(database: Database) -> None:
    world = make_world(database, datetime(2027, 1, 4, 10, tzinfo=UTC))
    jobs_of(world).tick()
    world.clock.move_to(datetime(2027, 7, 4, 9, tzinfo=UTC))  # half a year on, a Sunday
    heard = each_morning(world, 3)
    assert [day for day, _ in heard] == [5]
    (task,) = tasks(world)
    count = len(task.body["where"])
    assert count > 20
    assert f"{count} entries of the policy wait for somebody to confirm them." in heard[0][1].text
    first = press(world, MONA, heard[0][1].data("Show the entries"))
    assert len([line for line in first.text.splitlines() if line in task.body["where"]]) == 10
    later = press(world, MONA, first.data("More of them"))
    assert later.method == "editMessageText"
    assert task.body["where"][10] in later.text
    assert task.body["where"][0] not in later.text


def test_the_task_ends_by_itself_once_everything_is_confirmed(sqlite_database: Database) -> None:
    world = make_world(sqlite_database, datetime(2027, 1, 4, 10, tzinfo=UTC))
    jobs_of(world).tick()
    world.clock.move_to(datetime(2027, 7, 4, 9, tzinfo=UTC))
    each_morning(world, 3)
    policy = parse_policy(TEXT.replace("value = 180,", "value = 3660,"))
    world = replace(world, service=replace(world.service, policy=policy))
    each_morning(world, 1)
    (task,) = tasks(world)
    assert task.done_at is not None
    assert task.done_by is None
