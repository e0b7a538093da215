"""The same thing reported again: before it is sent, the first report is offered, so that it counts as more of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from casework.places import same_place
from handlers.following.own import own_report
from handlers.forms.engine import FormKit
from handlers.forms.screens import data_for
from handlers.keyboards import Button, Rows
from handlers.officers.access import number_in
from handlers.reporting import more
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts, risk
from storage.models import Draft

PRESS = "x"
LOOK_BACK = timedelta(days=183)


def ask_first(turn: Turn, draft: Draft) -> tuple[Html, Rows] | None:
    """Whether this is the same as an open report of theirs, by what and where it is; None where it isn't.

    Nobody who stays anonymous is asked: it would tell that we know who they are.
    """
    answers = draft.answers
    if answers["who"]["name"] is None:
        return None
    found = _the_same(turn, answers)
    if found is None:
        return None
    text = turn.words("reporting.same.ask", reference=found.reference)
    plain = turn.words.plain
    rows = (
        (Button(plain("reporting.same.yes", reference=found.reference), f"{PRESS}:same:{found.case_id}"),),
        (Button(plain("reporting.same.no"), data_for(draft, "send", "new")),),
        (Button(plain("reporting.same.back"), data_for(draft, "k")),),
    )
    return text, rows


def pressed(turn: Turn, parts: list[str], kit: FormKit) -> None:
    """``x:same:<case_id>``: what was written here becomes more of that report; nothing is asked twice."""
    case = own_report(turn, number_in(parts, 2), lock=True)
    draft = turn.draft
    if case is None or draft is None or draft.form != "report" or "what" not in draft.answers:
        return
    answers = draft.answers
    receipt = more.add(turn, case, {"what": answers["what"], "when": answers.get("when")})
    kit.park(turn, leave_screen=True)
    drafts.delete_draft(turn.session, draft)
    turn.say(receipt.text, receipt.buttons)


def _the_same(turn: Turn, answers: dict[str, Any]) -> risk.Reported | None:
    before = risk.list_reports_of(turn.session, turn.person.id, turn.now - LOOK_BACK)
    alike = [one for one in before if one.category == answers["category"] and one.is_open][-1:]
    for one in alike:
        if same_place(risk.place_of(turn.session, one.case_id), answers["where"]):
            return one
    return None
