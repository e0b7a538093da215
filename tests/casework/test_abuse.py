"""Words that mark a message as abusive: those said to the team, not those that people tell us of."""

from __future__ import annotations

import pytest

from casework.abuse import is_abusive
from tests.support.service import the_policy


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("You useless lot, nobody came", True),
        ("FUCK   OFF!!", True),  # in any case, with any space
        ("Fuck-off", True),
        ("Jesteście debilami", True),
        ("jestescie debilami", True),  # without accents
        ("The useless fence fell down", False),
        ("They live on Fuchsia Close", False),  # whole words only
        ("He shouts at my daughter every day", False),
        ("", False),
    ],
)
def test_what_is_marked(text: str, marked: bool) -> None:
    assert is_abusive(text, the_policy()) is marked
