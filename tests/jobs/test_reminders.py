"""Reminders: at the right time, to the right people, once, in one message, and each ends with a reason."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.courier import Fate, Outcome
from bot.delivery_ledger import Ledger
from bot.jobs import Jobs
from casework.cases import DeadlineKind
from casework.roles import Role
from handlers.officers import acts
from storage import deadlines, people
from storage.models import Case, JobSlot, OutboxMessage, Person, Reminder, RoleGrant
from tests.jobs.world import deliver, jobs_of, ledger_of, local, pass_time
from tests.officers.world import ADA, ASHA, BEN, MONA, World

OWNER, MANAGER = "owner", "manager"


def own(world: World, case_id: int, chat_id: int) -> None:
    with world.session() as session:
        owner = people.find_by_chat(session, world.service.keyring.chat_key(chat_id))
        session.execute(update(Case).where(Case.id == case_id).values(owner_id=owner.id))


def end_deadlines(world: World, case_id: int, *kinds: DeadlineKind) -> None:
    with world.session() as session:
        deadlines.end_deadlines(session, case_id, kinds, now=world.clock.now())


def only_contact(world: World) -> Case:
    """A case of Asha's of which only the first contact is still due (Thursday 26 November)."""
    case = world.report().case
    own(world, case.id, ASHA)
    end_deadlines(world, case.id, DeadlineKind.ACKNOWLEDGE)
    world.hush()
    return case


def test_the_owner_hears_before_on_the_day_and_when_it_is_late_and_then_the_manager_too(world: World) -> None:
    case = only_contact(world)
    said = pass_time(world, local(30, 12))
    heard = [(one.to, one.text) for one in said if one.row.receipts]
    reference = f"{case.reference}, report, Redditch"
    assert [to for to, _ in heard] == [ASHA, ASHA, ASHA, MONA, ASHA, MONA]
    assert f"At risk this week\n{reference}" in plain(heard[0][1])
    assert "first contact due Thursday 26 November (2 working days left)" in heard[0][1]
    assert f"Due today\n{reference}: first contact due today, 5pm" in plain(heard[1][1])
    for to, text in heard[2:4]:
        assert f"Late\n{reference}: first contact was due Thursday 26 November" in plain(text), to
    assert "Your cases on Monday 30 November" in heard[4][1]
    assert ledger_of(world, "contact") == {
        ("before_2", OWNER): ("sent", None),
        ("due", OWNER): ("sent", None),
        ("overdue_1", OWNER): ("sent", None),
        ("overdue_1", MANAGER): ("sent", None),
        ("overdue_2", OWNER): ("sent", None),
        ("overdue_2", MANAGER): ("sent", None),
        ("overdue_3", OWNER): ("planned", None),
        ("overdue_3", MANAGER): ("planned", None),
    }


def plain(text: str) -> str:
    return text.replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize(
    ("day", "hour", "minute", "said"),
    [
        (24, 8, 59, False),  # before the team opens
        (24, 9, 0, True),
        (24, 16, 59, True),  # the bot was down all day: still the same day
        (24, 17, 0, False),  # closed
        (28, 11, 0, False),  # Saturday
    ],
)
def test_nothing_is_said_outside_working_time(
    sqlite_world: World, day: int, hour: int, minute: int, said: bool
) -> None:
    world = sqlite_world
    only_contact(world)
    world.clock.move_to(local(day, hour, minute))
    jobs_of(world).tick()
    assert bool(world.said()) is said


def test_nothing_is_said_on_a_bank_holiday(sqlite_world: World) -> None:
    world = sqlite_world
    world.report()
    world.clock.move_to(local(25, 10, month=12))
    world.hush()
    jobs_of(world).tick()
    assert not world.said()


def test_a_week_of_downtime_is_caught_up_in_one_message_each(world: World) -> None:
    first, second = only_contact(world), only_contact(world)
    world.clock.move_to(local(27, 8))
    pass_time(world, local(27, 10))  # overdue for the first time, and told
    world.clock.move_to(local(4, 11, month=12))
    jobs_of(world).tick()
    said = [one for one in deliver(world) if one.to != ADA]
    assert [one.to for one in said] == [ASHA, MONA]
    late = "first contact was due Thursday 26 November"
    for case in (first, second):
        assert all(one.text.count(f"{case.reference}, report, Redditch: {late}") == 1 for one in said)
    stages = ledger_of(world, "contact")
    assert {stages[f"overdue_{n}", OWNER] for n in (2, 3, 4, 5)} == {("skipped", "overtaken")}
    assert stages["overdue_6", OWNER] == ("sent", None)
    assert stages["overdue_6", MANAGER] == ("sent", None)
    assert stages["overdue_7", OWNER] == ("planned", None)


