"""Quiet hours, the clock of a request, and how long something is kept: dates by the table."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.data_requests import answer_deadline, may_extend
from casework.deadlines import Working
from casework.policy import Retention
from casework.quiet_hours import is_quiet, sendable_from
from casework.retention import deletable_from, kept_since
from casework.working_days import WorkingCalendar
from tests.support.service import the_policy

CALENDAR = WorkingCalendar.from_policy(the_policy(), ZoneInfo("Europe/London"))
NINE, EIGHT = time(21), time(8)


@pytest.mark.parametrize(
    ("local", "sent"),
    [
        ("2026-11-24 20:59", "2026-11-24 20:59"),  # not yet quiet
        ("2026-11-24 21:00", "2026-11-25 08:00"),  # the evening: the next morning
        ("2026-11-25 00:30", "2026-11-25 08:00"),  # after midnight: the same morning
        ("2026-11-25 07:59", "2026-11-25 08:00"),
        ("2026-11-25 08:00", "2026-11-25 08:00"),
        ("2026-10-24 22:00", "2026-10-25 08:00"),  # the clocks go back in between
        ("2027-03-27 22:00", "2027-03-28 08:00"),  # the clocks go forward in between
        ("2026-12-31 23:00", "2027-01-01 08:00"),
    ],
)
def test_what_comes_in_quiet_hours_waits_for_their_end(local: str, sent: str) -> None:
    zone = CALENDAR.zone
    instant = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    expected = datetime.fromisoformat(sent).replace(tzinfo=zone).astimezone(UTC)
    assert sendable_from(instant, NINE, EIGHT, CALENDAR) == expected


def test_quiet_hours_within_a_day_end_on_that_day() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert sendable_from(noon, time(9), time(17), CALENDAR) == datetime(2026, 11, 24, 17, tzinfo=UTC)


@given(st.times())
def test_the_same_time_twice_is_never_quiet(clock: time) -> None:
    assert not is_quiet(clock, time(0), time(0))


@given(
    st.integers(0, 60 * 24 * 700),
    st.times(),
    st.times(),
)
def test_nothing_is_sent_in_quiet_hours_or_much_later(minutes: int, start: time, end: time) -> None:
    instant = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    sent = sendable_from(instant, start, end, CALENDAR)
    assert instant <= sent <= instant + timedelta(hours=25)
    quiet = is_quiet(instant.astimezone(CALENDAR.zone).time(), start, end)
    assert quiet or sent == instant


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2025, 9, 3), date(2025, 10, 3)),  # ICO's own example
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 11, 25), date(2026, 12, 29)),  # 25 and 28 December are bank holidays
        (date(2026, 3, 3), date(2026, 4, 7)),  # Good Friday and Easter Monday
    ],
)
def test_a_request_is_answered_within_a_month(received: date, due: date) -> None:
    found = answer_deadline(received, CALENDAR)
    assert found.due_on == due
    assert found.due_at == CALENDAR.end_of(due)


@pytest.mark.parametrize(
    ("received", "waited", "extended", "due"),
    [
        (date(2026, 11, 24), 0, True, date(2027, 2, 24)),  # two further months
        (date(2026, 11, 30), 0, True, date(2027, 3, 1)),  # no 30 February: its last day, a Sunday
        (date(2026, 9, 1), 5, False, date(2026, 10, 6)),  # the clock stood still for five days
        (date(2026, 9, 1), 9, False, date(2026, 10, 12)),  # 10 October is a Saturday
        (date(2026, 11, 24), 2, True, date(2027, 2, 26)),
    ],
)
def test_more_time_and_waiting_move_the_date(received, waited, extended, due) -> None:
    assert answer_deadline(received, CALENDAR, extended=extended, waited_days=waited).due_on == due


def test_more_time_can_be_taken_within_the_first_month_only() -> None:
    received = date(2026, 9, 1)
    assert may_extend(received, date(2026, 10, 1), CALENDAR)
    assert not may_extend(received, date(2026, 10, 2), CALENDAR)
    assert may_extend(received, date(2026, 10, 2), CALENDAR, waited_days=1)


def test_how_a_month_was_counted_is_kept() -> None:
    working = answer_deadline(date(2026, 9, 1), CALENDAR).working
    assert Working.from_json(working.to_json()) == working
    assert working.months == 1
    assert answer_deadline(date(2026, 9, 1), CALENDAR, extended=True).working.months == 3


def kept(value: int, unit: str) -> Retention:
    return Retention(value=value, unit=unit, what="x", after="closed", source="test")


@pytest.mark.parametrize(
    ("ended", "value", "unit", "gone"),
    [
        (date(2020, 11, 24), 6, "years", date(2026, 11, 25)),
        (date(2024, 2, 29), 1, "years", date(2025, 3, 1)),  # there is no 29 February
        (date(2026, 8, 31), 6, "months", date(2027, 3, 1)),
        (date(2026, 11, 24), 7, "days", date(2026, 12, 2)),
    ],
)
def test_a_period_begins_on_the_day_after(ended, value, unit, gone) -> None:
    assert deletable_from(ended, kept(value, unit)) == gone


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(1, 40),
    st.sampled_from(["days", "months", "years"]),
    st.integers(0, 500),
)
def test_a_sweep_never_takes_what_is_still_kept(today, value, unit, older) -> None:
    since = kept_since(today, kept(value, unit))
    assert deletable_from(since - timedelta(days=1 + older), kept(value, unit)) <= today
