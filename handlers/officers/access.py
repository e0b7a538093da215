"""The one place where it is decided whether somebody may see or change a case. It answers those who may not."""

from __future__ import annotations

from casework.errors import NotPermitted, NotYourCase
from casework.roles import Permission, may, may_open, require_open
from handlers.keyboards import Button
from handlers.turn import Turn
from storage import cases
from storage.cases import Parties, View
from storage.models import Case
from storage.team import load_team


def case_to_open(turn: Turn, case_id: int | None, *, lock: bool = False) -> Parties | None:
    """The case with its people, for whom it is theirs to open; None after saying why not.

    ``lock``: nobody else adds to its history until this act is over.
    """
    may_look = case_id is not None and allowed(turn)
    found = cases.find_parties(turn.session, case_id, lock=lock) if may_look and case_id is not None else None
    if found is None:
        if allowed(turn):
            turn.say(turn.words("officer.gone"), (queue_row(turn),))
        else:
            refuse(turn)
        return None
    return found if may_see(turn, found.case) else None


def may_see(turn: Turn, case: Case) -> bool:
    """Whether the case is theirs to open; False after saying why not."""
    try:
        require_open(turn.actor, case.district)
    except NotPermitted:
        refuse(turn)
    except NotYourCase:
        if _looks_after(turn, case):
            return True
        district = turn.service.policy.district(case.district).name if case.district else ""
        turn.say(turn.words("officer.not_your_district", district=district))
    else:
        return True
    return False


def sees(turn: Turn, case: Case) -> bool:
    """Whether the case is theirs to open; says nothing."""
    return may_open(turn.actor, case.district) or (allowed(turn) and _looks_after(turn, case))


def _looks_after(turn: Turn, case: Case) -> bool:
    """Whether the case is theirs, wherever it is, or is so while somebody else is on leave.

    A deputy keeps what they took when the leave is over, and is reminded of it: so they can open it.
    """
    if case.owner_id == turn.person.id:
        return True
    team = load_team(turn.session, turn.today)
    standing_in = team.away and [*team.caretakers(case), *team.all_managers()]
    return any(person.id == turn.person.id for person in standing_in or ())


def allowed(turn: Turn, permission: Permission = Permission.OPEN_CASE) -> bool:
    """Whether the person's role includes this."""
    return may(turn.actor.role, permission)


def refuse(turn: Turn) -> None:
    """This is for the team."""
    turn.say(turn.words("case.for_the_team"))


def view_of(turn: Turn) -> View:
    """Whose cases the person works with: of their districts, or all for a manager."""
    everything = allowed(turn, Permission.ASSIGN)
    return View(turn.person.id, None if everything else turn.actor.districts)


def queue_row(turn: Turn) -> tuple[Button, ...]:
    """Back to the queue, at the page where they were."""
    return (Button(turn.words.plain("officer.back.button"), "q:back"),)


def number_in(parts: list[str], place: int) -> int | None:
    """The number at a place of a button's data; None where there is none: data can be forged."""
    text = parts[place] if place < len(parts) else ""
    return int(text) if text.isdecimal() and len(text) < 19 else None
