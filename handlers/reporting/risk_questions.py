"""Ten questions about how bad it is: asked kindly after a report is sent, and each can be skipped.

The answers make a band that the person never sees; they see what will happen and when.
"""

from __future__ import annotations

from casework.cases import DeadlineKind, RiskBand
from casework.risk import QUESTIONS, Assessment, Floor, RiskQuestion, Source, assess, rescore, scores
from casework.roles import Permission
from handlers.following.own import own_report
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.keyboards import Button
from handlers.officers import case_news, risk_band
from handlers.officers.access import number_in
from handlers.reporting.routed import HATE, route_anew
from handlers.turn import Turn
from storage import cases, deadlines, risk, risk_changes
from storage.models import AsbReport, Case

NAME = "risk"
PRESS = "x"


def ask_button(turn: Turn, case: Case) -> Button:
    """Ten short questions, for whoever wants to answer them now."""
    return Button(turn.words.plain("reporting.risk.button"), f"{PRESS}:risk:{case.id}")


def pressed(turn: Turn, parts: list[str], kit: FormKit) -> None:
    """``x:risk:<case_id>``."""
    case = own_report(turn, number_in(parts, 2))
    if case is not None:
        kit.begin(turn, RISK, {ABOUT: {"case": case.id}})


def send(turn: Turn, answers: Answers) -> Receipt:
    """Keep the judgement; a band that rises brings the first contact forward, and high is the manager's today."""
    case = own_report(turn, (answers.get(ABOUT) or {}).get("case"), lock=True)
    if case is None:
        return Receipt(turn.words("reporting.more.gone"))
    given = scores({question.key: answers.get(question.key) for question in QUESTIONS})
    found = assess(given, turn.service.policy.risk, known=_known_floors(turn, case))
    before = risk.find_last_assessment(turn.session, case.id)
    risk.record_assessment(
        turn.session,
        case_id=case.id,
        at=turn.now,
        answers=given,
        assessment=found,
        source=Source.PERSON,
        actor_id=turn.person.id,
    )
    judged = before is not None or risk_changes.was_set_by_hand(turn.session, case.id)
    _apply(turn, case, found, assessed_before=judged)
    if Floor.HATE in found.floors:
        _take_for_hate(turn, case)
    due = _contact_day(turn, case)
    if due is None:
        return Receipt(turn.words("risk.sent"))
    return Receipt(turn.words("risk.sent.by", due=due))


def _take_for_hate(turn: Turn, case: Case) -> None:
    """What anybody takes for hate is hate: who leads is worked out anew (NWCSP domain facts 3.2 and 5.2)."""
    report = cases.detail_of(turn.session, case)
    if not isinstance(report, AsbReport) or report.category == HATE or report.detail.get(HATE):
        return
    report.detail = {**report.detail, HATE: True}
    route_anew(turn, case, report)
    cases.record_event(turn.session, case_id=case.id, kind="taken_for_hate", actor=turn.actor, now=turn.now)
    case_news.tell_caretakers(turn.session, turn.service, case, "officer.more_reported", turn.now)


def _known_floors(turn: Turn, case: Case) -> tuple[Floor, ...]:
    detail = cases.detail_of(turn.session, case)
    if not isinstance(detail, AsbReport):
        return ()
    floors = [Floor.DANGER_NOW] if detail.danger_now else []
    return (*floors, Floor.HATE) if detail.category == HATE or detail.detail.get(HATE) else tuple(floors)


def _apply(turn: Turn, case: Case, found: Assessment, *, assessed_before: bool) -> None:
    """The case's band as the rules give it; lowering what was judged before is for two officers."""
    decided = rescore(RiskBand(case.risk), found.band, assessed_before=assessed_before)
    was, case.risk = RiskBand(case.risk), decided.band.value
    case.updated_at = turn.now
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind="risk_assessed",
        actor=turn.actor,
        now=turn.now,
        detail={
            "before": was.value,
            "band": decided.band.value,
            "lower_proposed": decided.lower_proposed.value if decided.lower_proposed else None,
            "reasons": [[reason.question, reason.option] for reason in found.reasons],
            "unanswered": len(found.unanswered),
        },
    )
    risk_band.changed(turn, case, was)


def _contact_day(turn: Turn, case: Case) -> str | None:
    for row in deadlines.list_open(turn.session, case.id):
        if row.kind == DeadlineKind.CONTACT:
            return str(turn.words.day(row.due_on, turn.today))
    return None


def _question(question: RiskQuestion) -> Question:
    return Question(question.key, Choice(question.options, across=1), optional=True)


RISK = Form(
    name=NAME,
    permission=Permission.REPORT,
    questions=tuple(_question(question) for question in QUESTIONS),
    finish=send,
)
