"""Letters to somebody without Telegram, as PDFs in large type, and their diary. Each is in the history."""

from __future__ import annotations

from casework.cases import CaseKind, DeadlineKind
from casework.roles import Permission
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.text import LongText
from handlers.keyboards import Button, columns
from handlers.my_data.opening import begin
from handlers.officers import timing
from handlers.officers.access import case_to_open, number_in
from handlers.papers import DOCUMENT, send_paper
from handlers.phone_instead import has_no_chat
from handlers.turn import Turn
from storage import cases, deadlines, diary, following
from storage.cases import Parties
from storage.diary import Scope
from storage.models import Case

NAME = "paper_bridge"
PRINTED = "letter_printed"
ACKNOWLEDGE, UPDATE, CLOSING, DIARY = "ack", "update", "closing", "diary"
_PAPERS = {
    ACKNOWLEDGE: "letter_ack",
    UPDATE: "letter_update",
    CLOSING: "letter_closing",
    DIARY: "diary_large",
}
"""Kinds of paper. The id is the case's; that of an update is the message's."""
_ANSWERED = (DeadlineKind.ANSWER, DeadlineKind.UPDATE, DeadlineKind.PHONE)
LONGEST = 3000


def pressed(turn: Turn, parts: list[str]) -> None:
    """``g:letters:<case_id>``: which?"""
    parties = _writable(turn, number_in(parts, 2))
    if parties is None:
        return
    case, plain = parties.case, turn.words.plain
    buttons = tuple(
        Button(plain(f"paper_bridge.print.{which}.button"), f"g:print:{case.id}:{which}")
        for which in offered(turn, parties)
    )
    back = (Button(plain("paper_bridge.card.button"), f"o:{case.id}"),)
    turn.say(turn.words("paper_bridge.print.ask", reference=case.reference), (*columns(buttons, 1), back))


def offered(turn: Turn, parties: Parties) -> tuple[str, ...]:
    """Which letters make sense now."""
    case = parties.case
    found: tuple[str, ...] = (ACKNOWLEDGE, UPDATE) if case.closed_at is None else ()
    if following.last_closure(turn.session, case.id) is not None and case.closed_at is not None:
        found = (*found, CLOSING)
    if diary.count_entries(turn.session, Scope(case_id=case.id)):
        found = (*found, DIARY)
    return found


def print_pressed(turn: Turn, parts: list[str]) -> None:
    """``g:print:<case_id>:<which>``: the PDF; an update is written first."""
    parties = _writable(turn, number_in(parts, 2))
    which = parts[3] if len(parts) > 3 else ""
    if parties is None:
        return
    if which not in offered(turn, parties):
        pressed(turn, parts)
    elif which == UPDATE:
        begin(turn, LETTER, {ABOUT: {"case": parties.case.id}})
    else:
        _print(turn, parties.case, which, parties.case.id)


def write(turn: Turn, answers: Answers) -> Receipt:
    """The update is kept as a message to the person, ends what it answers, and is printed."""
    case_id = int(answers[ABOUT]["case"])
    cases.lock_case(turn.session, case_id)
    parties = _writable(turn, case_id)
    if parties is None or parties.case.closed_at is not None:
        return Receipt(turn.words("paper_bridge.letter.gone"))
    case, now = parties.case, turn.now
    body = {"text": str(answers["text"])[:LONGEST]}
    made = following.add_message(
        turn.session, case.id, author_id=turn.person.id, from_team=True, body=body, now=now
    )
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind="message_out",
        actor=turn.actor,
        now=now,
        public=True,
        detail={"message": made.id, "told": False, "by": "letter"},
    )
    deadlines.end_deadlines(turn.session, case.id, _ANSWERED, now=now)
    following.mark_answered(turn.session, case.id, now)
    if case.kind == CaseKind.ASB_REPORT and not _contact_waits(turn, case):
        timing.start(turn.session, turn.service, case, (DeadlineKind.UPDATE,), now)
    _print(turn, case, UPDATE, made.id)
    return Receipt(
        turn.words("paper_bridge.letter.sent", reference=case.reference),
        ((Button(turn.words.plain("paper_bridge.card.button"), f"o:{case.id}"),),),
    )


def _contact_waits(turn: Turn, case: Case) -> bool:
    return any(row.kind == DeadlineKind.CONTACT for row in deadlines.list_open(turn.session, case.id))


def _print(turn: Turn, case: Case, which: str, paper_id: int) -> None:
    """It can be saved: it has to reach a printer."""
    cases.record_event(
        turn.session, case_id=case.id, kind=PRINTED, actor=turn.actor, now=turn.now, detail={"which": which}
    )
    caption = turn.words("paper_bridge.print.caption", reference=case.reference)
    send_paper(turn, DOCUMENT, _PAPERS[which], paper_id, caption, case_id=case.id)


def _writable(turn: Turn, case_id: int | None) -> Parties | None:
    """The case of somebody who has no chat; None after saying why not."""
    parties = case_to_open(turn, case_id)
    if parties is None:
        return None
    if parties.reporter is None or not has_no_chat(parties.reporter):
        turn.say(turn.words("paper_bridge.letter.gone"))
        return None
    return parties


LETTER = Form(
    name=f"{NAME}.letter",
    permission=Permission.KEY_IN,
    questions=(Question("text", LongText(longest=LONGEST)),),
    finish=write,
)
