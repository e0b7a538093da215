"""Catches a cry for help that is passed over, and ordinary words that are taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.danger import danger_in, danger_of


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("He has a knife", "weapon"),
        ("HE HAS A KNIFE!!!", "weapon"),
        ("I can’t breathe", "hurt"),  # a phone's apostrophe
        ("she is bleeding badly", "hurt"),
        ("the bins are on fire", "fire"),
        ("someone is breaking in\nto next door", "breaking_in"),
        ("I want to die", "self_harm"),
        ("they were hitting the kids, and there's a knife", "child"),  # the first kind of the file wins
        ("ma nóż", "weapon"),
        ("ma noz", "weapon"),  # typed without accents
        ("Pali się!", "fire"),
        ("sąsiad bije dziecko", "child"),
        ("mówi że mnie zabije mnie", "hurt"),
        ("chcę umrzeć", "self_harm"),
    ],
)
def test_words_of_danger_are_noticed(policy, text, key):
    assert danger_in(text, policy) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fireworks every night",  # a word inside another
        "the firefighters were lovely",
        "begun again",
        "they argue about parking",
        "loud music until 2am",
        "moja dusza",  # "soul", near "strangling" without its accent
        "the fences were stabilised",
    ],
)
def test_ordinary_words_are_not(policy, text):
    assert danger_in(text, policy) is None


def test_every_phrase_of_the_list_is_noticed(policy):
    for danger in policy.danger:
        for language, phrases in danger.words.items():
            for phrase in phrases:
                found = danger_in(f"x {phrase.upper()}, y", policy)
                assert found is not None, (language, phrase)


def test_every_kind_shows_999_first_and_only_numbers_that_may_be_shown(policy):
    for danger in policy.danger:
        contacts = danger_of(danger.key, policy).contacts
        assert contacts[0] == "emergency"
        assert len(policy.shown(*contacts)) == len(contacts)


def test_english_and_polish_know_the_same_kinds(policy):
    assert all(danger.words.get("en") and danger.words.get("pl") for danger in policy.danger)


@given(st.text())
def test_any_text_can_be_looked_through(text):
    assert danger_in(f"{text} — knife — {text}", POLICY) is not None


@pytest.fixture(scope="module", autouse=True)
def _for_the_laws(policy):
    global POLICY
    POLICY = policy
