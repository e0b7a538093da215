"""What the team is told about an open case: the person wrote, it got worse, it stopped, they took it back.

A notice may show on a locked phone, so it has the reference and a day; buttons open the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.keyboards import Button, Row
from handlers.officers.notices import recipients
from handlers.turn import Service, tell
from handlers.words import Words
from storage.models import Case, Person
from storage.team import Team, load_team


def tell_caretakers(
    session: Session,
    service: Service,
    case: Case,
    key: str,
    now: datetime,
    *,
    but: int | None = None,
    **values: str,
) -> int:
    """Tell the case's officer, or those of its district where it has none any more. Returns how many.

    ``but``: the person whose own act it was.
    """
    people = [one for one in _team(session, service, now).caretakers(case) if one.id != but]
    return _tell(session, service, people, case, key, now, values)


def tell_managers(
    session: Session, service: Service, case: Case, key: str, now: datetime, **values: str
) -> int:
    """Tell every manager. Returns how many."""
    return _tell(session, service, _team(session, service, now).all_managers(), case, key, now, values)


def _team(session: Session, service: Service, now: datetime) -> Team:
    return load_team(session, service.calendar.local_day(now))


def _tell(
    session: Session,
    service: Service,
    people: Iterable[Person],
    case: Case,
    key: str,
    now: datetime,
    values: Mapping[str, str],
) -> int:
    told = recipients(people)
    for to in told:
        words = service.words(to.language)
        text = words(key, reference=case.reference, **values)
        tell(session, to, text, (open_buttons(words, case),), now=now, case_id=case.id)
    return len(told)


def open_buttons(words: Words, case: Case) -> Row:
    """The card, and the messages of the case."""
    return (
        Button(words.plain("officer.open.button"), f"o:{case.id}"),
        Button(words.plain("messages.list.button"), f"k:msgs:{case.id}:0"),
    )
