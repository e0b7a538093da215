"""A resident reports a neighbour problem. What comes out: a case in the queue of its district, and a reference."""

from __future__ import annotations

from datetime import date

from casework.cases import CaseKind, Channel, DeadlineKind
from casework.deadlines import initial_risk
from casework.places import tenures_in
from casework.postcodes import read_postcode
from casework.roles import Permission
from handlers.confirmation import receipt
from handlers.forms.answering import MORE
from handlers.forms.flow import Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice, yes_no
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.phone import Phone
from handlers.forms.kinds.place import Place
from handlers.forms.kinds.text import LongText
from handlers.forms.kinds.when import When
from handlers.forms.kinds.who import NameOrAnonymous
from handlers.forms.pen import DANGER
from handlers.intake import NewCase, receive
from handlers.turn import Turn
from storage import drafts
from storage.models import AsbReport

NAME = "report"

BETWEEN_HOMES = ("noise", "neighbours", "threats", "hate", "drugs", "animals")
"""Problems that have two homes to them: for others it does not matter who holds which (facts 3.2 and 3.3)."""


def _categories(asking: Asking) -> tuple[str, ...]:
    return tuple(category.key for category in asking.policy.categories)


def _tenures(asking: Asking) -> tuple[str, ...]:
    """The tenures that exist in the district of the problem: council homes only where there are any."""
    place = asking.answers.get("where") or {}
    return tenures_in(place.get("district"), asking.policy)


def _their_tenures(asking: Asking) -> tuple[str, ...]:
    return tuple(tenure for tenure in _tenures(asking) if tenure != "no_home")


def send(turn: Turn, answers: Answers) -> Receipt:
    """Open the case; anonymous means that nothing in it leads back to this chat."""
    place = answers["where"]
    anonymous = answers["who"]["name"] is None
    danger_now = answers["danger"] == "yes"
    new = NewCase(
        kind=CaseKind.ASB_REPORT,
        district=place["district"],
        risk=initial_risk(danger_now),
        channel=Channel.TELEGRAM,
        reporter=None if anonymous else turn.person,
        referrer=None,
        anonymous=anonymous,
        make_detail=lambda case_id: _detail(turn, case_id, answers, danger_now=danger_now),
    )
    received = receive(turn, new)
    if turn.draft is not None:
        drafts.give_to_case(turn.session, turn.draft, received.case.id, anonymous=anonymous)
    kind = DeadlineKind.ACKNOWLEDGE if anonymous else DeadlineKind.CONTACT
    return receipt(turn, NAME, received, kind, anonymous=anonymous)


def _detail(turn: Turn, case_id: int, answers: Answers, *, danger_now: bool) -> AsbReport:
    place = answers["where"]
    postcode = read_postcode(place["postcode"]) if place["postcode"] else None
    when = answers.get("when")
    return AsbReport(
        case_id=case_id,
        category=answers["category"],
        danger_now=danger_now,
        detail={
            "where": place,
            "what": answers["what"],
            "how_often": answers["how_often"],
            "when": when,
            "my_home": answers.get("my_home"),
            "their_home": answers.get("their_home"),
            "name": answers["who"]["name"],
            "phone": answers.get("phone"),
            "safe": answers.get("safe"),
            "danger_words": answers.get(DANGER, []),
            "more": answers.get(MORE, []),
        },
        postcode_outward=postcode.outward if postcode else None,
        # Something that goes on is taken to have happened on the day it was reported, approximately.
        last_happened_on=date.fromisoformat(when["day"]) if when else turn.today,
        approximate=bool(when["approximate"]) if when else True,
    )


def _only_between_homes() -> tuple[Only, ...]:
    return (Only.when("category", *BETWEEN_HOMES),)


REPORT = Form(
    name=NAME,
    permission=Permission.REPORT,
    questions=(
        Question("danger", yes_no(), interrupts=frozenset({"yes"})),
        Question("category", Choice(_categories)),
        Question("where", Place()),
        Question("what", LongText(files=True), takes_files=True),
        Question("how_often", Choice(("most_days", "most_weeks", "sometimes", "once"))),
        Question("when", When(), only=(Only.when("how_often", "once", "sometimes"),), follow_up=True),
        Question("my_home", Choice(_tenures), only=_only_between_homes()),
        Question("their_home", Choice(_their_tenures), only=_only_between_homes()),
        Question("who", NameOrAnonymous()),
        Question("phone", Phone(), only=(Only.when("who", "named"),), optional=True, follow_up=True),
        Question(
            "safe",
            Choice(("call_and_message", "call_only", "chat_only"), across=1),
            only=(Only.when("phone", "given"),),
            follow_up=True,
        ),
    ),
    finish=send,
)
