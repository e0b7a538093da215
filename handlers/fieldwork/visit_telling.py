"""What each side hears of a visit: the resident discreetly, the officer with an entry for their calendar."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from casework.visits import VisitAudience, remind_officer_at, remind_resident_at
from handlers.keyboards import Button
from handlers.my_data.discretion import quiet_hours_of, tell_resident
from handlers.officers.notices import open_row
from handlers.papers import DOCUMENT, send_paper
from handlers.turn import Recipient, Service, Turn, tell
from handlers.words import Html, Words
from storage.cases import Parties
from storage.models import Case, Person, Visit
from storage.people import display_name
from storage.visits import Times

DOMAIN = "visits"
"""Where the words are."""
PAPER = "visit"
"""The kind of paper that is the calendar entry; its id is the visit's."""


def times_of(service: Service, visit_at: datetime, reporter: Person | None) -> Times:
    """When both sides are reminded; whoever is nobody the bot knows is not. Raises BeyondCalendar."""
    policy, calendar = service.policy, service.calendar
    times = {VisitAudience.OFFICER: remind_officer_at(visit_at, policy, calendar)}
    if reporter is not None:
        quiet = quiet_hours_of(service, reporter)
        times[VisitAudience.RESIDENT] = remind_resident_at(visit_at, *quiet, policy, calendar)
    return times


def tell_reporter(
    session: Session,
    service: Service,
    reporter: Person | None,
    case: Case,
    visit: Visit,
    key: str,
    now: datetime,
    *,
    visitor: Person | None = None,
) -> bool:
    """Tell the person who reported; False where nobody is known, or the bot must not write to them."""
    if reporter is None:
        return False
    words = service.words(reporter.language)
    text = words(key, reference=case.reference, when=moment(words, service, visit, now))
    lines = [text, *_who_and_where(words, visit, visitor)]
    rows = ((Button(words.plain("visits.told.write.button"), f"k:write:{case.id}"),),)
    return tell_resident(
        session,
        service,
        reporter,
        text=Html("\n".join(lines)),
        buttons=rows,
        reference=case.reference,
        case_id=case.id,
        now=now,
    )


def _who_and_where(words: Words, visit: Visit, visitor: Person | None) -> list[Html]:
    """Nothing once it is over; their own address is not written out."""
    if visit.ended_at is not None:
        return []
    lines = [words("visits.told.place", place=visit.place)] if visit.place else []
    name = display_name(visitor) if visitor is not None else ""
    return [*lines, words("visits.told.who", name=name)] if name else lines


def tell_visitor(turn: Turn, parties: Parties, visit: Visit, visitor: Person | None, key: str) -> None:
    """Somebody else changed the visit that this officer is to make."""
    to = Recipient.of(visitor) if visitor is not None and visitor.id != turn.person.id else None
    if to is None:
        return
    words, case = turn.service.words(to.language), parties.case
    when = moment(words, turn.service, visit, turn.now)
    text = words(key, reference=case.reference, when=when)
    tell(turn.session, to, text, open_row(words, case), now=turn.now, case_id=case.id)


def send_calendar_entry(turn: Turn, case: Case, visit: Visit) -> None:
    """The entry as a file. Whoever looks into the officer's calendar reads the reference and the district."""
    caption = turn.words("visits.calendar.caption", reference=case.reference)
    send_paper(turn, DOCUMENT, PAPER, visit.id, caption, case_id=case.id)


def moment(words: Words, service: Service, visit: Visit, now: datetime) -> str:
    """ "Tuesday 24 November at 10am"."""
    return words.moment(visit.at, service.zone, service.calendar.local_day(now))
