"""Risk assessments, earlier reports and followers' tokens, on every database."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from casework.policy import parse_policy
from casework.risk import Source, assess
from casework.routing import Facts, Route, route
from storage import risk
from storage.migrations import downgrade, upgrade
from storage.models import AsbReport, Person, RiskAssessment
from tests.casework.conftest import POLICY_FILE
from tests.storage.rows import NOON, add_case, add_person
from tests.support.databases import opened

POLICY = parse_policy(POLICY_FILE.read_text(encoding="utf-8"))


def add_report(session, reference, person=None, at=NOON, **facts):
    case = add_case(session, reference, reporter_id=person.id if person else None, received_at=at)
    session.add(AsbReport(case_id=case.id, **{"category": "noise", "danger_now": False, **facts}))
    session.flush()
    return case


def judge(session, case, at=NOON, **answers):
    found = assess(answers, POLICY.risk)
    return risk.record_assessment(
        session,
        case_id=case.id,
        at=at,
        answers=answers,
        assessment=found,
        source=Source.PERSON,
        actor_id=None,
    )


def test_an_assessment_is_read_back_and_the_newest_counts(database):
    with database.transaction() as session:
        case = add_case(session)
        assert risk.find_last_assessment(session, case.id) is None
        judge(session, case, worst=3, help=None)
        judge(session, case, at=NOON + timedelta(days=1), worst=1)
    with database.reading() as session:
        first, second = risk.list_assessments(session, 1)
        assert (first.answers, first.total, first.band) == ({"worst": 3, "help": None}, 3, "high")
        assert first.floors == ["violence", "unanswered"]
        assert (second.source, second.at) == ("person", NOON + timedelta(days=1))
        assert risk.find_last_assessment(session, 1).id == second.id


def test_the_answers_are_not_legible_in_the_database(database):
    with database.transaction() as session:
        judge(session, add_case(session), daily_life=3)
    with database.engine.connect() as connection:
        stored = bytes(connection.execute(text("SELECT answers FROM risk_assessment")).scalar_one())
    assert b"daily_life" not in stored


def test_an_assessment_of_no_case_is_refused(database):
    with pytest.raises(IntegrityError), database.transaction() as session:
        judge(session, SimpleNamespace(id=404), worst=1)


def test_earlier_reports_are_the_persons_own_and_recent_ones(database):
    with database.transaction() as session:
        ada, ben = add_person(session, chat_key=1), add_person(session, chat_key=2)
        found = route(Facts(category="noise", district="redditch"), POLICY)
        add_report(session, "B", ada, NOON - timedelta(days=1), last_happened_on=date(2026, 11, 20))
        add_report(session, "A", ada, NOON - timedelta(days=9), route=found.to_json(), on_behalf=True)
        add_report(session, "OLD", ada, NOON - timedelta(days=400))
        add_report(session, "BENS", ben)
        add_report(session, "NOBODYS")
        add_case(session, "REFERRAL", kind="nominated_neighbour", reporter_id=ada.id)
    with database.reading() as session:
        first, second = risk.list_reports_of(session, 1, NOON - timedelta(days=30))
        assert (first.reference, second.reference) == ("A", "B")
        assert (first.on_behalf, second.on_behalf) == (True, False)
        assert Route.from_json(first.route) == found
        assert second.route is None
        assert (second.last_happened_on, first.last_happened_on) == (date(2026, 11, 20), None)
        assert risk.count_reports_of(session, 1, NOON - timedelta(days=30)) == 2
        assert risk.count_reports_of(session, 1, NOON - timedelta(days=500)) == 3


def test_a_report_without_a_route_has_none_at_all(database):
    with database.transaction() as session:
        add_report(session, "A")
    with database.engine.connect() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM asb_report WHERE route IS NULL")).scalar_one() == 1
        )


def test_a_token_finds_its_anonymous_case_and_no_other(database):
    with database.transaction() as session:
        token = "t_abcdefghijklmnop"
        add_case(session, "ANON", anonymous=True, follow_token_hash=risk.follow_token_hash(token))
        named = risk.follow_token_hash("t_of_somebody_known")
        add_case(session, "NAMED", anonymous=False, follow_token_hash=named)
        add_case(session, "NONE", anonymous=True)
    with database.reading() as session:
        assert risk.find_by_follow_token(session, f" {token} ").reference == "ANON"
        assert risk.find_by_follow_token(session, token[:-1] + "q") is None
        assert risk.find_by_follow_token(session, "t_of_somebody_known") is None
        assert risk.find_by_follow_token(session, "") is None


def test_two_cases_never_share_a_token_and_many_have_none(database):
    with database.transaction() as session:
        add_case(session, "A")
        add_case(session, "B")
        add_case(session, "C", follow_token_hash=b"same")
    with pytest.raises(IntegrityError), database.transaction() as session:
        add_case(session, "D", follow_token_hash=b"same")


def test_nobody_is_silent_before_they_ask_for_it(database):
    with database.transaction() as session:
        add_person(session, chat_key=1)
        add_person(session, chat_key=2, silent=True)
    with database.reading() as session:
        assert [session.get(Person, key).silent for key in (1, 2)] == [False, True]
        assert session.get(RiskAssessment, 1) is None


@pytest.fixture(params=["sqlite", "postgres"])
def old_database(request, tmp_path):
    """A database as it was before routing and risk."""
    if request.param == "sqlite":
        with opened(f"sqlite:///{tmp_path / 'old.db'}") as database:
            upgrade(database, "0002")
            yield database
        return
    with request.getfixturevalue("postgres_server").empty() as url, opened(url) as database:
        upgrade(database, "0002")
        yield database


def test_what_was_stored_before_comes_through_there_and_back(old_database):
    sealed = "sealed" if old_database.dialect == "sqlite" else b"sealed"
    people = "INSERT INTO person (profile, language, language_chosen, created_at) VALUES (:p, 'en', :no, :at)"
    with old_database.engine.begin() as connection:
        connection.execute(text(people), {"p": sealed, "no": False, "at": NOON.isoformat()})
    for _ in range(2):
        upgrade(old_database, "0003")
        with old_database.engine.connect() as connection:
            assert not connection.execute(text("SELECT silent FROM person")).scalar_one()
        downgrade(old_database, "0002")
        with old_database.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 1
