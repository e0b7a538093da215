"""A case comes in: what is stored, who is told, and what stays unknown of somebody who is anonymous."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.clock import MovableClock
from casework.cases import DeadlineKind, RiskBand
from casework.references import Reference, read_reference
from casework.roles import Role
from storage.models import AsbReport, Case, CaseEvent, Deadline, Reminder
from storage.people import find_by_chat
from tests.officers.world import ADA, ASHA, BEN, KHAN, MONA, MONDAY, WES, World, make_service, make_world


def test_a_report_is_stored_with_its_deadlines_and_their_reminders(world: World) -> None:
    received = world.report(risk=RiskBand.MEDIUM)
    assert isinstance(read_reference(received.reference), str)
    assert {kind: one.due_on for kind, one in received.deadlines.items()} == {
        DeadlineKind.ACKNOWLEDGE: date(2026, 11, 24),
        DeadlineKind.CONTACT: date(2026, 11, 26),
    }
    with world.session() as session:
        stored = session.get(Case, received.case.id)
        assert (stored.status, stored.risk, stored.version) == ("received", "medium", 1)
        assert session.get(AsbReport, stored.id).detail == {"story": "Loud music at night"}
        due = {row.kind: row for row in session.scalars(select(Deadline))}
        assert due["contact"].due_at == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)
        assert due["contact"].working["working_days"] == 3
        planned = session.execute(
            select(Deadline.kind, Reminder.stage, Reminder.audience, Reminder.at, Reminder.status).join(
                Deadline, Deadline.id == Reminder.deadline_id
            )
        ).all()
    assert {(row.kind, row.stage, row.audience, row.at.isoformat()) for row in planned} == {
        ("acknowledge", "due", "owner", "2026-11-24T09:00:00+00:00"),
        ("acknowledge", "overdue_1", "owner", "2026-11-25T09:00:00+00:00"),
        ("acknowledge", "overdue_1", "manager", "2026-11-25T09:00:00+00:00"),
        ("contact", "before_2", "owner", "2026-11-24T09:00:00+00:00"),
        ("contact", "due", "owner", "2026-11-26T09:00:00+00:00"),
        ("contact", "overdue_1", "owner", "2026-11-27T09:00:00+00:00"),
        ("contact", "overdue_1", "manager", "2026-11-27T09:00:00+00:00"),
    }
    assert {row.status for row in planned} == {"planned"}


def test_the_officers_of_the_district_are_told_and_nothing_of_the_story(world: World) -> None:
    received = world.report(story="Mr Smith at 4 High Street shouts")
    told = world.said()
    assert [one.to for one in told] == [ASHA, BEN]
    assert (
        told[0].text == f"{received.reference} · new report · Redditch · acknowledge by Tuesday 24 November"
    )
    assert told[0].buttons == {"Open case": f"o:{received.case.id}"}
    assert received.told == 2


def test_a_referral_names_its_kind(world: World) -> None:
    received = world.refer(district="wyre_forest")
    (told,) = world.said()
    assert told.to == WES
    assert told.text.startswith(f"{received.reference} · new Nominated Neighbour referral · Wyre Forest · ")


def test_a_case_of_an_unknown_district_goes_to_everybody_in_the_team(world: World) -> None:
    world.report(district=None)
    assert [one.to for one in world.said()] == [ASHA, BEN, WES, MONA]
    assert "area not known" in world.said(ASHA)[0].text


def test_a_district_whose_only_officer_cannot_be_reached_falls_to_the_managers(world: World) -> None:
    with world.session() as session:
        wes = find_by_chat(session, world.service.keyring.chat_key(WES))
        wes.unreachable_since = world.clock.now()
    world.report(district="wyre_forest")
    assert [one.to for one in world.said()] == [MONA]


def test_a_case_is_kept_when_there_is_nobody_to_tell(sqlite_database) -> None:
    clock = MovableClock(MONDAY)
    alone = World(sqlite_database, clock, make_service(sqlite_database.keyring, clock))
    received = alone.report()
    with alone.session() as session:
        event = session.scalars(select(CaseEvent)).one()
        assert session.get(Case, received.case.id) is not None
    assert (received.told, event.kind, event.detail["officers_told"]) == (0, "received", 0)


def test_nothing_links_an_anonymous_report_to_the_person(world: World) -> None:
    received = world.report(ADA, anonymous=True)
    with world.session() as session:
        stored = session.get(Case, received.case.id)
        event = session.scalars(select(CaseEvent)).one()
        assert (stored.reporter_id, stored.referrer_id, stored.owner_id) == (None, None, None)
        assert (event.actor_id, event.actor_role) == (None, Role.RESIDENT.value)
    ada = world.service.keyring.chat_key(ADA)
    assert not [one for one in world.said() if one.row.chat_key == ada]


def test_a_member_who_reports_without_a_name_is_not_told_apart(world: World) -> None:
    world.report(KHAN, anonymous=True)
    with world.session() as session:
        assert session.scalars(select(CaseEvent.actor_role)).one() == Role.RESIDENT.value


def test_a_reference_that_is_taken_is_chosen_again(sqlite_database) -> None:
    world = make_world(sqlite_database)
    first = world.report()
    taken = iter(first.reference.replace("-", "")[:7])
    fresh = world.service.choose
    object.__setattr__(world.service, "choose", lambda text: next(taken, None) or fresh(text))
    second = world.report()
    assert second.reference != first.reference
    with world.session() as session:
        assert set(session.scalars(select(Case.reference))) == {first.reference, second.reference}
        assert len(session.scalars(select(AsbReport)).all()) == 2
    assert isinstance(second.reference, str)
    assert read_reference(second.reference) == Reference(second.reference)
