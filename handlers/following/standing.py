"""Where a case stands, who the person's contact is and what comes by when, in words for the person."""

from __future__ import annotations

from casework.cases import CaseKind, DeadlineKind
from casework.following import Promise, next_promise
from handlers.following.own import is_running
from handlers.officers import reporter
from handlers.turn import Turn
from handlers.words import Html
from storage.following import OwnCase, Standing
from storage.models import Case
from storage.people import display_name


def lines(turn: Turn, found: OwnCase, standing: Standing) -> list[Html]:
    """The case in three or four lines."""
    case = found.case
    said = [head(turn, found), reporter.standing(turn, case)]
    if is_running(case) and case.kind == CaseKind.ASB_REPORT:
        said += [contact(turn, case, standing), what_comes(turn, case, standing)]
    return said


def head(turn: Turn, found: OwnCase) -> Html:
    """Reference, what it is about, and the day on which it came."""
    day = turn.service.calendar.local_day(found.case.received_at)
    return turn.words(
        "following.case.top",
        reference=found.case.reference,
        what=about(turn, found),
        day=turn.words.day(day, turn.today),
    )


def about(turn: Turn, found: OwnCase) -> str:
    """What it is about, as the person chose it; for what is no report, what it is."""
    words = turn.words
    if found.category is None:
        return words.plain(f"following.kind.{found.case.kind}.name")
    key = f"report.category.choice.{found.category}"
    return words.plain(key) if words.has(key) else found.category.replace("_", " ")


def contact(turn: Turn, case: Case, standing: Standing) -> Html:
    """The officer by name; the team where nobody has it, or the officer has left."""
    team = turn.service.policy.team_of(case.district)
    name = display_name(standing.owner) if standing.owner is not None else ""
    if name:
        return turn.words("following.contact.officer", name=name, team=team)
    return turn.words("following.contact.team", team=team)


def what_comes(turn: Turn, case: Case, standing: Standing) -> Html:
    """What the person hears next and by when; after that day it says to call, and promises nothing any more."""
    phone = turn.service.policy.phone_of(case.district).value
    promise = next_promise(standing.promises.values())
    if promise is None:
        acknowledge = next((d for d in standing.deadlines if d.kind == DeadlineKind.ACKNOWLEDGE), None)
        if acknowledge is None or acknowledge.due_on < turn.today:
            return turn.words("following.next.none", phone=phone)
        return turn.words("following.next.acknowledge", day=turn.words.day(acknowledge.due_on, turn.today))
    day = turn.words.day(promise.day, turn.today)
    if promise.is_missed(turn.today):
        return turn.words("following.next.late", day=day, phone=phone)
    return turn.words(f"following.next.{promise.kind.value}", day=day)


def promise_of(standing: Standing) -> tuple[int, Promise] | None:
    """The promise that comes first, with the id of its deadline."""
    first = next_promise(standing.promises.values())
    return next(((key, one) for key, one in standing.promises.items() if one is first), None)
