"""The nightly comparison: silent while all balances; told to managers in the morning where it does not."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from bot.courier import Fate
from storage.models import Deadline, Fault, Reminder
from tests.jobs.test_reminders import only_contact, plain
from tests.jobs.world import deliver, jobs_of, local, pass_time
from tests.officers.world import ASHA, MONA, World


def nights(world: World) -> list[set[tuple[str, str, str]]]:
    """What each comparison found that found something: stage, audience, problem."""
    with world.session() as session:
        faults = session.scalars(select(Fault).where(Fault.error == "reminders_differ")).all()
    return [
        {(line["stage"], line["audience"], line["problem"]) for line in fault.body["reminders"]}
        for fault in faults
    ]


def differences(world: World) -> set[tuple[str, str, str]]:
    return {found for night in nights(world) for found in night}


def test_all_balances_through_two_weeks_with_overdue_cases(world: World) -> None:
    only_contact(world)
    world.report()
    pass_time(world, local(4, 12, month=12))
    assert not differences(world)


@pytest.mark.parametrize(
    ("stage", "audience"),
    [
        ("before_2", "owner"),  # should have gone out this very morning
        ("due", "owner"),  # still ahead, and found before it is missed
        ("overdue_1", "manager"),  # the escalation
    ],
)
def test_a_deleted_reminder_is_found_and_the_manager_is_told(world: World, stage: str, audience: str) -> None:
    case = only_contact(world)
    with world.session() as session:
        session.execute(
            delete(Reminder).where(
                Reminder.stage == stage,
                Reminder.audience == audience,
                Reminder.at > local(23, 12),
                Reminder.status == "planned",
                Reminder.deadline_id.in_(select(Reminder.deadline_id).where(Reminder.stage == "before_2")),
            )
        )
    said = pass_time(world, local(24, 12))
    assert differences(world) == {(stage, audience, "missing")}
    (told,) = [one for one in said if one.to == MONA]
    assert told.text.count(case.reference) == 1
    expected = f"Reminders that did not go out\n{case.reference}: first contact, the reminder is missing"
    assert expected in plain(told.text)
    assert not [one for one in said if one.to == ASHA and "did not go out" in one.text]


def test_a_chain_of_overdue_stages_that_broke_is_found(sqlite_world: World) -> None:
    world = sqlite_world
    only_contact(world)
    pass_time(world, local(27, 12))
    with world.session() as session:
        session.execute(delete(Reminder).where(Reminder.stage == "overdue_2"))
    pass_time(world, local(28, 6))
    assert differences(world) == {("overdue_2", "owner", "missing"), ("overdue_2", "manager", "missing")}


def test_a_reminder_whose_message_never_left_is_found(sqlite_world: World) -> None:
    world = sqlite_world
    only_contact(world)
    world.clock.move_to(local(24, 9))
    jobs_of(world).tick()  # and nothing delivers it
    world.clock.move_to(local(25, 5))
    jobs_of(world).tick()
    assert differences(world) == {("before_2", "owner", "waiting")}


def test_a_reminder_that_was_given_up_is_told_once(sqlite_world: World) -> None:
    world = sqlite_world
    only_contact(world)
    world.clock.move_to(local(24, 9))
    jobs_of(world).tick()
    deliver(world, Fate.DEAD)
    pass_time(world, local(26, 12))
    assert nights(world) == [{("before_2", "owner", "failed")}]


def test_it_runs_once_a_night_and_again_the_next(sqlite_world: World) -> None:
    world = sqlite_world
    only_contact(world)
    with world.session() as session:
        session.execute(delete(Reminder).where(Reminder.stage == "overdue_1"))
    world.clock.move_to(local(24, 4, 59))
    jobs_of(world).tick()
    assert not differences(world)
    world.clock.move_to(local(24, 5))
    jobs_of(world).tick()
    jobs_of(world).tick()
    assert len(nights(world)) == 1
    world.clock.move_to(local(25, 5))
    jobs_of(world).tick()
    assert len(nights(world)) == 2


def test_nothing_is_compared_for_what_is_done(sqlite_world: World) -> None:
    world = sqlite_world
    only_contact(world)
    with world.session() as session:
        session.execute(update(Deadline).values(ended_at=world.clock.now()))
        session.execute(delete(Reminder))
    pass_time(world, local(25, 12))
    assert not differences(world)
