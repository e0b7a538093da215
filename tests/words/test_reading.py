"""The counting behind the reading checks, against words and sentences counted by hand."""

import pytest

from tests.words.reading import grade, sentences, syllables, words

SYLLABLES = {
    # everyday words of this bot
    **{"a": 1, "we": 1, "help": 1, "call": 1, "please": 1, "time": 1, "noise": 1, "case": 1, "named": 1},
    **{"neighbour": 2, "problem": 2, "police": 2, "report": 2, "Redditch": 2, "message": 2, "Bromsgrove": 2},
    **{"messages": 3, "officer": 3, "resident": 3, "urgent": 2, "invited": 3, "wanted": 2, "table": 2},
    **{"councillor": 3, "language": 2, "reference": 3, "area": 3, "video": 3, "family": 3, "photo": 2},
    # long ones
    **{
        "anonymous": 4,
        "partnership": 3,
        "anti-social": 4,
        "idea": 3,
        "creation": 3,
        "behaviour": 3,
        "information": 4,
    },
    # typed shortenings and several words in one
    **{"don't": 1, "we'll": 1},
}


@pytest.mark.parametrize(("word", "expected"), SYLLABLES.items())
def test_syllables_are_counted_as_spoken(word: str, expected: int) -> None:
    assert syllables(word) == expected


def test_sentences_end_at_marks_and_line_breaks() -> None:
    assert sentences("In danger now? Call us at 10.30 today. Or:\nwrite\n\nhere") == [
        "In danger now",
        "Call us at 10.30 today",
        "Or",
        "write",
        "here",
    ]


def test_numbers_and_joined_words_count_once() -> None:
    assert words("Call 01632 960 100, don't wait: anti-social") == [
        "Call",
        "01632 960 100",
        "don't",
        "wait",
        "anti-social",
    ]


def test_the_grade_is_flesch_and_kincaids() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade("We will call you by nine.") == pytest.approx(-1.45)
    hard = "Consequently, the aforementioned documentation necessitates considerable deliberation."
    assert grade(hard) > 15
    assert grade("") == 0
