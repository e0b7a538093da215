"""What others did meanwhile: an old card does nothing, and says who did what; two taps at once do one thing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from casework.retention import rule_of
from handlers.following import said as typed_after_a_button
from handlers.officers import PRESSES
from storage.models import Case, RoleGrant
from storage.retention import delete_case
from tests.officers.taps import history, opened, press, tap
from tests.officers.world import ASHA, BEN, MONA, MONDAY, World


def at_once(world: World, *taps: tuple[int, str]) -> None:
    """Each tap in a thread and a transaction of its own, begun in the same moment."""
    together = Barrier(len(taps))

    def one(chat_id: int, data: str) -> None:
        parts = data.split(":")
        together.wait()
        with world.turn(chat_id, press=data) as turn:
            PRESSES[parts[0]](turn, parts)

    with ThreadPoolExecutor(len(taps)) as pool:
        for done in [pool.submit(one, *each) for each in taps]:
            done.result()


def test_two_officers_who_take_a_case_in_the_same_moment_are_not_both_its_owner(world: World) -> None:
    case = world.report().case
    asha, ben = opened(world, ASHA, case), opened(world, BEN, case)
    world.hush()
    at_once(world, (ASHA, asha.data("Take it")), (BEN, ben.data("Take it")))
    (taken,) = [event for event in history(world, case) if event.kind == "take"]
    assert world.case(case.id).owner_id == taken.actor_id
    late = BEN if taken.actor_id == world.person_id(ASHA) else ASHA
    (shown,) = world.said(late)
    assert shown.text.startswith("This case has changed since that message. It is assigned now.")
    assert ": taken, " in shown.text.split("Since you last looked:")[1]


def test_two_taps_of_one_finger_in_the_same_moment_do_one_thing(world: World) -> None:
    case = world.report().case
    card = opened(world, ASHA, case)
    world.hush()
    at_once(world, *[(ASHA, card.data("Acknowledge"))] * 2)
    assert [event.kind for event in history(world, case)].count("acknowledge") == 1
    assert len(world.said(ASHA)) == 1


def test_two_ways_of_one_try_in_the_same_moment_are_one_try(world: World) -> None:
    case = world.report().case
    asked = tap(world, ASHA, opened(world, ASHA, case), "Contact tried")
    at_once(world, (ASHA, asked.data("I went there")), (ASHA, asked.data("I sent a letter")))
    assert [event.kind for event in history(world, case)].count("contact_tried") == 1


def test_two_managers_who_give_a_case_to_two_officers_at_once_give_it_to_one(world: World) -> None:
    case = world.report().case
    asked = tap(world, MONA, opened(world, MONA, case), "Give to somebody")
    world.hush()
    at_once(
        world,
        (MONA, asked.data("Asha Patel, 0 open cases")),
        (MONA, asked.data("Ben Cole, 0 open cases")),
    )
    (given,) = [event for event in history(world, case) if event.kind == "assign"]
    assert world.case(case.id).owner_id == given.detail["owner"]
    assert len(world.said(ASHA)) + len(world.said(BEN)) == 1


def test_the_second_officer_reads_everything_that_the_first_did_since(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    old = opened(world, BEN, case)
    world.clock.advance(timedelta(minutes=5))
    tap(world, ASHA, opened(world, ASHA, case), "Acknowledge", "Take it", "Contact tried", "I went there")
    shown = tap(world, BEN, old, "Triage done")
    changes = shown.text.split("Since you last looked:\n")[1].split("\n\n")[0].split("\n")
    assert changes == [
        "Monday 23 November at 10:05am: acknowledged, Asha Patel",
        "Monday 23 November at 10:05am: taken, Asha Patel",
        "Monday 23 November at 10:05am: contact tried by going there, Asha Patel",
    ]
    assert world.case(case.id).status == "assigned"


def test_a_case_that_was_closed_meanwhile_stays_as_it_was_closed(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    old = opened(world, BEN, case)
    more = tap(world, BEN, old, "More")
    press(world, ASHA, f"k:reason:{case.id}:resolved")
    with world.turn(ASHA, text="We spoke to both sides.") as turn:
        typed_after_a_button(turn)
    press(world, ASHA, f"k:closed:{case.id}")
    before = len(history(world, case))
    shown = tap(world, BEN, old, "Take it")
    assert "It is closed now." in shown.text
    assert "closed, Asha Patel" in shown.text.split("Since you last looked:")[1]
    assert "Take it" not in shown.buttons
    step = tap(world, BEN, more, "Record a formal step")
    assert step.text.startswith("That cannot be done now: the case is closed.")
    kinds = [event.kind for event in history(world, case)[before:]]
    assert kinds == ["opened"]


def test_a_case_that_moved_to_another_officer_meanwhile_says_to_whom_and_by_whom(
    sqlite_world: World,
) -> None:
    world = sqlite_world
    case = world.report().case
    old = tap(world, ASHA, opened(world, ASHA, case), "Take it")
    press(world, MONA, f"h:own:{case.id}:{world.case(case.id).version}:{world.person_id(BEN)}")
    shown = tap(world, ASHA, old, "Contact made")
    assert "With Ben Cole." in shown.text
    assert "given to Ben Cole, Mona Reid" in shown.text
    assert world.case(case.id).status == "assigned"


def test_a_case_that_was_deleted_meanwhile_is_said_to_be_gone(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    card = opened(world, ASHA, case)
    asked = tap(world, ASHA, card, "Contact tried")
    with world.session() as session:
        service = world.service
        found = session.get_one(Case, case.id)
        rule = rule_of(found.kind, "closed", anonymous=False)
        delete_case(session, found, rule, calendar=service.calendar, today=MONDAY.date())
    for shown, label in ((card, "Take it"), (card, "Add a note"), (card, "More"), (asked, "I went there")):
        assert tap(world, ASHA, shown, label).text.startswith("There is no such case.")


@pytest.mark.parametrize("label", ["Take it", "Contact tried", "Add a note", "More", "Close the case"])
def test_an_officer_who_has_left_can_do_nothing_with_an_old_card(sqlite_world: World, label: str) -> None:
    world = sqlite_world
    case = world.report(story="Loud music").case
    card = opened(world, ASHA, case)
    before = history(world, case)
    asha = world.person_id(ASHA)
    with world.session() as session:
        left = update(RoleGrant).where(RoleGrant.person_id == asha)
        session.execute(left.values(ended_at=world.clock.now()))
    said = tap(world, ASHA, card, label)
    assert said.text.startswith("This is for officers of the team.")
    assert len(history(world, case)) == len(before)
