"""Erasing what a person asked us to: all that no case needs, nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.roles import Role
from storage import data_rights, erasure, people
from storage.models import AsbReport, Case, Dialog, Draft, Heard, Notice, Person, SentMessage, StoredFile
from storage.outbox import record_sent
from tests.my_data.rows import add_draft, add_file, add_heard, add_report
from tests.storage.rows import NOON, add_case, add_person


def somebody(session, chat: int, name: str = "Ada Lovelace") -> Person:
    """A person with a draft, words, a file, a notice, a message and settings of their own."""
    person = add_person(session, chat_key=chat, telegram_id=str(chat), profile={"name": name}, discreet=False)
    session.add(Dialog(chat_key=chat, screen={"n": 1}, updated_at=NOON))
    draft = add_draft(session, person)
    add_heard(session, person, None)
    add_file(session, person, draft_id=draft.id)
    session.add(Notice(person_id=person.id, body={"text": "x", "buttons": []}, created_at=NOON, send_at=NOON))
    record_sent(session, chat_key=chat, handle="s1", message_id=1, now=NOON)
    data_rights.remember_messages(session, [(chat, 1)], NOON)
    session.flush()
    return person


def left_of(session, chat: int) -> list[str]:
    """The tables that still have rows of this chat."""
    found = []
    for model in (Draft, Heard, SentMessage, Dialog, Person):
        if session.scalars(select(model).where(model.chat_key == chat)).first() is not None:
            found.append(model.__tablename__)
    if session.scalars(select(StoredFile).where(StoredFile.chat_key == chat)).first() is not None:
        found.append("stored_file")
    return found


def test_a_person_without_cases_is_gone_and_others_are_untouched(database) -> None:
    with database.transaction() as session:
        ada, ben = somebody(session, 1), somebody(session, 2, "Ben")
        kept = erasure.erase(session, ada, NOON)
        assert not kept.open
        assert not kept.closed
    with database.reading() as session:
        assert left_of(session, 1) == []
        assert left_of(session, 2) == ["draft", "heard", "sent_message", "dialog", "person", "stored_file"]
        assert session.get_one(Person, ben.id).profile == {"name": "Ben"}
        assert len(session.scalars(select(Notice)).all()) == 1
        # The file's row waits, with no owner, for its bytes to be removed.
        assert len(session.scalars(select(StoredFile).where(StoredFile.chat_key.is_(None))).all()) == 1


def test_an_open_case_stays_with_its_words_and_the_chat_to_answer_in(database) -> None:
    with database.transaction() as session:
        ada = somebody(session, 1)
        case = add_report(session, ada)
        add_heard(session, ada, case, "words of the case")
        add_file(session, ada, case_id=case.id)
        kept = erasure.erase(session, ada, NOON)
        assert [one.id for one in kept.open] == [case.id]
    with database.reading() as session:
        person = session.get_one(Person, ada.id)
        assert person.chat_key == 1
        assert person.erasure_asked_at == NOON
        assert (person.profile, person.discreet) == ({}, True)
        assert [row.body["text"] for row in session.scalars(select(Heard))] == ["words of the case"]
        assert session.get_one(AsbReport, case.id).detail["name"] == "Ada Lovelace"
        assert session.scalars(select(Draft)).all() == []
        kept_file = session.scalars(select(StoredFile).where(StoredFile.case_id == case.id)).one()
        assert kept_file.chat_key == 1


def test_a_closed_case_stays_and_leads_to_no_chat(database) -> None:
    with database.transaction() as session:
        ada = somebody(session, 1)
        case = add_report(session, ada, status="closed", closed_at=NOON)
        kept = erasure.erase(session, ada, NOON)
        assert [one.id for one in kept.closed] == [case.id]
    with database.reading() as session:
        person = session.get_one(Person, ada.id)
        assert (person.chat_key, person.telegram_id, person.profile) == (None, None, {})
        assert session.get_one(Case, case.id).reporter_id == ada.id
        assert left_of(session, 1) == []


def test_the_rest_goes_a_month_after_the_last_case_was_closed(database) -> None:
    with database.transaction() as session:
        ada = somebody(session, 1)
        case = add_report(session, ada)
        erasure.erase(session, ada, NOON)
    for closed_at, gone in ((None, 0), (NOON, 0), (NOON - timedelta(days=40), 1)):
        with database.transaction() as session:
            session.get_one(Case, case.id).closed_at = closed_at
        with database.transaction() as session:
            assert erasure.finish_erasures(session, NOON - timedelta(days=31)) == gone
    with database.reading() as session:
        assert session.get_one(Person, ada.id).chat_key is None


@pytest.mark.parametrize(
    ("tie", "goes"),
    [
        ("nothing", 1),
        ("case", 0),  # somebody's case is kept for its own time
        ("role", 0),  # staff
        ("draft", 0),
        ("wrote", 0),  # lately
        ("actor", 0),  # acted on somebody else's case: something still needs the row
    ],
)
def test_who_has_no_case_and_does_not_write_any_more_is_forgotten(database, tie: str, goes: int) -> None:
    old = NOON - timedelta(days=500)
    with database.transaction() as session:
        person = add_person(session, chat_key=7, telegram_id="7", created_at=old)
        session.add(Dialog(chat_key=7, updated_at=NOON if tie == "wrote" else old))
        session.flush()
        if tie == "case":
            add_case(session, reporter_id=person.id)
        if tie == "role":
            people.grant_role(session, person, Role.OFFICER, districts=["redditch"], now=old)
        if tie == "draft":
            add_draft(session, person)
        if tie == "actor":
            add_case(session, owner_id=person.id)
    with database.transaction() as session:
        assert erasure.delete_forgotten(session, NOON - timedelta(days=365)) == goes
    with database.reading() as session:
        assert (session.get(Person, person.id) is None) == bool(goes)
