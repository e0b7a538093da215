"""Whoever has no Telegram is rung or written to instead: each time, it becomes a task with a day and reminders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from casework.cases import CaseKind, DeadlineKind
from casework.deadlines import phone_deadline
from casework.reminders import plan_reminders
from handlers.turn import Service
from storage import cases, deadlines
from storage.models import Person

ASKED = "phone_asked"


def has_no_chat(person: Person) -> bool:
    """Whether they were keyed in by an officer and never came to the bot."""
    return person.telegram_id is None and bool(person.profile.get("keyed_in"))


def phone_instead(
    session: Session, service: Service, person: Person, case_id: int | None, now: datetime
) -> None:
    """There is news of an open case for somebody without a chat: ask its officer to ring or write."""
    case = cases.find_case(session, case_id) if case_id is not None and has_no_chat(person) else None
    if case is None or case.closed_at is not None:
        return
    if case.reporter_unreachable_since is None:
        case.reporter_unreachable_since = now
    if any(row.kind == DeadlineKind.PHONE for row in deadlines.list_open(session, case.id)):
        return
    due = phone_deadline(CaseKind(case.kind), now, service.policy, service.calendar)
    planned = plan_reminders(due, now, service.policy, service.calendar)
    deadlines.add_deadlines(session, case.id, [(due, planned)], set_at=now)
    cases.record_event(session, case_id=case.id, kind=ASKED, actor=None, now=now)
