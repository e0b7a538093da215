"""What the team is told without asking: a new case, and a person whom the bot cannot reach.

A notice may show on a locked phone, so it says reference, kind, district and day; a button opens the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from casework.cases import DeadlineKind
from casework.deadlines import Deadline
from handlers.keyboards import Button, Rows
from handlers.officers.detail import why_not_ring
from handlers.officers.labels import district_name, kind_name
from handlers.turn import Recipient, Service, tell
from handlers.words import Words
from storage import cases
from storage.models import Case, Person
from storage.team import Team, load_team


def tell_new(session: Session, service: Service, case: Case, first: Deadline | None, now: datetime) -> int:
    """Tell the officers of the case's district that it came in, and what is due on it first (None: no date).

    Returns how many were told; it may be 0.
    """
    is_answer = first is not None and first.kind is DeadlineKind.ANSWER
    dated = "officer.notice.enquiry" if is_answer else "officer.notice.new"
    told = recipients(load_team(session, service.calendar.local_day(now)).officers_of(case.district))
    today = service.calendar.local_day(now)
    for to in told:
        words = service.words(to.language)
        text = words(
            dated if first else "officer.notice.no_date",
            reference=case.reference,
            kind=kind_name(words, case),
            district=district_name(words, service, case),
            **({"day": words.day(first.due_on, today)} if first else {}),
        )
        key = f"case:{case.id}:new:{to.person_id}"
        tell(session, to, text, open_row(words, case), now=now, case_id=case.id, dedupe_key=key)
    return len(told)


def tell_unreachable(
    session: Session, service: Service, team: Team, case: Case, phone: Deadline, now: datetime
) -> int:
    """Tell the case's owner, or the officers of its district, to phone. Returns how many were told.

    Who asked us not to ring, or gave no number, is for them to decide on.
    """
    told = recipients(team.caretakers(case))
    why_not = why_not_ring(cases.detail_of(session, case))
    key = f"officer.notice.unreachable.{why_not}" if why_not else "officer.notice.unreachable"
    today = service.calendar.local_day(now)
    for to in told:
        words = service.words(to.language)
        day = words.day(phone.due_on, today)
        text = words(key, reference=case.reference, day=day)
        tell(session, to, text, open_row(words, case), now=now, case_id=case.id)
    return len(told)


def open_row(words: Words, case: Case) -> Rows:
    """The button that opens the card."""
    return ((Button(words.plain("officer.open.button"), f"o:{case.id}"),),)


def recipients(persons: Iterable[Person]) -> list[Recipient]:
    """Those of the persons whom the bot can write to."""
    found = (Recipient.of(person) for person in persons)
    return [recipient for recipient in found if recipient is not None]
