"""The officer's side of a case's messages: read them, write in one's own words or with a ready-made line.

What is written reaches the person discreetly. It answers what they wrote, counts as an update, and in the
officer's own words as contact, too.
"""

from __future__ import annotations

from typing import Any

from casework.abuse import is_abusive
from casework.cases import DeadlineKind
from handlers import expecting
from handlers.forms import ways
from handlers.forms.kinds.choice import fold
from handlers.forms.kinds.text import clean
from handlers.keyboards import Button, Row, Rows
from handlers.my_data.discretion import may_be_told, tell_resident
from handlers.officers import acts, card, timing
from handlers.officers.access import case_to_open, number_in
from handlers.officers.queue import pager
from handlers.turn import Turn
from handlers.words import Html, Words, escape
from storage import cases, deadlines, drafts, following
from storage.cases import Parties
from storage.following import Written
from storage.models import Case, Person
from storage.people import display_name

TELL = "tell"
PAGE = 6
LONGEST = 3000
"""Characters of one message: it holds 4096 with what stands around it (Bot API, sendMessage)."""
SHOWN = 450
LINES = ("looking", "diary", "tried_to_call", "spoken", "waiting", "good_time")
"""Ready-made lines, which exist in every language that is offered."""
_ENDS = (DeadlineKind.ANSWER, DeadlineKind.UPDATE)


def list_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:msgs:<case_id>:<page>``: the messages, the newest at the end; that they were opened is recorded."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    case, page = parties.case, number_in(parts, 3) or 0
    expecting.forget(turn)
    cases.record_event(turn.session, case_id=case.id, kind="messages_opened", actor=turn.actor, now=turn.now)
    found = following.list_messages(turn.session, case.id, offset=page * PAGE, limit=PAGE + 1)
    shown = [_shown(turn, written) for written in reversed(found[:PAGE])]
    top = turn.words("messages.list.top" if shown else "messages.list.empty", reference=case.reference)
    rows: Rows = (pager(turn, f"k:msgs:{case.id}", page, len(found) > PAGE), _write_row(turn, case))
    text = Html("\n\n".join([top, *shown]))
    turn.say(text, (*rows, _open_row(turn, case)), protect=True, case_id=case.id)


def _shown(turn: Turn, written: Written) -> Html:
    message, words = written.message, turn.words
    when = words.moment(message.at, turn.service.zone, turn.today)
    who = display_name(written.author) if message.from_team and written.author is not None else ""
    who = who or words.plain("messages.from.team" if message.from_team else "messages.from.person")
    text = written.edits[-1] if written.edits else text_of(words, message.body)
    first = text_of(words, message.body)
    lines = [words("messages.list.head", when=when, who=who), f"<blockquote>{_cut(text)}</blockquote>"]
    if written.edits:
        lines.append(words("messages.list.edited", first=first[:SHOWN]))
    if not message.from_team and is_abusive(text, turn.service.policy):
        lines.append(words("messages.list.abusive"))
    if not message.from_team and message.answered_at is None:
        lines.append(words("messages.list.waits"))
    return Html("\n".join(lines))


def text_of(words: Words, body: dict[str, Any]) -> str:
    """What was written; a ready-made line in the reader's language."""
    return words.plain(f"following.line.{body['line']}") if "line" in body else str(body["text"])


