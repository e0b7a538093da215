"""The card of a case: all that an officer needs to act, and the buttons for what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casework.cases import CaseKind, DeadlineKind, Move, facts, moves_for
from handlers.keyboards import Button, Rows, columns
from handlers.officers.access import case_to_open, number_in, queue_row
from handlers.officers.answer_rows import answer_rows
from handlers.officers.card_rows import message_rows
from handlers.officers.detail import (
    Detail,
    danger_lines,
    detail_lines,
    edit_lines,
    is_cut,
    why_not_ring,
)
from handlers.officers.labels import deadline_line, district_name, kind_name, risk_name, status_name
from handlers.officers.request_rows import request_rows
from handlers.turn import Turn, message_payload
from handlers.words import Html
from storage import cases, deadlines, diary, following, outbox
from storage.cases import Parties
from storage.diary import Scope
from storage.models import Case, CaseEvent, Deadline, Person
from storage.people import display_name

LAST_EVENTS = 5
PHONED = "phoned"
BUTTON_MOVES = ("acknowledge", "take", "contact_made", PHONED)
STORY = "story"


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows, loaded in four queries (the parties are the first)."""

    parties: Parties
    detail: Detail
    deadlines: Sequence[Deadline]
    events: Sequence[tuple[CaseEvent, Person | None]]
    edits: Sequence[str]
    """Answers that were edited after they were sent; edits of messages are among the messages."""

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.parties.case


def open_pressed(turn: Turn, parts: list[str]) -> None:
    """``o:<case_id>``: open the card; that it was opened is recorded."""
    open_card(turn, number_in(parts, 1))


def open_card(turn: Turn, case_id: int | None) -> None:
    """Show the card in a new message, for whom it is theirs to open."""
    parties = case_to_open(turn, case_id)
    if parties is None:
        return
    cases.record_event(turn.session, case_id=parties.case.id, kind="opened", actor=turn.actor, now=turn.now)
    show(turn, load(turn, parties))


def load(turn: Turn, parties: Parties) -> Card:
    """The rest of what the card shows."""
    case = parties.case
    detail = cases.detail_of(turn.session, case)
    waiting = deadlines.list_open(turn.session, case.id)
    history = cases.list_last_events(turn.session, case.id, LAST_EVENTS)
    edits = [event.detail for event, _ in history if event.kind == cases.EDITED]
    answers = [str(edit["text"]) for edit in edits if edit["question"] != following.MESSAGE]
    return Card(parties, detail, waiting, history[-LAST_EVENTS:], answers)


def show(turn: Turn, card: Card, *, above: Html | None = None, in_place: bool = False) -> None:
    """The card, in a new message or in the one that has it. It can't be forwarded or saved."""
    lines = [*([above, Html("")] if above else []), *_head(turn, card), *_flags(turn, card)]
    today = turn.today
    for row in card.deadlines:
        lines.append(Html(deadline_line(turn.words, turn.service, row, today)))
    lines += [Html(""), *_people(turn, card), *detail_lines(turn, card.detail)]
    lines += edit_lines(turn, card.edits)
    lines += [Html(""), *_history(turn, card)]
    _send(turn, card.case, Html("\n".join(lines)), _buttons(turn, card), in_place=in_place)


def _head(turn: Turn, card: Card) -> list[Html]:
    words, case = turn.words, card.case
    return [
        words(
            "officer.card.top",
            reference=case.reference,
            kind=kind_name(words, case),
            district=district_name(words, turn.service, case),
        ),
        words("officer.card.state", status=status_name(words, case), risk=risk_name(words, case)),
        owner_line(turn, card.parties),
    ]


def owner_line(turn: Turn, parties: Parties) -> Html:
    """Who has the case."""
    if parties.owner is None:
        return turn.words("officer.card.nobody")
    name = display_name(parties.owner) or turn.words.plain("officer.role.officer.name")
    return turn.words("officer.card.owner", name=name)


def _flags(turn: Turn, card: Card) -> list[Html]:
    case, words = card.case, turn.words
    lines = [words("officer.card.restricted")] if case.restricted else []
    lines += danger_lines(turn, card.detail)
    if case.reporter_unreachable_since is not None:
        day = turn.service.calendar.local_day(case.reporter_unreachable_since)
        why_not = why_not_ring(card.detail)
        key = f"officer.card.unreachable.{why_not}" if why_not else "officer.card.unreachable"
        lines.append(words(key, day=words.day(day, turn.today)))
    return lines


