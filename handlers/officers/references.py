"""A reference that somebody typed: the card for the team, the status for whoever sent it, nothing for others."""

from __future__ import annotations

from casework.roles import may_open
from handlers.officers import card, reporter
from handlers.officers.access import allowed
from handlers.turn import Turn
from storage import cases


def open_reference(turn: Turn, reference: str) -> None:
    """Show what this person may know of the case. Whether it exists is told to nobody else."""
    case = cases.find_by_reference(turn.session, reference)
    if case is not None and reporter.is_theirs(turn, case) and not may_open(turn.actor, case.district):
        reporter.show_status(turn, case)
    elif allowed(turn):
        card.open_card(turn, case.id if case is not None else None)
    else:
        turn.say(turn.words("case.not_yours"))
