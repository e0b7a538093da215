"""How a visit ends: it took place, nobody was in, or it was cancelled with a reason."""

from __future__ import annotations

from typing import Any

from casework.cases import DeadlineKind
from casework.contact_tries import Way
from casework.roles import Permission
from casework.visits import VisitOutcome, may_record
from handlers.fieldwork import visit_telling
from handlers.fieldwork.current import back_row, case_of_button, case_of_form, show_card
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.text import ShortText
from handlers.officers import acts, card, messages
from handlers.officers.access import case_to_open, number_in
from handlers.officers.reach import so_far, tries_of
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, deadlines, visits
from storage.case_events import TRIED
from storage.cases import Parties
from storage.models import Case
from storage.visits import Booked

CHANNEL = "visit"
TOOK_PLACE = "visit_took_place"
LONGEST_REASON = 500


def been_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:been:<case_id>:<version>``: it took place: somebody spoke to the person."""
    found = _recordable(turn, parts, TOOK_PLACE)
    if found is None:
        return
    parties, booked = found
    case = parties.case
    _end(turn, case, booked, VisitOutcome.TOOK_PLACE)
    _record(turn, case, TOOK_PLACE, at=booked.visit.at.isoformat())
    deadlines.end_deadlines(turn.session, case.id, (DeadlineKind.VISIT,), now=turn.now)
    messages.met(turn, parties, own_words=True)
    show_card(turn, case.id, turn.words("visits.been.done"))


def out_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:out:<case_id>:<version>``: nobody was in, which counts as a try to make contact."""
    found = _recordable(turn, parts, TRIED)
    if found is None:
        return
    parties, booked = found
    case = parties.case
    _end(turn, case, booked, VisitOutcome.NOBODY_IN)
    at = booked.visit.at.isoformat()
    move = next((one for one in card.possible_moves(turn, parties) if one.name == TRIED), None)
    if move is None:  # of an anonymous report: nobody is looked for
        _record(turn, case, TRIED, way=Way.VISIT.value, channel=CHANNEL, at=at)
        show_card(turn, case.id, turn.words("visits.out.done"))
        return
    acts.make_move(turn, parties, move, way=Way.VISIT.value, channel=CHANNEL, at=at)
    done = turn.words("visits.out.done")
    show_card(turn, case.id, Html(f"{done} {so_far(turn, tries_of(turn, case))}"))


def _recordable(turn: Turn, parts: list[str], kind: str) -> tuple[Parties, Booked] | None:
    """The case and its visit, where it can be said how it went; None after saying why not."""
    parties = case_of_button(turn, parts, kind)
    if parties is None:
        return None
    booked = visits.find_open(turn.session, parties.case.id)
    if booked is None:
        card.show(turn, card.load(turn, parties), above=turn.words("visits.none"))
        return None
    if not may_record(booked.visit.at, turn.now, turn.service.calendar):
        when = visit_telling.moment(turn.words, turn.service, booked.visit, turn.now)
        card.show(turn, card.load(turn, parties), above=turn.words("visits.not_yet", when=when))
        return None
    return parties, booked


def _end(turn: Turn, case: Case, booked: Booked, outcome: VisitOutcome, *, reason: str | None = None) -> None:
    visits.end(turn.session, booked.visit, outcome, now=turn.now, reason=reason)
    case.updated_at = turn.now


def _record(turn: Turn, case: Case, kind: str, **detail: Any) -> None:
    cases.record_event(
        turn.session, case_id=case.id, kind=kind, actor=turn.actor, now=turn.now, detail=detail
    )


def file_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:file:<case_id>``: the calendar entry once more."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    booked = visits.find_open(turn.session, parties.case.id)
    if booked is None:
        card.show(turn, card.load(turn, parties), above=turn.words("visits.none"))
    else:
        visit_telling.send_calendar_entry(turn, parties.case, booked.visit)


def cancel_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:cancel:<case_id>:<version>``: why?"""
    parties = case_of_button(turn, parts)
    if parties is None:
        return
    booked = visits.find_open(turn.session, parties.case.id)
    if booked is None:
        card.show(turn, card.load(turn, parties), above=turn.words("visits.none"))
        return
    KIT.begin(turn, CANCEL, {ABOUT: {"case": parties.case.id, "visit": booked.visit.id}})


def cancel(turn: Turn, answers: Answers) -> Receipt:
    """End it, and tell the person; the reason stays with the team."""
    parties = case_of_form(turn, answers)
    if parties is None:
        return Receipt(turn.words("officer.gone"))
    case = parties.case
    booked = visits.find_open(turn.session, case.id)
    if booked is None or booked.visit.id != answers[ABOUT]["visit"]:
        return Receipt(turn.words("visits.changed_meanwhile"), (back_row(turn, case.id),))
    visit, reason = booked.visit, answers["reason"]
    _end(turn, case, booked, VisitOutcome.CANCELLED, reason=reason)
    told = visit_telling.tell_reporter(
        turn.session, turn.service, parties.reporter, case, visit, "visits.told.cancelled", turn.now
    )
    visit_telling.tell_visitor(turn, parties, visit, booked.visitor, "visits.notice.cancelled")
    _record(turn, case, "visit_cancelled", at=visit.at.isoformat(), reason=reason, told=told)
    visit_telling.send_calendar_entry(turn, case, visit)
    heard = turn.words("visits.resident_told" if told else "visits.nobody_told")
    done = turn.words("visits.cancel.sent", reference=case.reference)
    return Receipt(Html(f"{done}\n{heard}"), (back_row(turn, case.id),))


CANCEL = Form(
    name=f"{visit_telling.DOMAIN}.cancel",
    permission=Permission.RECORD_CONTACT,
    questions=(Question("reason", ShortText(longest=LONGEST_REASON)),),
    finish=cancel,
    watches_danger=False,
)

KIT = FormKit((CANCEL,), leave=lambda *_: None)
"""Begins the form; from then on the application's own kit has it."""
