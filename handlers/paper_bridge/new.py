"""``/new``: an officer keys in a call, a letter or a visit; then the same form as everybody's goes on from there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework.cases import Channel
from casework.roles import Permission
from handlers.forms.flow import ABOUT, Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.kind import Asking, Screen
from handlers.forms.kinds.phone import Phone
from handlers.forms.kinds.text import ShortText
from handlers.forms.kinds.when import When
from handlers.keyed_in import PAPER
from handlers.my_data.opening import begin
from handlers.officers.access import allowed, refuse
from handlers.refer_resident import REFER
from handlers.report_problem import REPORT
from handlers.turn import Turn

NAME = "paper_bridge"
CHANNELS = tuple(channel.value for channel in Channel if channel is not Channel.TELEGRAM)
REPORTED, REFERRED = "report", "refer"


class Received(When):
    """The day on which it reached the team. That nothing is happening now goes without saying."""

    def screen(self, asking: Asking) -> Screen:
        """Today and yesterday by a tap, everything else typed."""
        shown = super().screen(asking)
        rows = tuple(tuple(one for one in row if one.value != "now") for row in shown.options)
        return replace(shown, options=rows)


def begin_new(turn: Turn) -> None:
    """``/new``."""
    if allowed(turn, Permission.KEY_IN):
        begin(turn, KEY_IN)
    else:
        refuse(turn)


def go_on(turn: Turn, answers: Answers) -> Receipt:
    """What was asked so far goes along with the report or the referral, which begins at once."""
    known = {key: answers.get(key) for key in ("channel", "when", "name", "address", "phone", "reach")}
    form = REFER if answers["what"] == REFERRED else REPORT
    first = _known_of_referral(known) if form is REFER else _known_of_report(known)
    turn.afterwards.append(lambda: begin(turn, form, {ABOUT: {PAPER: known}, **first}))
    return Receipt(turn.words(f"paper_bridge.go_on.{answers['what']}"))


def _known_of_report(known: dict[str, Any]) -> Answers:
    """What the officer was asked already: the report doesn't ask it again."""
    first: Answers = {"who": {"name": known["name"]}}
    if known["name"] is not None:
        first["phone"] = known["phone"]
        if known["phone"] is not None:
            first["safe"] = "chat_only" if known["reach"] == "write" else "call_only"
    return first


def _known_of_referral(known: dict[str, Any]) -> Answers:
    return {key: known[key] for key in ("name", "phone") if known[key] is not None}


_NAMED = (Only.when("name", "given"),)

KEY_IN = Form(
    name=NAME,
    permission=Permission.KEY_IN,
    questions=(
        Question("channel", Choice(CHANNELS)),
        Question("when", Received()),
        Question("what", Choice((REPORTED, REFERRED), across=1)),
        Question("name", ShortText(), optional=True),
        Question("address", ShortText(), only=_NAMED, optional=True),
        Question("phone", Phone(own=False), only=_NAMED, optional=True),
        Question("reach", Choice(("call", "write", "both"), across=1), only=_NAMED),
    ),
    finish=go_on,
    sends_itself=True,
)
