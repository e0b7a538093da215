"""Whoever changes the history past the program is found out: a line, its end, or a whole case."""

from __future__ import annotations

import base64
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from casework.retention import RULES
from casework.working_days import WorkingCalendar
from storage import history_seal, retention
from storage.crypto import Keyring, new_key_text, use_keyring
from storage.history_check import Checked, Finding, Wrong, check
from storage.models import Case, CaseEvent, HistorySeal, SealedCase
from storage.rotation import reencrypt
from tests.storage.rows import NOON, add_case, add_event, add_person
from tests.support.databases import TEST_KEYRING, opened
from tests.support.service import the_policy

FIRST, SECOND = "KM4P-X7RB", "HW3T-9QKE"
CALENDAR = WorkingCalendar.from_policy(the_policy())


@pytest.fixture
def kept(database, test_keyring):
    """Two cases with five lines each, sealed."""
    fill(database)
    yield database
    use_keyring(test_keyring)


def fill(database) -> None:
    with database.transaction() as session:
        first, second = add_case(session, FIRST), add_case(session, SECOND)
        for number in range(5):
            add_event(session, first, kind=f"kind_{number}", detail={"n": number})
            add_event(session, second, kind=f"kind_{number}", detail={"n": number})
        history_seal.seal(session, NOON)


def findings(database) -> list[Finding]:
    with database.snapshot() as session:
        return list(check(session, Checked()))


def found(database) -> list[tuple[Wrong, str | None, int | None]]:
    return [(one.wrong, one.reference, one.place) for one in findings(database)]


