"""The two ways to write an entry: what is happening now, and all that a diary sheet asks (facts 3.7)."""

from __future__ import annotations

from dataclasses import dataclass

from casework.diary import Effect, HowBad
from casework.roles import Permission
from handlers.diary.keeping import save, save_now
from handlers.diary.kinds import IncidentWhen, Line, TimeOfDay, bands
from handlers.forms.flow import Form, Only, Question
from handlers.forms.kinds.choice import Choice, Several
from handlers.forms.kinds.kind import Asking, Outcome, Problem, Screen, Taken
from handlers.forms.kinds.text import LongText, ShortText, clean
from handlers.incoming import Incoming

NAME = "diary"
HOW_BAD = tuple(how.value for how in HowBad)
EFFECTS = tuple(effect.value for effect in Effect)


@dataclass(frozen=True, slots=True)
class OneMessage(LongText):
    """The first message is the answer, so that it takes no further tap; a voice message is one, too."""

    def screen(self, asking: Asking) -> Screen:
        """Nothing to tap: there is only something to say."""
        return Screen()

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """The message."""
        text = clean(incoming.text or "")
        return Taken(text) if text else Problem("kit.problem.text")

    def reopen(self, value: object) -> None:  # type: ignore[override]
        """It is simply said again."""


NOW = Form(
    name=f"{NAME}.now",
    permission=Permission.KEEP_DIARY,
    questions=(
        Question("what", OneMessage(files=True), takes_files=True, file_answers=True),
        Question("bad", Choice(HOW_BAD, across=2)),
        Question("effect", Choice(EFFECTS, across=2)),
    ),
    finish=save_now,
    sends_itself=True,
)

FULL = Form(
    name=NAME,
    permission=Permission.KEEP_DIARY,
    questions=(
        Question("when", IncidentWhen()),
        Question(
            "starts", TimeOfDay((*bands(), "unknown")), only=(Only.when("when", "day"),), follow_up=True
        ),
        Question("ends", TimeOfDay(("going_on", "unknown")), follow_up=True),
        Question("where", Line(("home", "outside", "street"))),
        Question("who", Line(("unknown",))),
        Question("what", LongText(files=True), takes_files=True),
        Question("bad", Choice(HOW_BAD, across=2)),
        Question("effect", Several(EFFECTS)),
        Question("witnesses", Line(("nobody", "unknown"))),
        Question(
            "willing",
            Choice(("yes", "no", "unknown"), across=1),
            only=(Only.when("witnesses", "text"),),
            follow_up=True,
        ),
        Question("told", ShortText(), optional=True),
        Question("true", Choice(("yes", "unsure"), across=1)),
    ),
    finish=save,
)
