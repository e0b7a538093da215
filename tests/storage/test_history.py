"""The history of a case can be added to and read. The database itself refuses everything else."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from storage.models import CaseEvent
from tests.storage.rows import add_case, add_event


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM case_event",
        "UPDATE case_event SET kind = 'closed'",
        "UPDATE case_event SET actor_role = 'manager'",
        "UPDATE case_event SET public = NOT public",
        "UPDATE case_event SET actor_id = NULL, at = '2020-01-01'",
        "UPDATE case_event SET case_id = case_id + 1",
    ],
)
def test_no_line_is_deleted_or_changed(database, statement):
    with database.transaction() as session:
        add_event(session, add_case(session), detail={"note": "seen"})
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text(statement))
    with database.reading() as session:
        event = session.scalars(select(CaseEvent)).one()
    assert (event.kind, event.actor_role, event.public) == ("note", "officer", False)


def test_a_new_detail_under_the_same_key_is_refused(database):
    with database.transaction() as session:
        event = add_event(session, add_case(session), detail={"note": "seen"})
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.get_one(CaseEvent, event.id).detail = {"note": "not seen"}


def test_a_change_smuggled_in_with_a_new_key_is_refused(database):
    with database.transaction() as session:
        add_event(session, add_case(session))
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text("UPDATE case_event SET kind = 'x', detail = :new"), {"new": b"\0\x09other"})


def test_a_line_isnt_written_over_on_sqlite(sqlite_database):
    with sqlite_database.transaction() as session:
        add_event(session, add_case(session))
    with pytest.raises(DatabaseError, match="append-only"), sqlite_database.transaction() as session:
        session.execute(text("INSERT OR REPLACE INTO case_event SELECT * FROM case_event"))


def test_the_history_isnt_emptied_on_postgresql(postgres_database):
    with pytest.raises(DatabaseError, match="append-only"), postgres_database.transaction() as session:
        session.execute(text("TRUNCATE case_event"))
