"""Next actions, moved dates and leave in the database: what is told to whom, and that nothing is silent."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from casework.cases import DeadlineKind, RiskBand
from handlers.officers import acts, card, timing
from handlers.planning import moving, room
from storage import leave, reminders
from storage.deadlines import list_open
from storage.models import Case, CaseEvent, Deadline, Leave, Reminder
from storage.team import load_team
from tests.jobs.test_reconcile import differences
from tests.jobs.test_reminders import only_contact, plain
from tests.jobs.world import jobs_of, ledger_of, local, pass_time
from tests.officers.world import ADA, ASHA, BEN, MONA, WES, World


def press(world: World, chat_id: int, data: str) -> None:
    with world.turn(chat_id, press=data) as turn:
        room.pressed(turn, data.split(":"))


def goes_away(world: World, chat_id: int, deputy: int, first: date, last: date) -> int:
    person, stands_in = world.person_id(chat_id), world.person_id(deputy)
    with world.session() as session:
        row = leave.add_leave(
            session,
            person_id=person,
            deputy_id=stands_in,
            first_on=first,
            last_on=last,
            by=person,
            now=world.clock.now(),
        )
        return row.id


def waiting(world: World, case_id: int) -> dict[str, date]:
    with world.session() as session:
        return {row.kind: row.due_on for row in list_open(session, case_id)}


def move(world: World, chat_id: int, case_id: int, name: str) -> None:
    with world.turn(chat_id) as turn:
        case = turn.session.get_one(Case, case_id)
        data = f"c:{case_id}:{case.version}:{name}"
    with world.turn(chat_id, press=data) as turn:
        acts.pressed(turn, data.split(":"))


# Every open case has a next action


def test_a_report_without_a_name_is_reviewed_once_it_is_acknowledged(world: World) -> None:
    case = world.report(anonymous=True).case
    assert set(waiting(world, case.id)) == {"acknowledge"}
    move(world, ASHA, case.id, "acknowledge")
    assert waiting(world, case.id) == {"review": date(2026, 12, 7)}


def test_a_referral_that_nothing_else_is_due_on_is_reviewed(world: World) -> None:
    case = world.refer().case
    move(world, ASHA, case.id, "take")
    move(world, ASHA, case.id, "acknowledge")
    move(world, ASHA, case.id, "contact_made")
    with world.session() as session:
        found = session.get_one(Case, case.id)
        timing.end(session, world.service, found, (DeadlineKind.VISIT,), world.clock.now())
    assert waiting(world, case.id) == {"review": date(2026, 12, 21)}


def test_the_review_of_a_case_that_rests_again_ends(world: World) -> None:
    case = world.refer().case
    with world.session() as session:
        found = session.get_one(Case, case.id)
        found.status, found.owner_id = "review_due", found.referrer_id
        session.execute(update(Deadline).values(ended_at=world.clock.now(), end_reason="met"))
        session.expire_all()
        timing.keep_next_action(session, world.service, found, world.clock.now())
    assert set(waiting(world, case.id)) == {"review"}
    with world.session() as session:
        found = session.get_one(Case, case.id)
        found.status = "enrolled"
        timing.keep_next_action(session, world.service, found, world.clock.now())
    assert not waiting(world, case.id)


def test_the_night_mends_a_case_without_a_next_action_and_says_so(world: World) -> None:
    case = only_contact(world)
    with world.session() as session:
        session.execute(
            update(Deadline)
            .where(Deadline.case_id == case.id)
            .values(ended_at=world.clock.now(), end_reason="met")
        )
    done = jobs_of(world).tick(local(24, 5))
    assert done["reconcile_mended"] == 1
    assert waiting(world, case.id) == {"review": date(2026, 12, 8)}
    with world.session() as session:
        kinds = session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)).all()
    assert "next_action_set" in kinds
    assert "reconcile_mended" not in jobs_of(world).tick(local(25, 5))


def test_the_night_leaves_alone_what_is_closed_or_rests(world: World) -> None:
    closed, resting = only_contact(world), world.refer().case
    with world.session() as session:
        session.execute(update(Deadline).values(ended_at=world.clock.now(), end_reason="met"))
        session.execute(
            update(Case).where(Case.id == closed.id).values(status="closed", closed_at=world.clock.now())
        )
        session.execute(update(Case).where(Case.id == resting.id).values(status="enrolled"))
    assert "reconcile_mended" not in jobs_of(world).tick(local(24, 5))


def test_a_risk_that_rises_brings_the_review_forward_and_keeps_the_old_row(world: World) -> None:
    case = world.report(anonymous=True, risk=RiskBand.STANDARD).case
    move(world, ASHA, case.id, "acknowledge")
    with world.session() as session:
        found = session.get_one(Case, case.id)
        found.risk = RiskBand.HIGH.value
        timing.risk_changed(session, world.service, found, RiskBand.STANDARD, world.clock.now())
    assert waiting(world, case.id) == {"review": date(2026, 11, 30)}
    with world.session() as session:
        old, new = session.scalars(
            select(Deadline).where(Deadline.kind == "review").order_by(Deadline.id)
        ).all()
    assert (old.end_reason, new.moved_from, new.moves) == ("replanned", old.id, 0)


# Moving


def test_the_reminders_of_a_moved_date_are_planned_anew_and_the_ledger_balances(world: World) -> None:
    case = only_contact(world)
    with world.turn(ASHA) as turn:
        (row,) = list_open(turn.session, case.id)
        found = turn.session.get_one(Case, case.id)
        moving.move(turn, found, row, date(2026, 12, 1), "She is away")
    heard = [one.text for one in pass_time(world, local(2, 12, month=12)) if one.to == ASHA]
    assert not any("Thursday 26 November" in text for text in heard)
    assert any("due today" in text and "moved once" in text for text in map(plain, heard))
    assert not differences(world)


def test_an_officer_cannot_agree_by_a_forged_button(world: World) -> None:
    case = only_contact(world)
    with world.turn(ASHA) as turn:
        found = turn.session.get_one(Case, case.id)
        (row,) = list_open(turn.session, case.id)
        answers = {
            "_about": {"case": found.id, "deadline": row.id},
            "day": {"day": "2026-12-11"},
            "reason": "Away",
        }
        moving.save(turn, answers)
    with world.session() as session:
        event_id = session.scalars(select(CaseEvent.id).where(CaseEvent.kind == "move_asked")).one()
    for chat_id in (BEN, ADA):
        press(world, chat_id, f"j:agree:{event_id}")
    assert waiting(world, case.id) == {"contact": date(2026, 11, 26)}
    press(world, MONA, f"j:agree:{event_id}")
    press(world, MONA, f"j:agree:{event_id}")
    assert waiting(world, case.id) == {"contact": date(2026, 12, 11)}
    for forged in ("j:agree:1", "j:keep:", "j:agree:x", "j:agree:99999999", "j:move:0", "j", "j:nothing:1"):
        press(world, MONA, forged)
    assert waiting(world, case.id) == {"contact": date(2026, 12, 11)}


# Leave


def test_while_the_owner_is_away_their_reminders_go_to_the_deputy_and_to_nobody_twice(world: World) -> None:
    only_contact(world)
    goes_away(world, ASHA, WES, date(2026, 11, 24), date(2026, 11, 27))
    said = [one for one in pass_time(world, local(27, 12)) if one.to != ADA]
    assert [plain(one.text).splitlines()[0] for one in said if one.to == ASHA] == [
        "Your cases on Monday 23 November"  # she is still there
    ]
    reminded = [one.to for one in said if one.row.receipts]
    assert reminded.count(WES) == 3  # before, on the day, and late
    assert reminded.count(MONA) == 1
    assert set(reminded) == {WES, MONA}
    assert not differences(world)


def test_the_deputy_opens_those_cases_and_only_while_it_lasts(world: World) -> None:
    case = only_contact(world)

    def opens(day: int) -> bool:
        world.clock.move_to(local(day, 12))
        world.hush()
        with world.turn(WES, press=f"o:{case.id}") as turn:
            card.open_pressed(turn, ["o", str(case.id)])
        return any(one.text.startswith("<b>") and case.reference in one.text for one in world.said(WES))

    goes_away(world, ASHA, WES, date(2026, 11, 24), date(2026, 11, 27))
    assert [opens(day) for day in (23, 24, 27, 28)] == [False, True, True, False]


def test_new_work_of_an_officer_who_is_away_goes_to_their_deputy(world: World) -> None:
    goes_away(world, ASHA, WES, date(2026, 11, 23), date(2026, 11, 27))
    world.hush()
    world.report(district="redditch")
    assert {one.to for one in world.said()} - {ADA} == {WES, BEN}


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        ({ASHA: BEN}, BEN),
        ({ASHA: BEN, BEN: WES}, WES),  # the deputy is away too: the next one
        ({ASHA: BEN, BEN: ASHA}, MONA),  # a circle: the manager
        ({ASHA: BEN, BEN: ASHA, MONA: WES}, WES),  # and the manager's own deputy
    ],
)
def test_overlapping_leave_falls_through_to_the_next_and_then_to_managers(
    world: World, away: dict[int, int], expected: int
) -> None:
    case = only_contact(world)
    for person, deputy in away.items():
        goes_away(world, person, deputy, date(2026, 11, 23), date(2026, 11, 27))
    with world.session() as session:
        team = load_team(session, date(2026, 11, 25))
        told = [person.id for person in team.caretakers(session.get_one(Case, case.id))]
    assert told == [world.person_id(expected)]


def test_nobody_being_there_still_reaches_somebody(world: World) -> None:
    case = only_contact(world)
    for person, deputy in {ASHA: BEN, BEN: WES, WES: MONA, MONA: ASHA}.items():
        goes_away(world, person, deputy, date(2026, 11, 23), date(2026, 11, 27))
    with world.session() as session:
        team = load_team(session, date(2026, 11, 25))
        assert team.caretakers(session.get_one(Case, case.id))
        assert team.all_managers()
        assert team.officers_of("redditch")


def test_escalation_goes_to_who_stands_in_for_the_manager(world: World) -> None:
    only_contact(world)
    goes_away(world, MONA, WES, date(2026, 11, 24), date(2026, 12, 4))
    heard = [(one.to, plain(one.text)) for one in pass_time(world, local(27, 12)) if one.to != ADA]
    assert MONA not in [to for to, _ in heard]
    assert any(to == WES and "Late" in text for to, text in heard)
    assert ledger_of(world, "contact")["overdue_1", "manager"] == ("sent", None)
    assert not differences(world)


def test_whoever_comes_back_reads_what_fell_due_and_is_still_open_once(world: World) -> None:
    case = only_contact(world)
    goes_away(world, ASHA, BEN, date(2026, 11, 24), date(2026, 11, 27))
    heard = [plain(one.text) for one in pass_time(world, local(1, 12, month=12)) if one.to == ASHA]
    back = [text for text in heard if text.startswith("Welcome back.")]
    assert len(back) == 1
    assert case.reference in back[0]
    assert "first contact was due Thursday 26 November" in back[0]


def test_a_leave_that_ends_early_sends_the_work_back_and_tells_what_fell_due(world: World) -> None:
    case = only_contact(world)
    row = goes_away(world, ASHA, BEN, date(2026, 11, 23), date(2026, 12, 4))
    world.clock.move_to(local(27, 10))
    press(world, BEN, f"j:end:{row}")  # not theirs to end
    with world.session() as session:
        assert session.get_one(Leave, row).ended_at is None
    world.hush()
    press(world, ASHA, f"j:end:{row}")
    assert [one.to for one in world.said()].count(BEN) == 1
    assert any("Welcome back" in one.text and case.reference in one.text for one in world.said(ASHA))
    with world.session() as session:
        team = load_team(session, date(2026, 11, 27))
        told = [person.id for person in team.caretakers(session.get_one(Case, case.id))]
    assert told == [world.person_id(ASHA)]


def test_the_deputy_sees_the_work_and_nobody_else_does(world: World) -> None:
    case = only_contact(world)
    row = goes_away(world, ASHA, WES, date(2026, 11, 23), date(2026, 11, 27))
    for chat_id, seen in ((WES, True), (MONA, True), (BEN, False), (ADA, False)):
        world.hush()
        press(world, chat_id, f"j:work:{row}:0")
        assert any(case.reference in one.text for one in world.said(chat_id)) is seen


# Waiting


def test_a_reminder_that_waits_comes_to_who_let_it_and_the_ledger_balances(world: World) -> None:
    case = only_contact(world)
    with world.session() as session:
        (row,) = list_open(session, case.id)
    pass_time(world, local(24, 10))
    press(world, ASHA, f"j:tomorrow:{row.id}")
    press(world, ASHA, f"j:tomorrow:{row.id}")
    with world.session() as session:
        assert reminders.count_snoozes(session, row.id) == 1
    pass_time(world, local(4, 12, month=12))
    assert ledger_of(world, "contact")["snoozed_1", "owner"] == ("sent", None)
    assert not differences(world)


def test_a_reminder_waits_no_more_often_than_the_policy_lets_it(world: World) -> None:
    case = only_contact(world)
    with world.session() as session:
        (row,) = list_open(session, case.id)
    for hour, minute in ((9, 30), (13, 0)):
        pass_time(world, local(24, hour, minute))
        press(world, ASHA, f"j:later:{row.id}")
    pass_time(world, local(24, 16, 30))
    press(world, ASHA, f"j:tomorrow:{row.id}")
    assert "waited as long as it can" in world.said(ASHA)[-1].text
    press(world, WES, f"j:later:{row.id}")  # not of their district
    with world.session() as session:
        waited = session.execute(
            select(Reminder.stage, Reminder.status).where(Reminder.person_id.is_not(None))
        ).all()
    assert [tuple(one) for one in waited] == [("snoozed_1", "sent"), ("snoozed_2", "sent")]
