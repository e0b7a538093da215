"""An officer gives something another day, with the reason; past the limits of the policy a manager agrees first.

The old deadline ends as *moved*, and the new one refers to it. Whoever was promised the old day is told.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.cases import CaseKind, DeadlineKind
from casework.errors import BeyondCalendar
from casework.moving import Planned, Verdict, is_statutory, verdict
from casework.next_action import at_day
from casework.roles import Permission
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.coming import Coming, day_of
from handlers.forms.kinds.text import ShortText
from handlers.keyboards import Button, Rows
from handlers.my_data.discretion import tell_resident
from handlers.officers import timing
from handlers.officers.access import allowed, case_to_open, number_in
from handlers.officers.labels import deadline_line, deadline_name
from handlers.officers.notices import open_row, recipients
from handlers.turn import Turn, tell
from handlers.words import Html
from storage import cases, deadlines, following
from storage.cases import Parties
from storage.deadlines import EndReason
from storage.models import Case, Deadline
from storage.people import display_name, get_person
from storage.team import load_team

DOMAIN = "dates"
LONGEST_REASON = 500
MOVED, ASKED, DECLINED = "date_moved", "move_asked", "move_declined"
"""Lines of the history: moved, asked of the manager, and not agreed to."""


def buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """What the card's second keyboard offers."""
    if parties.case.closed_at is not None:
        return ()
    return (Button(turn.words.plain("dates.move.button"), f"j:dates:{parties.case.id}"),)


def choose_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:dates:<case_id>``: which date? Where there is only one, to which day."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    case, words = parties.case, turn.words
    waiting = deadlines.list_open(turn.session, case.id)
    if len(waiting) == 1:
        _begin(turn, case, waiting[0])
        return
    if not waiting:
        turn.say(words("dates.none", reference=case.reference), open_row(words, case))
        return
    choices = tuple(
        (Button(deadline_line(words, turn.service, row, turn.today), f"j:move:{row.id}"),) for row in waiting
    )
    text = words("dates.move.which.ask", reference=case.reference)
    turn.say(text, (*choices, *open_row(words, case)), case_id=case.id)


