"""Catches references that a slip of the finger turns into somebody else's."""

import random
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.references import ALPHABET, Mistyped, find_reference, new_reference, read_reference


def choosing(*bodies):
    left = iter("".join(bodies))
    return lambda _alphabet: next(left)


# Chosen again after a body of figures only, KM4PX7R is what comes then.
references = st.text(ALPHABET, min_size=7, max_size=7).map(lambda b: new_reference(choosing(b, "KM4PX7R")))


def test_a_new_reference_takes_seven_characters_by_chance_and_adds_the_check():
    asked = []

    def choose(alphabet):
        asked.append(alphabet)
        return random.Random(len(asked)).choice(alphabet)

    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_reference(choose))
    assert asked == [ALPHABET] * 7


def test_a_reference_of_figures_only_is_chosen_again():
    assert new_reference(choosing("6433333", "KM4PX7R")) == "KM4P-X7RB"


@pytest.mark.parametrize(
    "text",
    [
        "KM4P-X7RB",
        "km4p-x7rb",
        " KM4P X7RB ",
        "km4px7rb",
        "KM4P – X7RB",  # a phone's long dash
        "K M 4 P X 7 R B",  # read aloud and typed so
        "KM4P_X7RB.",
    ],
)
def test_a_reference_is_read_however_it_is_typed(text):
    assert read_reference(text) == "KM4P-X7RB"


@pytest.mark.parametrize(
    "text",
    [
        "What about KM4P-X7RB?",
        "my number is km4p x7rb thanks",
        "It was KM4P-X7RC, no, KM4P-X7RB",  # the right one wins
        "ref:KM4PX7RB",
    ],
)
def test_a_reference_is_found_among_words(text):
    assert find_reference(text) == "KM4P-X7RB"


@pytest.mark.parametrize(
    "text",
    [
        "KM4P-X7RC",  # a wrong last character
        "KM4P-X7R8",  # a character that references don't have
        "MK4P-X7RB",  # two changed places
        "KM4P-X7R",  # one is missing
        "KM4P-X7RBB",  # one too many
    ],
)
def test_a_mistyped_reference_is_recognised_as_such(text):
    assert isinstance(read_reference(text), Mistyped)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "help",
        "then they",  # four and four letters
        "July 2024",
        "flat 2021",
        "DY11 1AA",  # a postcode
        "B97 6QR",
        "0152 7642",  # half a telephone number
        "01527 64252",
        "last night at 10.30pm",
        "that loud music",
        "https://example.org/KM4P",
    ],
)
def test_other_texts_are_not_taken_for_references(text):
    assert find_reference(text) is None


@given(references, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(reference, place, character):
    plain = reference.replace("-", "")
    assume(plain[place] != character)
    assert isinstance(read_reference(plain[:place] + character + plain[place + 1 :]), Mistyped)


@given(references, st.integers(0, 7), st.integers(0, 7))
def test_any_two_characters_that_changed_places_are_caught(reference, one, other):
    swapped = list(reference.replace("-", ""))
    assume(swapped[one] != swapped[other])
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert isinstance(read_reference("".join(swapped)), Mistyped)


@given(references)
def test_every_new_reference_reads_as_itself(reference):
    assert read_reference(reference) == reference
    assert find_reference(f"about {reference.lower()} again") == reference


@given(st.text())
def test_any_text_can_be_looked_through(text):
    assert find_reference(text) is None or isinstance(find_reference(text), str | Mistyped)