def _people(turn: Turn, card: Card) -> list[Html]:
    words, parties = turn.words, card.parties
    lines = [words("officer.card.anonymous")] if card.case.anonymous else []
    if parties.referrer is not None:
        name = display_name(parties.referrer) or words.plain("officer.role.member.name")
        lines.append(words("officer.card.referrer", name=name))
    sender = parties.reporter or parties.referrer
    if sender is not None and sender.language != "en":
        language = turn.service.catalogs.name_of(sender.language)
        lines.append(words("officer.card.language", language=language))
    if parties.files:
        lines.append(words.plural("officer.card.files", parties.files))
    return lines


def _history(turn: Turn, card: Card) -> list[Html]:
    lines = [turn.words("officer.card.history")]
    for event, person in card.events:
        key = f"officer.event.{event.kind}.name"
        what = turn.words.plain(key) if turn.words.has(key) else event.kind.replace("_", " ")
        when = turn.words.moment(event.at, turn.service.zone, turn.today)
        who = _who(turn, event, person)
        lines.append(turn.words("officer.card.event", when=when, what=what, who=who))
    return lines


def _who(turn: Turn, event: CaseEvent, person: Person | None) -> str:
    """Staff by name, others by what they are: a resident's name stands once on the card, not in each line."""
    staff = event.actor_role in ("officer", "manager")
    name = display_name(person) if person is not None and staff else ""
    return name or turn.words.plain(f"officer.role.{event.actor_role}.name")


def possible_moves(turn: Turn, case: Case) -> tuple[Move, ...]:
    """The moves that this person can make on the case now."""
    known = facts(
        acknowledged=case.acknowledged_at is not None,
        owned=case.owner_id is not None,
        call_due=_is_call_due(turn, case),
    )
    return moves_for(CaseKind(case.kind), case.status, turn.actor.role, known)


def _is_call_due(turn: Turn, case: Case) -> bool:
    if case.reporter_unreachable_since is None:
        return False
    return any(row.kind == DeadlineKind.PHONE for row in deadlines.list_open(turn.session, case.id))


def _label(turn: Turn, card: Card, act: str) -> str:
    if act == PHONED and why_not_ring(card.detail):
        return turn.words.plain("officer.act.tried.button")
    return turn.words.plain(f"officer.act.{act}.button")


def _buttons(turn: Turn, card: Card) -> Rows:
    case, plain = card.case, turn.words.plain
    acts = [move.name for move in possible_moves(turn, case) if move.name in BUTTON_MOVES]
    if is_cut(card.detail, card.edits):
        acts.append(STORY)
    buttons = tuple(Button(_label(turn, card, act), f"c:{case.id}:{case.version}:{act}") for act in acts)
    if card.parties.files:
        label = plain("officer_evidence.list.button", number=str(card.parties.files))
        buttons = (*buttons, Button(label, f"e:list:{case.id}"))
    if entries := diary.count_entries(turn.session, Scope(case_id=case.id)):
        buttons = (*buttons, Button(plain("diary_team.open.button", n=entries), f"y:o:{case.id}"))
    next_due = next(iter(card.deadlines), None)
    why = (Button(plain("officer.why.button"), f"w:{next_due.id}"),) if next_due else ()
    return (
        *columns(buttons, 2),
        *message_rows(turn, card.parties),
        *request_rows(turn, case),
        *answer_rows(turn, case),
        (*why, *queue_row(turn)),
    )


def _send(turn: Turn, case: Case, text: Html, rows: Rows, *, in_place: bool) -> None:
    handle = f"case:{case.id}"
    if not in_place:
        turn.say(text, rows, handle=handle, protect=True, case_id=case.id)
        return
    payload = message_payload(turn.incoming.chat_id, text, rows, protect=True)
    outbox.add(
        turn.session,
        chat_key=turn.chat_key,
        method="editMessageText",
        payload={**payload, "or_send": True},
        now=turn.now,
        handle=handle,
        edit_handle=handle,
        case_id=case.id,
    )