def test_stages_that_were_all_missed_are_told_as_one(world: World) -> None:
    only_contact(world)
    world.clock.move_to(local(27, 11))
    jobs_of(world).tick()
    deliver(world)
    stages = ledger_of(world, "contact")
    assert stages["before_2", OWNER] == stages["due", OWNER] == ("skipped", "overtaken")
    assert stages["overdue_1", OWNER] == ("sent", None)


def test_a_reminder_of_what_is_done_is_skipped(world: World) -> None:
    case = only_contact(world)
    end_deadlines(world, case.id, DeadlineKind.CONTACT)
    said = pass_time(world, local(30, 12))
    assert not said
    assert set(ledger_of(world, "contact").values()) == {("skipped", "deadline ended")}


def test_a_reminder_of_a_closed_case_is_skipped(sqlite_world: World) -> None:
    world = sqlite_world
    case = only_contact(world)
    with world.session() as session:
        session.execute(update(Case).where(Case.id == case.id).values(closed_at=world.clock.now()))
    assert not pass_time(world, local(24, 12))
    assert ledger_of(world, "contact")["before_2", OWNER] == ("skipped", "case closed")


def test_what_nobody_owns_goes_to_all_officers_of_its_district_as_one_reminder(world: World) -> None:
    world.report()
    pass_time(world, local(24, 8))
    said = pass_time(world, local(24, 12))
    assert [one.to for one in said] == [ASHA, BEN]
    assert ledger_of(world, "acknowledge")["due", OWNER] == ("sent", None)


def test_a_reminder_that_one_of_two_got_counts_as_sent(world: World) -> None:
    world.report()
    world.hush()
    world.clock.move_to(local(24, 9))
    jobs_of(world).tick()
    ledger = Ledger(world.database, world.clock)
    (first, second), _ = ledger.turn([], 10, ())
    ledger.turn([Outcome(first, Fate.DEAD, "bad request")], 0, ())
    assert ledger_of(world, "acknowledge")["due", OWNER] == ("failed", "bad request")
    ledger.turn([Outcome(second, Fate.SENT, message_id=1)], 0, ())
    assert ledger_of(world, "acknowledge")["due", OWNER] == ("sent", None)


def test_with_nobody_left_to_tell_a_reminder_fails_with_the_reason(world: World) -> None:
    only_contact(world)
    with world.session() as session:
        session.execute(update(Person).values(unreachable_since=world.clock.now()))
    assert not pass_time(world, local(24, 12))
    assert ledger_of(world, "contact")["before_2", OWNER] == ("failed", "nobody to tell")


def test_an_owner_out_of_reach_is_stood_in_for_by_the_district(world: World) -> None:
    only_contact(world)
    with world.session() as session:
        asha = people.find_by_chat(session, world.service.keyring.chat_key(ASHA))
        asha.unreachable_since = world.clock.now()
    assert [one.to for one in pass_time(world, local(24, 12)) if one.row.receipts] == [BEN]


def after_the_digest(world: World) -> None:
    """It is Tuesday, and this morning's digest went out already."""
    world.clock.move_to(local(24, 9))
    with world.session() as session:
        session.add(JobSlot(job="digest", slot="2026-11-24", at=world.clock.now()))


def test_one_reminder_alone_is_one_line_with_its_buttons(world: World) -> None:
    case = only_contact(world)
    after_the_digest(world)
    assert jobs_of(world).tick()["reminders_messages"] == 1
    (said,) = world.said()
    assert said.text == f"{case.reference}: first contact due Thursday 26 November (2 working days left)."
    assert list(said.buttons) == ["Open case", "Why this date?", "Later today", "Tomorrow morning"]
    assert said.data("Open case") == f"o:{case.id}"
    assert said.row.receipts
    assert ledger_of(world, "contact")["before_2", OWNER] == ("queued", None)


def test_many_reminders_at_once_are_one_message_of_ten_lines(world: World) -> None:
    for _ in range(13):
        only_contact(world)
    after_the_digest(world)
    jobs_of(world).tick()
    (said,) = world.said()
    assert said.text.startswith("<b>13 things are due:</b>\n")
    assert said.text.count("first contact due") == 10
    assert said.text.endswith("and 3 more")
    assert len(said.row.receipts) == 13
    assert said.data("All that is due") == "d:new"


