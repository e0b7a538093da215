"""A person with everything that the declarations speak of, in rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import people
from storage.database import Database
from storage.models import AsbReport, Case, Deadline, Draft, Heard, Person, Reminder, StoredFile
from tests.storage.rows import NOON, add_case, add_event
from tests.support.service import Somebody, Town

STORY = "Loud music until three every night."


def person_of(session: Session, database: Database, somebody: Somebody) -> Person:
    found = people.find_by_chat(session, database.keyring.chat_key(somebody.phone.user_id))
    assert found is not None
    return found


def add_report(session: Session, person: Person | None, reference: str = "KM4P-X7RB", **facts: Any) -> Case:
    """A report with a history, a deadline and its reminder."""
    case = add_case(
        session, reference, district="redditch", reporter_id=person.id if person else None, **facts
    )
    session.add(
        AsbReport(
            case_id=case.id,
            category="noise",
            danger_now=False,
            detail={
                "what": STORY,
                "name": "Ada Lovelace",
                "phone": {"typed": "07700 900123", "e164": "+447700900123"},
                "danger_words": ["domestic"],
                "neighbour": {"name": "Old Mr Grey"},
            },
            last_happened_on=date(2026, 11, 20),
        )
    )
    add_event(session, case, kind="received", actor_role="resident", public=True)
    add_event(session, case, kind="note", detail={"text": "the officer thinks so"})
    due = NOON + timedelta(days=2)
    deadline = Deadline(
        case_id=case.id, kind="contact", due_on=due.date(), due_at=due, set_at=NOON, working=_WORKING
    )
    session.add(deadline)
    session.flush()
    session.add(Reminder(deadline_id=deadline.id, case_id=case.id, stage="due", audience="owner", at=due))
    session.flush()
    return case


_WORKING = {"start_on": "2026-11-24", "working_days": 2, "skipped": [], "due_on": "2026-11-26"}


def add_heard(session: Session, person: Person, case: Case | None, text: str = STORY) -> None:
    number = len(session.scalars(select(Heard)).all()) + 1
    session.add(
        Heard(
            chat_key=person.chat_key,
            message_id=number,
            case_id=case.id if case else None,
            body={"text": text},
            at=NOON,
        )
    )
    session.flush()


def add_draft(session: Session, person: Person, now: datetime = NOON, **facts: Any) -> Draft:
    draft = Draft(
        **{
            "chat_key": person.chat_key,
            "form": "report",
            "place": "what",
            "answers": {"category": "noise"},
            "started_at": now,
            "updated_at": now,
            "expires_at": now + timedelta(days=7),
            **facts,
        }
    )
    session.add(draft)
    session.flush()
    return draft


def add_file(session: Session, person: Person, **facts: Any) -> StoredFile:
    file = StoredFile(
        **{
            "chat_key": person.chat_key,
            "kind": "photo",
            "file_id": "f",
            "file_unique_id_hash": b"1",
            "received_at": NOON,
            **facts,
        }
    )
    session.add(file)
    session.flush()
    return file


def report_of(town: Town, somebody: Somebody, reference: str = "KM4P-X7RB", **facts: Any) -> int:
    """A report of somebody of the town; its id."""
    with town.database.transaction() as session:
        return add_report(session, person_of(session, town.database, somebody), reference, **facts).id
