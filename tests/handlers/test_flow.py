"""The order of questions: tables of small forms, and laws that hold for all forms and answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.roles import Permission
from handlers.forms.flow import (
    CHECK,
    Answers,
    Form,
    Only,
    Progress,
    Question,
    Receipt,
    applicable,
    branch_of,
    next_place,
    present_place,
    previous_place,
    progress,
    prune,
)
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.text import ShortText
from handlers.invitations import INVITE
from handlers.refer_resident import REFER
from handlers.report_problem import REPORT


def never(_turn: Any, _answers: Answers) -> Receipt:
    raise AssertionError("nothing is sent here")


def a_form(*questions: Question) -> Form:
    return Form("small", Permission.REPORT, questions, never)


YES_NO = Choice(("yes", "no"))
PETS = a_form(
    Question("has_dog", YES_NO),
    Question("dog_name", ShortText(), only=(Only.when("has_dog", "yes"),), optional=True),
    Question("barks", YES_NO, only=(Only.when("dog_name", "given"),)),
    Question("has_cat", YES_NO),
    Question("both", YES_NO, only=(Only.when("has_dog", "yes"), Only.when("has_cat", "yes"))),
)

APPLICABLE = [
    # answers, the questions that apply
    ({}, "has_dog has_cat"),
    ({"has_dog": "no"}, "has_dog has_cat"),
    ({"has_dog": "yes"}, "has_dog dog_name has_cat"),
    # a skipped answer is a branch of its own
    ({"has_dog": "yes", "dog_name": None}, "has_dog dog_name has_cat"),
    ({"has_dog": "yes", "dog_name": "Rex"}, "has_dog dog_name barks has_cat"),
    # an answer of a branch that is closed opens nothing
    ({"has_dog": "no", "dog_name": "Rex"}, "has_dog has_cat"),
    # two rules: both have to hold
    ({"has_dog": "yes", "has_cat": "yes"}, "has_dog dog_name has_cat both"),
    ({"has_dog": "no", "has_cat": "yes"}, "has_dog has_cat"),
]


@pytest.mark.parametrize(("answers", "keys"), APPLICABLE)
def test_questions_apply_by_the_answers_before_them(answers: Answers, keys: str) -> None:
    assert [question.key for question in applicable(PETS, answers)] == keys.split()


def test_a_changed_answer_drops_what_hung_on_it_however_far() -> None:
    answers = {"has_dog": "no", "dog_name": "Rex", "barks": "yes", "has_cat": "yes", "both": "yes", "old": 1}
    assert prune(PETS, answers) == {"has_dog": "no", "has_cat": "yes"}


PLACES = [
    # answers, next, and what is before it
    ({}, "has_dog", None),
    ({"has_dog": "yes"}, "dog_name", "has_dog"),
    ({"has_dog": "yes", "dog_name": None}, "has_cat", "dog_name"),
    ({"has_dog": "no"}, "has_cat", "has_dog"),
    ({"has_dog": "no", "has_cat": "no"}, CHECK, "has_cat"),
    # the first that is open, though later ones are answered
    ({"has_cat": "no"}, "has_dog", None),
]


@pytest.mark.parametrize(("answers", "after", "before"), PLACES)
def test_the_next_place_is_the_first_open_question(answers: Answers, after: str, before: str | None) -> None:
    assert next_place(PETS, answers) == after
    assert previous_place(PETS, answers, after) == before


def test_a_place_that_is_no_more_becomes_the_first_open_question() -> None:
    assert present_place(PETS, {"has_dog": "no"}, "dog_name") == "has_cat"
    assert present_place(PETS, {"has_dog": "no"}, "goldfish") == "has_cat"
    assert present_place(PETS, {"has_dog": "no"}, CHECK) == "has_cat"  # a new version asks more
    assert present_place(PETS, {"has_dog": "no"}, "has_dog") == "has_dog"  # gone back to


TWO = a_form(
    Question("kind", Choice(("a", "b"))),
    Question("more", ShortText(), only=(Only.when("kind", "a"),)),
    Question("detail", ShortText(), only=(Only.when("kind", "b"),), follow_up=True),
    Question("name", ShortText()),
)
PROGRESS = [
    # answers, place, what is told
    ({}, "kind", Progress(1, None)),  # whether "more" will come is not known yet: no total
    ({"kind": "a"}, "more", Progress(2, 3)),
    ({"kind": "b"}, "detail", None),  # a follow-up has no number
    ({"kind": "b"}, "name", Progress(2, 2)),
    ({"kind": "a", "more": "x"}, "name", Progress(3, 3)),
]


@pytest.mark.parametrize(("answers", "place", "told"), PROGRESS)
def test_a_total_is_told_only_when_it_is_true(answers: Answers, place: str, told: Progress | None) -> None:
    assert progress(TWO, answers, place) == told


# Laws, for forms of up to eight questions with rules on earlier ones, and any answers.

KEYS = tuple("abcdefgh")
BRANCHES = ("one", "two", "three")


@st.composite
def forms(draw: st.DrawFn) -> Form:
    questions: list[Question] = []
    for key in KEYS[: draw(st.integers(1, len(KEYS)))]:
        earlier = [question.key for question in questions]
        rules = draw(
            st.lists(
                st.builds(
                    Only,
                    st.sampled_from(earlier),
                    st.frozensets(st.sampled_from((*BRANCHES, "skipped")), min_size=1),
                ),
                max_size=2,
            )
            if earlier
            else st.just([])
        )
        optional, follow_up = draw(st.booleans()), draw(st.booleans())
        questions.append(Question(key, Choice(BRANCHES), tuple(rules), optional, follow_up=follow_up))
    return a_form(*questions)


def answers_to() -> st.SearchStrategy[Answers]:
    return st.dictionaries(
        st.sampled_from((*KEYS, "gone")), st.one_of(st.none(), st.sampled_from(BRANCHES)), max_size=9
    )


law = settings(max_examples=60, deadline=None, derandomize=True)


@law
@given(forms(), answers_to())
def test_pruning_twice_is_pruning_once_and_changes_no_question(form: Form, answers: Answers) -> None:
    pruned = prune(form, answers)
    assert prune(form, pruned) == pruned
    assert pruned.items() <= answers.items()
    assert applicable(form, pruned) == applicable(form, answers)


@law
@given(forms(), answers_to())
def test_the_next_place_applies_and_waits_for_an_answer(form: Form, answers: Answers) -> None:
    place = next_place(form, answers)
    keys = [question.key for question in applicable(form, answers)]
    if place == CHECK:
        assert all(key in answers for key in keys)
        return
    assert place in keys
    assert place not in answers
    assert all(key in answers for key in keys[: keys.index(place)])


@law
@given(forms(), st.data())
def test_answering_what_is_asked_ends_at_the_check_and_needs_each_question_once(
    form: Form, data: st.DataObject
) -> None:
    answers: Answers = {}
    asked: list[str] = []
    while (place := next_place(form, answers)) != CHECK:
        asked.append(place)
        answers = prune(form, {**answers, place: data.draw(st.sampled_from(BRANCHES))})
    assert len(set(asked)) == len(asked)
    assert asked == [question.key for question in applicable(form, answers)]
    assert set(answers) == set(asked)


@law
@given(forms(), answers_to())
def test_back_from_the_check_visits_every_question_in_turn(form: Form, answers: Answers) -> None:
    place: str | None = CHECK
    visited = []
    while (place := previous_place(form, answers, place)) is not None:
        visited.append(place)
    assert visited[::-1] == [question.key for question in applicable(form, answers)]


@law
@given(forms(), answers_to(), st.sampled_from((*KEYS, CHECK, "gone")))
def test_the_present_place_can_always_be_answered(form: Form, answers: Answers, place: str) -> None:
    found = present_place(form, answers, place)
    keys = {question.key for question in applicable(form, answers)}
    assert found in keys or (found == CHECK and next_place(form, answers) == CHECK)
    assert present_place(form, answers, found) == found


@law
@given(forms(), st.data())
def test_a_total_once_told_stays_true_to_the_end(form: Form, data: st.DataObject) -> None:
    answers: Answers = {}
    told: list[tuple[int, int | None]] = []
    while (place := next_place(form, answers)) != CHECK:
        at = progress(form, answers, place)
        if at is not None:
            told.append((at.number, at.total))
        answers = prune(form, {**answers, place: data.draw(st.sampled_from(BRANCHES))})
    numbered = [question for question in applicable(form, answers) if not question.follow_up]
    assert [number for number, _ in told] == list(range(1, len(numbered) + 1))
    assert {total for _, total in told} <= {None, len(numbered)}


@pytest.mark.parametrize("form", [REPORT, REFER, INVITE], ids=lambda form: form.name)
def test_the_rules_of_a_form_look_only_at_questions_before(form: Form) -> None:
    seen: set[str] = set()
    for question in form.questions:
        assert {rule.key for rule in question.only} <= seen, question.key
        seen.add(question.key)
    assert len(seen) == len(form.questions)


def test_a_branch_is_nothing_before_it_is_answered() -> None:
    question = PETS.questions[0]
    assert branch_of(question, {}) is None
    assert branch_of(question, {"has_dog": None}) == "skipped"
    assert branch_of(question, {"has_dog": "yes"}) == "yes"
