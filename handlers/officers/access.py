"""The one place where it is decided whether somebody may see or change a case. It answers those who may not."""

from __future__ import annotations

from casework.errors import NotPermitted, NotYourCase
from casework.roles import Permission, may, require_open
from handlers.keyboards import Button
from handlers.turn import Turn
from storage import cases
from storage.cases import Parties, View
from storage.models import Case


def case_to_open(turn: Turn, case_id: int | None) -> Parties | None:
    """The case with its people, for whom it is theirs to open; None after saying why not."""
    found = cases.find_parties(turn.session, case_id) if case_id is not None and allowed(turn) else None
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
        district = turn.service.policy.district(case.district).name if case.district else ""
        turn.say(turn.words("officer.not_your_district", district=district))
    else:
        return True
    return False


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
