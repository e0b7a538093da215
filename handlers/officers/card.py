"""The card of a case: all that an officer needs to act, and the buttons for what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casework.cases import CaseKind, Move, facts, moves_for
from casework.following import may_reopen
from handlers.keyboards import Button, Row, Rows, columns
from handlers.officers.access import case_to_open, number_in, queue_row
from handlers.officers.answer_rows import answer_rows
from handlers.officers.card_lines import due_lines, risk_lines, since, victim_lines
from handlers.officers.card_rows import message_rows
from handlers.officers.detail import (
    Detail,
    danger_lines,
    detail_lines,
    edit_lines,
    is_cut,
    why_not_ring,
)
from handlers.officers.event_lines import event_line, stage_line
from handlers.officers.labels import district_name, kind_name, risk_name, status_name
from handlers.officers.request_rows import request_rows
from handlers.turn import Turn, message_payload
from handlers.words import Html
from storage import cases, deadlines, following, history_chain, outbox
from storage.card import CardFacts, find_card_facts
from storage.case_events import STAGE
from storage.cases import Parties
from storage.models import Case, CaseEvent, Deadline, Person
from storage.people import display_name

LAST_EVENTS = 5
PHONED = "phoned"
BUTTON_MOVES = (
    "acknowledge",
    "triage",
    "take",
    "contact_made",
    "plan_actions",
    "monitor",
    PHONED,
    "reopen",
)
"""Moves of one tap."""
MOST_STAGES = 3
ASKING_MOVES = ("assign", "contact_tried")
"""Moves from the card that ask one thing more, by buttons."""
STORY = "story"


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows, loaded in four queries (the parties are the first)."""

    parties: Parties
    facts: CardFacts
    deadlines: Sequence[Deadline]
    events: Sequence[tuple[CaseEvent, Person | None]]
    edits: Sequence[str]
    """Answers that were edited after they were sent; edits of messages are among the messages."""
    stages: Sequence[CaseEvent] = ()
    """The formal steps that were taken."""

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.parties.case

    @property
    def detail(self) -> Detail:
        """What the case's kind has beside."""
        return self.facts.detail


def open_pressed(turn: Turn, parts: list[str]) -> None:
    """``o:<case_id>``: open the card; that it was opened is recorded."""
    open_card(turn, number_in(parts, 1))


def open_card(turn: Turn, case_id: int | None) -> None:
    """Show the card in a new message, for whom it is theirs to open."""
    parties = case_to_open(turn, case_id, lock=True)
    if parties is None:
        return
    card = load(turn, parties)
    if card.events:
        history_chain.go_on_after(turn.session, card.events[-1][0])
    opened = cases.record_event(
        turn.session, case_id=parties.case.id, kind="opened", actor=turn.actor, now=turn.now
    )
    events = [*card.events, (opened, turn.person)]
    show(turn, replace(card, events=events[-LAST_EVENTS:]))


def load(turn: Turn, parties: Parties) -> Card:
    """The rest of what the card shows."""
    case = parties.case
    found = find_card_facts(turn.session, case, turn.now - since(turn))
    waiting = deadlines.list_open(turn.session, case.id)
    history = cases.list_last_events(turn.session, case.id, LAST_EVENTS)
    edits = [event.detail for event, _ in history if event.kind == cases.EDITED]
    answers = [str(edit["text"]) for edit in edits if edit["question"] != following.MESSAGE]
    stages = [event for event, _ in history if event.kind == STAGE]
    return Card(parties, found, waiting, history[-LAST_EVENTS:], answers, stages)


