"""The morning's one message: only where there is something in it, and with that morning's reminders inside."""

from __future__ import annotations

from datetime import timedelta

from casework.cases import DeadlineKind, RiskBand
from handlers.officers import on_unreachable
from tests.jobs.test_reminders import end_deadlines, only_contact, own, plain
from tests.jobs.world import deliver, jobs_of, local, pass_time
from tests.officers.world import ADA, ASHA, BEN, MONA, WES, World


def morning(world: World, day: int, hour: int = 9) -> list:
    deliver(world)
    world.clock.move_to(local(day, hour))
    jobs_of(world).tick()
    return deliver(world)


def test_a_morning_with_nothing_in_it_has_no_message(world: World) -> None:
    assert not morning(world, 24)


def test_each_officer_gets_their_own_and_nobody_elses(world: World) -> None:
    redditch = world.report(risk=RiskBand.STANDARD)
    forest = world.report(district="wyre_forest")
    said = {one.to: plain(one.text) for one in morning(world, 24)}
    assert set(said) == {ASHA, BEN, WES}
    assert f"Due today\n{redditch.reference}, report, Redditch: acknowledge due today, 5pm" in said[ASHA]
    assert forest.reference not in said[ASHA]
    assert redditch.reference not in said[WES]


def test_the_reminders_of_the_morning_are_inside_and_not_beside(world: World) -> None:
    world.report()
    said = [one for one in morning(world, 24) if one.to == ASHA]
    assert len(said) == 1
    assert "Due today" in said[0].text
    assert "At risk this week" in said[0].text
    assert len(said[0].row.receipts) == 2


def test_there_is_one_digest_a_day(world: World) -> None:
    world.report()
    morning(world, 24)
    world.report()
    deliver(world)
    world.clock.advance(timedelta(hours=3))
    jobs_of(world).tick()
    assert not world.said()


def test_a_bot_that_starts_at_noon_sends_the_mornings_digest_then(world: World) -> None:
    world.report()
    assert {one.to for one in morning(world, 24, hour=12)} == {ASHA, BEN}


def test_a_bot_that_starts_in_the_evening_waits_for_the_next_morning(world: World) -> None:
    only_contact(world)
    assert not morning(world, 24, hour=18)
    owner, manager = morning(world, 25)
    assert (owner.to, manager.to) == (ASHA, MONA)
    assert "first contact due Thursday 26 November" in owner.text
    assert "the reminder still waits" in manager.text  # it is told that a day was missed


def test_new_cases_are_listed_until_somebody_takes_them(sqlite_world: World) -> None:
    world = sqlite_world
    world.clock.move_to(local(23, 15))
    fresh = world.report(risk=RiskBand.HIGH)
    end_deadlines(world, fresh.case.id, *DeadlineKind)
    said = {one.to: plain(one.text) for one in morning(world, 24)}
    expected = f"New, and nobody has it yet\n{fresh.reference}, report, Redditch: came in Monday 23 November"
    assert expected in said[ASHA]
    assert "high risk" not in said[ASHA]  # it may show on a locked phone
    own(world, fresh.case.id, ASHA)
    assert not morning(world, 25)


def test_a_case_that_is_due_today_is_not_listed_again_as_new(sqlite_world: World) -> None:
    fresh = sqlite_world.report()
    (said, _) = morning(sqlite_world, 24)
    assert plain(said.text).count(f"{fresh.reference}, report, Redditch: acknowledge") == 1
    assert "nobody has it yet" not in said.text


def test_people_out_of_reach_are_listed_until_somebody_has_phoned(sqlite_world: World) -> None:
    world = sqlite_world
    case = only_contact(world)
    end_deadlines(world, case.id, DeadlineKind.CONTACT)
    world.clock.move_to(local(24, 2))
    with world.session() as session:
        ada = world.service.keyring.chat_key(ADA)
        on_unreachable(session, world.service, ada, world.clock.now(), "blocked")
    (said,) = morning(world, 24)
    reach = f"The bot cannot reach them\n{case.reference}, report, Redditch: reach the person another way due"
    assert f"{reach} Wednesday 25 November" in plain(said.text)
    (said,) = morning(world, 25)
    assert f"{reach} today, 5pm" in plain(said.text)
    end_deadlines(world, case.id, *DeadlineKind)
    assert not morning(world, 26)


def test_a_long_morning_still_fits_a_screen_and_says_how_many_more_there_are(sqlite_world: World) -> None:
    world = sqlite_world
    for _ in range(40):
        only_contact(world)
    world.clock.move_to(local(27, 8))
    for _ in range(40):
        world.report(district=None, risk=RiskBand.HIGH)
    said = {one.to: one for one in morning(world, 27)}
    text = plain(said[ASHA].text)
    assert len(text) < 2000
    assert text.count("first contact was due") == 6
    assert "and 34 more" in text
    assert len(text.splitlines()) < 30
    assert len(said[ASHA].buttons) <= 2 * 15 + 2
    assert said[ASHA].buttons["All that is due"] == "d:new"


def test_a_fortnight_of_one_late_case_is_one_message_each_working_morning_on_which_it_counts(
    sqlite_world: World,
) -> None:
    world = sqlite_world
    only_contact(world)
    said = pass_time(world, local(7, 12, month=12))
    assert len([one for one in said if one.to == ASHA]) == 11
    assert len([one for one in said if one.to == MONA]) == 7
