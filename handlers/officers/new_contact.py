"""Residents hear, once each, who looks after their case now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from handlers.my_data.discretion import News, tell_residents
from handlers.turn import Turn
from handlers.words import Html
from storage.models import Case, Person
from storage.people import display_name


def reporters(found: Iterable[Case]) -> set[int]:
    """Who is to hear who looks after their case. Never of a case that is anonymous or restricted."""
    open_ones = (case for case in found if not case.anonymous and not case.restricted)
    return {case.reporter_id for case in open_ones if case.reporter_id is not None}


def tell_new_contacts(turn: Turn, given: Sequence[tuple[Case, Person]], people: Mapping[int, Person]) -> int:
    """Each resident once, whatever number of their cases has a new owner. Returns how many are told."""
    by_person: dict[int, list[tuple[Case, Person]]] = {}
    for case, owner in given:
        for person_id in reporters([case]):
            by_person.setdefault(person_id, []).append((case, owner))
    news = [_news(turn, people[person_id], theirs) for person_id, theirs in by_person.items()]
    return tell_residents(turn.session, turn.service, news, turn.now)


def _news(turn: Turn, reader: Person, theirs: Sequence[tuple[Case, Person]]) -> News:
    words = turn.service.words(reader.language)
    by_owner: dict[int, tuple[str, list[str]]] = {}
    for case, owner in theirs:
        name = display_name(owner) or words.plain("handover.an_officer")
        by_owner.setdefault(owner.id, (name, []))[1].append(case.reference)
    lines = [
        words("handover.contact", name=name, references=words.listing(references))
        for name, references in by_owner.values()
    ]
    text = Html("\n".join([*lines, words("handover.as_before")]))
    case = theirs[0][0]
    if len(theirs) > 1:
        return News(reader, text)
    return News(reader, text, reference=case.reference, case_id=case.id)
