"""When somebody was tried often enough to count as out of reach."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.contact_tries import Try, Way, count_tries
from casework.policy import parse_policy
from tests.casework.conftest import POLICY_FILE

RULES = parse_policy(POLICY_FILE.read_text(encoding="utf-8")).following
MONDAY = date(2026, 11, 23)


def made(*tries: tuple[int, Way]) -> list[Try]:
    return [Try(MONDAY + timedelta(days=day), way) for day, way in tries]


@pytest.mark.parametrize(
    ("tries", "enough"),
    [
        (made(), False),
        (made((0, Way.PHONE), (1, Way.PHONE), (2, Way.PHONE)), False),  # one way only
        (made((0, Way.PHONE), (0, Way.LETTER), (1, Way.PHONE)), False),  # two days only
        (made((0, Way.PHONE), (0, Way.PHONE), (0, Way.VISIT)), False),  # all on one day
        (made((0, Way.PHONE), (1, Way.PHONE), (2, Way.LETTER)), True),  # facts 3.5, at the least
        (made((0, Way.CHAT), (5, Way.VISIT), (9, Way.TEXT)), True),
    ],
)
def test_three_days_and_two_ways_are_enough(tries: list[Try], enough: bool) -> None:
    assert count_tries(tries, RULES).enough is enough


tries = st.lists(st.builds(Try, st.dates(MONDAY, MONDAY + timedelta(days=9)), st.sampled_from(Way)))


@given(tries, tries)
def test_one_more_try_never_makes_it_less(some: list[Try], more: list[Try]) -> None:
    before, after = count_tries(some, RULES), count_tries([*some, *more], RULES)
    assert (after.days >= before.days, after.ways >= before.ways) == (True, True)
    assert after.enough or not before.enough


@given(tries)
def test_the_order_of_the_tries_says_nothing(some: list[Try]) -> None:
    assert count_tries(some, RULES) == count_tries(reversed(some), RULES)
