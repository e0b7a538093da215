"""The queue shows only some of its cases: by kind, area, state and ward, kept while an officer pages."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from handlers.officers import COMMANDS
from storage.models import Case
from tests.officers.test_find import press
from tests.officers.world import ADA, ASHA, Said, World


def queue(world: World, chat_id: int = ASHA) -> Said:
    world.hush()
    with world.turn(chat_id, command="queue") as turn:
        COMMANDS["queue"](turn)
    (said,) = world.said(chat_id)
    return said


def test_the_queue_is_narrowed_by_kind_in_three_taps_and_widened_in_one(world: World) -> None:
    noise, referral = world.report().case, world.refer().case
    by = press(world, ASHA, queue(world).data("Show only some"))
    assert (by.method, by.row.edit_handle) == ("editMessageText", "queue")
    kinds = press(world, ASHA, by.data("Kind: all"))
    shown = press(world, ASHA, kinds.data("Nominated Neighbour referral (1)"))
    assert shown.text.startswith("<i>Only: Nominated Neighbour referral</i>\n<b>1 open case</b>")
    assert referral.reference in shown.text
    assert noise.reference not in shown.text
    everything = press(world, ASHA, shown.data("Show all"))
    assert noise.reference in everything.text
    assert "Only:" not in everything.text


def test_what_was_chosen_is_kept_while_they_page_and_forgotten_in_a_new_queue(world: World) -> None:
    for _ in range(11):
        world.report()
    world.refer()
    first = press(world, ASHA, "s:v:kind:asb_report")
    second = press(world, ASHA, first.data("Next page"))
    assert second.text.startswith("<i>Only: report</i>\n<b>11 open cases</b>\nPage 2 of 2")
    assert press(world, ASHA, "q:back").text == second.text
    assert queue(world).text.startswith("<b>12 open cases</b>")


def test_choices_go_together_and_tell_how_many_cases_they_have(world: World) -> None:
    world.report(district="bromsgrove")
    for _ in range(2):
        world.report()
    taken = world.report().case
    nowhere = world.report(district=None).case
    asha = world.person_id(ASHA)
    with world.session() as session:
        session.execute(update(Case).where(Case.id == taken.id).values(status="assigned", owner_id=asha))
    press(world, ASHA, "s:v:district:redditch")
    states = press(world, ASHA, "s:f:status")
    assert set(states.buttons) == {"received (2)", "assigned (1)", "All of them", "Back to the queue"}
    shown = press(world, ASHA, states.data("assigned (1)"))
    assert shown.text.startswith("<i>Only: Redditch and assigned</i>")
    assert taken.reference in shown.text
    press(world, ASHA, "s:all")
    unknown = press(world, ASHA, press(world, ASHA, "s:f:district").data("area not known (1)"))
    assert nowhere.reference in unknown.text
    assert taken.reference not in unknown.text


def test_wards_are_offered_only_where_a_case_has_one(world: World) -> None:
    world.report()
    assert "Ward: all" not in press(world, ASHA, "s:f").buttons
    there = world.report(ward="Astwood Bank & Feckenham").case
    by = press(world, ASHA, "s:f")
    wards = press(world, ASHA, by.data("Ward: all"))
    shown = press(world, ASHA, wards.data("Astwood Bank & Feckenham (1)"))
    assert "Only: Astwood Bank &amp; Feckenham" in shown.text
    assert there.reference in shown.text
    assert shown.text.count("report,") == 1


@pytest.mark.parametrize(
    "data", ["s:v:kind:nothing", "s:v:owner_id:1", "s:v", "s", "s:f:nothing", "s:q", "s:v:ward:"]
)
def test_a_forged_choice_changes_nothing(sqlite_world: World, data: str) -> None:
    sqlite_world.report()
    press(sqlite_world, ASHA, data)
    assert press(sqlite_world, ASHA, "q:back").text.startswith("<b>1 open case</b>")


def test_narrowing_is_for_the_team(sqlite_world: World) -> None:
    sqlite_world.report()
    for data in ("s:f", "s:v:kind:asb_report", "s:all"):
        assert press(sqlite_world, ADA, data).text.startswith("This is for officers of the team.")
