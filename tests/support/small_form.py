"""A small form with every kind of answer and branches of all sorts; what is sent is read back as JSON."""

from __future__ import annotations

import json
from typing import Any

from casework.roles import Permission
from handlers.forms.engine import FormKit
from handlers.forms.flow import Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice, Several, yes_no
from handlers.forms.kinds.phone import Phone
from handlers.forms.kinds.place import Place
from handlers.forms.kinds.text import LongText, ShortText
from handlers.forms.kinds.when import When
from handlers.forms.kinds.who import NameOrAnonymous
from handlers.home import show_menu
from handlers.turn import Turn
from handlers.words import Catalogs, escape
from tests.support.languages import with_sentences

COLOURS = ("red", "green", "blue", "white")
PARTS = ("wheel", "door", "roof")


def _read_back(turn: Turn, answers: Answers) -> Receipt:
    return Receipt(escape(f"SENT {json.dumps(answers, sort_keys=True)}"))


SMALL = Form(
    name="report",  # the name that the menu opens
    permission=Permission.REPORT,
    questions=(
        Question("colour", Choice(COLOURS)),
        Question("parts", Several(PARTS), only=(Only.when("colour", "red", "green"),)),
        Question("new", yes_no(), only=(Only.when("colour", "red"),)),
        Question("seen", When(), only=(Only.when("new", "yes"),)),
        Question("nick", ShortText(), optional=True),
        Question("story", LongText(files=True), takes_files=True),
        Question("place", Place()),
        Question("caller", NameOrAnonymous()),
        Question("number", Phone(), only=(Only.when("caller", "named"),), optional=True),
    ),
    finish=_read_back,
)


def small_kit() -> FormKit:
    """Only the small form."""
    return FormKit((SMALL,), leave=show_menu)


def small_words() -> Catalogs:
    """Its sentences beside the project's."""
    choices = {"colour": COLOURS, "parts": PARTS, "new": ("yes", "no")}
    sentences = {}
    for question in SMALL.questions:
        key = question.key
        sentences[f"report.{key}.ask"] = f"What about {key}?"
        sentences[f"report.{key}.label"] = key.capitalize()
        sentences[f"report.{key}.change"] = f"Change {key}"
        for value in choices.get(key, ()):
            sentences[f"report.{key}.choice.{value}"] = value.capitalize()
    return with_sentences(sentences)


def essence(key: str, answer: Any) -> Any:
    """What a model needs to know of an answer."""
    if answer is None:
        return None
    wanted = {"seen": "day", "number": "typed", "caller": "name"}.get(key)
    if wanted:
        return answer[wanted]
    return (answer["text"], answer["district"]) if key == "place" else answer
