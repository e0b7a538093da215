"""The case that a button or a form is about, locked, as it is now; and the answer where it has changed meanwhile."""

from __future__ import annotations

from datetime import timedelta

from handlers.forms.flow import ABOUT, Answers
from handlers.keyboards import Button
from handlers.officers import card
from handlers.officers.access import case_to_open, number_in, sees
from handlers.officers.labels import status_name
from handlers.turn import Turn
from handlers.words import Html
from storage import cases
from storage.cases import Parties

DOUBLE_TAP = timedelta(seconds=10)


def case_of_button(turn: Turn, parts: list[str], *kinds: str) -> Parties | None:
    """``v:<act>:<case_id>:<version>``: the case, locked, where it still is as the button showed it.

    None after showing the case as it is now. ``kinds``: the events that the act makes; where one of them is this
    person's own of just now, the same finger tapped twice, and nothing is said.
    """
    case_id, version = number_in(parts, 2), number_in(parts, 3)
    if case_id is not None:
        cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None or parties.case.version == version:
        return parties
    shown = card.load(turn, parties)
    mine = (event for event, _ in shown.events if event.actor_id == turn.person.id and event.kind in kinds)
    if not any(turn.now - event.at < DOUBLE_TAP for event in mine):
        state, owner = status_name(turn.words, parties.case), card.owner_line(turn, parties)
        card.show(turn, shown, above=turn.words("officer.changed", status=state, owner=owner))
    return None


def case_of_form(turn: Turn, answers: Answers) -> Parties | None:
    """The case that a form is about, locked; None where it is not theirs to open any more."""
    case_id = (answers.get(ABOUT) or {}).get("case")
    if case_id is None or cases.lock_case(turn.session, case_id) is None:
        return None
    parties = cases.find_parties(turn.session, case_id)
    return parties if parties is not None and sees(turn, parties.case) else None


def show_card(turn: Turn, case_id: int, above: Html) -> None:
    """The card as it is now, with what was done above it."""
    parties = cases.find_parties(turn.session, case_id)
    if parties is not None:
        card.show(turn, card.load(turn, parties), above=above)


def back_row(turn: Turn, case_id: int) -> tuple[Button, ...]:
    """Back to the card."""
    return (Button(turn.words.plain("officer.open.button"), f"o:{case_id}"),)
