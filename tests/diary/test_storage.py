"""Diary entries in the database: what was written stays, and everybody's entries are their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from casework.diary import Band, Happened
from storage import diary, drafts
from storage.crypto import KEY_ID_BYTES, Keyring, new_key_text, use_keyring
from storage.database import Database
from storage.diary import Scope
from storage.models import Diary, DiaryEntry, DiaryFile, EntryKind, StoredFile
from storage.rotation import reencrypt
from tests.storage.rows import NOON, add_case, add_person
from tests.support.databases import opened

SATURDAY = Happened(date(2026, 11, 21), datetime(2026, 11, 21, 23, 30, tzinfo=UTC))


def write(session: Session, person_id: int, words: str = "shouting", **facts) -> DiaryEntry:
    usual = {"case_id": None, "happened": SATURDAY, "body": {"answers": {"what": words}}, "now": NOON}
    return diary.add_entry(session, person_id=person_id, **{**usual, **facts})


def test_an_entry_is_read_back_as_it_was_written(database: Database):
    with database.transaction() as session:
        person = add_person(session)
        case = add_case(session, reporter_id=person.id)
        write(session, person.id, case_id=case.id, approximate=True)
        case_id = case.id
    with database.reading() as session:
        (entry,) = diary.list_entries(session, Scope(case_id=case_id))
        assert entry.happened == SATURDAY
        assert entry.now.body == {"answers": {"what": "shouting"}}
        assert (entry.entered_at, entry.now.approximate, entry.now.confirmed_at) == (NOON, True, None)
        assert not entry.is_quiet


def test_the_words_are_not_readable_in_the_database(database: Database):
    with database.transaction() as session:
        write(session, add_person(session).id, "a very particular word")
    with database.reading() as session:
        sealed = bytes(session.execute(text("SELECT body FROM diary_entry")).scalar_one())
        assert b"particular" not in sealed


def test_a_correction_is_a_further_version_and_the_first_words_stay(database: Database):
    with database.transaction() as session:
        person = add_person(session)
        first = write(session, person.id)
        entry = diary.find_entry(session, first.id, person.id)
        write(session, person.id, "shouting and banging", corrects=entry, now=NOON + timedelta(hours=1))
        write(session, person.id, "something else", now=NOON)
        both = diary.list_entries(session, Scope(person_id=person.id))
        corrected = next(one for one in both if one.id == first.id)
        assert [v.body["answers"]["what"] for v in corrected.versions] == ["shouting", "shouting and banging"]
        assert [v.version for v in corrected.versions] == [1, 2]
        assert corrected.entered_at == NOON
        assert len(both) == diary.count_entries(session, Scope(person_id=person.id)) == 2


CHANGES = {
    "when it was entered": "UPDATE diary_entry SET entered_at = happened_on",
    "when it happened": "UPDATE diary_entry SET happened_on = '2026-01-01'",
    "whose it is": "UPDATE diary_entry SET person_id = person_id + 1",
    "to which case it was given": "UPDATE diary_entry SET case_id = NULL",
    "that it was confirmed": "UPDATE diary_entry SET confirmed_at = NULL",
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_database_refuses_to_change(database: Database, what: str):
    with database.transaction() as session:
        person = add_person(session)
        case = add_case(session, reporter_id=person.id)
        write(session, person.id, case_id=case.id, confirmed=True)
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text(CHANGES[what]))


def test_the_database_refuses_other_words_under_the_same_key(database: Database):
    with database.transaction() as session:
        write(session, add_person(session).id)
    with database.transaction() as session:
        entry = session.get(DiaryEntry, 1)
        assert entry is not None
        entry.body = {"answers": {"what": "nothing at all"}}
        with pytest.raises(DatabaseError, match="append-only"):
            session.flush()
        session.rollback()


def test_a_loose_entry_is_given_to_a_case_once_with_its_files(database: Database):
    with database.transaction() as session:
        person = add_person(session, chat_key=7)
        case, other = add_case(session, reporter_id=person.id), add_case(session, "HW3T-9QKE")
        draft = drafts.new_draft(
            session, chat_key=7, form="diary", place="what", now=NOON, life=timedelta(days=7)
        )
        drafts.add_file(
            session,
            draft_id=draft.id,
            chat_key=7,
            kind="photo",
            file_id="f",
            unique_hash=b"u",
            size=3,
            mime=None,
            name=None,
            now=NOON,
        )
        entry = write(session, person.id)
        assert diary.keep_files(session, entry, draft.id) == 1
        drafts.delete_draft(session, draft)
        file = session.query(StoredFile).one()
        session.refresh(file)
        assert (file.person_id, file.case_id, file.draft_id) == (person.id, None, None)
        assert diary.give_to_case(session, person.id, case.id) == 1
        assert diary.give_to_case(session, person.id, other.id) == 0
        session.expire_all()
        (found,) = diary.list_entries(session, Scope(case_id=case.id))
        assert [one.case_id for one in found.files] == [case.id]
        assert diary.list_entries(session, Scope(person_id=person.id)) == []


def test_nobody_finds_the_entry_of_another_by_its_number(database: Database):
    with database.transaction() as session:
        ada, ben = add_person(session), add_person(session)
        first = write(session, ada.id)
        second = write(session, ada.id, corrects=diary.find_entry(session, first.id, ada.id))
        assert diary.find_entry(session, first.id, ben.id) is None
        assert diary.find_entry(session, second.id, ada.id) is None  # a version has no page of its own
        assert diary.find_entry(session, 999, ada.id) is None
        assert diary.list_entries(session, Scope(person_id=ben.id)) == []


def test_only_the_keeper_confirms_and_the_first_time_stands(database: Database):
    with database.transaction() as session:
        ada, ben = add_person(session), add_person(session)
        case = add_case(session, reporter_id=ada.id)
        write(session, ada.id, case_id=case.id)
        scope = Scope(case_id=case.id)
        assert diary.confirm(session, scope, ben.id, NOON) == 0
        assert diary.confirm(session, scope, ada.id, NOON) == 1
        assert diary.confirm(session, scope, ada.id, NOON + timedelta(days=1)) == 0
        session.expire_all()
        assert diary.list_entries(session, scope)[0].now.confirmed_at == NOON


def test_entries_are_in_the_order_in_which_they_happened(database: Database):
    with database.transaction() as session:
        person = add_person(session)
        friday, saturday = date(2026, 11, 20), date(2026, 11, 21)
        late = datetime(2026, 11, 21, 23, tzinfo=UTC)
        early = datetime(2026, 11, 21, 1, tzinfo=UTC)
        write(session, person.id, "no time", happened=Happened(saturday, band=Band.DAY))
        write(session, person.id, "late", happened=Happened(saturday, late))
        write(session, person.id, "early", happened=Happened(saturday, early))
        write(session, person.id, "friday", happened=Happened(friday))
        read = diary.list_entries(session, Scope(person_id=person.id))
        assert [e.now.body["answers"]["what"] for e in read] == ["friday", "early", "late", "no time"]


def test_only_diaries_whose_week_is_over_are_asked(database: Database):
    with database.transaction() as session:
        people = [add_person(session) for _ in range(3)]
        due, later, off = (diary.get_diary(session, person.id, NOON) for person in people)
        due.ask_at, later.ask_at, off.ask_at = NOON, NOON + timedelta(minutes=1), None
        session.flush()
        assert diary.is_any_to_ask(session, NOON)
        assert not diary.is_any_to_ask(session, NOON - timedelta(minutes=1))
        assert [one.person_id for one, _, _ in diary.list_to_ask(session, NOON, 10)] == [people[0].id]


def test_a_new_key_may_seal_an_entry_anew(database_url: str, test_keyring: Keyring):
    """The one change of a body that the database lets through."""
    old, new = new_key_text(1), new_key_text(2)
    with (
        opened(database_url, Keyring.from_text(old)) as database,
        database.transaction() as session,
    ):
        write(session, add_person(session).id)
    both = Keyring.from_text(f"{new},{old}")
    with opened(database_url, both) as database:
        assert reencrypt(database, both) > 0
        with database.reading() as session:
            sealed, body = session.execute(text("SELECT body, id FROM diary_entry")).one()
            assert bytes(sealed)[:KEY_ID_BYTES] == both.newest_prefix
            assert session.get(DiaryEntry, body).body == {"answers": {"what": "shouting"}}
    use_keyring(test_keyring)


def test_an_erased_entry_takes_its_links_to_files_along(database: Database):
    with database.transaction() as session:
        person = add_person(session)
        entry = write(session, person.id, kind=EntryKind.QUIET)
        file = StoredFile(
            kind="photo", file_id="f", file_unique_id_hash=b"u", received_at=NOON, person_id=person.id
        )
        session.add(file)
        session.flush()
        session.add(DiaryFile(entry_id=entry.id, file_id=file.id))
        session.flush()
        session.delete(entry)
        session.flush()
        assert session.query(DiaryFile).count() == 0
        assert session.get(Diary, person.id) is None