def move_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:move:<deadline_id>``: to which day?"""
    number = number_in(parts, 2)
    row = deadlines.find_deadline(turn.session, number) if number is not None else None
    parties = case_to_open(turn, row.case_id if row is not None else None)
    if parties is not None and row is not None:
        _begin(turn, parties.case, row)


def _begin(turn: Turn, case: Case, row: Deadline) -> None:
    if row.ended_at is not None or case.closed_at is not None:
        turn.say(turn.words("dates.move.gone", reference=case.reference), open_row(turn.words, case))
        return
    if is_statutory(CaseKind(case.kind), DeadlineKind(row.kind)):
        turn.say(turn.words("dates.move.statutory", reference=case.reference), open_row(turn.words, case))
        return
    KIT.begin(turn, MOVE, {ABOUT: {"case": case.id, "deadline": row.id}})


def _same_day(turn: Turn, answers: Answers) -> Html | None:
    row = deadlines.find_deadline(turn.session, int(answers[ABOUT]["deadline"]))
    same = row is not None and row.ended_at is None and row.due_on == day_of(answers["day"])
    return turn.words("dates.move.same") if same else None


def save(turn: Turn, answers: Answers) -> Receipt:
    """Move it, or ask a manager, whichever it is now."""
    about, to = answers[ABOUT], day_of(answers["day"])
    found = _locked(turn, int(about["case"]), int(about["deadline"]))
    if isinstance(found, Receipt):
        return found
    case, row = found
    service, manager = turn.service, allowed(turn, Permission.ASSIGN)
    try:
        decided = verdict(
            planned_of(case, row),
            to,
            turn.today,
            manager=manager,
            policy=service.policy,
            calendar=service.calendar,
        )
        if decided.needs_manager:
            return _ask_managers(turn, case, row, to, answers["reason"], decided)
        if decided is Verdict.STATUTORY:
            return Receipt(turn.words("dates.move.statutory", reference=case.reference))
        return _moved(turn, case, row, to, answers["reason"])
    except BeyondCalendar:
        return Receipt(turn.words("dates.day.too_far"), open_row(turn.words, case))


def planned_of(case: Case, row: Deadline) -> Planned:
    """The day as the rule sees it."""
    first = row.first_due_on or row.due_on
    return Planned(CaseKind(case.kind), DeadlineKind(row.kind), row.due_on, first, row.moves)


def _locked(turn: Turn, case_id: int, deadline_id: int) -> tuple[Case, Deadline] | Receipt:
    """The case, locked, and its deadline while it counts; otherwise what to say."""
    cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None:
        return Receipt(turn.words("officer.gone"))
    case = parties.case
    row = deadlines.find_deadline(turn.session, deadline_id)
    if row is None or row.case_id != case.id or row.ended_at is not None or case.closed_at is not None:
        return Receipt(turn.words("dates.move.gone", reference=case.reference), open_row(turn.words, case))
    return case, row


def _moved(
    turn: Turn, case: Case, row: Deadline, to: date, reason: str, asked_by: int | None = None
) -> Receipt:
    words, was = turn.words, row.due_on
    told = move(turn, case, row, to, reason, asked_by=asked_by)
    text = words(
        "dates.move.sent",
        reference=case.reference,
        what=deadline_name(words, row.kind),
        was=words.day(was, turn.today),
        day=words.day(to, turn.today),
    )
    if told is not None:
        text = Html(f"{text}\n{words('dates.move.told' if told else 'dates.move.not_told')}")
    return Receipt(text, open_row(words, case))


def move(
    turn: Turn, case: Case, row: Deadline, to: date, reason: str, *, asked_by: int | None = None
) -> bool | None:
    """Set the new day with its reminders and its line in the history, the case being locked.

    Returns whether the person who was promised the old day could be told; None where nobody was, or where it
    comes sooner than promised. Raises BeyondCalendar.
    """
    service, now = turn.service, turn.now
    was, promised = row.due_on, _promised_day(turn, case, row)
    plan = timing.plan_of(service, at_day(deadlines.rule_of(row), to, service.calendar), now)
    new = deadlines.replace_deadline(turn.session, row, plan, now=now, reason=EndReason.MOVED)
    case.updated_at = now
    told = _tell_person(turn, case, promised, to) if promised is not None and to > promised else None
    detail = {
        "deadline": row.kind,
        "from": was.isoformat(),
        "to": to.isoformat(),
        "reason": reason,
        "moved_from": row.id,
        "moved_to": new.id,
        "moves": new.moves,
        "asked_by": asked_by,
        "told": told,
    }
    cases.record_event(turn.session, case_id=case.id, kind=MOVED, actor=turn.actor, now=now, detail=detail)
    return told


def _promised_day(turn: Turn, case: Case, row: Deadline) -> date | None:
    """The day that the person counts on, which moves with each apology; None where nobody was told one."""
    if not planned_of(case, row).is_promise or case.reporter_id is None:
        return None
    return following.standings(turn.session, [case.id])[case.id].promises[row.id].day


def _tell_person(turn: Turn, case: Case, was: date, to: date) -> bool:
    """Whoever was promised the old day reads the new one."""
    if case.reporter_id is None:
        return False
    reader = get_person(turn.session, case.reporter_id)
    words, today = turn.service.words(reader.language), turn.today
    phone = turn.service.policy.phone_of(case.district).value
    values = {"reference": case.reference, "day": words.day(was, today), "new": words.day(to, today)}
    return tell_resident(
        turn.session,
        turn.service,
        reader,
        text=words("following.moved", phone=phone, **values),
        buttons=((Button(words.plain("following.open.button"), f"k:open:{case.id}"),),),
        reference=case.reference,
        case_id=case.id,
        now=turn.now,
    )


# Past the limits


def _ask_managers(turn: Turn, case: Case, row: Deadline, to: date, reason: str, decided: Verdict) -> Receipt:
    """Every manager is asked, by a notice without the reason, which stands in the history of the case."""
    detail = {
        "deadline_id": row.id,
        "deadline": row.kind,
        "from": row.due_on.isoformat(),
        "to": to.isoformat(),
        "reason": reason,
        "why": decided.value,
    }
    event = cases.record_event(
        turn.session, case_id=case.id, kind=ASKED, actor=turn.actor, now=turn.now, detail=detail
    )
    name = display_name(turn.person)
    for reader in recipients(load_team(turn.session, turn.today).all_managers()):
        words = turn.service.words(reader.language)
        text = words(
            "dates.move.ask_manager",
            reference=case.reference,
            name=name or words.plain("officer.role.officer.name"),
            what=deadline_name(words, row.kind),
            was=words.day(row.due_on, turn.today),
            day=words.day(to, turn.today),
        )
        answer = (
            Button(words.plain("dates.move.agree.button"), f"j:agree:{event.id}"),
            Button(words.plain("dates.move.decline.button"), f"j:keep:{event.id}"),
        )
        rows: Rows = (answer, *open_row(words, case))
        tell(turn.session, reader, text, rows, now=turn.now, case_id=case.id)
    text = turn.words(
        "dates.move.asked",
        reference=case.reference,
        why=turn.words(f"dates.move.{decided.value}"),
        was=turn.words.day(row.due_on, turn.today),
    )
    return Receipt(text, open_row(turn.words, case))


def decide_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:agree:<event_id>`` and ``j:keep:<event_id>``: a manager's answer; the first one counts."""
    found = _asked(turn, number_in(parts, 2))
    if found is None:
        return
    case, asker_id, event_id, detail = found
    row = deadlines.find_deadline(turn.session, int(detail["deadline_id"]))
    to = date.fromisoformat(detail["to"])
    past = case.closed_at is not None or to < turn.today or _is_declined(turn, case, event_id)
    if row is None or row.ended_at is not None or past:
        text = turn.words("dates.move.decided", reference=case.reference)
        turn.say(text, open_row(turn.words, case))
        return
    agreed = parts[1] == "agree"
    if agreed:
        receipt = _moved(turn, case, row, to, str(detail["reason"]), asked_by=asker_id)
        turn.say(receipt.text, receipt.buttons)
    key = "dates.move.agreed" if agreed else "dates.move.declined"
    day = to if agreed else row.due_on
    if not agreed:
        _record_declined(turn, case, event_id)
        text = turn.words(
            key,
            reference=case.reference,
            what=deadline_name(turn.words, row.kind),
            day=turn.words.day(day, turn.today),
        )
        turn.say(text, open_row(turn.words, case))
    if asker_id is not None and asker_id != turn.person.id:
        _tell_asker(turn, case, row, asker_id, key, day)


