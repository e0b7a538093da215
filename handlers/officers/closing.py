"""Closing a case: why, and what was done, in words that the person reads; and opening it again.

Closing always tells the person when, why, what they can do if they disagree, and that they can ask for a case
review (Home Office statutory guidance on the ASB Case Review, 2025).
"""

from __future__ import annotations

from typing import Any

from casework.cases import CaseKind, CloseReason, Move, find_move
from casework.following import last_day_to_reopen
from handlers import expecting
from handlers.forms import ways
from handlers.forms.kinds.choice import find_label, fold
from handlers.forms.kinds.text import clean
from handlers.keyboards import Button, Rows, columns
from handlers.my_data.discretion import tell_resident
from handlers.officers import card, case_news, timing
from handlers.officers.access import case_to_open, number_in
from handlers.officers.card_rows import may_close
from handlers.officers.reach import so_far, tries_of
from handlers.turn import Turn
from handlers.words import Html, Words
from storage import cases, deadlines, following, visits
from storage.cases import Parties
from storage.models import Case, CaseEvent, Closure
from storage.people import get_person

CLOSE = "close"
REASONS = tuple(reason for reason in CloseReason if reason is not CloseReason.WITHDRAWN)
"""Those that an officer can choose; withdrawing is the person's own act."""
LONGEST = 1500
"""Characters of what was done: the person reads it in one message, with all the rest."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``k:close:<case_id>``: why?"""
    parties = _closable(turn, number_in(parts, 2))
    if parties is None:
        return
    case = parties.case
    labels = _labels(turn, case)
    buttons = tuple(Button(label, f"k:reason:{case.id}:{reason}") for reason, label in labels.items())
    expecting.expect(turn, CLOSE, case.id)
    ask = turn.words("messages.close.ask", reference=case.reference)
    tries = tries_of(turn, case)
    if tries.days and not tries.enough:
        ask = Html(f"{ask}\n\n{so_far(turn, tries)}")
    turn.say(ask, (*columns(buttons, 2), _back(turn, case)), case_id=case.id)


