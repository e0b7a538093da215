"""Contact was tried, and in which way: each try is a line of the history."""

from __future__ import annotations

from casework.contact_tries import Way
from handlers.keyboards import Button, columns
from handlers.officers import acts
from handlers.officers.access import number_in
from handlers.officers.assigning import back_row
from handlers.officers.detail import why_not_ring
from handlers.officers.reach import so_far, tries_of
from handlers.turn import Turn
from handlers.words import Html
from storage import cases
from storage.case_events import TRIED
from storage.models import Case

_RINGING = frozenset({Way.PHONE, Way.TEXT})


def asked(turn: Turn, parts: list[str]) -> None:
    """``h:contact_tried:<case_id>:<version>``: in which way?"""
    found = acts.lock_for(turn, number_in(parts, 2), number_in(parts, 3), TRIED)
    if found is None:
        return
    parties = found[0]
    case = parties.case
    ways = tuple(
        Button(turn.words.plain(f"officer_acts.way.{way}.button"), f"h:tried:{case.id}:{case.version}:{way}")
        for way in _ways(turn, case)
    )
    rows = (*columns(ways, 2), back_row(turn, parties))
    acts.show_again(turn, parties, turn.words("officer_acts.way.ask"), rows)


def chosen(turn: Turn, parts: list[str]) -> None:
    """``h:tried:<case_id>:<version>:<way>``: it is kept, and how often that makes is said."""
    found = acts.lock_for(turn, number_in(parts, 2), number_in(parts, 3), TRIED)
    if found is None:
        return
    parties, move = found
    way = next((way for way in _ways(turn, parties.case) if [way] == parts[4:5]), None)
    if way is None:
        asked(turn, parts)
        return
    acts.make_move(turn, parties, move, way=way.value)
    done = turn.words("officer.done.contact_tried")
    acts.show_again(turn, parties, Html(f"{done} {so_far(turn, tries_of(turn, parties.case))}"))


def _ways(turn: Turn, case: Case) -> tuple[Way, ...]:
    """Nobody is rung who asked us not to, or whose number we have not."""
    silent = why_not_ring(cases.detail_of(turn.session, case)) is not None
    return tuple(way for way in Way if not (silent and way in _RINGING))
