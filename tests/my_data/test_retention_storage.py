"""Deleting a case: what goes, what stays, what keeps it from going; and that nothing else can delete a history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from casework.retention import RULES
from casework.working_days import WorkingCalendar
from handlers.my_data import housekeeping
from storage import data_rights, retention
from storage.models import (
    AsbReport,
    AuditLine,
    Base,
    Case,
    CaseEvent,
    Deadline,
    Heard,
    OutboxMessage,
    RecentMessage,
    Reminder,
    RemovalPermit,
    StoredFile,
    Tombstone,
)
from tests.my_data.rows import STORY, add_file, add_heard, add_report
from tests.officers.world import make_world
from tests.storage.rows import NOON, add_case, add_event, add_message, add_person
from tests.support.service import the_policy

CALENDAR = WorkingCalendar.from_policy(the_policy())
REPORTS = next(rule for rule in RULES if rule.what == "asb_report")
LONG_AGO = datetime(2020, 11, 20, 12, tzinfo=UTC)  # six years and four days before NOON


def everything(session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def delete(session, case: Case) -> None:
    retention.delete_case(session, case, REPORTS, calendar=CALENDAR, today=NOON.date())


def test_a_deleted_case_leaves_a_tombstone_and_who_of_the_team_did_what(database) -> None:
    with database.transaction() as session:
        ada = add_person(session, chat_key=1, telegram_id="1")
        jo = add_person(session, profile={"name": "Jo Green"})
        other = add_report(session, ada, "HW3T-9QKE")
        before = everything(session)
        case = add_report(session, ada, status="closed", closed_at=LONG_AGO, received_at=LONG_AGO)
        add_event(session, case, kind="opened", actor_id=jo.id)
        add_event(session, case, kind="withdraw", actor_role="resident", actor_id=ada.id)
        add_heard(session, ada, case)
        add_message(session, "Update", case_id=case.id)
        data_rights.add_hold(session, case.id, "court", by=jo.id, now=LONG_AGO)
        file = add_file(session, ada, case_id=case.id, original="ab/cd")
        delete(session, case)
    with database.reading() as session:
        after = everything(session)
        stone = session.scalars(select(Tombstone)).one()
        lines = session.scalars(select(AuditLine).order_by(AuditLine.id)).all()
        orphan = session.get_one(StoredFile, file.id)
        assert (orphan.case_id, orphan.original) == (None, "ab/cd")  # its bytes are the evidence sweep's
        assert session.get_one(Case, other.id).reference == "HW3T-9QKE"
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {"tombstone": 1, "audit_line": 4, "stored_file": 1}
    assert (stone.kind, stone.district, stone.received_in, stone.closed_in, stone.rule) == (
        "asb_report",
        "redditch",
        "2020-11",
        "2020-11",
        "asb_report",
    )
    assert [(line.kind, line.actor_role, line.actor_id) for line in lines] == [
        ("received", "resident", None),
        ("note", "officer", None),
        ("opened", "officer", jo.id),
        ("withdraw", "resident", None),
    ]


def test_a_history_cannot_be_deleted_without_a_permit_of_its_own_case(database) -> None:
    with database.transaction() as session:
        case, other = add_report(session, None), add_report(session, None, "HW3T-9QKE")
        session.add(RemovalPermit(case_id=other.id))
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text("DELETE FROM case_event WHERE case_id = :case"), {"case": case.id})
    with database.transaction() as session:
        session.execute(text("DELETE FROM case_event WHERE case_id = :case"), {"case": other.id})


def test_even_with_a_permit_a_history_is_not_changed(database) -> None:
    with database.transaction() as session:
        case = add_report(session, None)
        session.add(RemovalPermit(case_id=case.id))
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text("UPDATE case_event SET kind = 'x'"))


def test_no_permit_outlives_a_deletion_that_fails(database) -> None:
    with database.transaction() as session:
        case_id = add_report(session, None, closed_at=LONG_AGO).id

    def fail_afterwards() -> None:
        with database.transaction() as session:
            delete(session, session.get_one(Case, case_id))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_afterwards()
    with database.reading() as session:
        assert session.scalars(select(RemovalPermit)).all() == []
        assert session.scalars(select(CaseEvent)).all() != []
        assert session.scalars(select(Tombstone)).all() == []


@pytest.fixture
def service(database):
    return make_world(database).service


def over(database, service, now: datetime = NOON) -> set[str]:
    with database.reading() as session:
        return {ref for _, ref in housekeeping.would_delete(session, service, now, limit=100)}


@pytest.mark.parametrize(
    ("facts", "goes_on"),
    [
        ({}, date(2026, 11, 25)),  # a report: six years after it was closed
        ({"anonymous": True}, date(2022, 11, 25)),  # two
        ({"kind": "nominated_neighbour", "status": "left"}, date(2021, 11, 25)),  # one
        ({"kind": "nominated_neighbour", "status": "declined"}, date(2021, 5, 25)),  # six months
        ({"kind": "data_request", "status": "answered"}, date(2022, 11, 25)),
        ({"kind": "enquiry", "status": "answered"}, date(2022, 11, 25)),
    ],
)
def test_each_kind_goes_on_its_own_day_and_not_a_day_before(database, service, facts, goes_on) -> None:
    with database.transaction() as session:
        closed = datetime(2020, 11, 24, 23, 30, tzinfo=UTC)
        add_case(session, closed_at=closed, **{"status": "closed", **facts})
    noon = datetime.combine(goes_on, NOON.timetz())
    assert over(database, service, noon - timedelta(days=1)) == set()
    assert over(database, service, noon) == {"KM4P-X7RB"}


def test_what_is_open_or_held_or_asked_about_stays(database, service) -> None:
    with database.transaction() as session:
        ada, ben = add_person(session), add_person(session)
        add_report(session, ada, "CCCC-CCCC", status="received", received_at=LONG_AGO)
        held = add_report(session, None, "DDDD-DDDD", status="closed", closed_at=LONG_AGO)
        data_rights.add_hold(session, held.id, "appeal", by=None, now=NOON)
        add_report(session, ben, "FFFF-FFFF", status="closed", closed_at=LONG_AGO)
        request = add_case(session, "GGGG-GGGG", kind="data_request", reporter_id=ben.id)
        add_report(session, ada, "HHHH-HHHH", status="closed", closed_at=LONG_AGO)
    assert over(database, service) == {"HHHH-HHHH"}
    with database.transaction() as session:
        data_rights.end_holds(session, held.id, NOON)
        session.get_one(Case, request.id).closed_at = NOON
    assert over(database, service) == {"DDDD-DDDD", "FFFF-FFFF", "HHHH-HHHH"}


def test_a_dry_run_names_and_changes_nothing(database, service) -> None:
    with database.transaction() as session:
        add_report(session, None, closed_at=LONG_AGO, status="closed")
        before = everything(session)
    assert over(database, service) == {"KM4P-X7RB"}
    with database.reading() as session:
        assert everything(session) == before


def test_no_more_than_asked_for_goes_at_once_and_the_rest_next_time(database, service) -> None:
    with database.transaction() as session:
        for n in range(5):
            add_report(session, None, f"CCC{n}", status="closed", closed_at=LONG_AGO + timedelta(hours=n))
    with database.transaction() as session:
        assert housekeeping.delete_cases(session, service, NOON, limit=3) == {"asb_report": 3}
    assert over(database, service) == {"CCC3", "CCC4"}


@pytest.mark.parametrize(
    ("local_hour", "deleted"),
    [(0, 0), (1, 1), (4, 1), (5, 0), (12, 0)],
)
def test_cases_are_deleted_at_night_only(sqlite_database, local_hour: int, deleted: int) -> None:
    service = make_world(sqlite_database).service
    with sqlite_database.transaction() as session:
        add_report(session, None, status="closed", closed_at=LONG_AGO - timedelta(days=30))
    now = NOON.replace(hour=local_hour)
    with sqlite_database.transaction() as session:
        assert housekeeping.at_night(session, service, now).get("asb_report", 0) == deleted


def test_nothing_of_what_was_written_can_be_read_after_a_case_is_gone(database) -> None:
    with database.transaction() as session:
        case = add_report(session, add_person(session), closed_at=LONG_AGO)
        delete(session, case)
    with database.reading() as session:
        for model in (AsbReport, CaseEvent, Deadline, Reminder, Heard):
            assert session.scalars(select(model)).all() == [], model
        stones = [str(stone) for stone in session.scalars(select(Tombstone))]
    assert not any(word in stone for stone in stones for word in (STORY, "Ada", "KM4P"))


def test_the_sweep_takes_what_is_over_and_leaves_the_rest(database, service) -> None:
    with database.transaction() as session:
        add_message(session, "given up long ago", 1, now=NOON - timedelta(days=9))
        add_message(session, "given up lately", 2, now=NOON - timedelta(days=3))
        add_message(session, "waits", 3, now=NOON - timedelta(days=40))
        for row in session.scalars(select(OutboxMessage).where(OutboxMessage.chat_key != 3)):
            row.dead = True
        data_rights.remember_messages(session, [(1, 10)], NOON - timedelta(days=4))
        data_rights.remember_messages(session, [(1, 11)], NOON - timedelta(days=2))
    with database.transaction() as session:
        counts = housekeeping.sweep(session, service, NOON)
    assert (counts["unsent"], counts["recent"]) == (1, 1)
    with database.reading() as session:
        kept = {row.payload["text"] for row in session.scalars(select(OutboxMessage))}
        assert kept == {"given up lately", "waits"}
        assert [row.message_id for row in session.scalars(select(RecentMessage))] == [11]
