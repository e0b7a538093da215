"""A visit as an entry for the officer's calendar (iCalendar, RFC 5545).

Calendars are shared with others: nothing in it names or finds the resident; it has the reference and the district.
"""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from bot.papers.paper import Paper, PaperGone
from casework.visits import VisitOutcome
from handlers.fieldwork.visit_telling import PAPER
from handlers.officers.labels import district_name
from handlers.turn import Service
from handlers.words import ENGLISH
from storage import visits

MIME = "text/calendar"


def make_entry(session: Session, service: Service, visit_id: int) -> Paper:
    """The visit as it is now; one that was cancelled takes the entry out of the calendar again."""
    found = visits.find_visit(session, visit_id)
    if found is None:
        raise PaperGone(f"no visit {visit_id}")
    visit, case = found
    words = service.words(ENGLISH)
    is_off = visit.outcome in (VisitOutcome.CANCELLED, VisitOutcome.CASE_CLOSED)
    event = Event()
    event.add("uid", f"visit-{visit.id}-{case.reference}@{service.bot_username}")
    event.add("sequence", visit.changes)
    event.add("dtstamp", service.clock.now())
    event.add("dtstart", visit.at)
    event.add("dtend", visit.at + timedelta(minutes=service.policy.visits.minutes))
    event.add("summary", words.plain("visits.calendar.title", reference=case.reference))
    event.add("location", district_name(words, service, case))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//community-safety-bot//visit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    calendar.add_component(event)
    return Paper(f"visit-{case.reference}.ics", calendar.to_ical(), MIME)


MAKERS = {PAPER: make_entry}
"""``id`` is the visit's."""
