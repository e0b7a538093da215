"""When a day passes that somebody was promised: an apology with a new day, by itself, and a mark for the manager.

The mark is a line of the managers' digest. The officer's own deadline stays as it is, and late: the apology is
ours, the delay isn't undone by it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.errors import BeyondCalendar
from casework.following import new_day
from casework.reminders import is_working_time
from handlers.keyboards import Button
from handlers.my_data.discretion import tell_resident
from handlers.turn import Service
from handlers.words import Html, Words
from storage import cases, following, reminders
from storage.following import Missed
from storage.models import Person

JOB = "promises"
AT_ONCE = 500


def apologise(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Once a working day: every promise whose day is over, each told once."""
    if not _at_work(service, now):
        return {}
    today = service.calendar.local_day(now)
    if _is_done(session, service, today) or not reminders.claim_slot(session, JOB, today.isoformat(), now):
        return {}
    found = told = 0
    for missed in following.list_missed(session, now, today, AT_ONCE):
        new_on = _new_day(service, missed, today)
        heard = missed.reporter is not None and _tell(session, service, missed, missed.reporter, new_on, now)
        following.add_broken_promise(session, missed, new_on, told=heard, now=now)
        _record(session, missed, new_on, told=heard, now=now)
        found += 1
        told += heard
    return {"missed": found, "told": told}


def _at_work(service: Service, now: datetime) -> bool:
    """Whether the team is at work; not beyond the checked calendar, which the reminders tell the operator of."""
    try:
        return is_working_time(now, service.policy, service.calendar)
    except BeyondCalendar:
        return False


def _new_day(service: Service, missed: Missed, today: date) -> date | None:
    try:
        return new_day(missed.promise, today, service.policy, service.calendar)
    except BeyondCalendar:
        return None


def _is_done(session: Session, service: Service, today: date) -> bool:
    """Whether this day had its round: a look, before a write is tried."""
    last = reminders.last_slot_at(session, JOB)
    return last is not None and service.calendar.local_day(last) >= today


def _tell(
    session: Session, service: Service, missed: Missed, reader: Person, new_on: date | None, now: datetime
) -> bool:
    words, case = service.words(reader.language), missed.case
    rows = ((Button(words.plain("following.open.button"), f"k:open:{case.id}"),),)
    return tell_resident(
        session,
        service,
        reader,
        text=_apology(service, words, missed, new_on, service.calendar.local_day(now)),
        buttons=rows,
        reference=case.reference,
        case_id=case.id,
        now=now,
    )


def _apology(service: Service, words: Words, missed: Missed, new_on: date | None, today: date) -> Html:
    phone = service.policy.phone_of(missed.case.district).value
    day = words.day(missed.promise.day, today)
    top = words("following.apology.top", reference=missed.case.reference, day=day)
    if new_on is None:
        rest = words("following.apology.last", phone=phone)
    else:
        rest = words("following.apology.new", new=words.day(new_on, today), phone=phone)
    return Html(f"{top}\n\n{rest}")


def _record(session: Session, missed: Missed, new_on: date | None, *, told: bool, now: datetime) -> None:
    detail = {
        "deadline": missed.deadline.kind,
        "promised": missed.promise.day.isoformat(),
        "new": new_on.isoformat() if new_on else None,
        "told": told,
    }
    cases.record_event(
        session,
        case_id=missed.case.id,
        kind="promise_missed",
        actor=None,
        now=now,
        public=True,
        detail=detail,
    )