def tamper(database, *statements: str) -> None:
    """With every right on the database: its triggers are taken away first."""
    with database.transaction() as session:
        if database.dialect == "sqlite":
            triggers = session.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'case_event'")
            )
            for name in list(triggers):
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("ALTER TABLE case_event DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement))
        if database.dialect == "postgresql":
            session.execute(text("ALTER TABLE case_event ENABLE TRIGGER USER"))  # the database is lent again


LINE = "case_id = 1 AND seq = "


def test_an_untouched_history_is_whole(kept):
    with kept.snapshot() as session:
        checked = Checked()
        assert list(check(session, checked)) == []
    assert (checked.events, checked.cases, checked.seals) == (10, 2, 1)


def test_a_changed_detail_is_found_at_its_line(kept):
    other = "(SELECT e.detail FROM case_event e WHERE e.case_id = 2 AND e.seq = 5)"
    tamper(kept, f"UPDATE case_event SET detail = {other} WHERE {LINE} 2")
    assert found(kept) == [(Wrong.CHANGED, FIRST, 2)]


def test_a_detail_that_was_damaged_is_found(kept):
    tamper(kept, f"UPDATE case_event SET detail = substr(detail, 1, 20) WHERE {LINE} 2")
    assert found(kept) == [(Wrong.UNREADABLE, FIRST, 2)]


@pytest.mark.parametrize(
    "change",
    [
        "actor_role = 'manager'",
        "at = '2026-11-20 12:00:00.000000'",
        "kind = 'opened'",
        "public = NOT public",
    ],
)
def test_whatever_is_changed_of_a_line_is_found(kept, change):
    tamper(kept, f"UPDATE case_event SET {change} WHERE {LINE} 3")
    assert found(kept) == [(Wrong.CHANGED, FIRST, 3)]


def test_a_changed_actor_is_found(kept):
    with kept.transaction() as session:
        someone = add_person(session).id
    tamper(kept, f"UPDATE case_event SET actor_id = {someone} WHERE {LINE} 3")
    assert found(kept) == [(Wrong.CHANGED, FIRST, 3)]


def test_a_line_that_was_deleted_from_the_middle_is_found(kept):
    tamper(kept, f"DELETE FROM case_event WHERE {LINE} 3")
    assert found(kept) == [(Wrong.MISSING, FIRST, 4)]


def test_a_gap_that_was_closed_by_renumbering_is_found(kept):
    tamper(
        kept,
        f"DELETE FROM case_event WHERE {LINE} 3",
        "UPDATE case_event SET seq = 3 WHERE case_id = 1 AND seq = 4",
        "UPDATE case_event SET seq = 4 WHERE case_id = 1 AND seq = 5",
    )
    assert (Wrong.CHANGED, FIRST, 3) in found(kept)
    assert (Wrong.CUT, FIRST, 4) in found(kept)


def test_a_deleted_end_is_found(kept):
    tamper(kept, f"DELETE FROM case_event WHERE {LINE} 5")
    (finding,) = findings(kept)
    assert (finding.wrong, finding.reference, finding.place, finding.sealed) == (Wrong.CUT, FIRST, 4, 5)


def test_an_end_that_was_written_anew_by_the_program_itself_is_found(kept):
    tamper(kept, f"DELETE FROM case_event WHERE {LINE} 5")
    with kept.transaction() as session:
        add_event(session, session.get_one(Case, 1), kind="other")
    assert found(kept) == [(Wrong.OTHER, FIRST, 5)]


def test_swapped_lines_are_found(kept):
    tamper(
        kept,
        f"UPDATE case_event SET kind = 'kind_2' WHERE {LINE} 2",
        f"UPDATE case_event SET kind = 'kind_1' WHERE {LINE} 3",
    )
    assert found(kept) == [(Wrong.CHANGED, FIRST, 2), (Wrong.CHANGED, FIRST, 3)]


def test_lines_whose_ids_were_swapped_are_found(kept):
    tamper(
        kept,
        f"UPDATE case_event SET id = 1000 WHERE {LINE} 2",
        f"UPDATE case_event SET id = 3 WHERE {LINE} 3",
        f"UPDATE case_event SET id = 5 WHERE {LINE} 2",
    )
    assert found(kept) == [(Wrong.ORDER, FIRST, 3)]


COLUMNS = "case_id, at, actor_role, kind, public, detail"


def test_an_inserted_line_is_found(kept):
    tamper(
        kept,
        f"INSERT INTO case_event ({COLUMNS}, seq, link) SELECT {COLUMNS}, 6, link FROM case_event WHERE {LINE} 4",
    )
    assert found(kept) == [(Wrong.CHANGED, FIRST, 6)]


def test_a_line_beside_the_chain_is_found(kept):
    tamper(kept, f"INSERT INTO case_event ({COLUMNS}) SELECT {COLUMNS} FROM case_event WHERE {LINE} 4")
    assert found(kept) == [(Wrong.UNCHAINED, FIRST, None)]


def test_a_second_line_at_the_same_place_is_found(sqlite_database):
    fill(sqlite_database)
    tamper(
        sqlite_database,
        "DROP INDEX ix_case_event_case_id_seq",
        f"INSERT INTO case_event ({COLUMNS}, seq, link) SELECT {COLUMNS}, 4, link FROM case_event WHERE {LINE} 4",
    )
    assert (Wrong.ADDED, FIRST, 4) in found(
        sqlite_database
    )  # and the next, whose id is now below the added one's


def test_a_line_that_was_moved_to_another_case_is_found(kept):
    tamper(kept, "UPDATE case_event SET case_id = 2, seq = 6 WHERE case_id = 1 AND seq = 5")
    assert found(kept) == [(Wrong.CUT, FIRST, 4), (Wrong.CHANGED, SECOND, 6)]


def test_a_deleted_case_is_found(kept):
    tamper(kept, "DELETE FROM case_event WHERE case_id = 1", "DELETE FROM case_record WHERE id = 1")
    (finding,) = findings(kept)
    assert (finding.wrong, finding.case_id, finding.sealed) == (Wrong.GONE, 1, 5)


def test_a_case_without_history_is_found_before_it_was_ever_sealed(kept):
    with kept.transaction() as session:
        add_case(session, "CR5M-2KXP")
    assert found(kept) == [(Wrong.EMPTY, "CR5M-2KXP", None)]


def test_what_was_sealed_cannot_be_made_to_fit(kept):
    tamper(
        kept,
        "DELETE FROM case_event WHERE case_id = 1",
        "DELETE FROM case_record WHERE id = 1",
        "DELETE FROM sealed_case WHERE case_id = 1",
    )
    assert [one.wrong for one in findings(kept)] == [Wrong.SEALED]
    with kept.transaction() as session:
        assert history_seal.seal(session, NOON + timedelta(days=1)).seal is None


def test_a_seal_that_was_changed_or_taken_away_is_found(kept):
    with kept.transaction() as session:
        history_seal.seal(session, NOON + timedelta(days=1))
    tamper(kept, "UPDATE history_seal SET cases = 1 WHERE number = 2")
    assert Wrong.SEAL in [one.wrong for one in findings(kept)]
    tamper(
        kept,
        "UPDATE history_seal SET cases = 2 WHERE number = 2",
        "DELETE FROM history_seal WHERE number = 1",
    )
    assert [one.wrong for one in findings(kept)] == [Wrong.SEAL]


def delete_by_rule(database, case_id: int) -> None:
    with database.transaction() as session:
        retention.delete_case(
            session, session.get_one(Case, case_id), RULES[1], calendar=CALENDAR, today=NOON.date()
        )


def test_what_retention_deletes_is_no_loss_before_the_next_seal_and_after(kept):
    delete_by_rule(kept, 1)
    assert found(kept) == []
    with kept.transaction() as session:
        second = history_seal.seal(session, NOON + timedelta(days=1)).seal
        assert (second.cases, second.removed) == (1, 1)
    assert found(kept) == []
    with kept.reading() as session:
        assert session.scalars(select(SealedCase.case_id)).all() == [2]


def test_a_case_that_is_only_said_to_be_deleted_by_retention_is_found(kept):
    tamper(
        kept,
        "DELETE FROM case_event WHERE case_id = 1",
        "DELETE FROM case_record WHERE id = 1",
        "UPDATE sealed_case SET removed_on = '2026-11-24', rule = 'asb_report' WHERE case_id = 1",
    )
    assert [one.wrong for one in findings(kept)] == [Wrong.MARK]
    with kept.transaction() as session:
        history_seal.seal(session, NOON + timedelta(days=1))
    assert [one.wrong for one in findings(kept)] == [Wrong.MARK]


def test_lines_of_a_deleted_case_that_come_back_are_found(kept):
    with kept.transaction() as session:
        sealed = session.get_one(SealedCase, 1)
        history_seal.mark_removed(session, session.get_one(Case, 1), "asb_report", NOON.date())
        assert sealed.removal is not None
    assert [one.wrong for one in findings(kept)] == [Wrong.BACK]


def test_a_cut_case_is_not_sealed_anew_and_the_others_are(kept):
    tamper(kept, f"DELETE FROM case_event WHERE {LINE} 5", f"DELETE FROM case_event WHERE {LINE} 4")
    with kept.transaction() as session:
        add_event(session, session.get_one(Case, 1), kind="later")
        add_event(session, session.get_one(Case, 2), kind="later")
        done = history_seal.seal(session, NOON + timedelta(days=1))
        assert (done.not_whole, done.seal.cases) == ([1], 2)
        assert session.get_one(SealedCase, 2).events == 6
    assert found(kept) == [(Wrong.CUT, FIRST, 4)]


def test_seals_go_on_from_one_another(kept):
    with kept.transaction() as session:
        add_event(session, session.get_one(Case, 1), kind="later")
        add_event(session, add_case(session, "CR5M-2KXP"))
        history_seal.seal(session, NOON + timedelta(days=1))
        history_seal.seal(session, NOON + timedelta(days=2))
    assert found(kept) == []
    with kept.reading() as session:
        assert session.scalars(select(HistorySeal.cases).order_by(HistorySeal.number)).all() == [2, 3, 3]


def test_the_chain_stays_whole_under_another_key(kept):
    new = Keyring.from_text(f"{new_key_text(2)},1:{_secret()}")
    with opened(kept.url, new) as again:
        assert reencrypt(again, new) >= 10
        assert found(again) == []


def _secret() -> str:
    return base64.urlsafe_b64encode(TEST_KEYRING.keys[-1].secret).decode()


def test_nobody_without_the_key_can_make_a_chain(kept):
    with opened(kept.url, Keyring.from_text(new_key_text(1))) as other, other.snapshot() as session:
        wrongs = {one.wrong for one in check(session, Checked())}
    assert Wrong.UNREADABLE in wrongs


def queries_of(database, act) -> int:
    count = []

    def counted(_c, _cursor, statement, *_rest):
        count.append(statement)

    event.listen(database.engine, "before_cursor_execute", counted)
    try:
        act()
    finally:
        event.remove(database.engine, "before_cursor_execute", counted)
    return len([one for one in count if "case_event" in one or "last_link" in one])


def test_a_line_costs_one_query_more_and_none_where_the_link_is_known(kept):
    with kept.transaction() as session:
        case = session.get_one(Case, 1)
        assert queries_of(kept, lambda: add_event(session, case)) == 2
        assert queries_of(kept, lambda: add_event(session, case)) == 1
    assert found(kept) == []


def test_lines_of_one_flush_follow_each_other(kept):
    with kept.transaction() as session:
        for number in range(3):
            session.add(CaseEvent(case_id=1, at=NOON, actor_role="bot", kind=f"more_{number}"))
    assert found(kept) == []


def test_a_savepoint_that_is_rolled_back_leaves_no_gap(kept):
    with kept.transaction() as session:
        case = session.get_one(Case, 1)
        add_event(session, case, kind="stays")
        with session.begin_nested() as savepoint:
            add_event(session, case, kind="goes")
            savepoint.rollback()
        add_event(session, case, kind="stays")
    assert found(kept) == []


def test_two_who_write_to_one_case_at_once_wait_for_each_other(postgres_database):
    database = postgres_database
    with database.transaction() as session:
        add_event(session, add_case(session, FIRST))
        add_event(session, add_case(session, SECOND))
    wrote = []

    def write(name: str) -> None:
        for _ in range(10):
            with database.transaction() as session:
                session.add(CaseEvent(case_id=1, at=NOON, actor_role="bot", kind=name))
        wrote.append(name)

    threads = [threading.Thread(target=write, args=(f"by_{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(wrote) == 4
    assert found(database) == []
    with database.transaction() as one:
        add_event(one, one.get_one(Case, 1))
        second = threading.Thread(target=_write_to_the_other, args=(database,))
        second.start()
        second.join(10)
        assert not second.is_alive()  # another case's history waits for nobody


def _write_to_the_other(database) -> None:
    with database.transaction() as session:
        add_event(session, session.get_one(Case, 2))
