"""What an officer does from a card: acknowledge, take, contact made, phoned. Which moves there are is casework's.

A button carries the case's version. Where the case has changed since, nothing is done, and the officer sees
the case as it is now.
"""

from __future__ import annotations

from datetime import timedelta

from casework.cases import DeadlineKind, Move
from handlers.officers import card, reporter, timing
from handlers.officers.access import case_to_open, number_in
from handlers.officers.detail import whole_story
from handlers.officers.labels import status_name
from handlers.turn import Turn
from handlers.words import Html, escape
from storage import cases, deadlines, following
from storage.cases import Parties

DOUBLE_TAP = timedelta(seconds=10)
STORY_PART = 3500
"""Characters of an account in one message, which holds 4096 with its markup."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``c:<case_id>:<version>:<act>``."""
    case_id, version = number_in(parts, 1), number_in(parts, 2)
    act = parts[3] if len(parts) > 3 else ""
    if case_id is not None:
        cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None:
        return
    if act == card.STORY:
        _tell_story(turn, parties)
        return
    if parties.case.version != version:
        _outdated(turn, parties, act)
        return
    move = next((m for m in card.possible_moves(turn, parties.case) if m.name == act), None)
    if move is None or move.name not in card.BUTTON_MOVES:
        state = status_name(turn.words, parties.case)
        above = turn.words("officer.not_now", status=state)
        card.show(turn, card.load(turn, parties), above=above)
        return
    told = make_move(turn, parties, move)
    _show_done(turn, parties, move, told=told)


def make_move(turn: Turn, parties: Parties, move: Move) -> bool:
    """Change the case, end the deadlines that the move ends, record it, and tell the person where it says so.

    The case has to be locked. Returns whether the person was told.
    """
    case, now = parties.case, turn.now
    before = case.status
    case.status = move.target or case.status
    case.updated_at = now
    if move.name == "acknowledge":
        case.acknowledged_at = now
    if move.takes:
        case.owner_id = turn.person.id
    turn.session.flush()
    ended = deadlines.end_deadlines(turn.session, case.id, move.ends, now=now)
    if DeadlineKind.ANSWER in move.ends:
        following.mark_answered(turn.session, case.id, now)
    timing.start(turn.session, turn.service, case, move.starts, now)
    contact = next(
        (d for d in deadlines.list_open(turn.session, case.id) if d.kind == DeadlineKind.CONTACT), None
    )
    event = cases.record_event(
        turn.session,
        case_id=case.id,
        kind=move.name,
        actor=turn.actor,
        now=now,
        public=move.tells_reporter,
        detail={
            "from": before,
            "to": case.status,
            "ended": [row.kind for row in ended],
            "contact_by": contact.due_on.isoformat() if contact else None,
        },
    )
    return move.tells_reporter and reporter.tell_update(turn, parties, event)


def _show_done(turn: Turn, parties: Parties, move: Move, *, told: bool) -> None:
    above = turn.words(f"officer.done.{move.name}")
    if move.tells_reporter:
        heard = turn.words("officer.done.told" if told else "officer.done.nobody_told")
        above = Html(f"{above} {heard}")
    fresh = cases.find_parties(turn.session, parties.case.id) or parties
    card.show(turn, card.load(turn, fresh), above=above, in_place=True)


def _outdated(turn: Turn, parties: Parties, act: str) -> None:
    """Somebody changed the case meanwhile; or the same finger tapped twice, which is no news."""
    shown = card.load(turn, parties)
    if any(
        event.kind == act and event.actor_id == turn.person.id and turn.now - event.at < DOUBLE_TAP
        for event, _ in shown.events
    ):
        return
    state = status_name(turn.words, parties.case)
    owner = card.owner_line(turn, parties)
    card.show(turn, shown, above=turn.words("officer.changed", status=state, owner=owner))


def _tell_story(turn: Turn, parties: Parties) -> None:
    """The whole account and what was edited later, in as many messages as it takes."""
    shown = card.load(turn, parties)
    label = turn.words.plain("officer.detail.edited.label")
    edits = [f"{label}: {text}" for text in shown.edits]
    story = "\n\n".join([whole_story(shown.detail), *edits])
    reference = turn.words("officer.story.top", reference=parties.case.reference)
    for start in range(0, len(story), STORY_PART):
        part = escape(story[start : start + STORY_PART])
        turn.say(Html(f"{reference}\n<blockquote>{part}</blockquote>"), protect=True, case_id=parties.case.id)
