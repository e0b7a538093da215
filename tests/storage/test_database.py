"""Transactions: what they keep, what they refuse, and the proof that the keys are the right ones."""

from __future__ import annotations

import os
import stat

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from storage.crypto import Keyring, WrongKey, new_key_text, use_keyring
from storage.database import Database, DatabaseUrlNotUnderstood, NestedTransaction
from storage.models import AsbReport, Draft, KeyCheck, Person
from tests.storage.rows import NOON, add_case, add_person
from tests.support.databases import opened


def people(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person))


def test_a_transaction_that_ends_well_is_kept(database):
    with database.transaction() as session:
        add_person(session)
    assert people(database) == 1


def test_a_transaction_that_an_exception_leaves_is_undone(database):
    def register_and_stumble() -> None:
        with database.transaction() as session:
            add_person(session)
            raise KeyError

    with pytest.raises(KeyError):
        register_and_stumble()
    assert people(database) == 0


def test_rows_stay_readable_after_the_commit(database):
    with database.transaction() as session:
        person = add_person(session, language="pl")
    assert person.language == "pl"


def test_a_query_sees_what_its_own_transaction_wrote(database):
    with database.transaction() as session:
        session.add(Person(created_at=NOON))
        assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_reading_sees_the_last_commit_while_a_writer_is_at_work(database):
    with database.transaction() as session:
        add_person(session)
        assert people(database) == 0


def test_reading_cannot_write(database):
    with pytest.raises(DatabaseError), database.reading() as session:
        add_person(session)
    assert people(database) == 0


def test_a_transaction_inside_a_transaction_is_refused_at_once(database):
    with database.transaction(), pytest.raises(NestedTransaction), database.transaction():
        pass
    with database.transaction() as session:  # and the thread goes on
        add_person(session)


def test_foreign_keys_are_held(database):
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(AsbReport(case_id=404, category="noise", danger_now=False))


def test_an_id_is_never_given_out_again(database):
    def add_draft() -> int:
        times = {"started_at": NOON, "updated_at": NOON, "expires_at": NOON}
        with database.transaction() as session:
            session.add(draft := Draft(chat_key=1, form="report", place="where", **times))
        return draft.id

    first = add_draft()
    with database.transaction() as session:
        session.delete(session.get_one(Draft, first))
    assert add_draft() > first  # an old button of the deleted draft can't mean the new one


def test_sqlite_syncs_each_commit_and_wipes_what_is_deleted(sqlite_database):
    with sqlite_database.transaction() as session:
        settings = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
        "secure_delete": 1,
    }


def test_postgresql_gives_up_on_locks_and_on_idle_transactions(postgres_database):
    with postgres_database.transaction() as session:
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            assert session.execute(text(f"SHOW {name}")).scalar_one() != "0"


def test_a_new_sqlite_file_is_for_its_owner_only(tmp_path, test_keyring):
    path = tmp_path / "new.db"
    with opened(f"sqlite:///{path}"):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",  # in memory: gone with the process
        "sqlite:///:memory:",
        "mysql://root@localhost/bot",
        "mysql+pymysql://root@localhost/bot",
    ],
)
def test_an_address_of_another_kind_of_database_is_explained(url, test_keyring):
    with pytest.raises(DatabaseUrlNotUnderstood, match="DATABASE_URL names"):
        Database(url, test_keyring)


def test_the_first_start_writes_the_proof_and_later_ones_pass_it(database):
    for _ in range(2):
        with database.transaction() as session:
            database.check_keys(session)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(KeyCheck)) == 1


KEY_1, KEY_2 = new_key_text(1), new_key_text(2)


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (new_key_text(1), "key 1.*is not the one that the database was written with"),
        (KEY_2, "key 1, which is not in ENCRYPTION_KEYS"),
        (f"{KEY_1},{KEY_2}", "Put that key back at the end"),  # added behind instead of in front
        (f"{KEY_2},{KEY_1}", None),  # as it should be
    ],
    ids=["another key of that number", "the old key is gone", "added behind", "added in front"],
)
def test_a_start_with_other_keys_is_refused_with_what_to_do(database_url, later, sentence, test_keyring):
    try:
        with opened(database_url, Keyring.from_text(KEY_1)) as database, database.transaction() as session:
            database.check_keys(session)
        with opened(database_url, Keyring.from_text(later)) as database, database.transaction() as session:
            if sentence is None:
                database.check_keys(session)
            else:
                with pytest.raises(WrongKey, match=f"(?s){sentence}"):
                    database.check_keys(session)
    finally:
        use_keyring(test_keyring)


def test_a_case_and_its_kind_go_in_together(database):
    with database.transaction() as session:
        case = add_case(session)
        session.add(AsbReport(case_id=case.id, category="noise", danger_now=True, detail={"what": "drums"}))
    with database.reading() as session:
        assert session.get_one(AsbReport, case.id).detail == {"what": "drums"}
