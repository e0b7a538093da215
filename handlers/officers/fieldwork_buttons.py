"""What a card's second keyboard offers of visits, the risk band and linked cases: one query each."""

from __future__ import annotations

from casework.cases import CaseKind
from handlers.keyboards import Button
from handlers.officers.access import sees
from handlers.turn import Turn
from storage import links, risk_changes, visits
from storage.cases import Parties
from storage.models import Case

VISITED = (CaseKind.ASB_REPORT, CaseKind.NOMINATED_NEIGHBOUR)
"""Kinds of case in which somebody goes to see a person."""


def may_be_visited(case: Case) -> bool:
    """Whether a visit can be booked now."""
    return case.kind in VISITED and case.closed_at is None


def may_change_risk(case: Case) -> bool:
    """Whether the band can be changed by hand now."""
    return case.kind == CaseKind.ASB_REPORT and case.closed_at is None


def visit_buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """Book a visit, or see the one that is booked."""
    case = parties.case
    if not may_be_visited(case):
        return ()
    booked = visits.find_open(turn.session, case.id)
    key = "visits.open.button" if booked is not None else "visits.book.button"
    return (Button(turn.words.plain(key), f"v:visit:{case.id}"),)


def risk_buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """Change the band, or see the lower one that somebody proposed."""
    case = parties.case
    if not may_change_risk(case):
        return ()
    waiting = risk_changes.find_waiting(turn.session, case.id)
    if waiting is not None:
        return (Button(turn.words.plain("officer_risk.waits.button"), f"v:why:{case.id}"),)
    return (Button(turn.words.plain("officer_risk.open.button"), f"v:risk:{case.id}:{case.version}"),)


def link_buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """The cases that belong to this one, or may; only those that are theirs to open are counted."""
    case = parties.case
    if case.kind not in VISITED:
        return ()
    found = sum(sees(turn, one.case) for one in links.list_related(turn.session, case.id))
    plain = turn.words.plain
    label = plain("links.open.button", number=str(found)) if found else plain("links.first.button")
    return (Button(label, f"v:links:{case.id}"),)
