"""One case of the person's own: where it stands, what happened so far, and what they can do about it."""

from __future__ import annotations

from datetime import date

from casework.cases import DeadlineKind
from casework.following import last_day_to_reopen, may_reopen
from casework.roles import may_open
from handlers import case_review, expecting
from handlers.confirmation import worked_out
from handlers.following import reviews, standing
from handlers.following.own import is_report_of, is_running, own_case, own_report
from handlers.keyboards import Button, Rows, columns
from handlers.officers import reporter
from handlers.officers.access import number_in
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, deadlines, following
from storage.following import OwnCase, Standing
from storage.models import AsbReport, Case, CaseEvent, Closure

LAST_EVENTS = 8
RUNNING = ("write", "worse", "stopped", "withdraw")


def open_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:open:<case_id>``."""
    case = own_case(turn, number_in(parts, 2))
    if case is not None:
        expecting.forget(turn)
        show(turn, case)


def open_own(turn: Turn, reference: str) -> bool:
    """A reference that they typed, where it is a case of their own; False for all others, whoever's they are."""
    case = cases.find_by_reference(turn.session, reference)
    if case is None or not reporter.is_theirs(turn, case) or may_open(turn.actor, case.district):
        return False
    show(turn, case)
    return True


def show(turn: Turn, case: Case, *, above: Html | None = None) -> None:
    """The case in a new message, ``above`` it what was just done."""
    found = _own(turn, case)
    now = following.standings(turn.session, [case.id])[case.id]
    closure = following.last_closure(turn.session, case.id) if not is_running(case) else None
    blocks = [above] if above else []
    blocks.append(Html("\n".join([*standing.lines(turn, found, now), *_closed(turn, case, closure)])))
    if history := _history(turn, case):
        blocks.append(Html("\n".join([turn.words("following.history.label"), *history])))
    count = _count(turn) if is_report_of(turn, case) else []
    if count:
        blocks.append(Html("\n".join(count)))
    turn.say(Html("\n\n".join(blocks)), _buttons(turn, case, now, review=bool(count)), case_id=case.id)


def _count(turn: Turn) -> list[Html]:
    since = case_review.since(turn)
    found = following.list_own_reports(turn.session, turn.person.id, since)
    return reviews.counted(turn, found, following.list_more(turn.session, turn.person.id, since))


def _own(turn: Turn, case: Case) -> OwnCase:
    detail = cases.detail_of(turn.session, case)
    if not isinstance(detail, AsbReport):
        return OwnCase(case, None, None, False)
    return OwnCase(case, detail.category, detail.last_happened_on, detail.approximate)


def _closed(turn: Turn, case: Case, closure: Closure | None) -> list[Html]:
    """When and why it was closed, and until when the person can open it again."""
    if closure is None or not is_report_of(turn, case):
        return []
    closed_on = turn.service.calendar.local_day(closure.at)
    said = [
        turn.words(
            "following.closed.when",
            day=turn.words.day(closed_on, turn.today),
            why=turn.words.plain(f"following.reason.{closure.reason}.name"),
        )
    ]
    if closure.done:
        said.append(turn.words("following.closed.done", done=closure.done))
    if may_reopen(case.status, closed_on, turn.today, turn.service.policy):
        until = last_day_to_reopen(closed_on, turn.service.policy)
        said.append(turn.words("following.closed.again", day=turn.words.day(until, turn.today)))
    return said


def _history(turn: Turn, case: Case) -> list[Html]:
    return [
        line
        for event in following.each_public_event(turn.session, case.id, LAST_EVENTS)
        if (line := _event(turn, event)) is not None
    ]


def _event(turn: Turn, event: CaseEvent) -> Html | None:
    key = f"following.event.{event.kind}.name"
    if not turn.words.has(key):
        return None
    day = turn.words.day(turn.service.calendar.local_day(event.at), turn.today)
    return turn.words("following.history.line", day=day, what=turn.words.plain(key))


def _buttons(turn: Turn, case: Case, now: Standing, *, review: bool) -> Rows:
    plain = turn.words.plain
    rows: Rows = ()
    if is_report_of(turn, case) and is_running(case):
        acts = tuple(Button(plain(f"following.{act}.button"), f"k:{act}:{case.id}") for act in RUNNING)
        rows = columns(acts, 2)
        if standing.promise_of(now) is not None:
            rows = (*rows, (Button(plain("following.why.button"), f"k:why:{case.id}"),))
    elif is_report_of(turn, case) and may_reopen(
        case.status, closed_on(turn, case), turn.today, turn.service.policy
    ):
        rows = ((Button(plain("following.reopen.button"), f"k:reopen:{case.id}"),),)
    last = (reviews.button(turn),) if review else ()
    return (*rows, last, (Button(plain("following.all.button"), "k:list"),))


def closed_on(turn: Turn, case: Case) -> date | None:
    """The local day on which it was closed; None while it is open."""
    return None if case.closed_at is None else turn.service.calendar.local_day(case.closed_at)


def why_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:why:<case_id>``: how the day was worked out that the person was told."""
    case = own_report(turn, number_in(parts, 2))
    if case is None:
        return
    now = following.standings(turn.session, [case.id])[case.id]
    first = standing.promise_of(now)
    rows = ((Button(turn.words.plain("following.open.button"), f"k:open:{case.id}"),),)
    if first is None:
        turn.say(standing.what_comes(turn, case, now), rows, case_id=case.id)
        return
    row = next(one for one in now.deadlines if one.id == first[0])
    working = deadlines.working_of(row)
    said = [turn.words("following.why.top", day=turn.words.day(row.due_on, turn.today))]
    said.append(worked_out(turn, working))
    if first[1].missed:
        said.append(standing.what_comes(turn, case, now))
    if row.kind == DeadlineKind.CONTACT:
        said.append(turn.words("following.why.contact"))
    turn.say(Html("\n\n".join(said)), rows, case_id=case.id)
