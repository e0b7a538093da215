"""After a case is closed: the person opens it again with a tap, and says in two taps how it went."""

from __future__ import annotations

from casework.following import may_reopen
from handlers import expecting
from handlers.following import one
from handlers.following.own import is_running, own_report
from handlers.keyboards import Button, Rows
from handlers.officers import closing
from handlers.officers.access import number_in
from handlers.turn import Turn
from storage import cases
from storage.models import Closure

QUESTIONS: dict[str, tuple[str, ...]] = {
    "better": ("yes", "same", "no"),
    "informed": ("yes", "partly", "no"),
}
"""The two questions, each with its answers, in the order in which they are asked."""


def reopen_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:reopen:<case_id>``: within the days that the policy gives; later it says to report it again."""
    case = own_report(turn, number_in(parts, 2), lock=True)
    if case is None:
        return
    expecting.forget(turn)
    if is_running(case):
        one.show(turn, case)
        return
    if not may_reopen(case.status, one.closed_on(turn, case), turn.today, turn.service.policy):
        report = Button(turn.words.plain("menu.report.button"), "m:report")
        turn.say(turn.words("following.reopen.late"), ((report,),), case_id=case.id)
        return
    closing.reopen(turn, case)
    one.show(turn, case, above=turn.words("following.reopen.done", reference=case.reference))


def feedback_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:asked:<closure_id>`` asks; ``k:asked:<closure_id>:<question>:<answer>`` keeps the answer, and asks on."""
    closure = _own_closure(turn, number_in(parts, 2))
    if closure is None:
        return
    question, answer = (parts[3], parts[4]) if len(parts) == 5 else ("", "")
    if answer in QUESTIONS.get(question, ()):
        setattr(closure, question, answer)
    following_question = next((key for key in QUESTIONS if getattr(closure, key) is None), None)
    if following_question is not None:
        turn.say(
            turn.words(f"following.feedback.{following_question}.ask"),
            _answers(turn, closure, following_question),
        )
        return
    if answer:
        cases.record_event(
            turn.session,
            case_id=closure.case_id,
            kind="feedback",
            actor=turn.actor,
            now=turn.now,
            detail={"better": closure.better, "informed": closure.informed},
        )
    turn.say(
        turn.words("following.feedback.thanks"),
        ((Button(turn.words.plain("following.all.button"), "k:list"),),),
    )


def _answers(turn: Turn, closure: Closure, question: str) -> Rows:
    return tuple(
        (
            Button(
                turn.words.plain(f"following.feedback.{question}.choice.{answer}"),
                f"k:asked:{closure.id}:{question}:{answer}",
            ),
        )
        for answer in QUESTIONS[question]
    )


def _own_closure(turn: Turn, closure_id: int | None) -> Closure | None:
    """The closing of a report of their own; None after saying that there is nothing to see."""
    closure = turn.session.get(Closure, closure_id) if closure_id is not None else None
    if own_report(turn, closure.case_id if closure is not None else None) is None:
        return None
    return closure
