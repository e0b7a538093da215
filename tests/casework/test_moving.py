"""How far an officer may move a day alone, for how long a reminder can wait, and who stands in for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import CaseKind, DeadlineKind
from casework.coming import understand_coming
from casework.leave import stand_in
from casework.moving import Planned, Verdict, verdict
from casework.reminders import is_working_time
from casework.snoozing import snoozes
from casework.working_days import WorkingCalendar
from tests.officers.world import POLICY

CALENDAR = WorkingCalendar.from_policy(POLICY)
TODAY = date(2026, 11, 23)  # a Monday
ASB = CaseKind.ASB_REPORT


def planned(kind: DeadlineKind = DeadlineKind.REVIEW, case: CaseKind = ASB, moves: int = 0) -> Planned:
    return Planned(case, kind, date(2026, 11, 26), date(2026, 11, 25), moves)


@pytest.mark.parametrize(
    ("what", "to", "manager", "expected"),
    [
        (planned(), date(2026, 12, 2), False, Verdict.ALLOWED),
        (planned(moves=2), date(2026, 12, 2), False, Verdict.TOO_OFTEN),
        (planned(moves=2), date(2026, 11, 25), False, Verdict.ALLOWED),  # sooner is always allowed
        (planned(moves=9), date(2026, 12, 2), True, Verdict.ALLOWED),
        (
            planned(DeadlineKind.CONTACT),
            date(2026, 12, 2),
            False,
            Verdict.ALLOWED,
        ),  # five days after the first
        (planned(DeadlineKind.CONTACT), date(2026, 12, 3), False, Verdict.PROMISED),
        (planned(DeadlineKind.CONTACT), date(2026, 12, 3), True, Verdict.ALLOWED),
        (
            planned(DeadlineKind.CONTACT, CaseKind.NOMINATED_NEIGHBOUR),
            date(2026, 12, 3),
            False,
            Verdict.ALLOWED,
        ),
        (planned(), date(2026, 12, 21), False, Verdict.ALLOWED),
        (planned(), date(2026, 12, 22), False, Verdict.TOO_FAR),
        (planned(DeadlineKind.ANSWER, CaseKind.DATA_REQUEST), date(2026, 11, 27), True, Verdict.STATUTORY),
    ],
)
def test_what_may_be_moved(what: Planned, to: date, manager: bool, expected: Verdict) -> None:
    assert verdict(what, to, TODAY, manager=manager, policy=POLICY, calendar=CALENDAR) is expected


def at(hour: int, day: int = 23, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "taken", "now", "expected"),
    [
        (date(2026, 11, 25), 0, at(9), {"later": at(12), "tomorrow": at(9, 24)}),
        (date(2026, 11, 25), 0, at(16), {"tomorrow": at(9, 24)}),  # later would be after hours
        (date(2026, 11, 23), 0, at(9), {"later": at(12)}),  # due today: tomorrow would be past it
        (date(2026, 11, 23), 0, at(16), {}),
        (date(2026, 11, 20), 0, at(9), {}),  # late
        (date(2026, 11, 25), 2, at(9), {}),  # often enough
        (date(2026, 11, 30), 0, at(16, 27), {"tomorrow": at(9, 30)}),  # over a weekend
        (date(2026, 11, 27), 0, at(16, 27), {}),
    ],
)
def test_for_how_long_a_reminder_can_wait(
    due: date, taken: int, now: datetime, expected: dict[str, datetime]
) -> None:
    assert {one.wait.value: one.at for one in snoozes(due, taken, now, POLICY, CALENDAR)} == expected


@given(
    st.dates(date(2026, 11, 1), date(2027, 3, 1)),
    st.integers(0, 3),
    st.integers(0, 120 * 24 * 60).map(lambda minutes: at(0, 1) + timedelta(minutes=minutes)),
)
def test_nothing_waits_past_its_day_or_out_of_hours(due: date, taken: int, now: datetime) -> None:
    for one in snoozes(due, taken, now, POLICY, CALENDAR):
        assert now < one.at <= CALENDAR.end_of(due)
        assert is_working_time(one.at, POLICY, CALENDAR)


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        ({}, 1),
        ({1: 2}, 2),
        ({1: 2, 2: 3}, 3),
        ({1: 2, 2: 1}, None),  # a circle
        ({1: 1}, None),
        ({1: 9}, None),  # the deputy has left
        ({1: 2, 2: 3, 3: 2}, None),
    ],
)
def test_who_stands_in(away: dict[int, int], expected: int | None) -> None:
    assert stand_in(1, away, {1, 2, 3}) == expected


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6)), st.sets(st.integers(1, 6)))
def test_who_stands_in_is_there_and_not_away(away: dict[int, int], there: set[int]) -> None:
    for person in range(1, 7):
        found = stand_in(person, away, there)
        assert found is None or (found in there and found not in away)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", ["2026-11-24"]),
        ("today", ["2026-11-23"]),
        ("yesterday", ["2026-11-22"]),
        ("Friday", ["2026-11-27"]),
        ("monday", ["2026-11-30"]),
        ("next friday", ["2026-11-27", "2026-12-04"]),
        ("in 2 weeks", ["2026-12-07"]),
        ("in a fortnight", ["2026-12-07"]),
        ("in three days", ["2026-11-26"]),
        ("3 December", ["2026-12-03"]),
        ("3rd of Dec", ["2026-12-03"]),
        ("Dec 3", ["2026-12-03"]),
        ("Friday 4 December", ["2026-12-04"]),
        ("3/12", ["2026-12-03"]),
        ("3.12.26", ["2026-12-03"]),
        ("2027-01-04", ["2027-01-04"]),
        ("the 5th", ["2026-12-05"]),
        ("5 January", ["2027-01-05"]),
        ("20 November", ["2026-11-20"]),  # just over: they meant this year's
        ("31/02", []),
        ("soon", []),
        ("3 December or later", []),
        ("", []),
        ("9" * 200, []),
    ],
)
def test_days_ahead_as_people_type_them(text: str, expected: list[str]) -> None:
    assert [day.isoformat() for day in understand_coming(text, TODAY)] == expected


@given(st.text(max_size=80), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_no_text_breaks_the_reading_of_days(text: str, today: date) -> None:
    for day in understand_coming(text, today):
        assert isinstance(day, date)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_date_written_out_is_that_date(day: date, today: date) -> None:
    for written in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d %B %Y}"):
        assert understand_coming(written, today) == (day,)
    if timedelta(0) < day - today < timedelta(days=300):
        assert understand_coming(f"{day:%d %B}", today) == (day,)