def test_a_restart_says_nothing_twice(world: World) -> None:
    only_contact(world)
    world.clock.move_to(local(24, 9))
    jobs_of(world).tick()
    said = deliver(world)
    for _ in range(3):
        world.clock.advance(timedelta(minutes=1))
        jobs_of(world).tick()
    assert len(said) == 1
    assert not world.said()


def test_an_owner_who_manages_gets_one_line_for_both_reminders(world: World) -> None:
    case = only_contact(world)
    own(world, case.id, MONA)
    world.clock.move_to(local(27, 9))
    jobs_of(world).tick()
    (said,) = world.said(MONA)
    assert said.text.count(f"{case.reference}, report, Redditch: first contact was due") == 1
    assert not world.said(ASHA)
    deliver(world)
    stages = ledger_of(world, "contact")
    assert stages["overdue_1", OWNER] == stages["overdue_1", MANAGER] == ("sent", None)


@pytest.mark.parametrize("digest_done", [True, False])
def test_two_processes_at_once_never_say_a_thing_twice(postgres_world: World, digest_done: bool) -> None:
    world = postgres_world
    cases = [only_contact(world) for _ in range(20)]
    world.clock.move_to(local(24, 9))
    if digest_done:
        after_the_digest(world)
    together = threading.Barrier(2)
    failures: list[Exception] = []

    def run() -> None:
        jobs = jobs_of(world)
        together.wait(timeout=10)
        try:
            jobs.send_due_reminders(world.clock.now())
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not failures
    receipts = [receipt for one in world.said() for receipt in one.row.receipts]
    assert len(receipts) == len(set(receipts)) == len(cases)
    with world.session() as session:
        planned = session.scalars(
            select(Reminder.id).where(Reminder.status == "planned", Reminder.at <= world.clock.now())
        ).all()
        due_then = [one for one in planned if one not in receipts]
        ended = dict(session.execute(select(Reminder.id, Reminder.status)).all())
    assert not due_then
    assert {ended[receipt] for receipt in receipts} == {"queued"}


def test_a_reminder_goes_with_the_transaction_that_wrote_its_message(sqlite_world: World) -> None:
    """A crash between the two can't happen: both commit, or neither."""
    world = sqlite_world
    only_contact(world)
    after_the_digest(world)
    jobs = jobs_of(world)

    def crash_before_the_commit() -> None:
        with world.session() as session:
            jobs._send(session, None, world.clock.now())
            assert session.scalars(select(OutboxMessage)).all()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash_before_the_commit()
    assert not world.said()
    assert ledger_of(world, "contact")["before_2", OWNER] == ("planned", None)


def test_a_job_that_breaks_does_not_stop_the_others(sqlite_world: World) -> None:
    class Broken(Jobs):
        def send_due_reminders(self, now):
            raise ZeroDivisionError

    world = sqlite_world
    world.clock.move_to(local(24, 9))
    done = Broken(world.database, world.service, world.clock).tick()
    assert done["reminders_stopped"] == 1
    with world.session() as session:
        assert set(session.scalars(select(JobSlot.job))) >= {"reconcile", "clean"}


def test_a_person_who_was_removed_from_the_team_hears_nothing(sqlite_world: World) -> None:
    world = sqlite_world
    only_contact(world)
    with world.session() as session:
        asha = people.find_by_chat(session, world.service.keyring.chat_key(ASHA))
        session.execute(
            update(RoleGrant).where(RoleGrant.person_id == asha.id).values(ended_at=world.clock.now())
        )
    assert {one.to for one in pass_time(world, local(24, 12))} == {BEN}


def test_acknowledging_stops_the_reminders_of_it(world: World) -> None:
    received = world.report()
    with world.turn(ASHA, press="c") as turn:
        acts.pressed(turn, ["c", str(received.case.id), "1", "acknowledge"])
    pass_time(world, local(25, 12))
    assert {status for status, _ in ledger_of(world, "acknowledge").values()} == {"skipped"}


def test_the_rows_of_a_deleted_reminder_stay_deleted(sqlite_world: World) -> None:
    """Nothing is repaired in silence; the nightly comparison tells."""
    world = sqlite_world
    only_contact(world)
    with world.session() as session:
        session.execute(delete(Reminder).where(Reminder.stage == "before_2"))
    assert not [one for one in pass_time(world, local(24, 20)) if one.row.receipts]
    assert ("before_2", OWNER) not in ledger_of(world, "contact")


def test_a_new_manager_hears_of_what_is_late(sqlite_world: World) -> None:
    world = sqlite_world
    only_contact(world)
    world.hire(4002, Role.MANAGER, name="Nia")
    said = pass_time(world, local(27, 12))
    assert {one.to for one in said if "Late" in one.text} == {ASHA, MONA, 4002}
