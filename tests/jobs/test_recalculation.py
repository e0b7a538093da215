"""After a change of the policy or of the bank holidays: noticed at start, shown, done once, and told once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from sqlalchemy import select

from bot import recalculation
from casework.cases import DeadlineKind
from handlers.upkeep import recalculating
from handlers.upkeep.tasks import pressed
from storage import deadlines, reminders
from storage.models import Case, CaseEvent, DateBasis, Deadline, Reminder, UpkeepTask
from tests.jobs.changed import BEFORE_ONE, FIVE_DAYS, HOLIDAY, TWO_DAYS, restarted
from tests.jobs.test_reconcile import differences
from tests.jobs.test_reminders import end_deadlines, own, plain
from tests.jobs.world import deliver, jobs_of, local, pass_time
from tests.officers.world import ADA, ASHA, BEN, MONA, Said, World


def referral(world: World, chat_id: int | None = ASHA) -> Case:
    """A case of which only the visit is due, which nobody outside was given a day for (Monday 14 December)."""
    case = world.refer().case
    if chat_id is not None:
        own(world, case.id, chat_id)
    end_deadlines(world, case.id, DeadlineKind.ACKNOWLEDGE, DeadlineKind.CONTACT)
    return case


def only_contact(world: World) -> Case:
    case = world.report().case
    own(world, case.id, ASHA)
    end_deadlines(world, case.id, DeadlineKind.ACKNOWLEDGE)
    return case


def begun(world: World) -> World:
    """The bot has run before: it knows with what the dates were worked out."""
    jobs_of(world).tick()
    deliver(world)
    return world


def due(world: World, case_id: int) -> list[tuple[str, date]]:
    with world.session() as session:
        return [(row.kind, row.due_on) for row in deadlines.list_open(session, case_id)]


def tasks(world: World) -> list[UpkeepTask]:
    with world.session() as session:
        return list(session.scalars(select(UpkeepTask).order_by(UpkeepTask.id)))


def history(world: World, case_id: int) -> list[CaseEvent]:
    with world.session() as session:
        found = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind == recalculating.EVENT)
        return list(session.scalars(found))


def press(world: World, chat_id: int, data: str) -> Said:
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        pressed(turn, data.split(":"))
    (said,) = world.said(chat_id)
    return said


def next_morning(world: World, day: int, month: int = 11) -> dict[int, Said]:
    deliver(world)
    world.clock.move_to(local(day, 9, month=month))
    jobs_of(world).tick()
    return {one.to: one for one in deliver(world)}


def test_the_first_start_takes_the_dates_as_they_are(world: World) -> None:
    case = referral(world)
    before = due(world, case.id)
    begun(world)
    assert due(world, case.id) == before
    assert not tasks(world)


def test_a_changed_policy_moves_nothing_before_a_manager_says_so(world: World) -> None:
    case = referral(begun(world))
    changed = restarted(world, HOLIDAY)
    assert due(changed, case.id) == [("visit", date(2026, 12, 14))]
    (task,) = tasks(changed)
    assert (task.kind, task.body["count"], task.done_at) == ("dates", 1, None)


def test_the_manager_sees_what_moves_and_has_it_done(world: World) -> None:
    case = referral(begun(world))
    changed = restarted(world, HOLIDAY)
    said = next_morning(changed, 24)
    assert "To look at\nThe policy or the bank holidays changed: 1 open date would move." in plain(
        said[MONA].text
    )
    shown = press(changed, MONA, said[MONA].data("Show the dates"))
    line = f"{case.reference}, Nominated Neighbour referral: visit, Monday 14 December, would be Tuesday 15 December"
    assert f"{line} (Wednesday 2 December no longer counts: A funeral)" in shown.text
    answer = press(changed, MONA, shown.data("Recalculate"))
    assert "You will hear when it is done" in answer.text
    world.hush()
    jobs = jobs_of(changed)
    jobs.tick()  # looks, as at a start
    jobs.tick()
    assert due(changed, case.id) == [("visit", date(2026, 12, 15))]
    heard = {one.to: one.text for one in deliver(changed)}
    assert "1 date of your cases was worked out anew" in heard[ASHA]
    assert heard[MONA] == "It is done: 1 date moved."
    (task,) = tasks(changed)
    assert task.done_at is not None
    assert task.done_by == changed.person_id(MONA)
    (event,) = history(changed, case.id)
    assert event.actor_id == changed.person_id(MONA)
    assert [(one["old"], one["new"]) for one in event.detail["moved"]] == [("2026-12-14", "2026-12-15")]


def test_whoever_is_no_manager_can_neither_look_nor_decide(sqlite_world: World) -> None:
    world = sqlite_world
    referral(begun(world))
    changed = restarted(world, HOLIDAY)
    task_id = tasks(changed)[0].id
    for chat_id in (ASHA, ADA):
        for act in ("show", "recalculate"):
            assert "for officers of the team" in press(changed, chat_id, f"b:{act}:{task_id}").text
    assert tasks(changed)[0].asked_at is None


@pytest.mark.parametrize("data", ["b", "b:show", "b:show:x", "b:show:999", "b:checked:1", "b:1:1:1"])
def test_a_forged_button_does_nothing(sqlite_world: World, data: str) -> None:
    world = sqlite_world
    referral(begun(world))
    changed = restarted(world, HOLIDAY)
    assert "nothing to do here" in press(changed, MONA, data).text
    assert tasks(changed)[0].done_at is None


def test_two_managers_who_both_answer_have_it_done_once(sqlite_world: World) -> None:
    world = sqlite_world
    referral(begun(world))
    changed = restarted(world, HOLIDAY)
    task_id = tasks(changed)[0].id
    press(changed, MONA, f"b:recalculate:{task_id}")
    press(changed, MONA, f"b:recalculate:{task_id}")
    world.hush()
    recalculation.carry_out(changed.database, changed.service, changed.clock.now())
    assert (
        "Mona Reid did this on Monday 23 November." in press(changed, MONA, f"b:recalculate:{task_id}").text
    )
    assert not recalculation.carry_out(changed.database, changed.service, changed.clock.now())


def test_a_day_that_a_resident_was_told_never_goes_further_away(world: World) -> None:
    case = only_contact(begun(world))
    changed = restarted(world, FIVE_DAYS)
    assert not tasks(changed)
    assert due(changed, case.id) == [("contact", date(2026, 11, 26))]


def test_a_day_that_a_resident_was_told_comes_nearer_with_its_reminders(world: World) -> None:
    case = only_contact(begun(world))
    changed = restarted(world, TWO_DAYS)
    recalculation.apply(changed.database, changed.service, changed.clock.now())
    assert due(changed, case.id) == [("contact", date(2026, 11, 25))]
    deliver(changed)
    said = pass_time(changed, local(27, 12))
    reminded = [one.text for one in said if one.to == ASHA and one.row.receipts]
    assert "first contact due today" in reminded[0]
    assert "first contact was due Wednesday 25 November" in reminded[1]
    assert not differences(changed)


def test_a_date_that_an_officer_set_by_hand_stays(sqlite_world: World) -> None:
    world = sqlite_world
    case = referral(begun(world))
    with world.session() as session:
        (row,) = deadlines.list_open(session, case.id)
        row.due_on, row.due_at = date(2026, 12, 18), world.service.calendar.end_of(date(2026, 12, 18))
    changed = restarted(world, HOLIDAY)
    assert not tasks(changed)
    assert due(changed, case.id) == [("visit", date(2026, 12, 18))]


def test_the_owner_of_many_dates_hears_of_them_once(sqlite_world: World, monkeypatch) -> None:
    world = begun(sqlite_world)
    monkeypatch.setattr(recalculating, "BATCH", 2)
    for _ in range(5):
        referral(world)
    for _ in range(2):
        referral(world, BEN)
    referral(world, None)
    world.hush()
    changed = restarted(world, HOLIDAY)
    assert recalculation.apply(changed.database, changed.service, changed.clock.now()) == 8
    heard = {one.to: one.text for one in changed.said() if "worked out anew" in one.text}
    assert set(heard) == {ASHA, BEN}
    assert "5 dates of your cases were worked out anew" in heard[ASHA]
    assert "2 dates of your cases were worked out anew" in heard[BEN]
    assert recalculation.apply(changed.database, changed.service, changed.clock.now()) == 0


def test_a_run_that_stopped_in_the_middle_goes_on_and_tells_of_all(world: World, monkeypatch) -> None:
    begun(world)
    cases = [referral(world) for _ in range(5)]
    world.hush()
    changed = restarted(world, HOLIDAY)
    monkeypatch.setattr(recalculating, "BATCH", 2)
    whole, batches = recalculating.do_batch, iter(range(2))

    def killed(*args):
        next(batches)  # StopIteration after two: as if the process ended there
        return whole(*args)

    monkeypatch.setattr(recalculating, "do_batch", killed)
    with pytest.raises(StopIteration):
        recalculation.apply(changed.database, changed.service, changed.clock.now())
    assert not [one for one in changed.said() if "worked out anew" in one.text]
    monkeypatch.setattr(recalculating, "do_batch", whole)
    assert recalculation.apply(changed.database, changed.service, changed.clock.now()) == 5
    (heard,) = [one.text for one in changed.said() if "worked out anew" in one.text]
    assert "5 dates" in heard
    for case in cases:
        assert due(changed, case.id) == [("visit", date(2026, 12, 15))]
        assert len(history(changed, case.id)) == 1


def test_a_second_process_at_the_same_moment_moves_and_tells_nothing_twice(world: World) -> None:
    begun(world)
    case = referral(world)
    changed = restarted(world, HOLIDAY)
    world.hush()
    database, service, now = changed.database, changed.service, changed.clock.now()
    with database.reading() as session:
        basis_id, before = recalculation.upkeep.last_basis(session)
    # Both have read what held before; the other one is done when this one comes to its batch and to its end.
    recalculation.apply(database, service, now)
    with database.transaction() as session:
        assert recalculating.do_batch(session, service, before, 0, None, now)[1] == 0
    with database.transaction() as session:
        team = recalculation.load_team(session, service.calendar.local_day(now))
        assert recalculating.finish(session, service, team, basis_id, None, now) is None
    assert len(changed.said(ASHA)) == 1
    assert len(history(changed, case.id)) == 1


def test_other_reminders_are_planned_anew_by_themselves_and_the_ledger_balances(world: World) -> None:
    case = only_contact(begun(world))
    late = only_contact(world)
    world.clock.move_to(local(23, 12))
    changed = restarted(world, BEFORE_ONE)
    assert not tasks(changed)
    with changed.session() as session:
        stages = set(
            session.scalars(
                select(Reminder.stage).where(Reminder.case_id == case.id, Reminder.status == "planned")
            )
        )
    assert stages == {"before_1", "due", "overdue_1"}
    pass_time(changed, local(30, 12))
    assert not differences(changed)
    assert late.id != case.id


def test_what_somebody_let_wait_still_comes_after_the_reminders_are_planned_anew(sqlite_world: World) -> None:
    world = sqlite_world
    case = only_contact(begun(world))
    with world.session() as session:
        (row,) = deadlines.list_open(session, case.id)
        person_id = session.get_one(Case, case.id).owner_id
        reminders.add_snooze(session, row, number=1, at=local(25, 14), person_id=person_id)
    world.clock.move_to(local(23, 12))
    restarted(world, BEFORE_ONE)
    with world.session() as session:
        waiting = select(Reminder.at).where(Reminder.stage == "snoozed_1", Reminder.status == "planned")
        assert session.scalars(waiting).all() == [local(25, 14)]


def test_a_date_worked_out_anew_says_which_it_took_the_place_of(sqlite_world: World) -> None:
    world = sqlite_world
    case = referral(begun(world))
    changed = restarted(world, HOLIDAY)
    recalculation.apply(changed.database, changed.service, changed.clock.now())
    with world.session() as session:
        visits = select(Deadline).where(Deadline.case_id == case.id, Deadline.kind == "visit")
        old, new = session.scalars(visits.order_by(Deadline.id)).all()
    assert (old.end_reason, new.due_on) == ("recalculated", date(2026, 12, 15))
    assert (new.moved_from, new.first_due_on, new.moves) == (old.id, date(2026, 12, 14), 0)


def test_a_change_that_is_taken_back_is_no_longer_asked_about_and_asked_again_when_it_comes_back(
    sqlite_world: World,
) -> None:
    world = sqlite_world
    referral(begun(world))
    restarted(world, HOLIDAY)
    restarted(world)
    assert [task.done_at is None for task in tasks(world)] == [False]
    restarted(world, HOLIDAY)
    assert [task.done_at is None for task in tasks(world)] == [True]
    restarted(world, TWO_DAYS, HOLIDAY)
    assert [task.done_at is None for task in tasks(world)] == [False, True]


def test_restarts_ask_once(sqlite_world: World) -> None:
    world = sqlite_world
    referral(begun(world))
    for _ in range(3):
        restarted(world, HOLIDAY)
    assert len(tasks(world)) == 1


def test_a_process_with_the_old_policy_does_not_do_what_was_asked_of_the_new(sqlite_world: World) -> None:
    world = sqlite_world
    case = referral(begun(world))
    old = jobs_of(world)
    old.tick()
    changed = restarted(world, HOLIDAY)
    press(changed, MONA, f"b:recalculate:{tasks(changed)[0].id}")
    old.tick()
    assert due(world, case.id) == [("visit", date(2026, 12, 14))]


def test_what_was_moved_stays_in_the_rows(sqlite_world: World) -> None:
    world = sqlite_world
    case = referral(begun(world))
    changed = restarted(world, HOLIDAY)
    recalculation.apply(changed.database, changed.service, changed.clock.now())
    with changed.session() as session:
        rows: Iterable[Deadline] = session.scalars(
            select(Deadline)
            .where(Deadline.case_id == case.id, Deadline.kind == "visit")
            .order_by(Deadline.id)
        )
        assert [row.end_reason for row in rows] == ["recalculated", None]
        statuses = select(Reminder.status).where(Reminder.reason == "planned anew")
        assert set(session.scalars(statuses)) == {"skipped"}
        bases = session.scalars(select(DateBasis).order_by(DateBasis.id)).all()
    assert [basis.moved for basis in bases] == [0, 1]
