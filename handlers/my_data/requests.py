"""Asking the team about one's own data: a case with the clock of the law, in the queue and in what is due.

Officers end it, say that it takes longer, or wait for what they asked of the person; each is told to them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand, first_status
from casework.data_requests import Asked, answer_deadline, may_extend
from casework.deadlines import Deadline
from casework.references import new_reference
from casework.reminders import plan_reminders
from casework.roles import Permission
from handlers.forms.flow import Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.text import LongText
from handlers.keyboards import Button
from handlers.my_data.discretion import tell_resident
from handlers.my_data.start import DOMAIN
from handlers.officers import access, card, notices, timing
from handlers.officers.request_rows import possible_acts
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, data_rights, deadlines
from storage.cases import Parties
from storage.deadlines import EndReason
from storage.models import Case, DataRequest


def open_request(turn: Turn, asked: Asked, text: str) -> Receipt:
    """Open the case, set its clock and tell the officers. Raises BeyondCalendar."""
    service, session = turn.service, turn.session
    known = data_rights.list_cases_of(session, turn.person.id)
    district = known[0].district if known else None
    case = cases.add_case(
        session,
        lambda: _case(turn, district),
        lambda case_id: DataRequest(
            case_id=case_id, asked=asked.value, received_on=turn.today, detail={"what": text}
        ),
    )
    deadline = answer_deadline(turn.today, service.calendar)
    _set(turn, case, deadline)
    told = notices.tell_new(session, service, case, deadline, turn.now)
    cases.record_event(
        session,
        case_id=case.id,
        kind="received",
        actor=turn.actor,
        now=turn.now,
        public=True,
        detail={"asked": asked.value, "officers_told": told},
    )
    day = turn.words.day(deadline.due_on, turn.today)
    copy = Button(turn.words.plain("kit.copy.button"), copy=case.reference)
    return Receipt(turn.words("my_data.ask.sent", reference=case.reference, day=day), ((copy,),))


def _case(turn: Turn, district: str | None) -> Case:
    return Case(
        reference=new_reference(turn.service.choose),
        kind=CaseKind.DATA_REQUEST.value,
        district=district,
        status=first_status(CaseKind.DATA_REQUEST),
        risk=RiskBand.STANDARD.value,
        channel=Channel.TELEGRAM.value,
        reporter_id=turn.person.id,
        received_at=turn.now,
        restricted=turn.person.silent,
        updated_at=turn.now,
    )


def _ask(turn: Turn, answers: Answers) -> Receipt:
    return open_request(turn, Asked(answers["what"]), answers["words"] or "")


ASK = Form(
    name=f"{DOMAIN}.ask",
    permission=Permission.MY_DATA,
    questions=(
        Question("what", Choice(tuple(a.value for a in Asked if a is not Asked.CORRECT), across=1)),
        Question("words", LongText()),
    ),
    finish=_ask,
)


# What officers do


def act(turn: Turn, parts: list[str]) -> None:
    """``p:req:<act>:<case_id>:<version>``."""
    name = parts[2] if len(parts) > 2 else ""
    case_id, version = access.number_in(parts, 3), access.number_in(parts, 4)
    if case_id is not None:
        cases.lock_case(turn.session, case_id)
    parties = access.case_to_open(turn, case_id)
    request = data_rights.find_request(turn.session, parties.case.id) if parties else None
    if parties is None or request is None:
        return
    if parties.case.version != version or name not in possible_acts(turn, parties.case):
        card.show(turn, card.load(turn, parties), above=turn.words("officer_data.changed"))
        return
    if name == "extend" and not _may_extend(turn, request):
        card.show(turn, card.load(turn, parties), above=turn.words("officer_data.late_to_extend"))
        return
    told = _ACTS[name](turn, parties, request)
    key = "officer.done.told" if told else "officer.done.nobody_told"
    above = Html(f"{turn.words(f'officer_data.done.{name}')} {turn.words(key)}")
    fresh = cases.find_parties(turn.session, parties.case.id) or parties
    card.show(turn, card.load(turn, fresh), above=above, in_place=True)


def _answered(turn: Turn, parties: Parties, request: DataRequest) -> bool:
    parties.case.closed_at = turn.now
    deadlines.end_deadlines(turn.session, parties.case.id, tuple(DeadlineKind), now=turn.now)
    return _move(turn, parties, "answered", "answered")


def _extend(turn: Turn, parties: Parties, request: DataRequest) -> bool:
    """Two further months, told within the first (UK GDPR Article 12(3))."""
    request.extended_on = turn.today
    deadline = answer_deadline(
        request.received_on, turn.service.calendar, extended=True, waited_days=_waited(request)
    )
    _restart(turn, parties.case, deadline)
    return _move(turn, parties, "extended", "extend", day=turn.words.day(deadline.due_on, turn.today))


def _ask_back(turn: Turn, parties: Parties, request: DataRequest) -> bool:
    """The clock stands still until the person has said what we need to know."""
    request.detail = {**request.detail, "asked_back_on": turn.today.isoformat()}
    _end(turn, parties.case)
    return _move(turn, parties, "waiting", "ask_back")


def _heard_back(turn: Turn, parties: Parties, request: DataRequest) -> bool:
    """It goes on, with the days on which we waited added."""
    since = date.fromisoformat(request.detail.get("asked_back_on") or turn.today.isoformat())
    waited = _waited(request) + (turn.today - since).days
    request.detail = {**request.detail, "waited_days": waited, "asked_back_on": None}
    extended = request.extended_on is not None
    calendar = turn.service.calendar
    deadline = answer_deadline(request.received_on, calendar, extended=extended, waited_days=waited)
    _restart(turn, parties.case, deadline)
    day = turn.words.day(deadline.due_on, turn.today)
    return _move(turn, parties, "extended" if extended else "received", "heard_back", day=day)


def _may_extend(turn: Turn, request: DataRequest) -> bool:
    calendar = turn.service.calendar
    return may_extend(request.received_on, turn.today, calendar, waited_days=_waited(request))


def _waited(request: DataRequest) -> int:
    return int(request.detail.get("waited_days") or 0)


def _move(turn: Turn, parties: Parties, status: str, kind: str, **values: str) -> bool:
    """The new state, its line in the history, and the person told."""
    case, service = parties.case, turn.service
    before, case.status, case.updated_at = case.status, status, turn.now
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind=kind,
        actor=turn.actor,
        now=turn.now,
        public=True,
        detail={"from": before, "to": status},
    )
    turn.session.flush()
    timing.keep_next_action(turn.session, service, case, turn.now)
    if parties.reporter is None:
        return False
    words = service.words(parties.reporter.language)
    phone = service.policy.phone_of(case.district).value
    text = words(f"my_data.request.{kind}", reference=case.reference, phone=phone, **values)
    return tell_resident(
        turn.session,
        service,
        parties.reporter,
        text=text,
        now=turn.now,
        reference=case.reference,
        case_id=case.id,
    )


def _end(turn: Turn, case: Case) -> None:
    deadlines.end_deadlines(
        turn.session, case.id, (DeadlineKind.ANSWER,), now=turn.now, reason=EndReason.NOT_NEEDED
    )


def _restart(turn: Turn, case: Case, deadline: Deadline) -> None:
    _end(turn, case)
    _set(turn, case, deadline)


def _set(turn: Turn, case: Case, deadline: Deadline) -> None:
    service = turn.service
    reminders = plan_reminders(deadline, turn.now, service.policy, service.calendar)
    deadlines.add_deadlines(turn.session, case.id, [(deadline, reminders)], set_at=turn.now)


_ACTS: dict[str, Callable[[Turn, Parties, DataRequest], bool]] = {
    "answered": _answered,
    "extend": _extend,
    "ask_back": _ask_back,
    "heard_back": _heard_back,
}
