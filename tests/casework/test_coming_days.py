"""A day ahead as people type it, taken as a working day; a time of day in working hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.coming_days import (
    ComingDay,
    PastDay,
    next_working_days,
    on_a_working_day,
    read_coming_day,
    read_time,
)
from casework.errors import BeyondCalendar
from casework.working_days import SkipReason, WorkingCalendar
from tests.officers.world import POLICY

CALENDAR = WorkingCalendar.from_policy(POLICY)
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 11, 24)),
        ("tomorrow", date(2026, 11, 25)),
        ("the day after tomorrow", date(2026, 11, 26)),
        ("Friday", date(2026, 11, 27)),
        ("on Fri", date(2026, 11, 27)),
        ("next friday", date(2026, 11, 27)),
        ("tuesday", date(2026, 12, 1)),  # never today
        ("in 2 weeks", date(2026, 12, 8)),
        ("in three days", date(2026, 11, 27)),
        ("3 December", date(2026, 12, 3)),
        ("Thursday 3 December", date(2026, 12, 3)),
        ("december 3rd", date(2026, 12, 3)),
        ("3/12", date(2026, 12, 3)),
        ("3/12/26", date(2026, 12, 3)),
        ("03.12.2026", date(2026, 12, 3)),
        ("2026-12-03", date(2026, 12, 3)),
        ("the 3rd", date(2026, 12, 3)),
        ("5 January", date(2027, 1, 5)),  # long over this year: next year's
    ],
)
def test_a_day_ahead_is_understood(typed: str, day: date) -> None:
    assert read_coming_day(typed, TUESDAY, CALENDAR) == ComingDay(day)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("yesterday", date(2026, 11, 23)),
        ("20 November", date(2026, 11, 20)),  # a slip, not next year
        ("1/6/26", date(2026, 6, 1)),
        ("2019-01-01", date(2019, 1, 1)),
    ],
)
def test_a_day_that_is_over_is_known_as_such(typed: str, day: date) -> None:
    assert read_coming_day(typed, TUESDAY, CALENDAR) == PastDay(day)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "Friday 3 December",
        "last friday",
        "31 February",
        "3 or 4 December",
        "32/1",
        "tuesday week",
        "x" * 99,
    ],
)
def test_what_is_not_sure_is_not_guessed(typed: str) -> None:
    """Friday 3 December 2026 is a Thursday; "Tuesday week" can be read in two ways."""
    assert read_coming_day(typed, TUESDAY, CALENDAR) is None


@pytest.mark.parametrize(
    ("typed", "taken", "reason"),
    [
        ("25 December", date(2026, 12, 29), SkipReason.BANK_HOLIDAY),
        ("28/12", date(2026, 12, 29), SkipReason.BANK_HOLIDAY),  # Boxing Day, moved
        ("Saturday", date(2026, 11, 30), SkipReason.WEEKEND),
    ],
)
def test_a_day_off_is_taken_as_the_next_working_day_with_the_reason(
    typed: str, taken: date, reason: SkipReason
) -> None:
    found = read_coming_day(typed, TUESDAY, CALENDAR)
    assert isinstance(found, ComingDay)
    assert found.instead_of is not None
    assert (found.day, found.instead_of.reason) == (taken, reason)


def test_beyond_the_checked_calendar_nothing_is_taken() -> None:
    with pytest.raises(BeyondCalendar):
        read_coming_day("1 March 2031", TUESDAY, CALENDAR)


@given(st.integers(0, 700))
def test_whatever_day_is_meant_a_working_day_not_before_it_is_taken(ahead: int) -> None:
    meant = date(2026, 11, 24) + timedelta(days=ahead)
    found = on_a_working_day(meant, CALENDAR)
    assert CALENDAR.is_working_day(found.day)
    assert found.day >= meant
    assert (found.instead_of is None) == (found.day == meant)
    assert not any(
        CALENDAR.is_working_day(meant + timedelta(days=n)) for n in range((found.day - meant).days)
    )


@given(st.dates(date(2026, 11, 24), date(2028, 11, 1)))
def test_a_date_written_out_is_read_as_itself(day: date) -> None:
    found = read_coming_day(f"{day:%d/%m/%Y}", TUESDAY, CALENDAR)
    assert isinstance(found, ComingDay)
    assert day in (found.day, found.instead_of.day if found.instead_of else None)


def test_the_days_that_are_offered_leave_out_today_and_days_off() -> None:
    christmas_eve = datetime(2026, 12, 24, 9, tzinfo=UTC)
    assert next_working_days(christmas_eve, 2, CALENDAR) == (date(2026, 12, 29), date(2026, 12, 30))


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("2pm", time(14)),
        ("2", time(14)),
        ("half two", time(14, 30)),
        ("10", time(10)),
        ("at 10.30", time(10, 30)),
        ("quarter to nine", time(8, 45)),
        ("14:15", time(14, 15)),
        ("09:00", time(9)),
        ("noonish", None),
        ("25:00", None),
        ("midnight", None),
        ("2pm or 3pm", None),
        ("", None),
    ],
)
def test_a_time_without_morning_or_afternoon_is_one_of_working_hours(typed: str, clock: time | None) -> None:
    assert read_time(typed) == clock