def _cut(text: str) -> Html:
    return escape(text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…")


def tell_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:tell:<case_id>``: type it, or choose a line."""
    parties = _writable(turn, number_in(parts, 2))
    if parties is None:
        return
    case = parties.case
    expecting.expect(turn, TELL, case.id)
    plain = turn.words.plain
    lines = tuple(
        (Button(plain(f"messages.line.{name}.button"), f"k:line:{case.id}:{name}"),) for name in LINES
    )
    told = (Button(plain("messages.spoke.button"), f"k:spoke:{case.id}"),)
    text = turn.words("messages.write.ask", reference=case.reference)
    if parties.reporter is not None and parties.reporter.language != "en":
        language = turn.service.catalogs.name_of(parties.reporter.language)
        text = Html(f"{text}\n{turn.words('messages.write.language', language=language)}")
    turn.say(text, (*lines, told, _open_row(turn, case)), case_id=case.id)


def said(turn: Turn, expects: dict[str, Any]) -> None:
    """What the officer typed; a line's own words choose that line."""
    text = clean(turn.incoming.text or "")
    if ways.way_meant(turn.words, fold(text)) in ("back", "cancel"):
        expecting.forget(turn)
        card.open_card(turn, expects["case"])
        return
    labels = {name: turn.words.plain(f"messages.line.{name}.button") for name in LINES}
    line = next((name for name, label in labels.items() if fold(label) == fold(text)), None)
    if line is not None:
        line_pressed(turn, ["k", "line", str(expects["case"]), line])
        return
    parties = _writable(turn, expects["case"])
    if parties is None:
        expecting.forget(turn)
        return
    if len(text) > LONGEST:
        turn.say(turn.words("messages.write.too_long", most=str(LONGEST)))
        return
    expecting.forget(turn)
    _send(turn, parties, {"text": text}, message_id=turn.incoming.message_id)


def line_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:line:<case_id>:<name>``: send a ready-made line."""
    parties = _writable(turn, number_in(parts, 2))
    name = parts[3] if len(parts) > 3 else ""
    if parties is not None and name in LINES:
        expecting.forget(turn)
        _send(turn, parties, {"line": name})


def spoke_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:spoke:<case_id>``: they spoke, by telephone or in person: that answers and updates, too."""
    parties = _writable(turn, number_in(parts, 2), by_bot=False)
    if parties is None:
        return
    expecting.forget(turn)
    event = met(turn, parties, own_words=True)
    if not event:
        cases.record_event(
            turn.session, case_id=parties.case.id, kind="spoke", actor=turn.actor, now=turn.now, public=True
        )
    _show_card(turn, parties, "messages.spoke.done")


def _send(turn: Turn, parties: Parties, body: dict[str, Any], message_id: int | None = None) -> None:
    """Keep it, end what it answers, and tell the person."""
    case, reader = parties.case, parties.reporter
    made = following.add_message(
        turn.session,
        case.id,
        author_id=turn.person.id,
        from_team=True,
        body=body,
        now=turn.now,
        message_id=message_id,
    )
    if message_id is not None:
        drafts.keep_words(
            turn.session,
            chat_key=turn.chat_key,
            message_id=message_id,
            draft_id=None,
            question=following.MESSAGE,
            text=body["text"],
            now=turn.now,
            case_id=case.id,
        )
    told = reader is not None and _tell(turn, case, reader, body)
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind="message_out",
        actor=turn.actor,
        now=turn.now,
        public=True,
        detail={"message": made.id, "told": told},
    )
    met(turn, parties, own_words="text" in body)
    _show_card(turn, parties, "messages.write.done" if told else "messages.write.not_told")


def met(turn: Turn, parties: Parties, *, own_words: bool) -> bool:
    """End what was promised and promise the next update. Own words are contact; True where that is recorded."""
    case = parties.case
    contact = next((m for m in card.possible_moves(turn, parties) if m.name == "contact_made"), None)
    if own_words and contact is not None:
        acts.make_move(turn, parties, contact)
        return True
    ends = (*_ENDS, DeadlineKind.CONTACT) if own_words else _ENDS
    deadlines.end_deadlines(turn.session, case.id, ends, now=turn.now)
    following.mark_answered(turn.session, case.id, turn.now)
    waits = any(row.kind == DeadlineKind.CONTACT for row in deadlines.list_open(turn.session, case.id))
    if not waits:
        timing.start(turn.session, turn.service, case, (DeadlineKind.UPDATE,), turn.now)
    return False


def _tell(turn: Turn, case: Case, reader: Person, body: dict[str, Any]) -> bool:
    words = turn.service.words(reader.language)
    name = display_name(turn.person) or words.plain("following.from.officer")
    text = words("following.from.top", reference=case.reference, name=name, text=text_of(words, body))
    rows = ((Button(words.plain("following.reply.button"), f"k:write:{case.id}"),),)
    return tell_resident(
        turn.session,
        turn.service,
        reader,
        text=text,
        buttons=rows,
        reference=case.reference,
        case_id=case.id,
        now=turn.now,
    )


def _writable(turn: Turn, case_id: int | None, *, by_bot: bool = True) -> Parties | None:
    """The case, locked, where there is somebody to write to; None after saying why not."""
    if case_id is not None:
        cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None:
        return None
    reader = parties.reporter
    if reader is None or parties.case.closed_at is not None:
        _show_card(turn, parties, "messages.write.nobody" if reader is None else "messages.write.closed")
        return None
    if by_bot and not may_be_told(reader):
        rows = ((Button(turn.words.plain("messages.spoke.button"), f"k:spoke:{case_id}"),),)
        turn.say(turn.words("messages.write.phone", reference=parties.case.reference), rows)
        return None
    return parties


def _show_card(turn: Turn, parties: Parties, key: str) -> None:
    fresh = cases.find_parties(turn.session, parties.case.id) or parties
    card.show(turn, card.load(turn, fresh), above=turn.words(key))


def _write_row(turn: Turn, case: Case) -> Row:
    if case.reporter_id is None or case.closed_at is not None:
        return ()
    return (Button(turn.words.plain("messages.write.button"), f"k:tell:{case.id}"),)


def _open_row(turn: Turn, case: Case) -> Row:
    return (Button(turn.words.plain("messages.back.button"), f"o:{case.id}"),)
