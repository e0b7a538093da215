"""What comes round with the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.policy import parse_policy
from casework.upkeep import (
    at_risk_until,
    figures_to_check,
    holidays_to_check,
    look_aheads_of,
    share,
    week_after,
)
from casework.working_days import WorkingCalendar

TEXT = (Path(__file__).parents[2] / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8")
POLICY = parse_policy(TEXT)
CALENDAR = WorkingCalendar.from_policy(POLICY)
CLOSED = parse_policy(
    TEXT.replace(
        "office_closures = []\n#",
        'office_closures = [{ first = 2026-12-21, last = 2026-12-31, name = "Christmas" }]\n#',
        1,
    )
)


@pytest.mark.parametrize(
    ("today", "coming"),
    [
        (date(2026, 11, 27), [date(2026, 11, 27)]),  # a Friday
        (date(2026, 11, 26), []),  # the day before
        (date(2026, 11, 28), []),  # a Saturday
        (date(2027, 3, 25), [date(2027, 3, 26)]),  # Good Friday: the Thursday before
        (date(2026, 12, 24), [date(2026, 12, 25)]),  # Christmas Day
        (date(2026, 12, 25), []),
    ],
)
def test_the_look_ahead_comes_on_friday_or_on_the_last_working_day_before(today, coming) -> None:
    assert list(look_aheads_of(today, POLICY, CALENDAR)) == coming


def test_a_long_closure_brings_two_look_aheads_together() -> None:
    calendar = WorkingCalendar.from_policy(CLOSED)
    expected = (date(2026, 12, 18), date(2026, 12, 25), date(2027, 1, 1))
    assert look_aheads_of(date(2026, 12, 18), CLOSED, calendar) == expected


@given(st.dates(date(2026, 1, 1), date(2028, 11, 1)))
def test_every_friday_has_its_look_ahead_on_one_working_day(day: date) -> None:
    friday = day + timedelta(days=(4 - day.weekday()) % 7)
    days = [friday - timedelta(days=n) for n in range(14)]
    found = [one for one in days if friday in look_aheads_of(one, POLICY, CALENDAR)]
    assert len(found) == 1
    assert CALENDAR.is_working_day(found[0])


def test_the_week_after_is_monday_to_sunday() -> None:
    assert week_after(date(2026, 11, 27)) == (date(2026, 11, 30), date(2026, 12, 6))


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 23), date(2026, 11, 29)),  # Monday: this week
        (date(2026, 11, 27), date(2026, 12, 1)),  # Friday: what is reminded of on the Friday
    ],
)
def test_the_morning_looks_to_the_end_of_the_week_and_to_the_first_reminder(today, until) -> None:
    assert at_risk_until(today, POLICY, CALENDAR) == until


def test_before_a_closure_it_looks_as_far_as_what_is_reminded_of_early() -> None:
    until = at_risk_until(date(2026, 12, 18), CLOSED, WorkingCalendar.from_policy(CLOSED))
    assert until == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("today", "began", "year"),
    [
        (date(2027, 9, 30), date(2026, 1, 1), None),
        (date(2027, 10, 1), date(2026, 1, 1), 2028),
        (date(2027, 12, 31), date(2026, 1, 1), 2028),
        (date(2026, 11, 24), date(2026, 11, 23), None),  # installed just now, and checked so far
        (date(2028, 11, 24), date(2028, 11, 23), 2029),  # installed just now, but nobody has looked at 2029
    ],
)
def test_next_years_bank_holidays_are_to_be_checked_from_october(today, began, year) -> None:
    assert holidays_to_check(today, began, POLICY) == year


def test_what_nobody_ever_confirmed_is_asked_for_after_the_set_time() -> None:
    began = date(2026, 11, 24)
    assert not figures_to_check(began + timedelta(days=180), began, POLICY)
    found = figures_to_check(began + timedelta(days=181), began, POLICY)
    assert "timescales.asb_report.contact_wd.high" in found


def test_what_was_confirmed_too_long_ago_is_asked_for_at_once() -> None:
    value = '"facts 8.7, unfinished chat draft; proposal"'
    text = TEXT.replace(value, f"{value}, verified = true, verified_on = 2026-01-01")
    found = figures_to_check(date(2026, 11, 24), date(2026, 11, 24), parse_policy(text))
    assert found == ("lifetimes.draft_days",)


@pytest.mark.parametrize(
    ("sizes", "given"),
    [
        ([], ()),
        ([3, 1], (3, 1)),
        ([40, 40, 40], (6, 6, 3)),  # the earlier parts get more of it
        ([40, 0, 1, 40, 40, 40], (6, 0, 1, 4, 2, 2)),  # and every part gets two
    ],
)
def test_a_screen_is_shared_out(sizes, given) -> None:
    assert share(sizes, 15, most=6) == given


@given(st.lists(st.integers(0, 100), max_size=8), st.integers(0, 30), st.integers(2, 10))
def test_a_share_never_exceeds_anything(sizes: list[int], room: int, most: int) -> None:
    found = share(sizes, room, most=most)
    assert sum(found) <= room
    assert all(0 <= one <= min(size, most) for one, size in zip(found, sizes, strict=True))
    if sum(found) < room:
        assert list(found) == [min(size, most) for size in sizes]
