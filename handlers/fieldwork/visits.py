"""An officer books a visit on a case, and changes it. What comes out: both sides know, and are reminded."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from casework.errors import BeyondCalendar
from casework.roles import Permission
from handlers.fieldwork import visit_telling
from handlers.fieldwork.current import back_row, case_of_button, case_of_form
from handlers.fieldwork.kinds import TimeAhead, WorkingDayAhead, moved_because
from handlers.fieldwork.visit_screen import show_visit
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.text import ShortText
from handlers.officers import acts, card
from handlers.officers.access import case_to_open, number_in
from handlers.officers.fieldwork_buttons import may_be_visited
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, visits
from storage.cases import Parties
from storage.models import Case
from storage.visits import Booked

ADDRESS, ELSEWHERE = "address", "elsewhere"


def open_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:visit:<case_id>``: the visit that is booked, or the first question of a new one."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    booked = visits.find_open(turn.session, parties.case.id)
    if booked is not None:
        show_visit(turn, parties, booked)
    elif may_be_visited(parties.case):
        _begin(turn, parties.case, None)
    else:
        card.show(turn, card.load(turn, parties), above=turn.words("visits.closed"))


def change_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:move:<case_id>:<version>``: another day, time or place."""
    parties = case_of_button(turn, parts)
    if parties is None:
        return
    booked = visits.find_open(turn.session, parties.case.id)
    if booked is not None and may_be_visited(parties.case):
        _begin(turn, parties.case, booked)
    else:
        card.show(turn, card.load(turn, parties), above=turn.words("visits.none"))


def _begin(turn: Turn, case: Case, booked: Booked | None) -> None:
    about: dict[str, Any] = {"case": case.id, **_as_begun(booked)}
    known: Answers = {ABOUT: about}
    if booked is not None:
        place = booked.visit.place
        known |= {"place": ELSEWHERE, "where": place} if place else {"place": ADDRESS}
    KIT.begin(turn, BOOK, known)


def _as_begun(booked: Booked | None) -> dict[str, Any]:
    """What a visit was like when the form was opened: another officer may change it meanwhile."""
    if booked is None:
        return {"visit": None, "changes": 0}
    return {"visit": booked.visit.id, "changes": booked.visit.changes}


def is_still_ahead(turn: Turn, answers: Answers) -> Html | None:
    """A form may lie for days: the time that was chosen has to be ahead still."""
    if moment_of(turn, answers) > turn.now:
        return None
    return turn.words("visits.problem.over", time=turn.words.time(time.fromisoformat(answers["time"])))


def moment_of(turn: Turn, answers: Answers) -> datetime:
    """The instant of the answers, in UTC."""
    day = datetime.fromisoformat(answers["day"]["day"]).date()
    return turn.service.calendar.at(day, time.fromisoformat(answers["time"]))


def save(turn: Turn, answers: Answers) -> Receipt:
    """Book or change it, unless somebody else did so meanwhile."""
    parties = case_of_form(turn, answers)
    if parties is None:
        return Receipt(turn.words("officer.gone"))
    case = parties.case
    booked = visits.find_open(turn.session, case.id)
    known = {key: value for key, value in answers[ABOUT].items() if key != "case"}
    if not may_be_visited(case):
        return Receipt(turn.words("visits.closed"), (back_row(turn, case.id),))
    if known != _as_begun(booked):
        return Receipt(turn.words("visits.changed_meanwhile"), (back_row(turn, case.id),))
    at, place = moment_of(turn, answers), answers.get("where")
    try:
        times = visit_telling.times_of(turn.service, at, parties.reporter)
    except BeyondCalendar:
        return Receipt(turn.words("visits.problem.day"), (back_row(turn, case.id),))
    if booked is None:
        told = _book(turn, parties, at=at, place=place, times=times)
    else:
        told = _change(turn, parties, booked, at=at, place=place, times=times)
    return _receipt(turn, case, answers, at, told=told, is_new=booked is None)


def _book(turn: Turn, parties: Parties, *, at: datetime, place: str | None, times: visits.Times) -> bool:
    case = parties.case
    visit = visits.book(
        turn.session, case.id, at=at, place=place, visitor_id=turn.person.id, times=times, now=turn.now
    )
    case.updated_at = turn.now
    move = next((one for one in card.possible_moves(turn, parties) if one.name == "book_visit"), None)
    if move is not None:
        acts.make_move(turn, parties, move)
    told = visit_telling.tell_reporter(
        turn.session,
        turn.service,
        parties.reporter,
        case,
        visit,
        "visits.told.booked",
        turn.now,
        visitor=turn.person,
    )
    _record(turn, case, "visit_booked", at=at, place=place, told=told)
    visit_telling.send_calendar_entry(turn, case, visit)
    return told


def _change(
    turn: Turn, parties: Parties, booked: Booked, *, at: datetime, place: str | None, times: visits.Times
) -> bool:
    case, visit = parties.case, booked.visit
    was = visit.at.isoformat()
    visits.change(turn.session, visit, at=at, place=place, times=times, now=turn.now)
    case.updated_at = turn.now
    visitor = booked.visitor or turn.person
    told = visit_telling.tell_reporter(
        turn.session,
        turn.service,
        parties.reporter,
        case,
        visit,
        "visits.told.changed",
        turn.now,
        visitor=visitor,
    )
    visit_telling.tell_visitor(turn, parties, visit, booked.visitor, "visits.notice.changed")
    _record(turn, case, "visit_changed", at=at, place=place, told=told, was=was)
    visit_telling.send_calendar_entry(turn, case, visit)
    return told


def _record(turn: Turn, case: Case, kind: str, *, at: datetime, **detail: Any) -> None:
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind=kind,
        actor=turn.actor,
        now=turn.now,
        detail={"at": at.isoformat(), **detail},
    )


def _receipt(turn: Turn, case: Case, answers: Answers, at: datetime, *, told: bool, is_new: bool) -> Receipt:
    words = turn.words
    when = words.moment(at, turn.service.zone, turn.today)
    key = "visits.book.sent" if is_new else "visits.book.sent.changed"
    lines = [words(key, reference=case.reference, when=when)]
    if why := moved_because(words, answers["day"], turn.service.calendar, turn.today):
        lines.append(words("visits.moved", why=why))
    lines.append(words("visits.resident_told" if told else "visits.nobody_told"))
    return Receipt(Html("\n".join(lines)), (back_row(turn, case.id),))


BOOK = Form(
    name=f"{visit_telling.DOMAIN}.book",
    permission=Permission.RECORD_CONTACT,
    questions=(
        Question("day", WorkingDayAhead()),
        Question("time", TimeAhead()),
        Question("place", Choice((ADDRESS, ELSEWHERE), across=1)),
        Question("where", ShortText(), only=(Only.when("place", ELSEWHERE),), follow_up=True),
    ),
    finish=save,
    watches_danger=False,
    may_send=is_still_ahead,
)

KIT = FormKit((BOOK,), leave=lambda *_: None)
"""Begins the form; from then on the application's own kit has it."""
