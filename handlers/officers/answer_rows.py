"""What a card offers of a question: to answer it, or to make a page of the answer."""

from __future__ import annotations

from casework.cases import CaseKind
from handlers.keyboards import Button, Rows
from handlers.turn import Turn
from storage.models import Case


def answer_rows(turn: Turn, case: Case) -> Rows:
    """One row; nothing for another kind of case."""
    if case.kind != CaseKind.ENQUIRY:
        return ()
    if case.closed_at is None:
        return ((Button(turn.words.plain("answer.write.button"), f"a:ans:{case.id}"),),)
    return ((Button(turn.words.plain("answer.save.button"), f"a:save:{case.id}"),),)
