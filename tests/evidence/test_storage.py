"""Rows of files on each kind of database: what is claimed, what is kept, and how it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from storage import drafts, evidence
from storage.database import Database
from storage.evidence import Fetched, NewFile, Refusal, Which
from storage.models import Case, Person, StoredFile
from storage.vault import BytesGone, Vault
from tests.storage.rows import add_case

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
LEASE = timedelta(minutes=10)
ADA, BEN = 1, 2


@pytest.fixture
def vault(database: Database, tmp_path: Path) -> Vault:
    return Vault(tmp_path / "evidence", database.keyring)


def new_file(number: int = 1, **facts: Any) -> NewFile:
    usual = {
        "kind": "photo",
        "file_id": f"id {number}",
        "unique_hash": bytes([number]),
        "size": 100,
        "mime": None,
        "name": None,
        "caption": None,
    }
    return NewFile(**{**usual, **facts})


def another_case(session: Session) -> Case:
    """A case under a reference of its own."""
    return add_case(session, f"KM4P-{next(_references)}")


_references = count(1000)


def add_files(session: Session, *numbers: int, chat_key: int = ADA) -> int:
    """A case with these files; its id."""
    case = another_case(session)
    evidence.add_to_case(session, case.id, map(new_file, numbers), chat_key=chat_key, now=NOW)
    return case.id


def claim(database: Database, now: datetime = NOW, limit: int = 10) -> list[int]:
    with database.transaction() as session:
        return [file.id for file in evidence.claim_waiting(session, now, limit=limit, lease=LEASE)]


def store(session: Session, vault: Vault, file_id: int, at: datetime = NOW) -> Fetched:
    """Keep bytes for a file, original and copy."""
    fetched = Fetched(
        sha256=b"h" * 32,
        content_type="image/jpeg",
        size=8,
        original=vault.write(b"original", at),
        copy=vault.write(b"copy", at),
    )
    assert evidence.mark_stored(session, file_id, fetched, at)
    return fetched


def names_in(vault: Vault) -> set[str]:
    return set(vault.names(datetime.max.replace(tzinfo=UTC)))


def test_a_file_is_given_out_once_until_its_lease_ends(database: Database) -> None:
    with database.transaction() as session:
        add_files(session, 1, 2, 3)
    assert claim(database, limit=2) == [1, 2]
    assert claim(database) == [3]
    assert claim(database) == []
    assert claim(database, NOW + LEASE) == [1, 2, 3]


def test_a_file_that_is_put_off_waits_for_its_time(database: Database) -> None:
    with database.transaction() as session:
        add_files(session, 1)
    claim(database)
    with database.transaction() as session:
        evidence.postpone(session, 1, NOW + timedelta(hours=1))
    assert claim(database, NOW + timedelta(minutes=59)) == []
    assert claim(database, NOW + timedelta(hours=1)) == [1]


def test_a_file_of_nobody_is_not_fetched(database: Database) -> None:
    with database.transaction() as session:
        session.add(StoredFile(kind="photo", file_id="a", file_unique_id_hash=b"a", received_at=NOW))
    assert claim(database) == []


def test_two_processes_never_fetch_the_same_file(postgres_database: Database) -> None:
    with postgres_database.transaction() as session:
        add_files(session, 1, 2)
    with postgres_database.transaction() as session:
        (first,) = evidence.claim_waiting(session, NOW, limit=1, lease=LEASE)
        with postgres_database.engine.connect() as other, Session(other) as second:
            found = evidence.claim_waiting(second, NOW, limit=1, lease=LEASE)
    assert (first.id, [file.id for file in found]) == (1, [2])


@pytest.mark.parametrize(
    ("silent", "restricted", "clean_only"),
    [
        (False, False, False),
        (True, False, True),  # a choice that spoke of domestic abuse
        (False, True, True),
    ],
)
def test_what_may_only_be_kept_clean_is_said_with_the_claim(
    database: Database, silent: bool, restricted: bool, clean_only: bool
) -> None:
    with database.transaction() as session:
        session.add(Person(chat_key=ADA, telegram_id="1", created_at=NOW, silent=silent))
        case_id = add_files(session, 1)
        session.get_one(Case, case_id).restricted = restricted
    with database.transaction() as session:
        (file,) = evidence.claim_waiting(session, NOW, limit=1, lease=LEASE)
    assert file.clean_only is clean_only


def test_stored_bytes_are_found_by_their_row(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        case_id = add_files(session, 1)
        store(session, vault, 1)
    with database.reading() as session:
        (row,) = evidence.list_evidence(session, case_id)
    assert evidence.open_bytes(vault, row) == b"original"
    assert evidence.open_bytes(vault, row, Which.COPY) == b"copy"
    assert (row.state, row.file_id, row.sha256, row.stored_at) == ("stored", "", b"h" * 32, NOW)
    assert evidence.is_kept(vault, row, Which.COPY)
    row.copy = None
    assert not evidence.is_kept(vault, row, Which.COPY)
    with pytest.raises(BytesGone):
        evidence.open_bytes(vault, row, Which.COPY)


def test_whoever_is_second_to_store_a_file_is_told(database: Database, vault: Vault) -> None:
    late = Fetched(sha256=b"x", content_type="image/png", size=1, original="x", copy=None)
    with database.transaction() as session:
        add_files(session, 1, 2)
        first = store(session, vault, 1)
        assert not evidence.mark_stored(session, 1, late, NOW)
        assert session.get_one(StoredFile, 1).original == first.original
        assert evidence.mark_refused(session, 2, Refusal.KIND) is not None
        assert not evidence.mark_stored(session, 2, late, NOW)
        assert evidence.mark_refused(session, 1, Refusal.KIND) is None


def test_a_case_takes_the_same_file_once(database: Database) -> None:
    with database.transaction() as session:
        case = add_case(session)
        add = [new_file(1), new_file(2), new_file(1)]
        assert evidence.add_to_case(session, case.id, add, chat_key=ADA, now=NOW) == 2
        assert evidence.add_to_case(session, case.id, [new_file(2)], chat_key=ADA, now=NOW) == 0
        assert len(evidence.list_evidence(session, case.id)) == 2


def test_the_files_of_a_person_are_those_they_sent_or_keep(database: Database) -> None:
    with database.transaction() as session:
        ada = Person(chat_key=ADA, telegram_id="1", created_at=NOW)
        ben = Person(chat_key=BEN, telegram_id="2", created_at=NOW)
        gone = Person(created_at=NOW)  # erased: no chat any more
        session.add_all([ada, ben, gone])
        session.flush()
        add_files(session, 1, 2, chat_key=ADA)
        add_files(session, 3, chat_key=BEN)
        draft = drafts.new_draft(
            session, chat_key=BEN, form="diary", place="what", now=NOW, life=timedelta(days=7)
        )
        session.add(
            StoredFile(
                draft_id=draft.id, kind="voice", file_id="d", file_unique_id_hash=b"d", received_at=NOW
            )
        )
        session.add(StoredFile(kind="photo", file_id="n", file_unique_id_hash=b"n", received_at=NOW))
        session.flush()
        evidence.keep_for_person(session, draft.id, ben.id)
        assert [row.id for row in evidence.list_evidence_of_person(session, ada)] == [1, 2]
        assert [row.id for row in evidence.list_evidence_of_person(session, ben)] == [3, 4]
        assert list(evidence.list_evidence_of_person(session, gone)) == []
    assert claim(database) == [1, 2, 3, 4]  # what somebody keeps is fetched, too


def test_bytes_that_belong_to_nobody_are_removed_and_others_stay(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        add_files(session, 1, 2)
        kept = store(session, vault, 1)
        store(session, vault, 2)
        session.get_one(StoredFile, 2).case_id = None
    with database.transaction() as session:
        assert evidence.remove_orphans(session, vault) == 1
        assert evidence.remove_orphans(session, vault) == 0
    assert names_in(vault) == set(kept.names)
    with database.reading() as session:
        assert session.get(StoredFile, 2) is None


def test_a_transaction_that_fails_keeps_rows_and_bytes(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        case_id = add_files(session, 1)
        kept = store(session, vault, 1)

    class Failed(Exception):
        pass

    def remove_then_fail() -> None:
        with database.transaction() as session:
            assert evidence.remove_evidence(session, vault, case_id) == 1
            with session.begin_nested():
                session.execute(text("SELECT 1"))
            assert names_in(vault) == set(kept.names)  # the end of a savepoint is no commit
            raise Failed

    with pytest.raises(Failed):
        remove_then_fail()
    assert names_in(vault) == set(kept.names)
    with database.reading() as session:
        assert len(evidence.list_evidence(session, case_id)) == 1


def test_when_a_cases_time_is_over_its_files_go_with_their_bytes(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        case_id, other = add_files(session, 1, 2), add_files(session, 3)
        store(session, vault, 1)
        kept = store(session, vault, 3)
    with database.transaction() as session:
        assert evidence.remove_evidence(session, vault, case_id) == 2
        assert evidence.remove_evidence(session, vault, case_id) == 0
    assert names_in(vault) == set(kept.names)
    with database.reading() as session:
        assert list(evidence.list_evidence(session, case_id)) == []
        assert len(evidence.list_evidence(session, other)) == 1


def test_what_no_row_names_is_removed_once_it_is_old(database: Database, vault: Vault) -> None:
    old, fresh = vault.write(b"old", NOW - timedelta(days=2)), vault.write(b"fresh", NOW)
    with database.transaction() as session:
        add_files(session, 1)
        kept = store(session, vault, 1, NOW - timedelta(days=2))
    with database.transaction() as session:
        assert evidence.remove_strays(session, vault, NOW - timedelta(days=1)) == 1
    assert names_in(vault) == {fresh, *kept.names}
    assert not vault.has(old)


def test_only_own_open_cases_can_be_added_to(database: Database) -> None:
    with database.transaction() as session:
        ada = Person(chat_key=ADA, telegram_id="1", created_at=NOW)
        session.add(ada)
        session.flush()
        reported, referred, closed, others = (another_case(session) for _ in range(4))
        reported.reporter_id = closed.reporter_id = referred.referrer_id = ada.id
        closed.closed_at = NOW
        session.flush()
        found = evidence.list_cases_to_add_to(session, ada.id)
    assert [case.id for case in found] == [referred.id, reported.id]
    assert others.id not in {case.id for case in found}


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (lambda s, v: evidence.claim_waiting(s, NOW, limit=3, lease=LEASE), {"ix_stored_file_waiting"}),
        # Few rows are of no case, either: PostgreSQL may go that way.
        (lambda s, v: evidence.remove_orphans(s, v), {"ix_stored_file_orphan", "ix_stored_file_case_id"}),
        (lambda s, v: evidence.list_evidence(s, 1), {"ix_stored_file_case_id"}),
    ],
)
def test_a_round_with_nothing_to_do_looks_into_an_index(
    database: Database, vault: Vault, ask: Callable[[Session, Vault], object], indexes: set[str]
) -> None:
    heard: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            heard.append((statement, parameters))

    with database.transaction() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        ask(session, vault)
        event.remove(database.engine, "before_cursor_execute", note)
        statement, parameters = heard[0]
        connection = session.connection()
        if database.dialect == "sqlite":
            plan = [
                row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
        else:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
            plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    assert any(index in line for line in plan for index in indexes), plan
