"""Putting right what we have of somebody: their name and number at once, anything else through an officer.

UK GDPR Article 16.
"""

from __future__ import annotations

from typing import Any

from casework.cases import CaseKind
from casework.data_requests import Asked
from casework.roles import Permission
from handlers.forms.flow import Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.phone import Phone
from handlers.forms.kinds.text import LongText, ShortText
from handlers.my_data import requests
from handlers.my_data.start import DOMAIN
from handlers.turn import Turn
from storage import cases, data_rights
from storage.models import AsbReport

NAME, PHONE, ELSE = "name", "phone", "else"


def save(turn: Turn, answers: Answers) -> Receipt:
    """Change it here and in their reports, with a line in the history of each; or ask an officer to."""
    what = answers["what"]
    if what == ELSE:
        return requests.open_request(turn, Asked.CORRECT, answers["words"])
    value = answers[what]
    turn.person.profile = {**turn.person.profile, what: value}
    changed = _change_in_cases(turn, what, value)
    if not changed:
        return Receipt(turn.words("my_data.change.sent"))
    return Receipt(turn.words("my_data.change.sent.cases", references=turn.words.listing(changed)))


def _change_in_cases(turn: Turn, what: str, value: Any) -> list[str]:
    """The references of the reports in which it stood otherwise."""
    changed = []
    for case in data_rights.list_cases_of(turn.session, turn.person.id):
        detail = cases.detail_of(turn.session, case) if case.kind == CaseKind.ASB_REPORT else None
        if not isinstance(detail, AsbReport) or detail.detail.get(what) == value:
            continue
        before = detail.detail.get(what)
        detail.detail = {**detail.detail, what: value}
        cases.record_event(
            turn.session,
            case_id=case.id,
            kind="corrected",
            actor=turn.actor,
            now=turn.now,
            detail={"what": what, "before": before, "after": value},
        )
        changed.append(case.reference)
    return changed


CHANGE = Form(
    name=f"{DOMAIN}.change",
    permission=Permission.MY_DATA,
    questions=(
        Question("what", Choice((NAME, PHONE, ELSE), across=1)),
        Question("name", ShortText(), only=(Only.when("what", NAME),), follow_up=True),
        Question("phone", Phone(), only=(Only.when("what", PHONE),), follow_up=True),
        Question("words", LongText(), only=(Only.when("what", ELSE),), follow_up=True),
    ),
    finish=save,
)
