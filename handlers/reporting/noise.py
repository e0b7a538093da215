"""After a report of noise: what kind, on which days, at what times. It helps whoever measures it, and is no duty."""

from __future__ import annotations

from casework.diary import Band
from casework.roles import Permission
from handlers.following.own import own_report
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice, Several
from handlers.forms.kinds.kind import Asking
from handlers.keyboards import Button
from handlers.officers import case_news
from handlers.officers.access import number_in
from handlers.reporting.details import kinds_of, named_kind
from handlers.reporting.risk_questions import ask_button as ten_questions
from handlers.reporting.routed import route_anew
from handlers.turn import Turn
from storage import cases
from storage.models import AsbReport, Case

NAME = CATEGORY = "noise"
PRESS = "x"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def ask_button(turn: Turn, case: Case) -> Button:
    """*Tell us more about the noise*, for whoever wants to."""
    return Button(turn.words.plain("noise.open.button"), f"{PRESS}:noise:{case.id}")


def pressed(turn: Turn, parts: list[str], kit: FormKit) -> None:
    """``x:noise:<case_id>``: only for the person who reported it."""
    case = own_report(turn, number_in(parts, 2))
    if case is not None:
        kit.begin(turn, NOISE, {ABOUT: {"case": case.id}})


def send(turn: Turn, answers: Answers) -> Receipt:
    """Kept with the report; who acts on it is worked out anew, since some noise is everyday living."""
    case = own_report(turn, (answers.get(ABOUT) or {}).get("case"), lock=True)
    detail = cases.detail_of(turn.session, case) if case is not None else None
    if case is None or not isinstance(detail, AsbReport):
        return Receipt(turn.words("reporting.more.gone"))
    pattern = {"days": answers["days"], "bands": answers["bands"]}
    detail.detail = {**detail.detail, "pattern": pattern}
    detail.sub_kind = named_kind(answers)
    route_anew(turn, case, detail)
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind="noise_described",
        actor=turn.actor,
        now=turn.now,
        public=True,
        detail={"kind": answers["kind"], **pattern},
    )
    case_news.tell_caretakers(turn.session, turn.service, case, "officer.more_reported", turn.now)
    return Receipt(turn.words("noise.sent", reference=case.reference), ((ten_questions(turn, case),),))


def _kinds(asking: Asking) -> tuple[str, ...]:
    return kinds_of(asking, CATEGORY)


NOISE = Form(
    name=NAME,
    permission=Permission.REPORT,
    questions=(
        Question(
            "kind",
            Choice(_kinds, across=1),
            notes={
                kind: f"report.ordinary.{kind}" for kind in ("everyday_noise", "children_playing", "mowing")
            },
        ),
        Question("days", Several(DAYS, across=2)),
        Question("bands", Several(tuple(band.value for band in Band))),
    ),
    finish=send,
)
