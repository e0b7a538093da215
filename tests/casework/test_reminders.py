"""Catches reminders at night, on holidays, of what is over, or that never come."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import DeadlineKind
from casework.deadlines import deadline_after
from casework.policy import parse_policy
from casework.reminders import Audience, is_working_time, next_overdue, plan_reminders, sendable_at
from casework.working_days import WorkingCalendar
from tests.casework.instants import instants

OWNER, MANAGER = Audience.OWNER, Audience.MANAGER
CLOSED = '\noffice_closures = [{ first = 2026-12-29, last = 2026-12-31, name = "Closure" }]'


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def planned(policy, calendar, set_at, working_days):
    set_at = utc(set_at)
    deadline = deadline_after(DeadlineKind.CONTACT, calendar.local_day(set_at), working_days, calendar)
    reminders = plan_reminders(deadline, set_at, policy, calendar)
    return [(r.stage, r.audience.value, r.at.strftime("%m-%d %H:%M")) for r in reminders]


@pytest.mark.parametrize(
    ("set_at", "working_days", "expected"),
    [
        (  # a Tuesday afternoon, due the Tuesday after
            "2026-11-24T14:30",
            5,
            [
                ("before_2", "owner", "11-27 09:00"),
                ("due", "owner", "12-01 09:00"),
                ("overdue_1", "owner", "12-02 09:00"),
                ("overdue_1", "manager", "12-02 09:00"),
            ],
        ),
        (  # due the next day: two days before is over already
            "2026-11-24T14:30",
            1,
            [
                ("due", "owner", "11-25 09:00"),
                ("overdue_1", "owner", "11-26 09:00"),
                ("overdue_1", "manager", "11-26 09:00"),
            ],
        ),
        (  # due the same day, set after nine: only what comes when it is late
            "2026-11-24T14:30",
            0,
            [("overdue_1", "owner", "11-25 09:00"), ("overdue_1", "manager", "11-25 09:00")],
        ),
        (  # summer time begins between the first and the second
            "2026-03-20T12:00",
            6,
            [
                ("before_2", "owner", "03-26 09:00"),
                ("due", "owner", "03-30 08:00"),
                ("overdue_1", "owner", "03-31 08:00"),
                ("overdue_1", "manager", "03-31 08:00"),
            ],
        ),
        (  # over Christmas
            "2026-12-18T12:00",
            5,
            [
                ("before_2", "owner", "12-23 09:00"),
                ("due", "owner", "12-29 09:00"),
                ("overdue_1", "owner", "12-30 09:00"),
                ("overdue_1", "manager", "12-30 09:00"),
            ],
        ),
    ],
)
def test_reminders_come_before_on_the_day_and_after(policy, calendar, set_at, working_days, expected):
    assert planned(policy, calendar, set_at, working_days) == expected


def test_a_shut_office_is_reminded_the_working_day_before_and_of_lateness_when_it_opens(policy_text):
    policy = parse_policy(policy_text.replace("\noffice_closures = []", CLOSED))
    calendar = WorkingCalendar.from_policy(policy)
    # Due on Wednesday 30 December; two working days before is Thursday the 24th, and so is the day before the
    # closure: one reminder is enough.
    assert planned(policy, calendar, "2026-12-18T12:00", 6) == [
        ("due", "owner", "12-24 09:00"),
        ("overdue_1", "owner", "01-04 09:00"),
        ("overdue_1", "manager", "01-04 09:00"),
    ]


def test_the_manager_can_be_told_later_than_the_owner(policy_text, calendar):
    policy = parse_policy(policy_text.replace("manager_from_overdue_wd = 1", "manager_from_overdue_wd = 2"))
    assert [r[:2] for r in planned(policy, calendar, "2026-11-24T14:30", 0)] == [("overdue_1", "owner")]
    later = next_overdue("overdue_1", utc("2026-11-25T09:00"), policy, calendar)
    assert [(r.stage, r.audience) for r in later] == [("overdue_2", OWNER), ("overdue_2", MANAGER)]


@pytest.mark.parametrize(
    ("stage", "at", "following", "then"),
    [
        ("overdue_1", "2026-12-02T09:00", "overdue_2", "2026-12-03T09:00"),
        ("overdue_9", "2026-12-04T09:00", "overdue_10", "2026-12-07T09:00"),  # over a weekend
    ],
)
def test_what_stays_overdue_is_said_each_working_day(policy, calendar, stage, at, following, then):
    reminders = next_overdue(stage, utc(at), policy, calendar)
    assert [(r.stage, r.audience, r.at) for r in reminders] == [
        (following, OWNER, utc(then)),
        (following, MANAGER, utc(then)),
    ]


@pytest.mark.parametrize("stage", ["due", "before_2", "overdue_", ""])
def test_only_an_overdue_stage_has_a_next_one(policy, calendar, stage):
    assert next_overdue(stage, utc("2026-12-02T09:00"), policy, calendar) == ()


@pytest.mark.parametrize(
    ("instant", "sendable"),
    [
        ("2026-11-24T09:00", "2026-11-24T09:00"),  # on the stroke of opening
        ("2026-11-24T16:59", "2026-11-24T16:59"),
        ("2026-11-24T17:00", "2026-11-25T09:00"),  # closed
        ("2026-11-24T03:00", "2026-11-24T09:00"),  # before opening: the same day
        ("2026-11-27T18:00", "2026-11-30T09:00"),  # Friday evening
        ("2026-11-28T12:00", "2026-11-30T09:00"),  # Saturday noon
        ("2026-12-24T17:30", "2026-12-29T09:00"),  # Christmas Eve
        ("2026-07-01T16:30", "2026-07-02T08:00"),  # half past five in summer
    ],
)
def test_what_concerns_the_team_waits_for_its_working_hours(policy, calendar, instant, sendable):
    assert sendable_at(utc(instant), policy, calendar) == utc(sendable)


@given(instants, st.integers(0, 20))
def test_no_reminder_is_ever_planned_outside_working_hours_or_before_it_was_set(set_at, working_days):
    deadline = deadline_after(DeadlineKind.CONTACT, CALENDAR.local_day(set_at), working_days, CALENDAR)
    reminders = plan_reminders(deadline, set_at, POLICY, CALENDAR)
    assert all(is_working_time(r.at, POLICY, CALENDAR) and r.at > set_at for r in reminders)
    assert len({(r.stage, r.audience) for r in reminders}) == len(reminders)
    assert [r.at for r in reminders] == sorted(r.at for r in reminders)
    assert all((r.at > deadline.due_at) == r.stage.startswith("overdue") for r in reminders)
    assert {r.audience for r in reminders if r.at > deadline.due_at} == {OWNER, MANAGER}


@given(instants)
def test_what_waits_is_sent_as_soon_as_the_team_is_there(instant):
    at = sendable_at(instant, POLICY, CALENDAR)
    assert at >= instant
    assert is_working_time(at, POLICY, CALENDAR)
    assert at == instant or not is_working_time(at - timedelta(seconds=1), POLICY, CALENDAR)


@pytest.fixture(scope="module", autouse=True)
def _for_the_laws(policy, calendar):
    global POLICY, CALENDAR
    POLICY, CALENDAR = policy, calendar
