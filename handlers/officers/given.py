"""Telling those whom it concerns that a case was given to somebody: reference, kind, district and a day, no more."""

from __future__ import annotations

from casework.cases import Move, Told
from handlers.officers.labels import deadline_line, district_name, kind_name
from handlers.officers.notices import open_row, recipients
from handlers.turn import Turn, tell
from storage.cases import Parties
from storage.models import Deadline, Person


def tell_given(turn: Turn, parties: Parties, move: Move, owner: Person, first: Deadline | None) -> None:
    """Tell the new owner, with what is due first, and whoever had it before; nobody of their own act."""
    whom = {
        Told.NEW_OWNER: (owner, "officer_acts.notice.yours"),
        Told.OLD_OWNER: (parties.owner, "officer_acts.notice.gone"),
    }
    for told in move.tells:
        person, key = whom[told]
        if person is not None and person.id != turn.person.id:
            _tell(turn, parties, person, key, first)


def _tell(turn: Turn, parties: Parties, person: Person, key: str, first: Deadline | None) -> None:
    case = parties.case
    for to in recipients([person]):
        words = turn.service.words(to.language)
        due = words.plain("officer.queue.nothing_due")
        if first is not None:
            due = deadline_line(words, turn.service, first, turn.today)
        text = words(
            key,
            reference=case.reference,
            kind=kind_name(words, case),
            district=district_name(words, turn.service, case),
            due=due,
        )
        tell(turn.session, to, text, open_row(words, case), now=turn.now, case_id=case.id)
