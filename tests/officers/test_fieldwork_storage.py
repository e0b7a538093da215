"""What visits, changes of a band and links rest on, in both kinds of database: one at a time, found by an index."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.cases import RiskBand
from casework.linking import LinkKind, Sameness
from casework.retention import RULES
from casework.visits import VisitAudience, VisitOutcome
from handlers.fieldwork.visit_reminding import remind
from handlers.intake import Received
from storage import links, retention, risk_changes, visits
from storage.migrations import downgrade, upgrade
from storage.models import AsbReport, Case, CaseLink, NnsReferral, Reminder, RiskChange, Visit
from tests.jobs.test_indexes import plan
from tests.jobs.world import deliver
from tests.officers.world import ADA, ASHA, BEN, World

HOME = {"text": "12 High Street, B97 4AA", "postcode": "B97 4AA"}
BOB = 1010
BOTH = tuple(VisitAudience)


def report_from(world: World, chat_id: int = ADA, *, hashed: bool = True) -> Received:
    def detail(case_id: int) -> AsbReport:
        found = links.address_hash(HOME["text"], HOME["postcode"]) if hashed else None
        return AsbReport(
            case_id=case_id, category="noise", danger_now=False, detail={"where": HOME}, address_hash=found
        )

    return world.report(chat_id, make_detail=detail)


def book(world: World, case: Case, visitor: int = ASHA) -> int:
    """A visit tomorrow at this time; both sides are to be reminded in an hour."""
    person_id = world.person_id(visitor)
    now = world.clock.now()
    with world.session() as session:
        times = dict.fromkeys(BOTH, now + timedelta(hours=1))
        visit = visits.book(
            session,
            case.id,
            at=now + timedelta(days=1),
            place=None,
            visitor_id=person_id,
            times=times,
            now=now,
        )
        return visit.id


def test_a_case_has_one_visit_at_a_time(world: World) -> None:
    case = world.report().case
    book(world, case)
    with pytest.raises(IntegrityError):
        book(world, case)
    with world.session() as session:
        found = visits.find_open(session, case.id)
        assert found is not None
        visits.end(session, found.visit, VisitOutcome.NOBODY_IN, now=world.clock.now())
    book(world, case)
    with world.session() as session:
        assert len(session.scalars(select(Visit)).all()) == 2


def test_one_lowering_waits_at_a_time(world: World) -> None:
    case = world.report().case
    asha = world.person_id(ASHA)

    def propose(session: Session) -> RiskChange:
        return risk_changes.add_change(
            session,
            case.id,
            before=RiskBand.MEDIUM,
            after=RiskBand.STANDARD,
            reason="Quiet now",
            made_by=asha,
            now=world.clock.now(),
            raised=False,
        )

    with world.session() as session:
        propose(session)
        assert not risk_changes.was_set_by_hand(session, case.id)
    with pytest.raises(IntegrityError), world.session() as session:
        propose(session)
    with world.session() as session:
        assert risk_changes.overtake(session, case.id, world.clock.now())
        assert not risk_changes.overtake(session, case.id, world.clock.now())
        propose(session)


def test_two_cases_are_linked_once_from_whichever_side(world: World) -> None:
    one, other = world.report().case, world.report(BOB).case
    asha, now = world.person_id(ASHA), world.clock.now()
    with world.session() as session:
        links.add_link(session, other.id, one.id, LinkKind.COUNTER, by=asha, now=now)
    with pytest.raises(IntegrityError), world.session() as session:
        links.add_link(session, one.id, other.id, LinkKind.SAME_PROBLEM, by=asha, now=now)
    with world.session() as session:
        for case, related in ((one, other), (other, one)):
            (found,) = links.list_related(session, case.id)
            assert (found.case.id, found.kind, found.same) == (related.id, LinkKind.COUNTER, None)


def test_the_reminders_of_one_officer_are_one_message_and_each_is_sent_once(world: World) -> None:
    for chat_id in (ADA, BOB):
        book(world, world.report(chat_id).case)
    deliver(world)
    world.clock.advance(timedelta(hours=1))
    with world.session() as session:
        assert remind(session, world.service, world.clock.now())["officers"] == 1
    with world.session() as session:
        assert remind(session, world.service, world.clock.now()) == {}
    texts = [said.text for said in world.said(ASHA)]
    assert len(texts) == 1
    assert texts[0].startswith("You have 2 visits:")
    assert len(world.said(ADA)) == len(world.said(BOB)) == 1
    deliver(world)
    with world.session() as session:
        assert {
            row.status for row in session.scalars(select(Reminder).where(Reminder.visit_id.is_not(None)))
        } == {"sent"}


def test_officers_are_left_in_peace_at_night_and_nobody_is_told_too_late(world: World) -> None:
    book(world, world.report().case)
    deliver(world)
    world.clock.advance(timedelta(hours=10))  # 8pm: not quiet for residents, but the team is at home
    with world.session() as session:
        assert remind(session, world.service, world.clock.now())["residents"] == 1
    assert not world.said(ASHA)
    world.clock.advance(timedelta(hours=15))  # 11am the next day, an hour after the visit
    with world.session() as session:
        assert remind(session, world.service, world.clock.now())["skipped"] == 1
    assert not world.said(ASHA)


def test_whoever_has_the_case_now_is_reminded_beside_whoever_goes(world: World) -> None:
    case = world.report().case
    book(world, case)
    ben = world.person_id(BEN)
    with world.session() as session:
        session.get_one(Case, case.id).owner_id = ben
    deliver(world)
    world.clock.advance(timedelta(hours=1))
    with world.session() as session:
        remind(session, world.service, world.clock.now())
    assert len(world.said(ASHA)) == len(world.said(BEN)) == 1


def test_related_cases_are_one_query(world: World) -> None:
    case = report_from(world).case
    report_from(world, BOB)
    report_from(world)
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    with world.session() as session:
        event.listen(world.database.engine, "before_cursor_execute", note)
        found = links.list_related(session, case.id)
        event.remove(world.database.engine, "before_cursor_execute", note)
    assert [one.same for one in found] == [Sameness.PERSON, Sameness.ADDRESS]
    assert len(asked) == 1


@pytest.mark.parametrize(
    "index", ["ix_asb_report_address_hash", "ix_nns_referral_address_hash", "ix_case_link_"]
)
def test_related_cases_are_found_by_an_index(world: World, index: str) -> None:
    case = report_from(world).case
    found = plan(world, lambda session: links.list_related(session, case.id))
    assert index in found, found
    assert "SCAN asb_report" not in found
    assert "SCAN case_record" not in found


def test_a_tick_without_visits_looks_into_an_index(world: World) -> None:
    world.report()
    found = plan(world, lambda session: visits.is_any_due(session, world.clock.now(), BOTH))
    assert "ix_reminder_planned" in found, found


def test_addresses_of_before_the_upgrade_are_found_after_it(world: World) -> None:
    old = report_from(world, hashed=False).case
    nameless = world.report(BOB).case
    referral = world.refer(
        make_detail=lambda case_id: NnsReferral(
            case_id=case_id,
            consent_given_on=world.service.calendar.local_day(world.clock.now()),
            consent_how="told_me",
            detail={"name": "Edith Shaw", "where": HOME},
        )
    ).case
    downgrade(world.database, "0007")
    upgrade(world.database)
    with world.session() as session:
        hashes = {
            row.case_id: row.address_hash
            for table in (AsbReport, NnsReferral)
            for row in session.scalars(select(table))
        }
    assert hashes[old.id] == hashes[referral.id] == links.address_hash(HOME["text"], HOME["postcode"])
    assert hashes[nameless.id] is None


def test_a_case_is_deleted_with_its_visits_changes_and_links(world: World) -> None:
    case, other = world.report().case, world.report(BOB).case
    asha, now = world.person_id(ASHA), world.clock.now()
    book(world, case)
    with world.session() as session:
        links.add_link(session, case.id, other.id, LinkKind.COUNTER, by=asha, now=now)
        stored = session.get_one(Case, case.id)
        stored.status, stored.closed_at = "closed", now
    (rule,) = [one for one in RULES if one.fits("asb_report", "closed", anonymous=False)]
    with world.session() as session:
        today = world.service.calendar.local_day(now)
        retention.delete_case(
            session, session.get_one(Case, case.id), rule, calendar=world.service.calendar, today=today
        )
    with world.session() as session:
        for table in (Visit, CaseLink):
            assert not session.scalars(select(table)).all()
        assert session.get(Case, other.id) is not None
