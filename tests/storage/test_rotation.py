"""A new key: everything moves to it, the history too, and the old one may go."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from storage.crypto import Keyring, WrongKey, new_key_text, use_keyring
from storage.models import CaseEvent, OutboxMessage, Person
from storage.rotation import encrypted_columns, reencrypt
from tests.storage.rows import add_case, add_event, add_message, add_person
from tests.support.databases import opened

KEY_1, KEY_2, KEY_3 = (new_key_text(number) for number in (1, 2, 3))


@pytest.fixture
def filled_url(database_url, test_keyring):
    """A database written under keys 2 and 1."""
    with (
        opened(database_url, Keyring.from_text(f"{KEY_2},{KEY_1}")) as database,
        database.transaction() as session,
    ):
        for number in range(5):
            add_person(session, profile={"name": f"Resident {number}"}, telegram_id=str(number))
        add_person(session)  # without a Telegram id
        case = add_case(session)
        add_event(session, case, detail={"note": "rang the bell"})
        add_message(session, "Thank you.")
    yield database_url
    use_keyring(test_keyring)


def test_after_a_rotation_the_newest_key_and_the_oldest_are_enough(filled_url):
    all_keys = Keyring.from_text(f"{KEY_3},{KEY_2},{KEY_1}")
    with opened(filled_url, all_keys) as database:
        assert reencrypt(database, all_keys, batch=2) == 5 + 6 + 1 + 1
        assert reencrypt(database, all_keys, batch=2) == 0
    with opened(filled_url, Keyring.from_text(f"{KEY_3},{KEY_1}")) as database, database.reading() as session:
        names = {person.profile.get("name") for person in session.scalars(select(Person))}
        assert names == {None, *(f"Resident {number}" for number in range(5))}
        assert session.scalars(select(CaseEvent.detail)).one() == {"note": "rang the bell"}
        assert session.scalars(select(OutboxMessage.payload)).one()["text"] == "Thank you."


def test_without_a_rotation_the_old_key_is_still_needed(filled_url):
    only_new = Keyring.from_text(f"{KEY_3},{KEY_1}")
    with opened(filled_url, only_new) as database, database.reading() as session:
        people = session.scalars(select(Person))
        with pytest.raises(WrongKey, match="encrypted with key 2"):
            people.all()


def test_every_column_of_bytes_is_encrypted_or_a_hash():
    from sqlalchemy import LargeBinary

    from storage.models import Base

    sealed = set(encrypted_columns())
    plain_bytes = {
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column not in sealed
    }
    assert plain_bytes == {
        "asb_report.address_hash",
        "case_event.link",
        "case_record.follow_token_hash",
        "history_seal.link",
        "history_seal.root",
        "invitation.token_hash",
        "nns_referral.name_hash",
        "nns_referral.address_hash",
        "sealed_case.link",
        "sealed_case.removal",
        "stored_file.file_unique_id_hash",
        "stored_file.sha256",
    }


def test_each_encrypted_columns_context_is_its_own_name():
    assert {str(column): column.type.context for column in encrypted_columns()} == {
        str(column): str(column) for column in encrypted_columns()
    }


def test_a_value_written_meanwhile_is_left_alone(filled_url):
    from storage.rotation import reencrypt_batch

    all_keys = Keyring.from_text(f"{KEY_3},{KEY_2},{KEY_1}")
    with opened(filled_url, all_keys) as database:
        with database.transaction() as session:
            session.scalars(select(Person).order_by(Person.id)).first().profile = {"name": "New"}
        with database.transaction() as session:
            assert reencrypt_batch(session, all_keys, Person.__table__.c.profile, limit=100) == 5
        with database.reading() as session:
            assert session.scalars(select(Person).order_by(Person.id)).first().profile == {"name": "New"}
            prefixes = session.execute(text("SELECT DISTINCT substr(profile, 1, 2) FROM person")).scalars()
            assert [bytes(prefix) for prefix in prefixes] == [b"\x00\x03"]
