"""The weekly question to those who want it: in the team's working hours, while their case is open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from casework.reminders import is_working_time
from handlers.diary.keeping import ask_every
from handlers.keyboards import Button
from handlers.my_data.discretion import may_be_told, tell_resident
from handlers.turn import Service
from storage import diary
from storage.models import Case, Diary, Person

MOST_AT_ONCE = 100


def ask_all(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Ask everybody whose week is over. Who is asked today is asked again in a week, not before."""
    if not is_working_time(now, service.policy, service.calendar) or not diary.is_any_to_ask(session, now):
        return {}
    asked = ended = 0
    for kept, person, case in diary.list_to_ask(session, now, MOST_AT_ONCE):
        if case is None or case.closed_at is not None or person.silent:
            kept.ask_at = None
            ended += 1
            continue
        kept.ask_at = now + ask_every(service)
        asked += _ask(session, service, kept, person, case, now)
    return {"asked": asked, "ended": ended}


def _ask(session: Session, service: Service, kept: Diary, person: Person, case: Case, now: datetime) -> bool:
    if not may_be_told(person):
        return False
    words = service.words(person.language)
    today = service.calendar.local_day(now)
    since = words.day(service.calendar.local_day(kept.heard_at), today)
    rows = (
        (Button(words.plain("diary.ask.add.button"), "y:home"),),
        (Button(words.plain("diary.ask.none.button"), "y:none"),),
        (Button(words.plain("diary.ask.stop.button"), "y:ask:off"),),
    )
    return tell_resident(
        session,
        service,
        person,
        text=words("diary.ask.question", since=since),
        buttons=rows,
        reference=case.reference,
        case_id=case.id,
        now=now,
    )
