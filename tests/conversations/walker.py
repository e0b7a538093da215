"""A person in the small form, beside a simple model of what has to be stored; the rules are the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, ExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
)

from bot.sandbox.screen import Seen
from handlers.forms.flow import CHECK, Question, next_place, prune
from handlers.forms.kinds.choice import Several
from handlers.forms.kinds.text import LongText
from tests.support.service import Somebody, Town
from tests.support.small_form import COLOURS, PARTS, SMALL

WORDS = st.sampled_from(["Ada", "عمر", "<b>&", "O'Neil", "two words", "🌻", "x" * 200])
YESTERDAY = "2026-11-23"  # walks take place within one day
DISTRICTS = {"Yes, Redditch": "redditch", "bromsgrove": "bromsgrove", "I don't know": None}


class Walker(RuleBasedStateMachine):
    """One person, one form; ``answers``, ``place`` and ``begun`` are the model."""

    town: Town
    ada: Somebody

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.resources = ExitStack()
        self.async_resources = AsyncExitStack()
        self.open = False  # whether the form is open, not only waiting
        self.waiting = False  # whether there is a draft at all
        self.answers: dict[str, Any] = {}
        self.place = "colour"
        self.begun: Any = None  # texts of a long answer, parts that are switched on, a place
        self.files = 0
        self.nick: Seen | None = None
        self.screens: list[Seen] = []
        self.count = 0

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(act)

    # Acts

    def does(self, *acts: Coroutine[Any, Any, Any]) -> None:
        """Each act is answered by a message or an edit."""
        for act in acts:
            before = self.said()
            self.run(act)
            assert self.said() > before, self.ada.phone.transcript()
            if self.ada.last.buttons:
                self.screens = [*self.screens[-12:], self.ada.last]

    def said(self) -> int:
        counts = self.town.world.call_counts
        return counts["sendmessage"] + counts["editmessagetext"]

    def says(self, *texts: str) -> None:
        for text in texts:
            self.does(self.ada.says(text))

    def taps(self, *labels: str) -> None:
        for label in labels:
            self.does(self.ada.taps(label))

    # The model

    @property
    def question(self) -> Question:
        question = SMALL.question(self.place)
        assert question is not None
        return question

    def store(self, value: Any) -> None:
        self.answers = pruned({**self.answers, self.place: value})
        self.go_to(next_place(SMALL, as_stored(self.answers)), reopen=False)

    def go_to(self, place: str, *, reopen: bool = True) -> None:
        self.place, self.begun = place, None
        held = self.answers.get(place)
        question = SMALL.question(place)
        if reopen and question is not None and held is not None:
            if isinstance(question.kind, LongText):
                self.begun = [held]
            elif isinstance(question.kind, Several):
                self.begun = list(held)

    def forget(self) -> None:
        self.answers, self.place, self.begun, self.files, self.nick = {}, "colour", None, 0, None

    def asks(self, *keys: str) -> bool:
        return self.open and self.place in keys

    def answers_some(self, data: st.DataObject, questions: int) -> None:
        for _ in range(questions):
            if self.place != CHECK:
                getattr(self, f"answers_{self.place}")(data.draw)

    def answers_colour(self, draw: Any) -> None:
        self.chooses(draw, COLOURS)

    def answers_new(self, draw: Any) -> None:
        self.chooses(draw, ("yes", "no"))

    def chooses(self, draw: Any, values: tuple[str, ...]) -> None:
        value, way = draw(st.sampled_from(values)), draw(st.sampled_from(["tap", "twice", "label", "number"]))
        label = value.capitalize()
        if way in ("tap", "twice"):
            self.does(self.ada.taps(label) if way == "tap" else self.ada.taps_twice(label))
        else:
            self.says(label if way == "label" else str(values.index(value) + 1))
        self.store(value)

    def answers_parts(self, draw: Any) -> None:
        for part in draw(st.lists(st.sampled_from(PARTS), max_size=3)):
            on = list(self.begun or [])
            self.taps(next(label for label in self.ada.last.labels if label.endswith(part.capitalize())))
            self.begun = [one for one in on if one != part] if part in on else [*on, part]
        way = draw(st.sampled_from(["", "Done", "done", "1", "3, 1", "door; roof"]))
        if way in ("Done", "done"):
            self.says(way) if way == "done" else self.taps(way)
            if self.begun:
                self.store(self.begun)
        elif way:
            self.says(way)
            meant = {"1": ["wheel"], "3, 1": ["roof", "wheel"], "door; roof": ["door", "roof"]}[way]
            self.store(list(dict.fromkeys([*(self.begun or []), *meant])))

    def answers_seen(self, draw: Any) -> None:
        way = draw(st.sampled_from(["Yesterday", "yesterday", "23/11", "23 November", "no"]))
        if way == "no":
            self.says("20 November", "no")
            self.begun = None
            return
        self.taps(way) if way == "Yesterday" else self.says(way)
        if way[0] == "2":
            self.says("yes")
        self.store(YESTERDAY)

    def answers_nick(self, draw: Any) -> None:
        self.count += 1
        text = f"{draw(WORDS)[:190]} {self.count}"
        self.says(text)
        self.nick = self.ada.said_last
        self.store(text)

    def answers_story(self, draw: Any) -> None:
        for words in draw(st.lists(st.one_of(WORDS, st.just("there is a fire")), max_size=2)):
            self.says(words)
            if words == "there is a fire":
                self.ada.sees("999")
                self.taps("I can go on")
            self.begun = [*(self.begun or []), words]
        if self.begun and draw(st.booleans()):
            self.says("That’s all") if draw(st.booleans()) else self.taps("That's all")
            self.store("\n".join(self.begun))

    def answers_place(self, draw: Any) -> None:
        if not self.begun:
            self.begun = draw(st.sampled_from(["b97 4aa", "B97.4AA"]))
            self.says(self.begun)
        if draw(st.booleans()):
            what = draw(st.sampled_from(sorted(DISTRICTS)))
            self.taps(what) if what.startswith("Yes") else self.says(what)
            self.store((self.begun, DISTRICTS[what]))

    def answers_caller(self, draw: Any) -> None:
        way = draw(st.sampled_from(["Use my name", "Stay anonymous", "Bob Marsh"]))
        self.says(way) if way == "Bob Marsh" else self.taps(way)
        self.store({"Use my name": "Ada Lovelace", "Stay anonymous": None}.get(way, way))

    def answers_number(self, draw: Any) -> None:
        shares = draw(st.booleans())
        if shares:
            self.taps("Use my Telegram number", "Send my number")
        else:
            self.says("01632 960001")
        self.store("+447700900123" if shares else "01632 960001")


def as_stored(answers: dict[str, Any]) -> dict[str, Any]:
    """The model's answers in the shape in which branches are told: the name is what one hangs on."""
    return answers | ({"caller": {"name": answers["caller"]}} if "caller" in answers else {})


def pruned(answers: dict[str, Any]) -> dict[str, Any]:
    kept = prune(SMALL, as_stored(answers))
    return {key: value for key, value in answers.items() if key in kept}
