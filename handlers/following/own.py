"""Whether a case is this person's. Of others' they read the same words as of one that does not exist."""

from __future__ import annotations

from casework.cases import CaseKind, is_open
from handlers.officers import reporter
from handlers.turn import Turn
from storage import cases
from storage.models import Case


def own_case(turn: Turn, case_id: int | None, *, lock: bool = False) -> Case | None:
    """The case, where this person reported or referred it; None after saying that there is nothing to see."""
    found = cases.find_case(turn.session, case_id) if case_id is not None else None
    if found is None or not reporter.is_theirs(turn, found):
        turn.say(turn.words("case.not_yours"))
        return None
    return cases.lock_case(turn.session, found.id) if lock else found


def own_report(turn: Turn, case_id: int | None, *, lock: bool = False) -> Case | None:
    """As ``own_case``, and a report that they sent themselves: what they can write about and take back."""
    found = own_case(turn, case_id, lock=lock)
    if found is not None and not is_report_of(turn, found):
        turn.say(turn.words("case.not_yours"))
        return None
    return found


def is_report_of(turn: Turn, case: Case) -> bool:
    """Whether it is a report that this person sent."""
    return case.kind == CaseKind.ASB_REPORT and case.reporter_id == turn.person.id


def is_running(case: Case) -> bool:
    """Whether somebody still works on it."""
    return is_open(CaseKind(case.kind), case.status)
