"""A diary sheet that somebody filled in on paper: keyed in as entries of their diary, with who keyed them in."""

from __future__ import annotations

from casework.cases import Channel
from casework.roles import Permission
from handlers.diary.keeping import EVENT, is_entry_late, when_of
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.text import LongText
from handlers.forms.kinds.when import When
from handlers.keyboards import Button
from handlers.my_data.opening import begin
from handlers.officers.access import case_to_open, number_in
from handlers.turn import Turn
from storage import cases, diary, drafts
from storage.cases import Parties
from storage.people import display_name

NAME = "paper_bridge"


def pressed(turn: Turn, parts: list[str]) -> None:
    """``g:sheet:<case_id>``: one entry of the sheet; the receipt offers the next."""
    parties = _open(turn, number_in(parts, 2))
    if parties is not None:
        begin(turn, SHEET, {ABOUT: {"case": parties.case.id}})


def save(turn: Turn, answers: Answers) -> Receipt:
    """Write the entry into the diary of the person whose case it is. The officer is not its author."""
    case_id = int(answers[ABOUT]["case"])
    cases.lock_case(turn.session, case_id)
    parties = _open(turn, case_id)
    if parties is None or parties.reporter is None:
        return Receipt(turn.words("paper_bridge.sheet.gone"))
    case, (happened, approximate) = parties.case, when_of(answers, turn.service)
    entry = diary.add_entry(
        turn.session,
        person_id=parties.reporter.id,
        case_id=case.id,
        happened=happened,
        approximate=approximate,
        body={
            "answers": {"when": answers["when"], "what": answers["what"]},
            "danger_words": [],
            "keyed_in": {
                "by": turn.person.id,
                "name": display_name(turn.person),
                "channel": Channel.PAPER.value,
            },
        },
        now=turn.now,
    )
    if turn.draft is not None:
        diary.keep_files(turn.session, entry, turn.draft.id)
        drafts.give_to_case(turn.session, turn.draft, case.id)
    late = is_entry_late(turn.service, entry)
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind=EVENT,
        actor=turn.actor,
        now=turn.now,
        detail={"entry": entry.id, "version": 1, "late": late, "channel": Channel.PAPER.value},
    )
    plain = turn.words.plain
    again = Button(plain("paper_bridge.sheet.again.button"), f"g:sheet:{case.id}")
    back = Button(plain("paper_bridge.card.button"), f"o:{case.id}")
    return Receipt(turn.words("paper_bridge.sheet.sent", reference=case.reference), ((again, back),))


def _open(turn: Turn, case_id: int | None) -> Parties | None:
    """An open case of somebody who is known; None after saying why not."""
    parties = case_to_open(turn, case_id)
    if parties is None:
        return None
    if parties.reporter is None or parties.case.closed_at is not None:
        turn.say(turn.words("paper_bridge.sheet.gone"))
        return None
    return parties


SHEET = Form(
    name=f"{NAME}.sheet",
    permission=Permission.KEY_IN,
    questions=(
        Question("when", When()),
        Question("what", LongText(files=True), takes_files=True),
    ),
    finish=save,
)
