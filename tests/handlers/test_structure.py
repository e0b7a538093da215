"""Every step of every form can be answered and left, and everything that a button carries fits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers import officers
from handlers.command_menus import COMMANDS_OF_MENU
from handlers.forms.flow import CHECK, Form, Question
from handlers.forms.kinds.choice import Choice, Several
from handlers.forms.kinds.kind import Kind, Problem
from handlers.forms.kinds.listed import Listed
from handlers.forms.screens import data_for
from handlers.keyboards import LONGEST_DATA, Button
from handlers.report_problem import REPORT
from handlers.routes import make_kit
from storage.models import Draft
from tests.handlers.asking import NOW, asking

LARGEST_ID = 10**12
"""A thousand drafts a second for thirty years."""
FORMS = tuple(make_kit().forms.values())
STEPS = [
    pytest.param(form, question, id=f"{form.name}.{question.key}")
    for form in FORMS
    for question in form.questions
]
ACTIONS = ("a", "k", "s", "b", "c", "x", "xs", "xd", "xg", "go", "send")
CONVERSATIONS = Path(__file__).parents[1] / "conversations"


def old_draft(form: Form, place: str) -> Draft:
    """A draft with longer numbers than there will ever be."""
    draft = Draft(chat_key=1, form=form.name, place=place, started_at=NOW, updated_at=NOW, expires_at=NOW)
    draft.id, draft.version = LARGEST_ID, 10**6
    return draft


@pytest.mark.parametrize(("form", "question"), STEPS)
def test_every_step_takes_what_its_buttons_say(form: Form, question: Question) -> None:
    for district in ("redditch", "bromsgrove", "wyre_forest"):
        here = asking(
            question.key, form.name, answers={"where": {"district": district}, "district": district}
        )
        kind: Kind = question.kind
        for row in kind.screen(here).options:
            for option in row:
                outcome = kind.press(here, option.value)
                ends_nothing = isinstance(kind, Several | Listed) and option.value == "done"
                assert ends_nothing or not isinstance(outcome, Problem), option


@pytest.mark.parametrize(("form", "question"), STEPS)
def test_every_button_of_a_step_fits(form: Form, question: Question) -> None:
    draft = old_draft(form, question.key)
    for district in ("redditch", "bromsgrove", "wyre_forest"):
        here = asking(
            question.key, form.name, answers={"where": {"district": district}, "district": district}
        )
        kind = question.kind
        values = kind.values_for(here) if isinstance(kind, Choice | Several) else ()
        shown = [option.value for row in kind.screen(here).options for option in row]
        for value in {*values, *shown}:
            Button("Label", data_for(draft, "a", value)).to_json()
    Button("Change", data_for(draft, "c", question.key)).to_json()


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_of_the_kit_fits(action: str) -> None:
    data = data_for(old_draft(REPORT, CHECK), action)
    assert len(data.encode()) <= LONGEST_DATA


@pytest.mark.parametrize(
    "data",
    [
        f"r:{LARGEST_ID}:new",
        f"o:{LARGEST_ID}",
        f"c:{LARGEST_ID}:{10**6}:contact_made",
        f"w:{LARGEST_ID}",
        f"u:{LARGEST_ID}",
        f"q:{10**6}",
        f"d:{10**6}",
        "l:en-XA",
        f"t:to:{LARGEST_ID}:{10**6}:{LARGEST_ID}",
        "t:go:0123456789ab",
        *(f"m:{name}" for name, _ in COMMANDS_OF_MENU),
    ],
)
def test_every_pattern_of_a_button_fits(data: str) -> None:
    Button("Label", data).to_json()


def test_prefixes_of_buttons_are_used_once() -> None:
    kit_and_menu = {"f", "r", "m", "l"}
    assert not kit_and_menu & set(officers.PRESSES)
    assert all(len(prefix) == 1 for prefix in officers.PRESSES)


@pytest.mark.parametrize(("form", "question"), STEPS)
def test_every_step_has_its_words(form: Form, question: Question) -> None:
    words = asking(question.key, form.name).words
    for part in ("ask", "label", "change"):
        assert words.has(f"{form.name}.{question.key}.{part}")
    for note in question.notes.values():
        assert words.has(note)
    first = re.sub(r"<[^>]*>", "", words(f"{form.name}.{question.key}.ask")).split("\n")[0]
    assert first.endswith("?"), "the first line of a question is the question"


def test_each_of_the_24_disturbances_has_its_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in CONVERSATIONS.glob("test_*.py"))
    numbers = {int(number) for number in re.findall(r"def test_(\d\d)_", tests)}
    assert numbers == set(range(1, 25))
