"""Kinds of answer: what is taken, what is asked again, and how an answer reads afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.forms.flow import Form, Question
from handlers.forms.kinds.choice import Choice, Several, find_label, fold, yes_no
from handlers.forms.kinds.kind import Kind, Partial, Problem, Taken
from handlers.forms.kinds.phone import SHARE, Phone
from handlers.forms.kinds.place import OTHER, UNKNOWN, YES, Place
from handlers.forms.kinds.text import LONG, LongText, ShortText, clean
from handlers.forms.kinds.when import When
from handlers.forms.kinds.who import NameOrAnonymous
from handlers.incoming import Incoming
from handlers.refer_resident import REFER
from handlers.report_problem import REPORT
from tests.handlers.asking import ADA, asking, located, shared, typed

CATEGORIES = Choice(lambda asking: tuple(category.key for category in asking.policy.categories))

CHOICES = [
    # typed, understood as
    ("1", "noise"),
    ("12.", "something_else"),
    ("3)", "threats"),
    ("3. Threats", "threats"),  # copied from the button
    ("noise", "noise"),
    ("  NOISE. ", "noise"),
    ("nois", "noise"),  # begins the label
    ("nosie", "noise"),  # nearly
    ("rowdy grops", "groups"),
    ("something", "something_else"),
    ("٣", "threats"),  # three, in Arabic digits
    # and what is not: never guessed
    ("0", None),
    ("13", None),
    ("n", None),
    ("d", None),
    ("music", None),
    ("", None),
    ("...", None),
    ("💥", None),
]


@pytest.mark.parametrize(("text", "value"), CHOICES)
def test_a_choice_is_its_number_its_words_or_nearly_so(text: str, value: str | None) -> None:
    outcome = CATEGORIES.take(asking("category"), typed(text))
    assert outcome == (Taken(value) if value else Problem("kit.problem.choice"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("Y", "yes"),
        ("yep", "yes"),
        ("no", "no"),
        ("No.", "no"),
        ("nope", "no"),
        ("I don’t know", "unknown"),
        ("not sure", "unknown"),
        ("2", "no"),
        ("maybe", None),
    ],
)
def test_yes_no_and_not_knowing_have_many_words(text: str, value: str | None) -> None:
    outcome = yes_no(dont_know=True).take(asking("doorstep_crime", "refer"), typed(text))
    assert outcome == (Taken(value) if value else Problem("kit.problem.choice"))


def test_two_labels_that_begin_alike_are_not_guessed_at() -> None:
    labels = {"days": "Most days", "weeks": "Most weeks"}
    assert find_label("most", labels) is None
    assert find_label("most w", labels) == "weeks"
    assert find_label("most dayweeks", labels) is None


def test_typed_words_are_compared_without_case_space_and_kinds_of_apostrophe() -> None:
    assert fold("  That’s\n ALL! ") == fold("that's all") == "that's all"


def test_a_tap_on_what_is_not_offered_is_refused() -> None:
    without_council = asking("my_home", answers={"where": {"district": "bromsgrove"}})
    kind = REPORT.question("my_home").kind  # type: ignore[union-attr]
    assert kind.press(without_council, "council_tenant") == Problem("kit.problem.choice")
    assert kind.press(without_council, "owner_occupier") == Taken("owner_occupier")


REASONS = Several(lambda asking: asking.policy.nns_reasons)
SEVERAL = [
    ("1, 3", ["older", "disabled"]),
    ("3,1", ["disabled", "older"]),
    ("1 2 7", ["older", "lives_alone", "other"]),
    ("1;2\n3", ["older", "lives_alone", "disabled"]),
    ("older person and lives alone", ["older", "lives_alone"]),
    ("1, 1, 1", ["older"]),
    ("1, 8", None),  # one that is not understood spoils all: nothing is dropped in silence
    ("older, purple", None),
    (",", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "chosen"), SEVERAL)
def test_several_are_typed_with_anything_between(text: str, chosen: list[str] | None) -> None:
    outcome = REASONS.take(asking("reasons", "refer"), typed(text))
    assert outcome == (Taken(chosen) if chosen else Problem("kit.problem.choice"))


def test_several_are_switched_on_and_off_until_done() -> None:
    state: dict[str, Any] | None = None
    for tapped, chosen in (("older", ["older"]), ("memory", ["older", "memory"]), ("older", ["memory"])):
        outcome = REASONS.press(asking("reasons", "refer", partial=state), tapped)
        assert isinstance(outcome, Partial)
        state = outcome.state
        assert state == {"chosen": chosen}
    assert REASONS.press(asking("reasons", "refer", partial=state), "done") == Taken(["memory"])
    assert REASONS.press(asking("reasons", "refer"), "done") == Problem("kit.problem.several")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Ada", "Ada"),
        ("  Ada\u0000 ", "Ada"),
        ("عمر", "عمر"),
        ("می‌خواهم", "می‌خواهم"),  # with a joiner that its script needs
        ("N" * 200, "N" * 200),
    ],
)
def test_a_line_is_kept_as_it_was_meant(text: str, taken: str) -> None:
    assert ShortText().take(asking("name", "refer"), typed(text)) == Taken(taken)


def test_a_line_that_is_none_or_too_long_is_asked_again() -> None:
    assert ShortText().take(asking("name", "refer"), typed("\u200b")) == Problem("kit.problem.text")
    assert ShortText().take(asking("name", "refer"), typed("N" * 201)) == Problem(
        "kit.problem.long", {"most": "200"}
    )


def test_a_long_text_collects_messages_until_done() -> None:
    state: dict[str, Any] | None = None
    for text in ("Music.", "Shouting."):
        outcome = LongText().take(asking("what", partial=state), typed(text))
        assert isinstance(outcome, Partial)
        state = outcome.state
    assert LongText().take(asking("what", partial=state), typed("That’s all!")) == Taken("Music.\nShouting.")
    assert LongText().take(asking("what"), typed("done")) == Partial({"texts": ["done"]})  # no end of nothing
    assert LongText().press(asking("what", partial=state), "remove") == Partial(
        {"texts": ["Music."]}, keep=False
    )
    assert LongText().press(asking("what"), "done") == Problem("kit.problem.text")
    assert LongText().press(asking("what", files=1), "done") == Taken("")
    full = {"texts": ["x" * LONG]}
    assert LongText().take(asking("what", partial=full), typed("more")) == Problem("kit.problem.too_much")


PHONES = [
    ("07700 900123", "+447700900123"),
    ("0 77 00-900.123", "+447700900123"),
    ("+44 (0)7700 900123", "+447700900123"),
    ("0044 7700 900123", "+447700900123"),
    ("+48 600 123 456", "+48600123456"),
    ("call me on 01632 960001", "+441632960001"),
    ("none", None),
    ("12", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "number"), PHONES)
def test_a_number_is_taken_in_any_spacing_and_kept_as_typed(text: str, number: str | None) -> None:
    outcome = Phone().take(asking("phone"), typed(text))
    assert outcome == (Taken({"typed": text, "e164": number}) if number else Problem("kit.problem.phone"))


def test_a_card_has_to_be_ones_own_where_the_number_is_ones_own() -> None:
    assert isinstance(Phone().take(asking("phone"), shared("+447700900123", own=True)), Taken)
    someone_elses = shared("+447700900123", own=False)
    assert Phone().take(asking("phone"), someone_elses) == Problem("kit.problem.contact")
    assert isinstance(Phone(own=False).take(asking("phone", "refer"), someone_elses), Taken)
    assert Phone(own=False).press(asking("phone", "refer"), SHARE) == Problem("kit.problem.choice")


def suggested(outcome: object) -> str | None:
    assert isinstance(outcome, Partial)
    found = outcome.state["suggest"]
    assert found is None or isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("B97 4AA", "redditch"),
        ("b98", "redditch"),
        ("12 High Street B61 8DA", "bromsgrove"),
        ("dy11.5xx", "wyre_forest"),
        ("Kidderminster", "wyre_forest"),
        ("the park", None),
        ("B80 7AA", None),  # next door
        ("SW1A 1AA", None),
    ],
)
def test_a_place_suggests_its_district_and_never_decides_it(text: str, district: str | None) -> None:
    assert suggested(Place().take(asking("where"), typed(text))) == district


BEGUN = {"text": "b97 4aa", "postcode": "B97 4AA", "suggest": "redditch", "served_by": None}
CONFIRMED = [
    # typed at "is that in Redditch?", and the district kept
    ("yes", "redditch"),
    ("1", "redditch"),
    ("Redditch", "redditch"),
    ("bromsgrove", "bromsgrove"),  # another is as good as a no and the choice
    ("I don't know", None),
]


@pytest.mark.parametrize(("text", "district"), CONFIRMED)
def test_a_suggested_district_is_confirmed_in_words(text: str, district: str | None) -> None:
    outcome = Place().take(asking("where", partial=BEGUN), typed(text))
    assert outcome == Taken(
        {"text": "b97 4aa", "postcode": "B97 4AA", "location": None, "district": district}
    )


def test_no_to_a_suggested_district_shows_them_all() -> None:
    for outcome in (
        Place().take(asking("where", partial=BEGUN), typed("no")),
        Place().take(asking("where", partial=BEGUN), typed("2")),
        Place().press(asking("where", partial=BEGUN), OTHER),
    ):
        assert outcome == Partial({**BEGUN, "suggest": None}, keep=False)


def test_a_number_of_a_list_that_is_not_shown_is_a_new_place() -> None:
    outcome = Place().take(asking("where", partial=BEGUN), typed("3"))
    assert isinstance(outcome, Partial)
    assert outcome.state["text"] == "3"


def test_a_new_place_may_be_typed_instead_of_a_district() -> None:
    assert (
        suggested(Place().take(asking("where", partial=BEGUN), typed("no, it is DY10 1DA"))) == "wyre_forest"
    )


def test_a_shared_place_is_confirmed_too() -> None:
    outcome = Place().take(asking("where"), located(52.3067, -1.9456))
    assert suggested(outcome) == "redditch"
    assert isinstance(outcome, Partial)
    taken = Place().press(asking("where", partial=outcome.state), YES)
    assert isinstance(taken, Taken)
    assert taken.value["location"] == [52.3067, -1.9456]
    assert Place().press(asking("where", partial=outcome.state), UNKNOWN) == Taken(
        {**taken.value, "district": None}
    )


def test_nothing_can_be_confirmed_before_a_place_was_given() -> None:
    for value in (YES, OTHER, UNKNOWN, "redditch"):
        assert Place().press(asking("where"), value) == Problem("kit.problem.place")


def day(year_day: str, at: str | None = None, *, approximate: bool = False) -> dict[str, Any]:
    return {"day": year_day, "at": at, "approximate": approximate, "part": None}


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("last Tuesday 10pm", [day("2026-11-17", "2026-11-17T22:00:00+00:00")]),
        ("3/11", [day("2026-11-03")]),  # days come first
        ("Tuesday", [day("2026-11-24"), day("2026-11-17")]),  # two readings: never guessed
        ("about 10 last night", [day("2026-11-23", "2026-11-23T22:00:00+00:00", approximate=True)]),
    ],
)
def test_a_typed_date_is_read_back_before_it_counts(text: str, readings: list[dict[str, Any]]) -> None:
    outcome = When().take(asking("when"), typed(text))
    assert isinstance(outcome, Partial)
    assert [{**reading, "part": None} for reading in outcome.state["readings"]] == readings


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("yes", Taken(day("2026-11-24"))),
        ("1", Taken(day("2026-11-24"))),
        ("no", Partial({}, keep=False)),
        ("2", Partial({}, keep=False)),
        ("again", None),
    ],
)
def test_one_reading_is_confirmed_in_words(text: str, outcome: object) -> None:
    found = When().take(asking("when", partial={"readings": [day("2026-11-24")]}), typed(text))
    assert found == outcome or outcome is None


def test_yes_does_not_choose_between_two_readings() -> None:
    two = {"readings": [day("2026-11-24"), day("2026-11-17")]}
    assert isinstance(When().take(asking("when", partial=two), typed("yes")), Problem)
    assert When().take(asking("when", partial=two), typed("2")) == Taken(day("2026-11-17"))
    assert When().take(asking("when", partial=two), typed("3")) == Partial({}, keep=False)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("now", day("2026-11-24", "2026-11-24T10:00:00+00:00")),
        ("today", day("2026-11-24", approximate=True)),
        ("yesterday", day("2026-11-23", approximate=True)),
    ],
)
def test_the_quick_dates_are_taken_at_once(value: str, kept: dict[str, Any]) -> None:
    outcome = When().press(asking("when"), value)
    assert isinstance(outcome, Taken)
    assert {**outcome.value, "part": None} == kept


def test_the_future_is_asked_again_with_todays_date() -> None:
    outcome = When().take(asking("when"), typed("tomorrow"))
    assert outcome == Problem("kit.problem.future", {"today": "Tuesday 24 November"})


def test_a_name_or_none() -> None:
    kind = NameOrAnonymous()
    assert kind.take(asking("who"), typed("Ada")) == Taken({"name": "Ada"})
    assert kind.take(asking("who"), typed("Stay anonymous")) == Taken({"name": None})
    assert kind.press(asking("who"), "sender") == Taken({"name": ADA.name})
    assert kind.press(asking("who", sender_name=""), "sender") == Problem("kit.problem.choice")
    assert [kind.branch({"name": name}) for name in ("Ada", None)] == ["named", "anonymous"]


def every_question() -> list[Any]:
    return [
        pytest.param(form, question, id=f"{form.name}.{question.key}")
        for form in (REPORT, REFER)
        for question in form.questions
    ]


@pytest.mark.parametrize(("form", "question"), every_question())
@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_whatever_is_typed_is_taken_or_answered_with_a_sentence(
    form: Form, question: Question, text: str
) -> None:
    kind: Kind = question.kind
    outcome = kind.take(asking(question.key, form.name), typed(text))
    here = asking(question.key, form.name)
    if isinstance(outcome, Problem):
        assert here.words(outcome.key, **outcome.values)
    elif isinstance(outcome, Taken):
        assert isinstance(kind.show(here, outcome.value), str)
        assert kind.branch(outcome.value)
    else:
        screen = kind.screen(asking(question.key, form.name, partial=outcome.state))
        assert all(option.label for row in screen.options for option in row)


@given(st.text())
@settings(deadline=None, derandomize=True)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()


def test_what_is_no_text_is_a_problem_for_every_kind_but_places() -> None:
    nothing = Incoming(ADA.id, True, ADA, message_id=1, other=True)
    for form in (REPORT, REFER):
        for question in form.questions:
            assert isinstance(question.kind.take(asking(question.key, form.name), nothing), Problem)
