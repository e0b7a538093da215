"""What the card offers of a case's history: who looked at it, and all of it on paper."""

from __future__ import annotations

from casework.roles import Permission, may, may_print_timeline
from handlers.keyboards import Button
from handlers.turn import Turn
from storage.cases import Parties


def history_buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """For managers, and the timeline for whose case it is."""
    case, plain = parties.case, turn.words.plain
    buttons: tuple[Button, ...] = ()
    if may(turn.actor.role, Permission.SEE_LOOKS):
        buttons = (Button(plain("history.who.button"), f"g:who:{case.id}"),)
    if may_print_timeline(turn.actor, case.owner_id):
        buttons = (*buttons, Button(plain("history.timeline.button"), f"g:time:{case.id}"))
    return buttons
