"""A form as data, and the order of its questions: pure, so that it can be checked against a model.

What a question shows and how an answer is read is the business of its kind (``handlers.forms.kinds``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casework.roles import Permission

if TYPE_CHECKING:
    from handlers.forms.kinds.kind import Kind
    from handlers.keyboards import Rows
    from handlers.turn import Turn
    from handlers.words import Html
    from storage.models import Draft

Answers = dict[str, Any]
"""Question key → the answer as JSON; None where the person skipped it."""

ABOUT = "_about"
"""Where a draft keeps what was known before its first question, such as the case that it is about."""

CHECK = "check"
"""The place of a draft whose questions are all answered: *Check your answers*."""


@dataclass(frozen=True, slots=True)
class Only:
    """A question applies only where an earlier one was answered with one of ``branches``."""

    key: str
    branches: frozenset[str]

    @classmethod
    def when(cls, key: str, *branches: str) -> Only:
        """``Only.when("how_often", "once")``: reads as it is meant."""
        return cls(key, frozenset(branches))


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key names its texts (``<form>.<key>.ask``, ``.label``, ``.change``)."""

    key: str
    kind: Kind
    only: tuple[Only, ...] = ()
    optional: bool = False
    takes_files: bool = False
    file_answers: bool = False  # a file alone is a whole answer, such as a voice message
    exits: Mapping[str, Callable[[Turn], None]] = field(default_factory=dict)
    """Branches that end the form at once and keep nothing; what is done then."""
    goes_with: str | None = None  # the question at whose change this one is asked again
    follow_up: bool = False  # a detail of the question before it: it has no number of its own
    interrupts: frozenset[str] = frozenset()  # branches after which 999 comes first
    notes: Mapping[str, str] = field(
        default_factory=dict
    )  # branch → a sentence that comes before what is next


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person reads when it is sent."""

    text: Html
    buttons: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A conversation: its questions in order, and what happens with the answers."""

    name: str
    permission: Permission
    questions: tuple[Question, ...]
    finish: Callable[[Turn, Answers], Receipt]
    may_send: Callable[[Turn, Answers], Html | None] = field(default=lambda _turn, _answers: None)
    """A reason, in words for the person, why this can't be sent (yet); None where it can."""
    ask_first: Callable[[Turn, Draft], tuple[Html, Rows] | None] = field(default=lambda _turn, _draft: None)
    """What to ask once, with buttons, before this is sent; the kit's *send* button with any value sends it."""
    sends_itself: bool = False
    """Sent with its last answer, without *Check your answers*: for what has to be quick and can be corrected."""
    watches_danger: bool = True
    """Whether words of danger bring 999 first. Not where the team writes about what others told it."""

    def question(self, key: str) -> Question | None:
        """The question called ``key``, or None (a draft may be older than the form)."""
        return next((question for question in self.questions if question.key == key), None)

    @property
    def files_question(self) -> Question | None:
        """Where files belong that were sent early or late."""
        return next((question for question in self.questions if question.takes_files), None)


def branch_of(question: Question, answers: Mapping[str, Any]) -> str | None:
    """The branch that an answer opens; None while it is unanswered, ``"skipped"`` where it was skipped."""
    if question.key not in answers:
        return None
    answer = answers[question.key]
    return "skipped" if answer is None else question.kind.branch(answer)


def applicable(form: Form, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that apply to these answers, in order. An answer that no longer applies opens nothing."""
    found: dict[str, Question] = {}
    for question in form.questions:
        if all(_holds(form, rule, answers, found) for rule in question.only):
            found[question.key] = question
    return tuple(found.values())


def _holds(form: Form, rule: Only, answers: Mapping[str, Any], found: Mapping[str, Question]) -> bool:
    decider = found.get(rule.key)
    return decider is not None and branch_of(decider, answers) in rule.branches


def prune(form: Form, answers: Answers) -> Answers:
    """``answers`` without those of branches that no longer apply, and of questions the form has no more."""
    keep = {question.key for question in applicable(form, answers)}
    return {key: value for key, value in answers.items() if key in keep}


def next_place(form: Form, answers: Answers) -> str:
    """The first question that still waits for an answer, else CHECK."""
    for question in applicable(form, answers):
        if question.key not in answers:
            return question.key
    return CHECK


def present_place(form: Form, answers: Answers, place: str) -> str:
    """``place``, or the first open question where the form has no such question (any more), or has new ones."""
    applies = any(question.key == place for question in applicable(form, answers))
    return place if applies else next_place(form, answers)


def previous_place(form: Form, answers: Answers, place: str) -> str | None:
    """The question before ``place``; None at the first."""
    keys = [question.key for question in applicable(form, answers)]
    if place == CHECK:
        return keys[-1] if keys else None
    position = keys.index(place) if place in keys else 0
    return keys[position - 1] if position else None


@dataclass(frozen=True, slots=True)
class Progress:
    """``number`` of ``total`` questions. The total is None while a branch that lies ahead is still open."""

    number: int
    total: int | None


def progress(form: Form, answers: Answers, place: str) -> Progress | None:
    """How far a person is; None at a follow-up, which has no number of its own. A total is told only if true."""
    numbered = [question for question in applicable(form, answers) if not question.follow_up]
    keys = [question.key for question in numbered]
    if place not in keys:
        return None
    still_open = any(
        _undecided(form, question, answers)
        for question in form.questions
        if not question.follow_up and question.key not in keys
    )
    return Progress(keys.index(place) + 1, None if still_open else len(keys))


def _undecided(form: Form, question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether an absent question may still come: none of its rules is already answered otherwise."""
    applies = {found.key for found in applicable(form, answers)}
    for rule in question.only:
        decider = form.question(rule.key)
        if decider is None:
            return False
        branch = branch_of(decider, answers) if rule.key in applies else None
        if branch is not None and branch not in rule.branches:
            return False
        if rule.key not in applies and not _undecided(form, decider, answers):
            return False
    return True
