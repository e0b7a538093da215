"""What the team is told without asking: a new case, and a person whom the bot cannot reach.

A notice may show on a locked phone, so it says reference, kind, district and day; a button opens the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from casework.deadlines import Deadline
from handlers.keyboards import Button, Rows
from handlers.officers.labels import district_name, kind_name
from handlers.turn import Recipient, Service, tell
from handlers.words import Words
from storage import cases
from storage.models import Case, Person
from storage.team import Team, load_team


def tell_new(session: Session, service: Service, case: Case, acknowledge: Deadline, now: datetime) -> int:
    """Tell the officers of the case's district that it came in. Returns how many were told; it may be 0."""
    told = recipients(load_team(session).officers_of(case.district))
    today = service.calendar.local_day(now)
    for to in told:
        words = service.words(to.language)
        text = words(
            "officer.notice.new",
            reference=case.reference,
            kind=kind_name(words, case),
            district=district_name(words, service, case),
            day=words.day(acknowledge.due_on, today),
        )
        key = f"case:{case.id}:new:{to.person_id}"
        tell(session, to, text, open_row(words, case), now=now, case_id=case.id, dedupe_key=key)
    return len(told)


def tell_edited(session: Session, service: Service, case: Case, now: datetime) -> None:
    """Tell whoever has the case that the person changed something they wrote."""
    for to in recipients(load_team(session).caretakers(case)):
        words = service.words(to.language)
        text = words("officer.notice.edited", reference=case.reference)
        tell(session, to, text, open_row(words, case), now=now, case_id=case.id)


def may_be_rung(session: Session, case: Case) -> bool:
    """Whether there is a number, and they did not say to write only."""
    detail = cases.detail_of(session, case)
    stored = detail.detail if detail is not None else {}
    return bool(stored.get("phone")) and stored.get("safe") != "chat_only"


def tell_unreachable(
    session: Session, service: Service, team: Team, case: Case, phone: Deadline, now: datetime
) -> int:
    """Tell the case's owner, or the officers of its district, to phone. Returns how many were told.

    Where they said not to be rung, or gave no number, it says so instead: an officer finds another way.
    """
    key = "officer.notice.unreachable" if may_be_rung(session, case) else "officer.notice.not_to_ring"
    told = recipients(team.caretakers(case))
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
