"""A Member refers a resident to the Nominated Neighbour Scheme, with the resident's agreement.

What comes out: a referral in the queue of its district, and a reference. Without agreement nothing is sent.
"""

from __future__ import annotations

from typing import Any

from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand
from casework.roles import Permission
from handlers.confirmation import receipt
from handlers.forms.answering import MORE
from handlers.forms.flow import Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice, Several, yes_no
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.phone import Phone
from handlers.forms.kinds.place import Place
from handlers.forms.kinds.text import LongText, ShortText
from handlers.intake import NewCase, receive
from handlers.keyed_in import keyed_in, take_in
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts, links
from storage.models import NnsReferral

NAME = "refer"


def _reasons(asking: Asking) -> tuple[str, ...]:
    return asking.policy.nns_reasons


def needs_agreement(turn: Turn, answers: Answers) -> Html | None:
    """Why it can't be sent yet: nobody's details go anywhere before they know and agree (facts 4, consent)."""
    if answers["consent"] == "not_yet":
        return turn.words("refer.consent.needed")
    return None


def send(turn: Turn, answers: Answers) -> Receipt:
    """Open the referral. It belongs to the Member who made it, never to the resident's chat."""
    new = NewCase(
        kind=CaseKind.NOMINATED_NEIGHBOUR,
        district=answers["where"]["district"],
        risk=RiskBand.STANDARD,
        channel=Channel.TELEGRAM,
        reporter=None,
        referrer=turn.person,
        anonymous=False,
        make_detail=lambda case_id: _detail(turn, case_id, answers),
    )
    if (keyed := keyed_in(answers)) is not None:
        return take_in(turn, new, keyed)
    received = receive(turn, new)
    if turn.draft is not None:
        drafts.give_to_case(turn.session, turn.draft, received.case.id)
    return receipt(turn, NAME, received, DeadlineKind.CONTACT)


def _detail(turn: Turn, case_id: int, answers: Answers) -> NnsReferral:
    where = answers["where"]
    return NnsReferral(
        case_id=case_id,
        consent_given_on=turn.today,
        consent_how=answers["consent"],
        reasons=list(answers["reasons"]),
        detail={
            "name": answers["name"],
            "where": where,
            "phone": answers["phone"],
            "best_time": answers["best_time"],
            "neighbour": _neighbour(answers),
            "doorstep_crime": answers["doorstep_crime"],
            "notes": answers.get("notes"),
            "more": answers.get(MORE, []),
        },
        name_hash=turn.service.keyring.hash_text("resident_name", _folded(answers["name"])),
        address_hash=links.address_hash(where["text"], where["postcode"]),
    )


def _neighbour(answers: Answers) -> dict[str, Any] | None:
    """The nominated neighbour is a person of their own: kept only with their own agreement."""
    if answers["neighbour"] != "yes":
        return None
    return {"name": answers["neighbour_name"], "phone": answers.get("neighbour_phone")}


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace(",", " ").split())


REFER = Form(
    name=NAME,
    permission=Permission.REFER,
    questions=(
        Question(
            "consent",
            Choice(("told_me", "in_writing", "not_yet"), across=1),
            notes={"not_yet": "refer.consent.needed"},
        ),
        Question("name", ShortText()),
        Question("where", Place(locate=False)),
        Question("phone", Phone(own=False)),
        Question("best_time", Choice(("any_time", "morning", "afternoon", "evening"))),
        Question("reasons", Several(_reasons)),
        Question("neighbour", yes_no()),
        Question("neighbour_name", ShortText(), only=(Only.when("neighbour", "yes"),), follow_up=True),
        Question(
            "neighbour_phone",
            Phone(own=False),
            only=(Only.when("neighbour", "yes"),),
            optional=True,
            follow_up=True,
        ),
        Question("doorstep_crime", yes_no(dont_know=True), notes={"yes": "refer.doorstep_crime.advice"}),
        Question("notes", LongText(), optional=True),
    ),
    finish=send,
    may_send=needs_agreement,
)
