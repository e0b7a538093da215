"""What follows when a case's risk band changes, whoever changed it: by answers, or by an officer's hand."""

from __future__ import annotations

from casework.cases import DeadlineKind, RiskBand
from casework.following import contact_deadline
from casework.risk import is_raised
from handlers.officers import case_news, timing
from handlers.turn import Turn
from storage import deadlines, risk_changes
from storage.models import Case


def changed(turn: Turn, case: Case, was: RiskBand) -> None:
    """The case, which is locked, has another band than before.

    A band that rises brings the first contact forward, and high is the manager's today. A lowering that still
    waits for a second officer was meant for the band that it no longer has.
    """
    now_in = RiskBand(case.risk)
    if now_in is was:
        return
    risk_changes.overtake(turn.session, case.id, turn.now)
    timing.risk_changed(turn.session, turn.service, case, was, turn.now)
    if not is_raised(was, now_in):
        return
    _bring_contact_forward(turn, case)
    if now_in is RiskBand.HIGH:
        case_news.tell_caretakers(turn.session, turn.service, case, "officer.risk_high", turn.now)
        case_news.tell_managers(turn.session, turn.service, case, "officer.risk_high", turn.now)


def _bring_contact_forward(turn: Turn, case: Case) -> None:
    """A first contact that still waits is due by the new band; it never moves back."""
    waiting = next(
        (d for d in deadlines.list_open(turn.session, case.id) if d.kind == DeadlineKind.CONTACT), None
    )
    if waiting is None:
        return
    service = turn.service
    sooner = contact_deadline(RiskBand(case.risk), turn.now, service.policy, service.calendar)
    if sooner.due_on >= waiting.due_on:
        return
    deadlines.end_deadlines(
        turn.session, case.id, (DeadlineKind.CONTACT,), now=turn.now, reason=deadlines.EndReason.NOT_NEEDED
    )
    turn.session.flush()
    timing.start(turn.session, turn.service, case, (DeadlineKind.CONTACT,), turn.now)
