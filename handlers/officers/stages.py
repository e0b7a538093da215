"""Formal steps against what happens, from the warning letter to the injunction: recorded with their day."""

from __future__ import annotations

from datetime import date

from casework.powers import FIRST, Stage, may_record, possible_stages
from casework.roles import Permission
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.text import ShortText
from handlers.forms.kinds.when import When
from handlers.keyboards import Button
from handlers.officers import acts, card
from handlers.officers.access import case_to_open, number_in, queue_row
from handlers.officers.labels import status_name
from handlers.officers.notes import card_row, still_theirs
from handlers.turn import Turn
from handlers.words import Html
from storage.case_events import STAGE, list_stages
from storage.cases import Parties


def buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """Recording a step, while the case is open."""
    if not any(move.name == STAGE for move in card.possible_moves(turn, parties)):
        return ()
    return (Button(turn.words.plain("officer_acts.stage.button"), f"h:stage:{parties.case.id}"),)


def begin(turn: Turn, parts: list[str]) -> None:
    """``h:stage:<case_id>``: which step, and when?"""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    if not buttons(turn, parties):
        state = status_name(turn.words, parties.case)
        card.show(turn, card.load(turn, parties), above=turn.words("officer.not_now", status=state))
        return
    stages = [stage.value for stage in possible_stages(_recorded(turn, parties.case.id))]
    KIT.begin(turn, FORM, {ABOUT: {"case": parties.case.id, "stages": stages}})


def _recorded(turn: Turn, case_id: int) -> dict[Stage, date]:
    """The first day of each step that was recorded."""
    days: dict[Stage, date] = {}
    for event in list_stages(turn.session, case_id):
        stage, on = Stage(event.detail["stage"]), date.fromisoformat(event.detail["on"])
        days[stage] = min(on, days.get(stage, on))
    return days


def may_send(turn: Turn, answers: Answers) -> Html | None:
    """A notice cannot have come before its warning."""
    stage, on = Stage(answers["stage"]), date.fromisoformat(answers["day"]["day"])
    recorded = _recorded(turn, int(answers[ABOUT]["case"]))
    if may_record(stage, on, turn.today, recorded):
        return None
    first = FIRST.get(stage)
    warned = recorded.get(first) if first is not None else None
    if warned is None:
        return turn.words("officer_acts.stage.no_warning")
    return turn.words("officer_acts.stage.before_warning", day=turn.words.day(warned, turn.today))


def finish(turn: Turn, answers: Answers) -> Receipt:
    """A line of the history; a step that was taken stays taken, whatever else happens to the case."""
    parties = still_theirs(turn, answers)
    if parties is None:
        return Receipt(turn.words("officer_acts.form.gone"), (queue_row(turn),))
    case = parties.case
    move = next((move for move in card.possible_moves(turn, parties) if move.name == STAGE), None)
    if move is None:
        state = status_name(turn.words, case)
        return Receipt(turn.words("officer.not_now", status=state), (card_row(turn, case.id),))
    words = {"words": answers["words"]} if answers.get("words") else {}
    acts.make_move(turn, parties, move, stage=answers["stage"], on=answers["day"]["day"], **words)
    return Receipt(turn.words("officer_stage.sent", reference=case.reference), (card_row(turn, case.id),))


def _stages(asking: Asking) -> tuple[str, ...]:
    return tuple(asking.answers.get(ABOUT, {}).get("stages") or [stage.value for stage in Stage])


FORM = Form(
    name="officer_stage",
    permission=Permission.OPEN_CASE,
    questions=(
        Question("stage", Choice(_stages, across=1)),
        Question("day", When()),
        Question("words", ShortText(), optional=True),
    ),
    finish=finish,
    may_send=may_send,
    watches_danger=False,
)
KIT = FormKit((FORM,), leave=lambda *_: None)
