"""What the person who reported or referred is told: first a line that says nothing, then the news on a tap.

A Member who referred a resident learns the status only, never a reason.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from casework.cases import CaseKind, DeadlineKind
from casework.referrals import referrer_status
from handlers.my_data.discretion import tell_resident
from handlers.officers.access import number_in
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, deadlines
from storage.cases import Parties
from storage.models import Case, CaseEvent


def tell_update(turn: Turn, parties: Parties, event: CaseEvent) -> bool:
    """Tell them that there is news. False where nobody is known, or they cannot or must not be written to."""
    person = parties.reporter or parties.referrer
    if person is None:
        return False
    in_their_words = replace(turn, words=turn.service.words(person.language))
    return tell_resident(
        turn.session,
        turn.service,
        person,
        text=_news(in_their_words, event, parties.case),
        now=turn.now,
        reference=parties.case.reference,
        case_id=parties.case.id,
        show=f"u:{event.id}",
        handle=f"update:{event.id}",
    )


def show_update(turn: Turn, parts: list[str]) -> None:
    """``u:<event_id>``: the news itself, in the same message, for the person whose case it is only."""
    number = number_in(parts, 1)
    found = cases.find_event(turn.session, number) if number is not None else None
    if found is None or not found[0].public or not is_theirs(turn, found[1]):
        turn.say(turn.words("case.not_yours"))
        return
    event, case = found
    turn.edit(f"update:{event.id}", _news(turn, event, case), or_send=True)


def is_theirs(turn: Turn, case: Case) -> bool:
    """Whether this person reported or referred it."""
    return turn.person.id in (case.reporter_id, case.referrer_id)


def show_status(turn: Turn, case: Case) -> None:
    """Where the case stands and what comes next, as the person who sent it may know."""
    lines = [turn.words("case.reference", reference=case.reference), standing(turn, case)]
    for row in deadlines.list_open(turn.session, case.id):
        if row.kind == DeadlineKind.CONTACT:
            lines.append(_contact_by(turn, case, row.due_on))
    turn.say(Html("\n".join(lines)))


def standing(turn: Turn, case: Case) -> Html:
    """Where it stands, as the person who sent it may know."""
    if case.kind == CaseKind.NOMINATED_NEIGHBOUR:
        return turn.words(f"case.referral.{referrer_status(case.status)}")
    if case.kind == CaseKind.ENQUIRY:
        return turn.words(f"asking.standing.{case.status}")
    if case.kind == CaseKind.DATA_REQUEST:
        return turn.words(f"my_data.standing.{case.status}")
    return turn.words(f"case.report.{case.status}")


def _news(turn: Turn, event: CaseEvent, case: Case) -> Html:
    detail: dict[str, Any] = event.detail
    if event.kind != "acknowledge":
        return Html(f"{turn.words('case.reference', reference=case.reference)}\n{standing(turn, case)}")
    team = turn.service.policy.team_of(case.district)
    lines = [turn.words(f"case.acknowledged.{case.kind}", reference=case.reference, team=team)]
    if detail.get("contact_by"):
        lines.append(_contact_by(turn, case, date.fromisoformat(detail["contact_by"])))
    return Html("\n".join(lines))


def _contact_by(turn: Turn, case: Case, due_on: date) -> Html:
    """By when to expect contact; after that day it says to call, and promises nothing any more."""
    phone = turn.service.policy.phone_of(case.district).value
    if due_on < turn.today:
        return turn.words("case.contact.late", phone=phone)
    return turn.words(f"case.contact.{case.kind}", day=turn.words.day(due_on, turn.today), phone=phone)
