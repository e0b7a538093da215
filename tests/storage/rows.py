"""Rows with the field's names, whatever doesn't matter to a test filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from storage import outbox
from storage.models import Case, CaseEvent, Person

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def add_person(session: Session, **facts: Any) -> Person:
    person = Person(**{"created_at": NOON, **facts})
    session.add(person)
    session.flush()
    return person


def add_case(session: Session, reference: str = "KM4P-X7RB", **facts: Any) -> Case:
    usual = {"kind": "asb_report", "status": "received", "risk": "medium", "channel": "telegram"}
    case = Case(**{"reference": reference, **usual, "received_at": NOON, "updated_at": NOON, **facts})
    session.add(case)
    session.flush()
    return case


def add_event(session: Session, case: Case, **facts: Any) -> CaseEvent:
    event = CaseEvent(**{"case_id": case.id, "at": NOON, "actor_role": "officer", "kind": "note", **facts})
    session.add(event)
    session.flush()
    return event


def add_message(session: Session, text: str, chat_key: int = 1, **facts: Any) -> int | None:
    payload = {"chat_id": chat_key, "text": text}
    return outbox.add(
        session, **{"chat_key": chat_key, "method": "sendMessage", "payload": payload, "now": NOON, **facts}
    )