def show(
    turn: Turn, card: Card, *, above: Html | None = None, in_place: bool = False, rows: Rows | None = None
) -> None:
    """The card, in a new message or in the one that has it. It can't be forwarded or saved.

    ``rows``: other buttons than its own.
    """
    lines = [*([above, Html("")] if above else []), *_head(turn, card), *_flags(turn, card)]
    lines += [
        *due_lines(turn, card.deadlines),
        Html(""),
        *_people(turn, card),
        *detail_lines(turn, card.detail),
    ]
    lines += edit_lines(turn, card.edits)
    lines += [Html(""), *_history(turn, card)]
    buttons = _buttons(turn, card) if rows is None else rows
    _send(turn, card.case, Html("\n".join(lines)), buttons, in_place=in_place)


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
        *risk_lines(turn, card.facts),
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
    lines += [*danger_lines(turn, card.detail), *victim_lines(turn, card.facts)]
    if card.stages:
        steps = turn.words.listing([stage_line(turn, event) for event in card.stages[-MOST_STAGES:]])
        lines.append(words("officer_acts.stages", steps=steps))
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
    lines = (event_line(turn, event, person) for event, person in card.events)
    return [turn.words("officer.card.history"), *lines]


def possible_moves(turn: Turn, parties: Parties) -> tuple[Move, ...]:
    """The moves that this person can make on the case now."""
    case = parties.case
    known = facts(
        acknowledged=case.acknowledged_at is not None,
        owned=case.owner_id is not None,
        call_due=parties.call_due,
        anonymous=case.anonymous,
    )
    found = moves_for(CaseKind(case.kind), case.status, turn.actor.role, known)
    return tuple(move for move in found if move.name != "reopen" or _can_be_reopened(turn, case))


def _can_be_reopened(turn: Turn, case: Case) -> bool:
    """Later it is a new case: so long after the old one nobody knows that it is the same (facts 3.5)."""
    closed_on = None if case.closed_at is None else turn.service.calendar.local_day(case.closed_at)
    return may_reopen(case.status, closed_on, turn.today, turn.service.policy)


def _label(turn: Turn, card: Card, act: str) -> str:
    if act == PHONED and why_not_ring(card.detail):
        return turn.words.plain("officer.act.tried.button")
    return turn.words.plain(f"officer.act.{act}.button")


def _buttons(turn: Turn, card: Card) -> Rows:
    case, plain = card.case, turn.words.plain
    waiting = next(iter(card.deadlines), None)
    why = (Button(plain("officer.why.button"), f"w:{waiting.id}"),) if waiting else ()
    note = Button(plain("officer_acts.note.button"), f"h:note:{case.id}")
    return (
        *columns((*_act_buttons(turn, card), *_what_came_with_it(turn, card.parties)), 2),
        *message_rows(turn, card.parties),
        *request_rows(turn, case),
        *answer_rows(turn, case),
        (note, Button(plain("officer_acts.more.button"), f"h:more:{case.id}")),
        (*why, *queue_row(turn)),
    )


def _act_buttons(turn: Turn, card: Card) -> Row:
    """What can be done now, in the order in which it usually is, and the rest of a long story."""
    case = card.case
    acts = [move.name for move in possible_moves(turn, card.parties)]
    buttons = [
        Button(_label(turn, card, act), f"c:{case.id}:{case.version}:{act}")
        if act in BUTTON_MOVES
        else Button(_label(turn, card, act), f"h:{act}:{case.id}:{case.version}")
        for act in acts
        if act in BUTTON_MOVES or act in ASKING_MOVES
    ]
    if is_cut(card.detail, card.edits):
        buttons.append(Button(_label(turn, card, STORY), f"c:{case.id}:{case.version}:{STORY}"))
    return tuple(buttons)


def _what_came_with_it(turn: Turn, parties: Parties) -> Row:
    """Its files and its diary, where it has any."""
    case_id, plain = parties.case.id, turn.words.plain
    files = Button(plain("officer_evidence.list.button", number=str(parties.files)), f"e:list:{case_id}")
    entries = Button(plain("diary_team.open.button", n=parties.entries), f"y:o:{case_id}")
    return (*((files,) if parties.files else ()), *((entries,) if parties.entries else ()))


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
