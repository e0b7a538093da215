"""A question to the team: what no page answered becomes a case with a day by which somebody answers."""

from __future__ import annotations

from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand
from casework.roles import Permission
from handlers.asking.answers import district_of
from handlers.confirmation import receipt
from handlers.forms.answering import MORE
from handlers.forms.engine import FormKit
from handlers.forms.flow import Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.text import LongText
from handlers.forms.pen import DANGER
from handlers.intake import NewCase, receive
from handlers.turn import Turn
from storage import drafts
from storage.models import Enquiry

NAME = "asking"
ELSEWHERE = "elsewhere"


def _areas(asking: Asking) -> tuple[str, ...]:
    return (*(district.key for district in asking.policy.districts), ELSEWHERE)


def _area_name(asking: Asking, key: str) -> str:
    if key == ELSEWHERE:
        return asking.words.plain("asking.area.unknown.button")
    return asking.policy.district(key).name


def send(turn: Turn, answers: Answers) -> Receipt:
    """Open the case; whose area nobody knows is everybody's."""
    area = answers["area"]
    new = NewCase(
        kind=CaseKind.ENQUIRY,
        district=None if area == ELSEWHERE else area,
        risk=RiskBand.STANDARD,
        channel=Channel.TELEGRAM,
        reporter=turn.person,
        make_detail=lambda case_id: _detail(turn, case_id, answers),
    )
    received = receive(turn, new)
    if turn.draft is not None:
        drafts.give_to_case(turn.session, turn.draft, received.case.id)
    turn.remember(asked=None, question=None, tried=None, offered=None)
    return receipt(turn, NAME, received, DeadlineKind.ANSWER)


def _detail(turn: Turn, case_id: int, answers: Answers) -> Enquiry:
    detail = {
        "what": answers["what"],
        "page": turn.screen.get("tried"),
        "more": answers.get(MORE, []),
        "danger_words": answers.get(DANGER, []),
    }
    return Enquiry(case_id=case_id, detail=detail)


ENQUIRY = Form(
    name=NAME,
    permission=Permission.ASK,
    questions=(
        Question("what", LongText()),
        Question("area", Choice(_areas, label=_area_name)),
    ),
    finish=send,
)

KIT = FormKit((ENQUIRY,), leave=lambda *_: None)
"""Begins the form; from then on the application's own kit has it."""


def begin(turn: Turn) -> None:
    """Ask the team, with what was typed already in its place, and the area where it is known."""
    known: Answers = {}
    if asked := turn.screen.get("asked"):
        known["what"] = asked
    if area := district_of(turn):
        known["area"] = area
    KIT.begin(turn, ENQUIRY, known)
