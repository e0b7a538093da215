"""What a card offers of a request about somebody's own data."""

from __future__ import annotations

from casework.cases import CaseKind, facts, moves_for
from handlers.keyboards import Button, Rows, columns
from handlers.turn import Turn
from storage import data_rights
from storage.models import Case

_ACTS = ("answered", "ask_back", "heard_back", "extend")


def request_rows(turn: Turn, case: Case) -> Rows:
    """Its acts as buttons, two a row; nothing for another kind of case."""
    buttons = tuple(
        Button(turn.words.plain(f"officer_data.{act}.button"), f"p:req:{act}:{case.id}:{case.version}")
        for act in possible_acts(turn, case)
    )
    return columns(buttons, 2)


def possible_acts(turn: Turn, case: Case) -> tuple[str, ...]:
    """What this person can do with the request now; it can be extended once."""
    if case.kind != CaseKind.DATA_REQUEST:
        return ()
    known = facts(acknowledged=case.acknowledged_at is not None, owned=case.owner_id is not None)
    names = {move.name for move in moves_for(CaseKind(case.kind), case.status, turn.actor.role, known)}
    request = data_rights.find_request(turn.session, case.id)
    if request is None or request.extended_on is not None:
        names.discard("extend")
    return tuple(act for act in _ACTS if act in names)
