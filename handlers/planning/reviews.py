"""*Reviewed*: an officer has looked at an open case again; a short note ends the review and starts the next one."""

from __future__ import annotations

from casework.cases import CaseKind, DeadlineKind, is_open
from casework.roles import Permission
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.text import ShortText
from handlers.keyboards import Button
from handlers.officers import timing
from handlers.officers.access import case_to_open, number_in
from handlers.officers.notices import open_row
from handlers.turn import Turn
from storage import cases, deadlines
from storage.cases import Parties

DOMAIN = "dates"
LONGEST = 1000


def buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """What the card's second keyboard offers."""
    if not _is_open(parties):
        return ()
    return (Button(turn.words.plain("dates.review.button"), f"j:rev:{parties.case.id}"),)


def pressed(turn: Turn, parts: list[str]) -> None:
    """``j:rev:<case_id>``: what was found?"""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    if not _is_open(parties):
        reference = parties.case.reference
        turn.say(turn.words("dates.review.closed", reference=reference), open_row(turn.words, parties.case))
        return
    KIT.begin(turn, REVIEWED, {ABOUT: {"case": parties.case.id}})


def save(turn: Turn, answers: Answers) -> Receipt:
    """End the review that waits, keep the note, and plan the next by the rhythm of the risk band."""
    case_id = int(answers[ABOUT]["case"])
    cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None:
        return Receipt(turn.words("officer.gone"))
    case, session = parties.case, turn.session
    if not _is_open(parties):
        return Receipt(
            turn.words("dates.review.closed", reference=case.reference), open_row(turn.words, case)
        )
    deadlines.end_deadlines(session, case.id, (DeadlineKind.REVIEW,), now=turn.now)
    next_on = timing.start_review(session, turn.service, case, turn.now)
    case.updated_at = turn.now
    cases.record_event(
        session,
        case_id=case.id,
        kind="reviewed",
        actor=turn.actor,
        now=turn.now,
        detail={"note": answers["note"], "next": next_on.isoformat() if next_on else None},
    )
    if next_on is None:
        text = turn.words("dates.review.sent.no_date", reference=case.reference)
    else:
        day = turn.words.day(next_on, turn.today)
        text = turn.words("dates.review.sent", reference=case.reference, day=day)
    return Receipt(text, open_row(turn.words, case))


def _is_open(parties: Parties) -> bool:
    case = parties.case
    return case.closed_at is None and is_open(CaseKind(case.kind), case.status)


REVIEWED = Form(
    name=f"{DOMAIN}.review",
    permission=Permission.MOVE_CASE,
    questions=(Question("note", ShortText(longest=LONGEST)),),
    finish=save,
    sends_itself=True,
)
KIT = FormKit((REVIEWED,), leave=lambda *_: None)
