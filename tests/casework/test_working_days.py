"""Catches a date that is a day out: against published tables, and by laws that hold for any date."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import BeyondCalendar
from casework.policy import parse_policy
from casework.working_days import (
    SkippedDay,
    SkipReason,
    WorkingCalendar,
    end_of_period,
    same_date_next_year,
)


def day(text: str) -> date:
    return datetime.strptime(text, "%d %b %Y").replace(tzinfo=UTC).date()


BANK_HOLIDAYS = {
    2025: "1 Jan, 18 Apr, 21 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec",
    2026: "1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2027: "1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2028: "3 Jan, 14 Apr, 17 Apr, 1 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
}


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_the_weekdays_that_do_not_count_are_the_published_bank_holidays(calendar, year):
    expected = {day(f"{text} {year}") for text in BANK_HOLIDAYS[year].split(", ")}
    every_day = (date(year, 1, 1) + timedelta(days=n) for n in range(366 if year == 2028 else 365))
    found = {d for d in every_day if d.weekday() < 5 and not calendar.is_working_day(d)}
    assert found == {d for d in expected if d.weekday() < 5}
    assert all(calendar.bank_holiday(d) for d in expected)


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        ("24 Dec 2026", 1, "29 Dec 2026"),  # Christmas, a weekend, and Boxing Day's substitute
        ("24 Dec 2026", 5, "5 Jan 2027"),  # over New Year's Day as well
        ("2 Apr 2026", 1, "7 Apr 2026"),  # over Easter
        ("22 May 2026", 1, "26 May 2026"),  # over the spring bank holiday
        ("23 May 2026", 1, "26 May 2026"),  # received on a Saturday: the same formula
        ("24 Dec 2027", 1, "29 Dec 2027"),  # both Christmas holidays have a substitute
        ("24 Nov 2026", 0, "24 Nov 2026"),  # the same day
    ],
)
def test_working_days_are_counted_from_the_day_after(calendar, start, working_days, due):
    assert calendar.add(day(start), working_days) == day(due)


@pytest.mark.parametrize(
    ("received", "dates"),
    [
        ("12 Dec 2025", "17 Dec 2025, 16 Dec 2025, 7 Jan 2026, 28 Jan 2026, 4 Feb 2026, 4 Mar 2026"),
        ("2 Mar 2026", "5 Mar 2026, 4 Mar 2026, 23 Mar 2026, 15 Apr 2026, 22 Apr 2026, 21 May 2026"),
        ("1 Apr 2026", "8 Apr 2026, 7 Apr 2026, 24 Apr 2026, 18 May 2026, 26 May 2026, 23 Jun 2026"),
        ("29 Aug 2026", "3 Sep 2026, 2 Sep 2026, 21 Sep 2026, 12 Oct 2026, 19 Oct 2026, 16 Nov 2026"),
    ],
)
def test_a_chain_of_steps_gives_the_dates_of_the_timetable(calendar, received, dates):
    acknowledge, share, threshold, meeting, outcome, appeal = map(day, dates.split(", "))
    assert calendar.add(day(received), 3) == acknowledge
    assert calendar.add(day(received), 2) == share
    assert calendar.add(day(received), 15) == threshold
    assert calendar.add(threshold, 15) == meeting
    assert calendar.add(meeting, 5) == outcome
    assert calendar.add(outcome, 20) == appeal


def test_what_was_left_out_is_named(calendar):
    assert calendar.skipped(day("24 Dec 2026"), day("29 Dec 2026")) == (
        SkippedDay(day("25 Dec 2026"), SkipReason.BANK_HOLIDAY, "Christmas Day"),
        SkippedDay(day("26 Dec 2026"), SkipReason.BANK_HOLIDAY, "Boxing Day"),
        SkippedDay(day("27 Dec 2026"), SkipReason.WEEKEND),
        SkippedDay(day("28 Dec 2026"), SkipReason.BANK_HOLIDAY, "Boxing Day (substitute day)"),
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar: calendar.add(day("29 Dec 2028"), 1),  # the result lies beyond
        lambda calendar: calendar.is_working_day(day("1 Jan 2029")),
        lambda calendar: calendar.between(day("1 Dec 2028"), day("5 Jan 2029")),
        lambda calendar: calendar.subject_access_due(day("5 Dec 2028")),
    ],
)
def test_nothing_is_guessed_beyond_the_days_that_somebody_checked(calendar, ask):
    with pytest.raises(BeyondCalendar, match="verified_until"):
        ask(calendar)


def test_the_last_checked_day_itself_can_be_asked_for(calendar):
    assert calendar.add(day("28 Dec 2028"), 1) == day("29 Dec 2028")


@pytest.mark.parametrize(
    ("instant", "local"),
    [
        ("2026-06-30T23:30", date(2026, 7, 1)),  # summer time is an hour ahead
        ("2026-01-31T23:30", date(2026, 1, 31)),  # winter time is not
        ("2026-10-25T00:30", date(2026, 10, 25)),  # the night the clocks go back
    ],
)
def test_a_receipt_date_is_the_local_date(calendar, instant, local):
    assert calendar.local_day(datetime.fromisoformat(instant).replace(tzinfo=UTC)) == local


@pytest.mark.parametrize(
    ("on", "clock", "utc"),
    [
        (date(2026, 3, 27), time(9), "2026-03-27T09:00"),  # the last working day of winter time
        (date(2026, 3, 30), time(9), "2026-03-30T08:00"),  # the first of summer time
        (date(2026, 10, 26), time(9), "2026-10-26T09:00"),  # and back
        (date(2026, 10, 25), time(1, 30), "2026-10-25T00:30"),  # it happens twice: the first
    ],
)
def test_nine_in_the_morning_is_nine_by_the_local_clock(calendar, on, clock, utc):
    assert calendar.at(on, clock) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_day_ends_one_second_before_local_midnight(calendar):
    assert calendar.end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("15 Mar 2026", 1, "14 Apr 2026"),
        ("31 Jan 2026", 1, "28 Feb 2026"),
        ("31 Jan 2028", 1, "29 Feb 2028"),
        ("31 Oct 2026", 1, "30 Nov 2026"),
        ("10 Jan 2026", 6, "9 Jul 2026"),
        ("31 Aug 2025", 6, "28 Feb 2026"),
        ("1 Sep 2025", 6, "28 Feb 2026"),
        ("28 Feb 2026", 6, "27 Aug 2026"),
    ],
)
def test_a_period_of_months_beginning_with_a_day_includes_that_day(start, months, end):
    assert end_of_period(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("3 Sep 2025", "3 Oct 2025"),
        ("31 Jan 2026", "2 Mar 2026"),  # 28 February is a Saturday
        ("25 Nov 2026", "29 Dec 2026"),  # Christmas and its substitute day
        ("3 Mar 2026", "7 Apr 2026"),  # Good Friday to Easter Monday
    ],
)
def test_a_request_for_ones_own_data_is_answered_within_a_month(calendar, received, due):
    assert calendar.subject_access_due(day(received)) == day(due)


@pytest.mark.parametrize(("start", "later"), [("29 Feb 2028", "28 Feb 2029"), ("1 Mar 2026", "1 Mar 2027")])
def test_a_year_after_29_february_is_28_february(start, later):
    assert same_date_next_year(day(start)) == day(later)


def with_calendar(policy_text: str, old: str, new: str) -> WorkingCalendar:
    assert old in policy_text
    return WorkingCalendar.from_policy(parse_policy(policy_text.replace(old, new, 1)))


def test_a_proclaimed_holiday_is_one_line_in_the_policy(policy_text):
    calendar = with_calendar(
        policy_text,
        "\nextra_bank_holidays = []",
        '\nextra_bank_holidays = [{ day = 2027-06-04, name = "A coronation" }]',
    )
    assert calendar.add(day("3 Jun 2027"), 1) == day("7 Jun 2027")
    assert calendar.skipped(day("3 Jun 2027"), day("4 Jun 2027"))[0].name == "A coronation"


def test_a_holiday_that_was_moved_away_is_a_working_day(policy_text):
    calendar = with_calendar(
        policy_text,
        "\nnot_bank_holidays = []",
        '\nnot_bank_holidays = [{ day = 2027-05-03, name = "moved" }]',
    )
    assert calendar.is_working_day(day("3 May 2027"))


CLOSURE = '\noffice_closures = [{ first = 2026-12-29, last = 2026-12-31, name = "Closure"%s }]'


def test_days_when_the_office_is_shut_still_count(policy_text):
    calendar = with_calendar(policy_text, "\noffice_closures = []", CLOSURE % "")
    assert calendar.add(day("24 Dec 2026"), 1) == day("29 Dec 2026")
    assert not calendar.is_office_open(day("29 Dec 2026"))


def test_unless_the_policy_says_that_they_do_not(policy_text):
    calendar = with_calendar(policy_text, "\noffice_closures = []", CLOSURE % ", counts_as_working = false")
    assert calendar.add(day("24 Dec 2026"), 1) == day("4 Jan 2027")
    reasons = {s.reason for s in calendar.skipped(day("28 Dec 2026"), day("31 Dec 2026"))}
    assert reasons == {SkipReason.CLOSED}


days = st.dates(date(2025, 1, 1), date(2028, 6, 30))
counts = st.integers(0, 60)


@given(days, counts)
def test_counting_back_undoes_counting_on(start, working_days):
    start = CALENDAR.next_working_day(start)
    assert CALENDAR.subtract(CALENDAR.add(start, working_days), working_days) == start


@given(days, counts)
def test_between_counts_what_add_added(start, working_days):
    end = CALENDAR.add(start, working_days)
    assert CALENDAR.between(start, end) == working_days
    assert CALENDAR.between(end, start) == -working_days


@given(days, days, counts)
def test_whoever_is_received_later_is_never_due_earlier(one, other, working_days):
    first, second = sorted((one, other))
    assert CALENDAR.add(first, working_days) <= CALENDAR.add(second, working_days)


@given(days, st.integers(1, 60))
def test_every_day_on_the_way_is_counted_or_named_as_left_out(start, working_days):
    end = CALENDAR.add(start, working_days)
    assert working_days + len(CALENDAR.skipped(start, end)) == (end - start).days
    assert CALENDAR.is_working_day(end)


@given(days, st.integers(1, 24))
def test_a_period_ends_before_the_next_one_begins(start, months):
    end = end_of_period(start, months)
    assert start < end
    assert end_of_period(start + timedelta(days=1), months) >= end


@pytest.fixture(scope="module", autouse=True)
def _calendar_for_the_laws(calendar):
    global CALENDAR
    CALENDAR = calendar
