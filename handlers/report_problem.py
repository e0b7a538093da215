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
from handlers.forms.kinds.text import LongText, ShortText
from handlers.forms.kinds.when import When
from handlers.forms.kinds.who import ON_BEHALF, NameOrAnonymous
from handlers.forms.pen import DANGER
from handlers.intake import NewCase, receive
from handlers.keyed_in import keyed_in, take_in
from handlers.reporting import details, noise, same
from handlers.reporting.leaving import leave_without_trace
from handlers.reporting.risk_questions import ask_button
from handlers.reporting.routed import expectation, next_button, route_of
from handlers.reporting.token import give_token
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts, links
from storage.models import AsbReport

NAME = "report"

BETWEEN_HOMES = ("noise", "neighbours", "threats", "hate", "drugs", "animals")
"""Problems that have two homes to them: for others it does not matter who holds which (facts 3.2 and 3.3)."""


SOMEONE_CLOSE = "someone_close"
"""Not for this chat: choosing it leaves the form, and no trace of it."""


def _categories(asking: Asking) -> tuple[str, ...]:
    return (*(category.key for category in asking.policy.categories), SOMEONE_CLOSE)


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
    if (keyed := keyed_in(answers)) is not None:
        return take_in(turn, new, keyed)
    received = receive(turn, new)
    if turn.draft is not None:
        drafts.give_to_case(turn.session, turn.draft, received.case.id, anonymous=anonymous)
    case = received.case
    if anonymous:
        made = receipt(turn, NAME, received, DeadlineKind.ACKNOWLEDGE, anonymous=True)
        token = turn.words("report.sent.token", token=give_token(turn.service, case))
        told = expectation(turn, route_of(turn, answers), case.district)
        return Receipt(Html("\n\n".join([made.text, told, token])), made.buttons)
    made = receipt(turn, NAME, received, DeadlineKind.CONTACT)
    about_noise = ((noise.ask_button(turn, case),),) if answers["category"] == noise.CATEGORY else ()
    rows = (*made.buttons, (next_button(turn, case),), *about_noise, (ask_button(turn, case),))
    return Receipt(made.text, rows)


def may_send(turn: Turn, answers: Answers) -> Html | None:
    """For somebody else only with their yes, or to keep somebody safe (NWCSP domain facts 8.10)."""
    if answers.get("ground") == "none":
        return turn.words("report.on_behalf.needs_yes")
    return None


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
            **_besides(turn, answers),
        },
        route=route_of(turn, answers).to_json(),
        postcode_outward=postcode.outward if postcode else None,
        address_hash=links.address_hash(place["text"], place["postcode"]),
        # Something that goes on is taken to have happened on the day it was reported, approximately.
        last_happened_on=date.fromisoformat(when["day"]) if when else turn.today,
        approximate=bool(when["approximate"]) if when else True,
        sub_kind=details.named_kind(answers),
        on_behalf=bool(answers["who"].get(ON_BEHALF)),
    )


def _besides(turn: Turn, answers: Answers) -> Answers:
    """What was asked besides; and for whom it is, whether they agreed and how, the ground without it, and the day."""
    found: Answers = {}
    if told := details.told(answers):
        found["details"] = told
    if answers["who"].get(ON_BEHALF):
        found["on_behalf"] = {
            "name": answers["their_name"],
            "agreed": answers["agreed"],
            "ground": answers.get("ground"),
            "on": turn.today.isoformat(),
        }
    return found


def _only_between_homes() -> tuple[Only, ...]:
    return (Only.when("category", *BETWEEN_HOMES),)


REPORT = Form(
    name=NAME,
    permission=Permission.REPORT,
    questions=(
        Question("danger", yes_no(), interrupts=frozenset({"yes"})),
        Question("category", Choice(_categories), exits={SOMEONE_CLOSE: leave_without_trace}),
        *details.DETAILS,
        Question("where", Place()),
        Question("what", LongText(files=True), takes_files=True),
        Question("how_often", Choice(("most_days", "most_weeks", "sometimes", "once"))),
        Question("when", When(), only=(Only.when("how_often", "once", "sometimes"),), follow_up=True),
        Question("my_home", Choice(_tenures), only=_only_between_homes()),
        Question("their_home", Choice(_their_tenures), only=_only_between_homes()),
        Question("who", NameOrAnonymous(on_behalf=True)),
        Question("their_name", ShortText(), only=(Only.when("who", ON_BEHALF),), follow_up=True),
        Question(
            "agreed",
            Choice(("told_me", "in_writing", "no"), across=1),
            only=(Only.when("who", ON_BEHALF),),
            follow_up=True,
        ),
        Question(
            "ground",
            Choice(("danger", "cannot_decide", "child", "none"), across=1),
            only=(Only.when("agreed", "no"),),
            follow_up=True,
        ),
        Question(
            "phone", Phone(), only=(Only.when("who", "named", ON_BEHALF),), optional=True, follow_up=True
        ),
        Question(
            "safe",
            Choice(("call_and_message", "call_only", "chat_only"), across=1),
            only=(Only.when("phone", "given"),),
            follow_up=True,
        ),
    ),
    finish=send,
    may_send=may_send,
    ask_first=same.ask_first,
)
