"""A person whom the bot cannot write to any more: marked on their cases, and an officer is asked to phone.

Where nobody may ring them, the same deadline is for an officer to decide what to do.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from casework.cases import CaseKind, DeadlineKind
from casework.deadlines import phone_deadline
from casework.reminders import plan_reminders
from handlers.officers import notices, timing
from handlers.turn import Service, Turn
from storage import cases, deadlines, people
from storage.deadlines import EndReason
from storage.models import Case, Person
from storage.team import Team, load_team

LONGEST_REASON = 200


def on_unreachable(session: Session, service: Service, chat_key: int, now: datetime, reason: str) -> None:
    """Mark the person and each of their open cases, set a deadline to phone, and tell whoever has the case.

    Once: nothing more happens while they stay out of reach. ``reason`` is Telegram's, and goes into the history.
    """
    person = people.find_by_chat(session, chat_key)
    if person is None or person.unreachable_since is not None:
        return
    person.unreachable_since = now
    session.flush()
    open_cases = cases.list_open_of_person(session, person.id)
    team = load_team(session, service.calendar.local_day(now)) if open_cases else None
    for case in open_cases:
        if team is not None:
            _ask_to_phone(session, service, team, case, now, reason)


def came_or_went(turn: Turn) -> None:
    """The person blocked the bot, or came back."""
    if turn.incoming.blocked:
        on_unreachable(turn.session, turn.service, turn.chat_key, turn.now, "blocked")
    else:
        came_back(turn.session, turn.service, turn.person, turn.now)


def came_back(session: Session, service: Service, person: Person, now: datetime) -> None:
    """The bot can write to them again: nobody has to phone for that any more."""
    if person.unreachable_since is None:
        return
    person.unreachable_since = None
    session.flush()
    for case in cases.list_open_of_person(session, person.id):
        if case.reporter_unreachable_since is None:
            continue
        case.reporter_unreachable_since, case.updated_at = None, now
        timing.end(session, service, case, (DeadlineKind.PHONE,), now, EndReason.NOT_NEEDED)
        cases.record_event(session, case_id=case.id, kind="reachable", actor=None, now=now)


def _ask_to_phone(
    session: Session, service: Service, team: Team, case: Case, now: datetime, reason: str
) -> None:
    case.reporter_unreachable_since, case.updated_at = now, now
    if any(row.kind == DeadlineKind.PHONE for row in deadlines.list_open(session, case.id)):
        return
    phone = phone_deadline(CaseKind(case.kind), now, service.policy, service.calendar)
    planned = plan_reminders(phone, now, service.policy, service.calendar)
    deadlines.add_deadlines(session, case.id, [(phone, planned)], set_at=now)
    told = notices.tell_unreachable(session, service, team, case, phone, now)
    detail = {"reason": reason[:LONGEST_REASON], "officers_told": told}
    cases.record_event(session, case_id=case.id, kind="unreachable", actor=None, now=now, detail=detail)
