"""The first working day back: what fell due during the leave and is still open, so that none of it is silent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from casework.cases import DeadlineKind
from casework.errors import BeyondCalendar
from casework.reminders import is_working_time
from handlers.officers.reminding import case_buttons, item_lines
from handlers.turn import Recipient, Service, tell
from handlers.words import Html
from storage import leave, outbox
from storage.leave import Absence

JOB = "leave_back"
AT_ONCE = 100
MOST_ITEMS = 200


def welcome_back(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """In working time: everybody whose leave is over, once each."""
    today = service.calendar.local_day(now)
    found = leave.list_back(session, today, AT_ONCE)
    if not found or not _at_work(service, now):
        return {}
    told = 0
    for absence in found:
        told += tell_back(session, service, absence, now)
    session.flush()
    if told:
        outbox.announce(session)
    return {"told": told}


def _at_work(service: Service, now: datetime) -> bool:
    try:
        return is_working_time(now, service.policy, service.calendar)
    except BeyondCalendar:
        return False


def tell_back(session: Session, service: Service, absence: Absence, now: datetime) -> bool:
    """Tell one person what fell due meanwhile and is still open. False where the bot can't reach them."""
    to, row = Recipient.of(absence.person), absence.leave
    row.back_told_at = now
    if to is None:
        return False
    words, today = service.words(to.language), service.calendar.local_day(now)
    kinds = tuple(DeadlineKind)
    until = min(row.last_on, today)
    items = leave.list_due_in(session, row.person_id, row.first_on, until, kinds, MOST_ITEMS)
    if not items:
        text = words("leave.back.none")
    else:
        lines = item_lines(words, service, items, today)
        text = Html("\n".join([words.plural("leave.back", len(items)), *lines]))
    buttons = case_buttons(case for _, case in items)
    tell(session, to, text, buttons, now=now, dedupe_key=f"leave:{row.id}:back")
    return True
