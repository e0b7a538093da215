"""An officer changes a case's risk band with a reason. Raising counts at once; lowering waits for a second officer
(NWCSP domain facts 3.6)."""

from __future__ import annotations

from typing import Any

from casework.cases import RiskBand
from casework.errors import LoweringNotAllowed
from casework.risk import Decision, check_change, is_raised
from casework.roles import Permission
from handlers.fieldwork import risk_telling
from handlers.fieldwork.current import back_row, case_of_button, case_of_form, show_card
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.text import ShortText
from handlers.officers import card, risk_band
from handlers.officers.access import case_to_open, number_in
from handlers.officers.fieldwork_buttons import may_change_risk
from handlers.turn import Turn
from storage import cases, risk_changes
from storage.cases import Parties
from storage.models import Case, Person, RiskChange

DOMAIN = "officer_risk"
LONGEST_REASON = 1000


def change_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:risk:<case_id>:<version>``: which band, and why?"""
    parties = case_of_button(turn, parts)
    if parties is None:
        return
    case = parties.case
    if not may_change_risk(case):
        card.show(turn, card.load(turn, parties), above=turn.words("officer_risk.closed"))
    elif waiting := risk_changes.find_waiting(turn.session, case.id):
        risk_telling.show_waiting(turn, case, *waiting)
    else:
        KIT.begin(turn, CHANGE, {ABOUT: {"case": case.id, "band": case.risk}})


def save(turn: Turn, answers: Answers) -> Receipt:
    """Raise it, or ask a second officer to agree to lower it."""
    parties = case_of_form(turn, answers)
    if parties is None:
        return Receipt(turn.words("officer.gone"))
    case = parties.case
    rows = (back_row(turn, case.id),)
    before, after = RiskBand(case.risk), RiskBand(answers["band"])
    if not may_change_risk(case):
        return Receipt(turn.words("officer_risk.closed"), rows)
    if before != answers[ABOUT]["band"] or risk_changes.find_waiting(turn.session, case.id):
        band = turn.words.plain(f"officer.risk.{case.risk}.name")
        return Receipt(turn.words("officer_risk.changed_meanwhile", band=band), rows)
    raised = is_raised(before, after)
    change = risk_changes.add_change(
        turn.session,
        case.id,
        before=before,
        after=after,
        reason=answers["reason"],
        made_by=turn.person.id,
        now=turn.now,
        raised=raised,
    )
    if raised:
        _set(turn, case, change, "risk_raised")
        return Receipt(turn.words("officer_risk.change.sent", reference=case.reference), rows)
    _record(turn, case, change, "risk_lower_proposed")
    asked = risk_telling.ask_second_officers(turn, case, change)
    key = "officer_risk.change.sent.waits" if asked else "officer_risk.change.sent.nobody"
    return Receipt(turn.words(key, reference=case.reference), rows)


def why_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:why:<case_id>``: the lowering that waits, with its reason."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    waiting = risk_changes.find_waiting(turn.session, parties.case.id)
    if waiting is None:
        card.show(turn, card.load(turn, parties), above=turn.words("officer_risk.nothing_waits"))
    else:
        risk_telling.show_waiting(turn, parties.case, *waiting)


def agree_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:agree:<case_id>:<change_id>``: lower it, unless it is one's own proposal."""
    found = _to_decide(turn, parts)
    if found is None:
        return
    parties, change, proposer = found
    case = parties.case
    before, after = RiskBand(change.before), RiskBand(change.after)
    try:
        check_change(before, after, reason=change.reason, first=change.made_by or 0, second=turn.person.id)
    except LoweringNotAllowed:
        show_card(turn, case.id, turn.words("officer_risk.your_own"))
        return
    risk_changes.decide(turn.session, change, Decision.AGREED, by=turn.person.id, now=turn.now)
    _set(turn, case, change, "risk_lowered")
    risk_telling.tell_proposer(turn, case, proposer, "officer_risk.notice.agreed")
    show_card(turn, case.id, turn.words("officer_risk.agreed"))


def decline_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:decline:<case_id>:<change_id>``: it stays as it is; whoever proposed it can take it back so, too."""
    found = _to_decide(turn, parts)
    if found is None:
        return
    parties, change, proposer = found
    case = parties.case
    risk_changes.decide(turn.session, change, Decision.DECLINED, by=turn.person.id, now=turn.now)
    case.updated_at = turn.now
    _record(turn, case, change, "risk_lower_declined")
    risk_telling.tell_proposer(turn, case, proposer, "officer_risk.notice.declined")
    show_card(turn, case.id, turn.words("officer_risk.declined"))


def _to_decide(turn: Turn, parts: list[str]) -> tuple[Parties, RiskChange, Person | None] | None:
    """The case, locked, with the lowering that the button was for; None after showing how it is now."""
    case_id = number_in(parts, 2)
    if case_id is not None:
        cases.lock_case(turn.session, case_id)
    parties = case_to_open(turn, case_id)
    if parties is None:
        return None
    waiting = risk_changes.find_waiting(turn.session, parties.case.id)
    same = waiting is not None and waiting[0].id == number_in(parts, 3)
    if waiting is None or not same or not may_change_risk(parties.case):
        card.show(turn, card.load(turn, parties), above=turn.words("officer_risk.nothing_waits"))
        return None
    return parties, *waiting


def _set(turn: Turn, case: Case, change: RiskChange, kind: str) -> None:
    was, case.risk = RiskBand(case.risk), change.after
    case.updated_at = turn.now
    turn.session.flush()
    _record(turn, case, change, kind)
    risk_band.changed(turn, case, was)


def _record(turn: Turn, case: Case, change: RiskChange, kind: str) -> None:
    detail: dict[str, Any] = {"before": change.before, "after": change.after, "reason": change.reason}
    if kind != "risk_raised":
        detail["proposed_by"] = change.made_by
    cases.record_event(
        turn.session, case_id=case.id, kind=kind, actor=turn.actor, now=turn.now, detail=detail
    )


def _other_bands(asking: Asking) -> tuple[str, ...]:
    now_in = (asking.answers.get(ABOUT) or {}).get("band")
    return tuple(band.value for band in reversed(RiskBand) if band.value != now_in)


CHANGE = Form(
    name=f"{DOMAIN}.change",
    permission=Permission.MOVE_CASE,
    questions=(
        Question("band", Choice(_other_bands, across=1)),
        Question("reason", ShortText(longest=LONGEST_REASON)),
    ),
    finish=save,
    watches_danger=False,
)

KIT = FormKit((CHANGE,), leave=lambda *_: None)
"""Begins the form; from then on the application's own kit has it."""