def _tell_asker(turn: Turn, case: Case, row: Deadline, asker_id: int, key: str, day: date) -> None:
    for reader in recipients([get_person(turn.session, asker_id)]):
        words = turn.service.words(reader.language)
        what = deadline_name(words, row.kind)
        text = words(key, reference=case.reference, what=what, day=words.day(day, turn.today))
        tell(turn.session, reader, text, open_row(words, case), now=turn.now, case_id=case.id)


def _asked(turn: Turn, event_id: int | None) -> tuple[Case, int | None, int, dict[str, Any]] | None:
    """What was asked, the case being locked, for a manager; None after saying why not."""
    found = cases.find_event(turn.session, event_id) if event_id is not None else None
    if found is None or found[0].kind != ASKED:
        case_to_open(turn, None)
        return None
    event, case = found
    cases.lock_case(turn.session, case.id)
    parties = case_to_open(turn, case.id)
    if parties is None:
        return None
    if not may_agree(turn):
        turn.say(turn.words("dates.move.for_managers"), open_row(turn.words, case))
        return None
    return parties.case, event.actor_id, event.id, event.detail


def _record_declined(turn: Turn, case: Case, event_id: int) -> None:
    detail = {"asked": event_id}
    cases.record_event(
        turn.session, case_id=case.id, kind=DECLINED, actor=turn.actor, now=turn.now, detail=detail
    )


def _is_declined(turn: Turn, case: Case, event_id: int) -> bool:
    declined = cases.list_events_of_kind(turn.session, case.id, DECLINED)
    return any(event.detail.get("asked") == event_id for event in declined)


def last_reason(turn: Turn, row: Deadline) -> str | None:
    """Why a day was moved to where it is now; None where it never was."""
    if not row.moves:
        return None
    events = cases.list_events_of_kind(turn.session, row.case_id, MOVED)
    return next((str(e.detail["reason"]) for e in events if e.detail.get("moved_to") == row.id), None)


def may_agree(turn: Turn) -> bool:
    """A manager, or whoever stands in for one who is away."""
    if allowed(turn, Permission.ASSIGN):
        return True
    return any(one.id == turn.person.id for one in load_team(turn.session, turn.today).all_managers())


MOVE = Form(
    name=f"{DOMAIN}.move",
    permission=Permission.MOVE_CASE,
    questions=(
        Question("day", Coming()),
        Question("reason", ShortText(longest=LONGEST_REASON)),
    ),
    finish=save,
    may_send=_same_day,
)
KIT = FormKit((MOVE,), leave=lambda *_: None)
