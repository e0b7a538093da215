"""What an officer does from a card. Which moves there are, and what each of them changes, is casework's.

A button carries the case's version. Where the case has changed since, nothing is done, and the officer sees
who changed it and how it is now.
"""

from __future__ import annotations

from datetime import timedelta

from casework.cases import DeadlineKind, Move
from handlers.keyboards import Rows
from handlers.officers import card, closing, reporter, timing
from handlers.officers.access import case_to_open, number_in
from handlers.officers.detail import whole_story
from handlers.officers.event_lines import event_line
from handlers.officers.given import tell_given
from handlers.officers.labels import status_name
from handlers.turn import Turn
from handlers.words import Html, escape
from storage import cases, deadlines, following
from storage.case_events import list_changes_by_others
from storage.cases import Parties
from storage.models import CaseEvent, Person
from storage.people import display_name

DOUBLE_TAP = timedelta(seconds=10)
MOST_CHANGES = 5
STORY_PART = 3500
"""Characters of an account in one message, which holds 4096 with its markup."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``c:<case_id>:<version>:<act>``."""
    act = parts[3] if len(parts) > 3 else ""
    if act == card.STORY:
        parties = case_to_open(turn, number_in(parts, 1))
        if parties is not None:
            _tell_story(turn, parties)
        return
    found = lock_for(turn, number_in(parts, 1), number_in(parts, 2), act)
    if found is None:
        return
    parties, move = found
    if move.name not in card.BUTTON_MOVES:
        _not_now(turn, parties)
        return
    show_done(turn, parties, move, told=make_move(turn, parties, move))


def lock_for(turn: Turn, case_id: int | None, version: int | None, *acts: str) -> tuple[Parties, Move] | None:
    """The case, locked, with the one of these acts that is possible now; None after saying why not.

    Nothing is done from a button that is older than the case.
    """
    if case_id is not None:
        cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None:
        return None
    if parties.case.version != version:
        _outdated(turn, parties, acts)
        return None
    move = next((move for move in card.possible_moves(turn, parties) if move.name in acts), None)
    if move is None:
        _not_now(turn, parties)
        return None
    return parties, move


def make_move(
    turn: Turn, parties: Parties, move: Move, *, owner: Person | None = None, **detail: str
) -> bool:
    """Change the case, end the deadlines that the move ends, record it, and tell whom it says.

    The case has to be locked. ``owner``: who has it from now on. ``detail`` goes into its history. Returns
    whether the person who reported or referred was told.
    """
    if move.name == "reopen":
        return _reopen(turn, parties)
    case, now = parties.case, turn.now
    before = case.status
    case.status = move.target or case.status
    cases.touch(case, now)
    if move.name == "acknowledge":
        case.acknowledged_at = now
    if owner is not None or move.takes:
        case.give_to((owner or turn.person).id, now)
    turn.session.flush()
    ended = deadlines.end_deadlines(turn.session, case.id, move.ends, now=now)
    if DeadlineKind.ANSWER in move.ends:
        following.mark_answered(turn.session, case.id, now)
    timing.start(turn.session, turn.service, case, move.starts, now)
    waiting = deadlines.list_open(turn.session, case.id)
    contact = next((d for d in waiting if d.kind == DeadlineKind.CONTACT), None)
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
            "owner": case.owner_id,
            "ended": [row.kind for row in ended],
            "contact_by": contact.due_on.isoformat() if contact else None,
            **({"owner": owner.id, "owner_name": display_name(owner)} if owner else {}),
            **detail,
        },
    )
    if owner is not None:
        tell_given(turn, parties, move, owner, next(iter(waiting), None))
    return _tell_person(turn, parties, move, event)


def _reopen(turn: Turn, parties: Parties) -> bool:
    event = closing.reopen(turn, parties.case)
    return reporter.tell_update(turn, parties, event)


def _tell_person(turn: Turn, parties: Parties, move: Move, event: CaseEvent) -> bool:
    return move.tells_reporter and reporter.tell_update(turn, parties, event)


def show_done(turn: Turn, parties: Parties, move: Move, *, told: bool = False) -> None:
    """The card as it is after the move, in its place, with what was done above it."""
    above = turn.words(f"officer.done.{move.name}")
    if move.tells_reporter:
        heard = turn.words("officer.done.told" if told else "officer.done.nobody_told")
        above = Html(f"{above} {heard}")
    show_again(turn, parties, above)


def show_again(turn: Turn, parties: Parties, above: Html, rows: Rows | None = None) -> None:
    """The card as it is now, in its place, under a sentence. ``rows``: other buttons than its own."""
    fresh = cases.find_parties(turn.session, parties.case.id) or parties
    card.show(turn, card.load(turn, fresh), above=above, in_place=True, rows=rows)


def _not_now(turn: Turn, parties: Parties) -> None:
    above = turn.words("officer.not_now", status=status_name(turn.words, parties.case))
    card.show(turn, card.load(turn, parties), above=above)


def _outdated(turn: Turn, parties: Parties, acts: tuple[str, ...]) -> None:
    """Somebody changed the case meanwhile; or the same finger tapped twice, which is no news.

    Who did what is said from where this person last saw the case; that they see it now is recorded.
    """
    case = parties.case
    shown = card.load(turn, parties)
    if any(
        event.kind in acts and event.actor_id == turn.person.id and turn.now - event.at < DOUBLE_TAP
        for event, _ in shown.events
    ):
        return
    changes = list_changes_by_others(turn.session, case.id, turn.person.id, MOST_CHANGES)
    state, owner = status_name(turn.words, case), card.owner_line(turn, parties)
    lines = [turn.words("officer.changed", status=state, owner=owner)]
    if changes:
        lines.append(turn.words("officer_acts.changes"))
        lines += [event_line(turn, event, person) for event, person in changes]
    cases.record_event(turn.session, case_id=case.id, kind="opened", actor=turn.actor, now=turn.now)
    card.show(turn, shown, above=Html("\n".join(lines)))


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
