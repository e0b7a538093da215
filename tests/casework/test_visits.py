"""When both sides are reminded of a visit, and from when on it can be said how it went."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.quiet_hours import is_quiet
from casework.visits import may_record, remind_officer_at, remind_resident_at
from casework.working_days import WorkingCalendar
from tests.officers.world import POLICY

CALENDAR = WorkingCalendar.from_policy(POLICY)


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """In winter, when local time is UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("visit", "reminder"),
    [
        (local(11, 25, 10), local(11, 24, 9)),
        (local(11, 30, 10), local(11, 27, 9)),  # a Monday: on Friday
        (local(12, 29, 10), local(12, 24, 9)),  # after Christmas: on Christmas Eve
    ],
)
def test_the_officer_is_reminded_on_the_morning_of_the_working_day_before(
    visit: datetime, reminder: datetime
) -> None:
    assert remind_officer_at(visit, POLICY, CALENDAR) == reminder


@pytest.mark.parametrize(
    ("quiet", "hour"),
    [
        ((time(21), time(8)), 18),  # in the evening
        ((time(18), time(8)), 17),  # an hour before it is quiet
        ((time(16, 30), time(8)), 16),
        ((time(9), time(9)), 18),  # no quiet hours
        ((time(0), time(23, 59)), 18),  # all day: the message is held back for them
    ],
)
def test_the_resident_is_reminded_on_the_evening_before_or_before_it_is_quiet(
    quiet: tuple[time, time], hour: int
) -> None:
    assert remind_resident_at(local(11, 30, 10), *quiet, POLICY, CALENDAR) == local(11, 29, hour)


@given(st.times(), st.times(), st.integers(0, 600))
def test_the_resident_is_never_reminded_at_night_or_on_the_day_itself(
    start: time, end: time, hours: int
) -> None:
    visit = local(11, 25, 7) + timedelta(hours=hours)
    at = remind_resident_at(visit, start, end, POLICY, CALENDAR).astimezone(CALENDAR.zone)
    assert at.date() == CALENDAR.local_day(visit) - timedelta(days=1)
    assert time(8) <= at.time() <= time(18)
    if any(not is_quiet(time(hour), start, end) for hour in range(8, 19)):
        assert not is_quiet(at.time(), start, end)


@pytest.mark.parametrize(
    ("now", "may"), [(local(11, 24, 23, 59), False), (local(11, 25, 0), True), (local(12, 1, 9), True)]
)
def test_how_it_went_is_said_from_the_day_on(now: datetime, may: bool) -> None:
    assert may_record(local(11, 25, 10), now, CALENDAR) is may