def reason_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:reason:<case_id>:<reason>``: what was done?"""
    parties = _closable(turn, number_in(parts, 2))
    reason = parts[3] if len(parts) > 3 else ""
    if parties is None:
        return
    if reason in reasons_for(turn, parties.case):
        _ask_what_was_done(turn, parties.case, reason)
    elif reason in REASONS:
        pressed(turn, parts)


def _ask_what_was_done(turn: Turn, case: Case, reason: str) -> None:
    expecting.expect(turn, CLOSE, case.id, reason=reason)
    turn.say(turn.words("messages.close.done.ask", reference=case.reference), (_back(turn, case),))


def said(turn: Turn, expects: dict[str, Any]) -> None:
    """The reason typed, or what was done; then all of it as the person will read it."""
    text = clean(turn.incoming.text or "")
    parties = _closable(turn, expects["case"])
    if parties is None:
        expecting.forget(turn)
        return
    case = parties.case
    if ways.way_meant(turn.words, fold(text)) in ("back", "cancel"):
        expecting.forget(turn)
        card.open_card(turn, case.id)
        return
    reason = expects.get("reason")
    if reason is None:
        found = find_label(text, _labels(turn, case))
        if found is None:
            pressed(turn, ["k", CLOSE, str(case.id)])
        else:
            _ask_what_was_done(turn, case, found)
        return
    if len(text) > LONGEST:
        turn.say(turn.words("messages.close.too_long", most=str(LONGEST)), (_back(turn, case),))
        return
    expecting.expect(turn, CLOSE, case.id, reason=reason, done=text)
    _preview(turn, parties, reason, text)


def _preview(turn: Turn, parties: Parties, reason: str, done: str) -> None:
    """As the person will read it; where nobody can be told, the officer reads that here."""
    case = parties.case
    reader = parties.reporter
    words = turn.service.words(reader.language) if reader is not None else turn.words
    shown = closed_text(turn, words, case, reason, done)
    top = turn.words("messages.close.check" if reader is not None else "messages.close.check.nobody")
    rows = (
        (Button(turn.words.plain("messages.close.yes"), f"k:closed:{case.id}"),),
        (Button(turn.words.plain("messages.close.change"), f"k:reason:{case.id}:{reason}"),),
        _back(turn, case),
    )
    turn.say(Html(f"{top}\n\n<blockquote>{shown}</blockquote>"), rows, protect=True, case_id=case.id)


def confirmed(turn: Turn, parts: list[str]) -> None:
    """``k:closed:<case_id>``: close it, and tell the person."""
    expects = expecting.expected(turn)
    parties = _closable(turn, number_in(parts, 2))
    if parties is None:
        return
    case = parties.case
    asked = expects is not None and expects["what"] == CLOSE and expects["case"] == case.id
    if expects is None or not asked or "done" not in expects:
        pressed(turn, parts)
        return
    if expects["reason"] not in reasons_for(turn, case):  # they were spoken to since it was chosen
        pressed(turn, parts)
        return
    expecting.forget(turn)
    move = find_move(CaseKind(case.kind), case.status, "close", turn.actor.role)
    closure = close(turn, case, move, CloseReason(expects["reason"]), done=expects["done"])
    told = _tell(turn, case, closure)
    key = "messages.close.told" if told else "messages.close.not_told"
    fresh = cases.find_parties(turn.session, case.id) or parties
    card.show(turn, card.load(turn, fresh), above=turn.words(key))


def close(turn: Turn, case: Case, move: Move, reason: CloseReason, *, done: str | None) -> Closure:
    """Close the case, which is locked: all its deadlines end, and why is kept with it."""
    before, now = case.status, turn.now
    case.status = move.target or case.status
    case.closed_at = now
    cases.touch(case, now)
    turn.session.flush()
    deadlines.end_deadlines(turn.session, case.id, move.ends, now=now, reason=deadlines.EndReason.NOT_NEEDED)
    following.mark_answered(turn.session, case.id, now)
    visits.end_of_closed_case(turn.session, case.id, now)
    by = None if done is None else turn.person.id
    closure = following.add_closure(turn.session, case.id, reason=reason.value, done=done, by=by, now=now)
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind=move.name,
        actor=turn.actor,
        now=now,
        public=True,
        detail={"from": before, "to": case.status, "reason": reason.value, "done": done},
    )
    return closure


def _tell(turn: Turn, case: Case, closure: Closure) -> bool:
    """Tell the person, who reads it on a tap. False where nobody is known, or the bot must not write to them."""
    if case.reporter_id is None:
        return False
    reader = get_person(turn.session, case.reporter_id)
    words = turn.service.words(reader.language)
    rows: Rows = (
        (Button(words.plain("following.reopen.button"), f"k:reopen:{case.id}"),),
        (Button(words.plain("following.review.button"), "k:review"),),
        (Button(words.plain("following.feedback.button"), f"k:asked:{closure.id}"),),
    )
    return tell_resident(
        turn.session,
        turn.service,
        reader,
        text=closed_text(turn, words, case, closure.reason, closure.done or ""),
        buttons=rows,
        reference=case.reference,
        case_id=case.id,
        now=turn.now,
    )


def closed_text(turn: Turn, words: Words, case: Case, reason: str, done: str) -> Html:
    """When, why, what was done, what they can do if they disagree, and the case review."""
    policy, today = turn.service.policy, turn.today
    until = last_day_to_reopen(today, policy)
    lines = [
        words("following.closed.top", reference=case.reference, day=words.day(today, today)),
        words("following.closed.why", why=words.plain(f"following.reason.{reason}.name")),
        words("following.closed.done", done=done),
        words(
            "following.closed.disagree",
            day=words.day(until, today),
            phone=policy.phone_of(case.district).value,
        ),
        words("following.closed.review"),
    ]
    return Html("\n\n".join(lines))


def reopen(turn: Turn, case: Case) -> CaseEvent:
    """Open the closed case again, which is locked: by a new day somebody speaks to the person.

    Returns the line of history. Raises MoveNotAllowed.
    """
    move = find_move(CaseKind(case.kind), case.status, "reopen", turn.actor.role)
    before, now = case.status, turn.now
    case.status = move.target or case.status
    case.closed_at = None
    cases.touch(case, now)
    turn.session.flush()
    closure = following.last_closure(turn.session, case.id)
    if closure is not None:
        closure.reopened_at = now
    timing.start(turn.session, turn.service, case, move.starts, now)
    event = cases.record_event(
        turn.session,
        case_id=case.id,
        kind="reopen",
        actor=turn.actor,
        now=now,
        public=True,
        detail={"from": before, "to": case.status},
    )
    key, session = "messages.notice.reopen", turn.session
    case_news.tell_caretakers(session, turn.service, case, key, now, but=turn.person.id)
    return event


def _closable(turn: Turn, case_id: int | None) -> Parties | None:
    """The case, locked, where this person may close it now; None after saying why not."""
    if case_id is not None:
        cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None:
        return None
    if not may_close(turn, parties.case):
        expecting.forget(turn)
        status = turn.words.plain(f"officer.status.{parties.case.status}.name")
        card.show(turn, card.load(turn, parties), above=turn.words("officer.not_now", status=status))
        return None
    return parties


def reasons_for(turn: Turn, case: Case) -> tuple[CloseReason, ...]:
    """The reasons that an officer can give now: out of reach only after enough tries (facts 3.5)."""
    out_of_reach = not case.anonymous and tries_of(turn, case).enough
    return tuple(one for one in REASONS if out_of_reach or one is not CloseReason.UNABLE_TO_CONTACT)


def _labels(turn: Turn, case: Case) -> dict[str, str]:
    plain = turn.words.plain
    return {one.value: plain(f"messages.reason.{one.value}.button") for one in reasons_for(turn, case)}


def _back(turn: Turn, case: Case) -> tuple[Button, ...]:
    return (Button(turn.words.plain("messages.back.button"), f"o:{case.id}"),)
