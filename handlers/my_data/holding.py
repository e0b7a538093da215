"""A manager keeps a case from being deleted: for a court, a review, an appeal or a request about data."""

from __future__ import annotations

from casework.references import Mistyped, find_reference
from casework.roles import Permission
from handlers.officers.access import allowed, refuse
from handlers.turn import Turn
from storage import cases, data_rights
from storage.models import Case


def hold(turn: Turn) -> None:
    """``/hold KM4P-X7RB the reason``."""
    case = _case(turn)
    if case is None:
        return
    reason = turn.incoming.argument.partition(" ")[2].strip()
    if not reason:
        turn.say(turn.words("officer_data.hold.why", reference=case.reference))
        return
    data_rights.add_hold(turn.session, case.id, reason, by=turn.person.id, now=turn.now)
    _record(turn, case, "held", reason)
    turn.say(turn.words("officer_data.hold.done", reference=case.reference))


def release(turn: Turn) -> None:
    """``/unhold KM4P-X7RB``."""
    case = _case(turn)
    if case is None:
        return
    if data_rights.end_holds(turn.session, case.id, turn.now):
        _record(turn, case, "released", "")
    turn.say(turn.words("officer_data.hold.ended", reference=case.reference))


def _case(turn: Turn) -> Case | None:
    """The case that was named; None after saying why not."""
    if not allowed(turn, Permission.HOLD_CASE):
        refuse(turn)
        return None
    found = find_reference(turn.incoming.argument)
    case = None
    if found is not None and not isinstance(found, Mistyped):
        case = cases.find_by_reference(turn.session, found)
    if case is None:
        turn.say(turn.words("officer_data.hold.which"))
    return case


def _record(turn: Turn, case: Case, kind: str, reason: str) -> None:
    cases.record_event(
        turn.session, case_id=case.id, kind=kind, actor=turn.actor, now=turn.now, detail={"reason": reason}
    )
