"""The person says how it goes without writing much: it got worse, it stopped, or they take their report back."""

from __future__ import annotations

from casework.cases import CaseKind, CloseReason, DeadlineKind, RiskBand, find_move
from casework.following import closes_when_withdrawn
from handlers import expecting
from handlers.following import one, writing
from handlers.following.own import is_running, own_report
from handlers.keyboards import Button
from handlers.officers import case_news, closing, timing
from handlers.officers.access import number_in
from handlers.safety import EMERGENCY
from handlers.turn import Turn
from storage import cases, following
from storage.models import Case


def worse_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:worse:<case_id>``: the team is told at once, then the person is asked what has changed."""
    case = _running(turn, parts)
    if case is None:
        return
    _signal(turn, case, "worse")
    days = timing.start(turn.session, turn.service, case, (DeadlineKind.ANSWER,), turn.now)
    day = turn.words.day(days[DeadlineKind.ANSWER], turn.today)
    expecting.expect(turn, writing.REPLY, case.id)
    emergency = turn.service.policy.contact(EMERGENCY).value
    text = turn.words("following.worse.ask", reference=case.reference, day=day, emergency=emergency)
    questions = (Button(turn.words.plain("following.worse.questions"), f"x:risk:{case.id}"),)
    turn.say(text, (questions,), case_id=case.id)


def stopped_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:stop:<case_id>``: the team is told; the report stays open unless they close it."""
    case = _running(turn, parts)
    if case is None:
        return
    _signal(turn, case, "stopped")
    rows = (
        (Button(turn.words.plain("following.stopped.close"), f"k:withdraw:{case.id}"),),
        (Button(turn.words.plain("following.stopped.keep"), f"k:open:{case.id}"),),
    )
    turn.say(turn.words("following.stopped.told", reference=case.reference), rows, case_id=case.id)


def withdraw_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:withdraw:<case_id>``: asked once more."""
    case = _running(turn, parts)
    if case is None:
        return
    rows = (
        (Button(turn.words.plain("following.withdraw.yes"), f"k:taken:{case.id}"),),
        (Button(turn.words.plain("following.withdraw.no"), f"k:open:{case.id}"),),
    )
    turn.say(turn.words("following.withdraw.ask", reference=case.reference), rows, case_id=case.id)


def withdrawn_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:taken:<case_id>``: closed; at high risk an officer speaks to them first."""
    case = _running(turn, parts)
    if case is None:
        return
    if not closes_when_withdrawn(RiskBand(case.risk)):
        _signal(turn, case, "withdraw_asked")
        days = timing.start(turn.session, turn.service, case, (DeadlineKind.ANSWER,), turn.now)
        day = turn.words.day(days[DeadlineKind.ANSWER], turn.today)
        turn.say(turn.words("following.withdraw.first", reference=case.reference, day=day), case_id=case.id)
        return
    move = find_move(CaseKind(case.kind), case.status, "withdraw", turn.actor.role)
    case_news.tell_caretakers(turn.session, turn.service, case, "messages.notice.withdraw", turn.now)
    closing.close(turn, case, move, CloseReason.WITHDRAWN, done=None)
    one.show(turn, case, above=turn.words("following.withdraw.done", reference=case.reference))


def _running(turn: Turn, parts: list[str]) -> Case | None:
    """Their own open report, locked; None after showing a closed one as it is."""
    case = own_report(turn, number_in(parts, 2), lock=True)
    if case is not None and not is_running(case):
        one.show(turn, case)
        return None
    expecting.forget(turn)
    return case


def _signal(turn: Turn, case: Case, kind: str) -> None:
    """A line of the history, and a notice to whoever has the case; the same tap again is no more news."""
    last_at = following.last_event_at(turn.session, case.id, kind)
    if last_at is not None and turn.now - last_at < writing.TOLD_ANEW_AFTER:
        return
    cases.record_event(turn.session, case_id=case.id, kind=kind, actor=turn.actor, now=turn.now, public=True)
    case_news.tell_caretakers(turn.session, turn.service, case, f"messages.notice.{kind}", turn.now)
