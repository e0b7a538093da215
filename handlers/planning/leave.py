"""`/leave`: who is away, from when to when, and who stands in; planned, changed, and ended early.

While it lasts, `storage.team` sends all that would go to the person to their deputy.
"""

from __future__ import annotations

from casework.roles import Permission
from handlers.keyboards import Button, Rows, columns
from handlers.officers.access import allowed, number_in, refuse
from handlers.officers.labels import deadline_line
from handlers.officers.notices import recipients
from handlers.officers.queue import pager
from handlers.planning.leave_form import KIT, LEAVE, about_person, deputies_for, name_of
from handlers.planning.returning import tell_back
from handlers.turn import Turn, tell
from handlers.words import Html
from storage import leave
from storage.leave import Absence, LeaveEnd
from storage.models import Leave, Person
from storage.team import load_team

PAGE = 10
MOST_SHOWN = 20


def show(turn: Turn) -> None:
    """``/leave``: what is planned, of everybody for a manager, otherwise what concerns the person."""
    if not allowed(turn):
        refuse(turn)
        return
    manager = allowed(turn, Permission.ASSIGN)
    found = leave.list_planned(turn.session, turn.today, None if manager else turn.person.id)[:MOST_SHOWN]
    lines = [turn.words("leave.top"), *(_line(turn, one) for one in found)]
    if not found:
        lines.append(turn.words("leave.nobody"))
    plain = turn.words.plain
    plan = [Button(plain("leave.own.button"), f"j:plan:{turn.person.id}")]
    if manager:
        plan.append(Button(plain("leave.other.button"), "j:who:0"))
    rows = tuple(_leave_row(turn, one) for one in found)
    turn.say(Html("\n".join(lines)), (*rows, tuple(plan)))


def _line(turn: Turn, one: Absence) -> Html:
    return turn.words(
        "leave.line",
        name=name_of(turn.words, one.person),
        first=turn.words.day(one.leave.first_on, turn.today),
        last=turn.words.day(one.leave.last_on, turn.today),
        deputy=name_of(turn.words, one.deputy),
    )


def _leave_row(turn: Turn, one: Absence) -> tuple[Button, ...]:
    """Change and end for whom it is theirs, or a manager; their work for the deputy while it lasts."""
    plain, name, row = turn.words.plain, name_of(turn.words, one.person), one.leave
    found: tuple[Button, ...] = ()
    if _may_change(turn, one):
        found = (
            Button(plain("leave.change.button", name=name), f"j:change:{row.id}"),
            Button(plain("leave.end.button", name=name), f"j:end:{row.id}"),
        )
    if row.first_on <= turn.today and row.deputy_id == turn.person.id:
        found = (*found, Button(plain("leave.work.button", name=name), f"j:work:{row.id}:0"))
    return found


def _may_change(turn: Turn, one: Absence) -> bool:
    return one.leave.person_id == turn.person.id or allowed(turn, Permission.ASSIGN)


def who_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:who:<page>``: a manager chooses whose leave it is."""
    if not allowed(turn, Permission.ASSIGN):
        refuse(turn)
        return
    page = number_in(parts, 2) or 0
    team = list(load_team(turn.session, turn.today).people.values())
    shown = team[page * PAGE : (page + 1) * PAGE]
    names = tuple(Button(name_of(turn.words, one), f"j:plan:{one.id}") for one in shown)
    more = len(team) > (page + 1) * PAGE
    turn.say(turn.words("leave.other.ask"), (*columns(names, 2), pager(turn, "j:who", page, more)))


def plan_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:plan:<person_id>``: from when?"""
    number = number_in(parts, 2)
    if not allowed(turn) or (number != turn.person.id and not allowed(turn, Permission.ASSIGN)):
        refuse(turn)
        return
    person = load_team(turn.session, turn.today).people.get(number or 0)
    if person is None:
        show(turn)
        return
    _begin(turn, person)


def change_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:change:<leave_id>``: the same questions; what they give takes the old one's place."""
    found = _changeable(turn, parts)
    if found is not None:
        _begin(turn, found.person, found.leave)


def _begin(turn: Turn, person: Person, changed: Leave | None = None) -> None:
    deputies = deputies_for(turn, person)
    if not deputies:
        turn.say(turn.words("leave.no_deputy"))
        return
    KIT.begin(turn, LEAVE, about_person(turn.words, person, deputies, changed))


def end_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:end:<leave_id>``: back early, or called off."""
    found = _changeable(turn, parts, lock=True)
    if found is None:
        return
    leave.end_leave(found.leave, LeaveEnd.ENDED, turn.now)
    turn.session.flush()
    turn.say(turn.words("leave.ended", name=name_of(turn.words, found.person)))
    if found.leave.first_on <= turn.today:
        tell_back(turn.session, turn.service, found, turn.now)
    for reader in recipients([found.deputy]):
        words = turn.service.words(reader.language)
        text = words("leave.notice.ended", name=name_of(words, found.person))
        tell(turn.session, reader, text, now=turn.now)


def _changeable(turn: Turn, parts: list[str], *, lock: bool = False) -> Absence | None:
    """The leave, where it is not over and this person may change it; None after saying why not."""
    if not allowed(turn):
        refuse(turn)
        return None
    number = number_in(parts, 2)
    found = leave.find_absence(turn.session, number) if number is not None else None
    if found is not None and lock:
        leave.lock_person(turn.session, found.person.id)
        turn.session.refresh(found.leave)
    if found is None or found.leave.ended_at is not None or found.leave.last_on < turn.today:
        turn.say(turn.words("leave.gone"))
        return None
    if not _may_change(turn, found):
        turn.say(turn.words("leave.not_yours"))
        return None
    return found


def work_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:work:<leave_id>:<page>``: the open cases of somebody who is away, for who stands in for them now."""
    number, page = number_in(parts, 2), number_in(parts, 3) or 0
    found = leave.find_absence(turn.session, number) if number is not None else None
    if found is None or not allowed(turn) or not _is_on(turn, found):
        turn.say(turn.words("leave.gone"))
        return
    if found.leave.deputy_id != turn.person.id and not allowed(turn, Permission.ASSIGN):
        turn.say(turn.words("leave.not_yours"))
        return
    words, name = turn.words, name_of(turn.words, found.person)
    work = leave.list_work_of(turn.session, found.person.id, offset=page * PAGE, limit=PAGE + 1)
    if not work:
        turn.say(words("leave.work.none", name=name))
        return
    lines = [
        words("leave.work.top", name=name, last=words.day(found.leave.last_on, turn.today)),
        *(
            words(
                "officer.line",
                reference=case.reference,
                what=deadline_line(words, turn.service, row, turn.today)
                if row is not None
                else words.plain("leave.work.no_date"),
            )
            for case, row in work[:PAGE]
        ),
    ]
    cards = tuple(Button(case.reference, f"o:{case.id}") for case, _ in work[:PAGE])
    rows: Rows = (*columns(cards, 2), pager(turn, f"j:work:{found.leave.id}", page, len(work) > PAGE))
    turn.say(Html("\n".join(lines)), rows)


def _is_on(turn: Turn, found: Absence) -> bool:
    row = found.leave
    return row.ended_at is None and row.first_on <= turn.today <= row.last_on
