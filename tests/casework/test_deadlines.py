"""Catches a promise with the wrong date, and a working that does not lead to it."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.deadlines import (
    Working,
    deadlines_on_receipt,
    initial_risk,
    is_late,
    phone_deadline,
    receipt_day,
    working_days_left,
)
from casework.policy import parse_policy
from casework.working_days import SkippedDay, SkipReason
from tests.casework.instants import instants


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ASB, NNS = CaseKind.ASB_REPORT, CaseKind.NOMINATED_NEIGHBOUR
STANDARD, MEDIUM, HIGH = RiskBand.STANDARD, RiskBand.MEDIUM, RiskBand.HIGH


@pytest.mark.parametrize(
    ("kind", "risk", "received", "due"),
    [
        # a Tuesday afternoon
        (ASB, MEDIUM, "2026-11-24T14:30", {"acknowledge": "11-25", "contact": "11-27"}),
        (ASB, HIGH, "2026-11-24T14:30", {"acknowledge": "11-25", "contact": "11-25"}),
        (ASB, STANDARD, "2026-11-24T14:30", {"acknowledge": "11-25", "contact": "12-01"}),
        # half past midnight in summer: the local day is the later one
        (ASB, MEDIUM, "2026-06-30T23:30", {"acknowledge": "07-02", "contact": "07-06"}),
        # before Christmas
        (ASB, HIGH, "2026-12-24T10:00", {"acknowledge": "12-29", "contact": "12-29"}),
        # a referral, on a Saturday before a bank holiday
        (NNS, STANDARD, "2026-05-23T10:00", {"acknowledge": "05-26", "contact": "06-01", "visit": "06-15"}),
    ],
)
def test_a_new_case_is_due_by_its_kind_and_risk(policy, calendar, kind, risk, received, due):
    deadlines = deadlines_on_receipt(kind, risk, utc(received), policy, calendar)
    assert {d.kind.value: d.due_on.strftime("%m-%d") for d in deadlines} == due
    assert all(d.due_at == calendar.end_of(d.due_on) and d.working.due_on == d.due_on for d in deadlines)


def test_the_working_says_which_days_were_left_out(policy, calendar):
    acknowledge = deadlines_on_receipt(
        CaseKind.ASB_REPORT, RiskBand.MEDIUM, utc("2026-04-02T12:00"), policy, calendar
    )[0]
    assert acknowledge.working == Working(
        start_on=date(2026, 4, 2),
        working_days=1,
        skipped=(
            SkippedDay(date(2026, 4, 3), SkipReason.BANK_HOLIDAY, "Good Friday"),
            SkippedDay(date(2026, 4, 4), SkipReason.WEEKEND),
            SkippedDay(date(2026, 4, 5), SkipReason.WEEKEND),
            SkippedDay(date(2026, 4, 6), SkipReason.BANK_HOLIDAY, "Easter Monday"),
        ),
        due_on=date(2026, 4, 7),
    )


@given(instants, st.sampled_from(CaseKind))
def test_a_working_survives_being_stored(received, kind):
    for deadline in deadlines_on_receipt(kind, MEDIUM, received, POLICY, CALENDAR):
        stored = json.loads(json.dumps(deadline.working.to_json()))
        assert Working.from_json(stored) == deadline.working


def test_unasked_risk_questions_are_medium_and_danger_is_high():
    assert initial_risk(danger_now=False) is RiskBand.MEDIUM
    assert initial_risk(danger_now=True) is RiskBand.HIGH


def test_a_person_whom_the_bot_cannot_reach_is_rung_the_next_working_day(policy, calendar):
    deadline = phone_deadline(CaseKind.ASB_REPORT, utc("2026-11-27T16:00"), policy, calendar)
    assert (deadline.kind, deadline.due_on) == (DeadlineKind.PHONE, date(2026, 11, 30))


def test_late_begins_the_day_after(calendar):
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert not is_late(friday, friday)
    assert is_late(friday, date(2026, 11, 28))
    assert [working_days_left(friday, today, calendar) for today in (date(2026, 11, 25), friday, monday)] == [
        2,
        0,
        -1,
    ]


@pytest.mark.parametrize(
    ("received", "counts_from"),
    [
        ("2026-11-27T16:59", date(2026, 11, 27)),  # a Friday, one minute before
        ("2026-11-27T17:00", date(2026, 11, 30)),  # and on the stroke
    ],
)
def test_with_a_cut_off_what_comes_late_counts_as_received_the_next_working_day(
    policy_text, calendar, received, counts_from
):
    policy = parse_policy(policy_text.replace("# late_receipt_cutoff", "late_receipt_cutoff"))
    assert receipt_day(utc(received), policy, calendar) == counts_from


def test_without_one_it_counts_the_same_day(policy, calendar):
    assert receipt_day(utc("2026-11-27T22:00"), policy, calendar) == date(2026, 11, 27)


@pytest.fixture(scope="module", autouse=True)
def _for_the_laws(policy, calendar):
    global POLICY, CALENDAR
    POLICY, CALENDAR = policy, calendar
