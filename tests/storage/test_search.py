"""Search terms follow what a case says, and the history of searches stays as it was written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from casework.roles import Actor, Role
from casework.searching import Term, TermKind, read_search
from storage.cases import View
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.models import AsbReport, CaseSearch, NnsReferral, SearchRemoval, SearchTerm
from storage.reindexing import fill_where_empty, reindex
from storage.rotation import reencrypt
from storage.search import find_cases, is_filled, record_search, sweep_searches, term_key
from tests.storage.rows import NOON, add_case, add_person
from tests.support.databases import TEST_KEYRING, opened

ALL = View(0, None)


def add_report(session, reference="KM4P-X7RB", **detail) -> AsbReport:
    case = add_case(session, reference)
    report = AsbReport(case_id=case.id, category="noise", danger_now=False, detail=detail)
    session.add(report)
    session.flush()
    return report


def found(session, typed: str) -> list[int]:
    matches = find_cases(session, TEST_KEYRING, read_search(typed), ALL, offset=0, limit=10)
    assert matches.total == len(matches.page)
    return [match.case.id for match in matches.page]


def count(session, model=SearchTerm) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_the_terms_are_written_with_the_case_and_follow_its_detail(database: Database) -> None:
    with database.transaction() as session:
        report = add_report(session, name="John Smith")
    with database.transaction() as session:
        assert found(session, "Smyth") == [report.case_id]
        session.get(AsbReport, report.case_id).detail = {"name": "Priya Patel"}
    with database.transaction() as session:
        assert found(session, "Smyth") == []
        assert found(session, "Patel") == [report.case_id]


def test_what_else_changes_leaves_them_alone(database: Database) -> None:
    with database.transaction() as session:
        report = add_report(session, name="John Smith")
    with database.transaction() as session:
        session.execute(delete(SearchTerm))
        session.get(AsbReport, report.case_id).category = "rubbish"
        session.flush()
        assert count(session) == 0


def test_reindexing_finds_every_case_again_and_can_run_twice(database: Database) -> None:
    with database.transaction() as session:
        ids = [add_report(session, f"KM4P-X7R{letter}", name="John Smith").case_id for letter in "BCD"]
        referral = add_case(session, "KM4P-X7RF", kind="nominated_neighbour")
        session.add(
            NnsReferral(
                case_id=referral.id,
                consent_given_on=NOON.date(),
                consent_how="told_me",
                detail={"name": "Jo Smith"},
            )
        )
        session.flush()
        before = set(session.execute(select(SearchTerm.term, SearchTerm.case_id)).all())
        session.execute(delete(SearchTerm))
    assert reindex(database, at_once=2) == 4
    assert reindex(database, at_once=2) == 4
    with database.transaction() as session:
        assert set(session.execute(select(SearchTerm.term, SearchTerm.case_id)).all()) == before
        assert sorted(found(session, "smith")) == [*ids, referral.id]


def test_a_database_is_filled_only_where_it_has_cases_and_no_terms(database: Database) -> None:
    assert fill_where_empty(database) == 0
    with database.transaction() as session:
        add_report(session, name="John Smith")
        session.execute(delete(SearchTerm))
        assert not is_filled(session)
    assert fill_where_empty(database) == 1
    assert fill_where_empty(database) == 0


def test_a_term_is_hashed_under_the_key_and_its_kind() -> None:
    name, street = (Term(kind, "oak") for kind in (TermKind.NAME, TermKind.STREET))
    assert term_key(TEST_KEYRING, name) != term_key(TEST_KEYRING, street)
    assert term_key(TEST_KEYRING, name) != term_key(Keyring.from_text(new_key_text()), name)
    newer = Keyring((*Keyring.from_text(new_key_text(2)).keys, *TEST_KEYRING.keys))
    assert term_key(TEST_KEYRING, name) == term_key(newer, name)


def test_a_case_with_many_words_alike_comes_once(database: Database) -> None:
    with database.transaction() as session:
        report = add_report(session, name="Oak Oak", where={"text": "1 Oak Road and 2 Oak Lane"})
        assert found(session, "oak") == [report.case_id]


def a_search(session, **facts) -> CaseSearch:
    person = add_person(session)
    usual = {"kind": "words", "text": "smith", "found": 2, "now": NOON}
    return record_search(session, actor=Actor(person.id, Role.OFFICER), **{**usual, **facts})


@pytest.mark.parametrize(
    "change",
    [
        lambda: update(CaseSearch).values(found=0),
        lambda: update(CaseSearch).values(text="patel"),
        lambda: delete(CaseSearch),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_search(database: Database, change) -> None:
    with database.transaction() as session:
        a_search(session)
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(change())


def test_a_permit_lets_only_what_is_over_be_deleted(database: Database) -> None:
    with database.transaction() as session:
        a_search(session)
        session.add(SearchRemoval(before=NOON - timedelta(days=1)))
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(delete(CaseSearch))


def test_searches_are_deleted_when_their_time_is_over(database: Database) -> None:
    with database.transaction() as session:
        a_search(session, now=NOON - timedelta(days=10))
        kept = a_search(session)
        assert sweep_searches(session, NOON - timedelta(days=5)) == 1
    with database.transaction() as session:
        assert session.scalars(select(CaseSearch.id)).all() == [kept.id]
        assert count(session, SearchRemoval) == 0


def test_what_was_typed_moves_to_a_new_key(sqlite_url: str) -> None:
    with opened(sqlite_url) as database, database.transaction() as session:
        a_search(session)
    newer = Keyring((*Keyring.from_text(new_key_text(2)).keys, *TEST_KEYRING.keys))
    with opened(sqlite_url, newer) as database:
        reencrypt(database, newer)
        with database.transaction() as session:
            assert session.scalars(select(CaseSearch)).one().text == "smith"
            raw = session.scalar(text("SELECT text FROM case_search"))
            assert bytes(raw).startswith(newer.newest_prefix)
