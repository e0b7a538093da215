"""More of something that was reported before: a new entry on that case, and a closed one opens again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from casework.following import may_reopen
from casework.roles import Permission
from handlers import case_review
from handlers.following import one
from handlers.following.own import is_running, own_report
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.text import LongText
from handlers.forms.kinds.when import When
from handlers.keyboards import Button, Rows
from handlers.officers import case_news, closing
from handlers.officers.access import number_in
from handlers.reporting import risk_questions
from handlers.turn import Turn
from storage import cases, drafts, risk
from storage.models import Case
from storage.risk import Reported

NAME = "more"
PRESS = "x"
LOOK_BACK = timedelta(days=183)
MOST_OFFERED = 3


def open_report(turn: Turn, kit: FormKit, report: str) -> None:
    """``/report``: who told us something before is asked whether this is more of it."""
    before = [] if turn.draft is not None else _before(turn)
    if not before or drafts.find_draft(turn.session, turn.chat_key, report, turn.now) is not None:
        kit.open(turn, report)
        return
    kit.park(turn)
    turn.say(turn.words("reporting.new_or_more"), _choices(turn, before))


def _before(turn: Turn) -> list[Reported]:
    """Their reports of the last half year, the newest first."""
    return risk.list_reports_of(turn.session, turn.person.id, turn.now - LOOK_BACK)[::-1][:MOST_OFFERED]


def _choices(turn: Turn, before: list[Reported]) -> Rows:
    plain = turn.words.plain
    rows = tuple(
        (
            Button(
                plain(
                    "reporting.more.button",
                    problem=plain(f"report.category.choice.{one_of_them.category}"),
                    reference=one_of_them.reference,
                ),
                f"{PRESS}:more:{one_of_them.case_id}",
            ),
        )
        for one_of_them in before
    )
    return (((Button(plain("reporting.new.button"), f"{PRESS}:new"),)), *rows)


def more_pressed(turn: Turn, parts: list[str], kit: FormKit) -> None:
    """``x:more:<case_id>``: two questions, since we know the rest."""
    case = own_report(turn, number_in(parts, 2))
    if case is not None:
        kit.begin(turn, MORE_OF_IT, {ABOUT: {"case": case.id}})


def send(turn: Turn, answers: Answers) -> Receipt:
    """The entry reaches the case and its officer."""
    case = own_report(turn, (answers.get(ABOUT) or {}).get("case"), lock=True)
    if case is None:
        return Receipt(turn.words("reporting.more.gone"))
    return add(turn, case, {"what": answers["what"], "when": answers["when"]})


def add(turn: Turn, case: Case, told: dict[str, Any]) -> Receipt:
    """More of their own report, which has to be locked: a new entry, and a case that was closed is open again.

    The words and files of the open draft go to the case; the draft itself is the caller's to end.
    """
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind="more_reported",
        actor=turn.actor,
        now=turn.now,
        public=True,
        detail=told,
    )
    case_review.after_report(turn, case)
    if turn.draft is not None:
        drafts.give_to_case(turn.session, turn.draft, case.id)
    if not is_running(case):
        if not may_reopen(case.status, one.closed_on(turn, case), turn.today, turn.service.policy):
            turn.afterwards.append(lambda: turn.say(turn.words("reporting.more.late")))
        else:
            closing.reopen(turn, case)
    case_news.tell_caretakers(turn.session, turn.service, case, "officer.more_reported", turn.now)
    questions = ((risk_questions.ask_button(turn, case),),)
    return Receipt(turn.words("reporting.more.sent", reference=case.reference), questions)


MORE_OF_IT = Form(
    name=NAME,
    permission=Permission.REPORT,
    questions=(
        Question("what", LongText(files=True), takes_files=True),
        Question("when", When()),
    ),
    finish=send,
)
