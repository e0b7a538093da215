"""What a card offers of a case's messages and of closing it."""

from __future__ import annotations

from casework.cases import CaseKind, moves_for
from handlers.keyboards import Button, Row, Rows
from handlers.turn import Turn
from storage.cases import Parties
from storage.models import Case


def message_rows(turn: Turn, parties: Parties) -> Rows:
    """Its messages, writing to the person, and closing it; each where it can be done."""
    case = parties.case
    if case.kind != CaseKind.ASB_REPORT:
        return ()
    plain = turn.words.plain
    first: Row = ()
    if parties.unanswered:
        label = plain("messages.list.unanswered", number=str(parties.unanswered))
        first = (Button(label, f"k:msgs:{case.id}:0"),)
    elif parties.messages:
        first = (Button(plain("messages.list.button"), f"k:msgs:{case.id}:0"),)
    if case.reporter_id is not None and case.closed_at is None:
        first = (*first, Button(plain("messages.write.button"), f"k:tell:{case.id}"))
    close = (Button(plain("messages.close.button"), f"k:close:{case.id}"),) if may_close(turn, case) else ()
    return (first, close)


def may_close(turn: Turn, case: Case) -> bool:
    """Whether this person can close it now."""
    moves = moves_for(CaseKind(case.kind), case.status, turn.actor.role)
    return case.kind == CaseKind.ASB_REPORT and any(move.name == "close" for move in moves)
