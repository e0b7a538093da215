"""A manager gives a case to somebody: those who can have it by name, the one who carries least first."""

from __future__ import annotations

from casework.workload import Load, lightest_first
from handlers.keyboards import Button, Rows
from handlers.officers import acts, card
from handlers.officers.access import number_in
from handlers.officers.new_contact import tell_new_contacts
from handlers.officers.queue import pager
from handlers.turn import Turn
from storage import leaving, workload
from storage.cases import Parties
from storage.people import display_name, get_person
from storage.team import load_team

GIVING = ("assign", "reassign")
PAGE = 8


def buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """Giving a case that somebody has to somebody else."""
    case = parties.case
    if not any(move.name == "reassign" for move in card.possible_moves(turn, parties)):
        return ()
    label = turn.words.plain("officer.act.reassign.button")
    return (Button(label, f"h:reassign:{case.id}:{case.version}"),)


def asked(turn: Turn, parts: list[str]) -> None:
    """``h:assign:<case_id>:<version>:<page>`` (or ``reassign``): who should have it?"""
    found = acts.lock_for(turn, number_in(parts, 2), number_in(parts, 3), *GIVING)
    if found is not None:
        _ask(turn, found[0], number_in(parts, 4) or 0)


def chosen(turn: Turn, parts: list[str]) -> None:
    """``h:own:<case_id>:<version>:<person_id>``: the case is theirs.

    Their role is locked before the case: whose access ends at this moment gets nothing.
    """
    wanted = number_in(parts, 4)
    works_here = wanted is not None and wanted in leaving.lock_current(turn.session, [wanted])
    found = acts.lock_for(turn, number_in(parts, 2), number_in(parts, 3), *GIVING)
    if found is None:
        return
    parties, move = found
    able = {load.person_id for load in who_can_have(turn, parties)}
    if wanted is None or not works_here or wanted not in able:
        _ask(turn, parties, 0, key="officer_acts.owner.not_theirs")
        return
    former, owner = parties.owner, get_person(turn.session, wanted)
    acts.make_move(turn, parties, move, owner=owner)
    if former is not None and parties.reporter is not None:
        tell_new_contacts(turn, [(parties.case, owner)], {parties.reporter.id: parties.reporter})
    above = turn.words("officer_acts.owner.done", name=display_name(owner))
    acts.show_again(turn, parties, above)


def who_can_have(turn: Turn, parties: Parties) -> list[Load]:
    """Whom the case can be given to, the lightest load first; nobody who is on leave, or has it already."""
    case = parties.case
    loads = workload.list_loads_of(turn.session, turn.now, case.district)
    away = load_team(turn.session, turn.today).away
    found = lightest_first(loads, turn.service.policy.workload, district=case.district, away=frozenset(away))
    return [load for load in found if load.person_id != case.owner_id]


def _ask(turn: Turn, parties: Parties, page: int, *, key: str = "officer_acts.owner.ask") -> None:
    case = parties.case
    people = who_can_have(turn, parties)
    first = min(page, max(0, (len(people) - 1) // PAGE)) * PAGE
    names: Rows = tuple(
        (Button(_label(turn, load), f"h:own:{case.id}:{case.version}:{load.person_id}"),)
        for load in people[first : first + PAGE]
    )
    data = f"h:assign:{case.id}:{case.version}"
    rows = (*names, pager(turn, data, first // PAGE, first + PAGE < len(people)), back_row(turn, parties))
    acts.show_again(turn, parties, turn.words(key if people else "officer_acts.owner.nobody"), rows)


def _label(turn: Turn, load: Load) -> str:
    name = load.name or turn.words.plain("officer.role.officer.name")
    return str(turn.words.plural("officer_acts.owner.load.label", load.open, name=name))


def back_row(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """Back to the card's own buttons; nothing is done."""
    return (Button(turn.words.plain("officer_acts.back.button"), f"h:card:{parties.case.id}"),)
