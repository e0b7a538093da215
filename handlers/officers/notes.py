"""The team's notes on a case: written at length, read by the team only, and never told to anybody outside."""

from __future__ import annotations

from dataclasses import dataclass

from casework.roles import Permission
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.kind import Asking, Outcome, Problem
from handlers.forms.kinds.text import LongText, clean
from handlers.incoming import Incoming
from handlers.keyboards import Button, Rows
from handlers.officers.access import case_to_open, number_in, queue_row, sees
from handlers.officers.detail import cut
from handlers.officers.event_lines import who_acted
from handlers.officers.queue import pager
from handlers.turn import Turn
from handlers.words import Html, escape
from storage import cases, drafts
from storage.case_events import NOTE, count_notes, list_notes
from storage.cases import Parties
from storage.models import CaseEvent, Person

PAGE = 5
SHOWN = 600
"""Characters of a note in the list; five of them and their heads fit into one message."""
PART = 3500


@dataclass(frozen=True, slots=True)
class NoteText(LongText):
    """As long as the policy allows. What is longer is refused as a whole, and what was kept before it stays."""

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """One more message of it."""
        most = asking.policy.limits.note
        text = clean(incoming.text or "")
        so_far = sum(map(len, (asking.partial or {}).get("texts", [])))
        if len(text) + so_far > most:
            return Problem("officer_acts.note.too_long", {"most": str(most), "left": str(most - so_far)})
        return LongText.take(self, asking, incoming)


def buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """Reading the notes, where there are any."""
    number = count_notes(turn.session, parties.case.id)
    if not number:
        return ()
    label = turn.words.plain("officer_acts.notes.button", number=number)
    return (Button(label, f"h:notes:{parties.case.id}:0"),)


def begin(turn: Turn, parts: list[str]) -> None:
    """``h:note:<case_id>``: write one."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    begun = drafts.find_draft(turn.session, turn.chat_key, FORM.name, turn.now)
    if begun is not None and begun.partial and begun.answers[ABOUT]["case"] == parties.case.id:
        KIT.resume(turn, f"r:{begun.id}:go")
    else:
        KIT.begin(turn, FORM, {ABOUT: {"case": parties.case.id}})


def finish(turn: Turn, answers: Answers) -> Receipt:
    """The note is a line of the history; the case itself stays as it is, so nobody's card gets old by it."""
    parties = still_theirs(turn, answers)
    if parties is None:
        return Receipt(turn.words("officer_acts.form.gone"), (queue_row(turn),))
    case = parties.case
    detail = {"note": answers["text"]}
    cases.record_event(
        turn.session, case_id=case.id, kind=NOTE, actor=turn.actor, now=turn.now, detail=detail
    )
    return Receipt(turn.words("officer_note.sent", reference=case.reference), (card_row(turn, case.id),))


def still_theirs(turn: Turn, answers: Answers) -> Parties | None:
    """The case that a form is about, locked; None where it is gone, or no longer theirs to open."""
    case_id = int(answers[ABOUT]["case"])
    if cases.lock_case(turn.session, case_id) is None:
        return None
    parties = cases.find_parties(turn.session, case_id)
    return parties if parties is not None and sees(turn, parties.case) else None


def card_row(turn: Turn, case_id: int) -> tuple[Button, ...]:
    """Back to the card."""
    return (Button(turn.words.plain("officer_acts.back.button"), f"o:{case_id}"),)


def list_pressed(turn: Turn, parts: list[str]) -> None:
    """``h:notes:<case_id>:<page>``: the notes, the newest first; that they were read is recorded."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    case, page = parties.case, number_in(parts, 3) or 0
    cases.record_event(turn.session, case_id=case.id, kind="notes_opened", actor=turn.actor, now=turn.now)
    found = list_notes(turn.session, case.id, offset=page * PAGE, limit=PAGE + 1)
    shown = [_shown(turn, *one) for one in found[:PAGE]]
    top = turn.words(
        "officer_acts.notes.top" if shown else "officer_acts.notes.none", reference=case.reference
    )
    long = tuple(
        (Button(turn.words.plain("officer_acts.note.read.button", number=place), f"h:read:{event.id}"),)
        for place, (event, _) in enumerate(found[:PAGE], 1)
        if len(event.detail["note"]) > SHOWN
    )
    rows: Rows = (*long, pager(turn, f"h:notes:{case.id}", page, len(found) > PAGE), card_row(turn, case.id))
    turn.say(Html("\n\n".join([top, *shown])), rows, protect=True, case_id=case.id)


def _shown(turn: Turn, event: CaseEvent, person: Person | None) -> Html:
    when = turn.words.moment(event.at, turn.service.zone, turn.today)
    head = turn.words("officer_acts.notes.head", when=when, who=who_acted(turn, event, person))
    return Html(f"{head}\n<blockquote>{escape(cut(event.detail['note'], SHOWN))}</blockquote>")


def read_pressed(turn: Turn, parts: list[str]) -> None:
    """``h:read:<event_id>``: a long note, whole."""
    number = number_in(parts, 2)
    found = cases.find_event(turn.session, number) if number is not None else None
    event = found[0] if found is not None and found[0].kind == NOTE else None
    parties = case_to_open(turn, event.case_id if event is not None else None)
    if parties is None or event is None:
        return
    text = event.detail["note"]
    for start in range(0, len(text), PART):
        part = Html(f"<blockquote>{escape(text[start : start + PART])}</blockquote>")
        last = start + PART >= len(text)
        rows = (card_row(turn, parties.case.id),) if last else ()
        turn.say(part, rows, protect=True, case_id=parties.case.id)


FORM = Form(
    name="officer_note",
    permission=Permission.OPEN_CASE,
    questions=(Question("text", NoteText()),),
    finish=finish,
    sends_itself=True,
    watches_danger=False,
)
KIT = FormKit((FORM,), leave=lambda *_: None)
