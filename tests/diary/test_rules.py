"""The diary's rules: bands, nights that end after midnight, what is late, what the pattern says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.diary import FROM_HOUR, Band, Happened, band_at, is_late, pattern_of, until_hour, with_end

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(hours=24)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("clock", "band"),
    [
        (time(6, 0), Band.MORNING),
        (time(11, 59), Band.MORNING),
        (time(12, 0), Band.DAY),
        (time(17, 59), Band.DAY),
        (time(18, 0), Band.EVENING),
        (time(22, 59), Band.EVENING),
        (time(23, 0), Band.NIGHT),
        (time(0, 0), Band.NIGHT),
        (time(5, 59), Band.NIGHT),
    ],
)
def test_a_time_lies_in_one_band(clock, band):
    assert band_at(clock) is band


def test_the_bands_meet_without_a_gap():
    assert [(FROM_HOUR[band], until_hour(band)) for band in Band] == [(6, 12), (12, 18), (18, 23), (23, 6)]


@pytest.mark.parametrize(
    ("happened", "entered", "late"),
    [
        # a time: 24 hours after it, to the minute
        (Happened(date(2026, 11, 23), at("2026-11-23T22:00")), at("2026-11-24T22:00"), False),
        (Happened(date(2026, 11, 23), at("2026-11-23T22:00")), at("2026-11-24T22:01"), True),
        # what took long counts from its end
        (
            Happened(date(2026, 11, 23), at("2026-11-23T22:00"), at("2026-11-24T03:00")),
            at("2026-11-25T02:00"),
            False,
        ),
        # only the day is known: it may have been a minute before midnight
        (Happened(date(2026, 11, 23)), at("2026-11-24T23:59"), False),
        (Happened(date(2026, 11, 23)), at("2026-11-25T00:01"), True),
        # the night in which the clocks go back has an hour more
        (Happened(date(2026, 10, 24), at("2026-10-24T23:30")), at("2026-10-25T22:40"), True),
        (Happened(date(2026, 10, 24), at("2026-10-24T23:30")), at("2026-10-25T22:20"), False),
    ],
)
def test_more_than_24_hours_after_it_happened_is_late(happened, entered, late):
    assert is_late(happened, entered.astimezone(UTC), LONDON, DAY) is late


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-11-21T23:30", "2026-11-21T02:00", "2026-11-22T02:00"),  # past midnight
        ("2026-11-21T20:00", "2026-11-21T22:00", "2026-11-21T22:00"),  # the same evening
        ("2026-11-21T20:00", "2026-11-21T20:00", "2026-11-21T20:00"),  # a moment
    ],
)
def test_an_end_before_the_start_is_on_the_next_day(starts, ends, expected):
    assert with_end(at(starts), at(ends)) == at(expected)


def test_an_end_without_a_start_is_left_as_it_is():
    assert with_end(None, at("2026-11-21T02:00")) == at("2026-11-21T02:00")
    assert with_end(at("2026-11-21T02:00"), None) is None


def test_the_small_hours_count_to_the_night_before():
    sunday_two_in_the_morning = Happened(date(2026, 11, 22), at("2026-11-22T02:00"))
    pattern = pattern_of([sunday_two_in_the_morning], LONDON)
    assert dict(pattern.counts) == {(5, Band.NIGHT): 1}  # Saturday night


def test_the_pattern_counts_by_day_and_band_and_keeps_what_has_no_time_apart():
    incidents = [
        Happened(date(2026, 11, 21), at("2026-11-21T23:30")),
        Happened(date(2026, 11, 21), band=Band.NIGHT),
        Happened(date(2026, 11, 20), at("2026-11-20T19:00")),
        Happened(date(2026, 11, 19)),
    ]
    pattern = pattern_of(incidents, LONDON)
    assert dict(pattern.counts) == {(5, Band.NIGHT): 2, (4, Band.EVENING): 1}
    assert (pattern.total, pattern.timed, pattern.untimed) == (4, 3, 1)
    assert pattern.busiest_band is Band.NIGHT
    assert pattern.busiest_weekday == 5


def test_where_two_lead_nothing_is_said_to_lead():
    tied = [Happened(date(2026, 11, 21), band=Band.NIGHT), Happened(date(2026, 11, 20), band=Band.DAY)]
    pattern = pattern_of(tied, LONDON)
    assert pattern.busiest_band is None
    assert pattern.busiest_weekday is None
    assert pattern_of([], LONDON).busiest_band is None


instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
happenings = st.builds(
    lambda moment, timed: Happened(moment.astimezone(LONDON).date(), moment if timed else None),
    instants,
    st.booleans(),
)


@given(st.lists(happenings, max_size=40))
def test_every_incident_is_counted_once(incidents: Iterable[Happened]):
    incidents = list(incidents)
    pattern = pattern_of(incidents, LONDON)
    assert pattern.total == len(incidents)
    assert sum(pattern.of_band(band) for band in Band) == pattern.timed
    assert sum(pattern.of_weekday(day) for day in range(7)) == pattern.timed
    assert pattern.untimed == sum(1 for one in incidents if one.starts_at is None)


@given(happenings, instants)
def test_what_is_late_stays_late(happened: Happened, entered: datetime):
    if is_late(happened, entered, LONDON, DAY):
        assert is_late(happened, entered + timedelta(minutes=1), LONDON, DAY)
