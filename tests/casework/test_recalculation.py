"""Which open dates move after a change of the policy or of the bank holidays, and which never do."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.deadlines import deadline_after
from casework.policy import Policy, parse_policy
from casework.recalculation import Basis, Cause, Kept, OpenDate, Outcome, Why, recalculate
from casework.working_days import WorkingCalendar

TEXT = (Path(__file__).parents[2] / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
HOLIDAY = ("extra_bank_holidays = []", 'extra_bank_holidays = [{ day = 2026-11-25, name = "A funeral" }]')
NO_CHRISTMAS = ("not_bank_holidays = []", 'not_bank_holidays = [{ day = 2026-12-25, name = "moved" }]')
FIVE_DAYS = ("medium = { value = 3", "medium = { value = 5")
TWO_DAYS = ("medium = { value = 3", "medium = { value = 2")


@cache
def world(*changes: tuple[str, str]) -> tuple[Policy, WorkingCalendar]:
    text = TEXT
    for old, new in changes:
        text = text.replace(old, new, 1)
    policy = parse_policy(text)
    return policy, WorkingCalendar.from_policy(policy)


PLAIN, CALENDAR = world()
BEFORE = Basis.of(PLAIN, CALENDAR)


def open_date(kind: DeadlineKind = DeadlineKind.VISIT, days: int = 3, **facts) -> OpenDate:
    start_on = facts.pop("start_on", MONDAY)
    deadline = deadline_after(kind, start_on, days, CALENDAR)
    usual = {
        "kind": kind,
        "case_kind": CaseKind.ASB_REPORT,
        "risk": RiskBand.MEDIUM,
        "due_on": deadline.due_on,
        "set_on": start_on,
        "working": deadline.working,
    }
    return OpenDate(**{**usual, **facts})


def after(one: OpenDate, *changes: tuple[str, str], today: date = MONDAY) -> Outcome:
    policy, calendar = world(*changes)
    return recalculate(one, BEFORE, policy, calendar, today)


def test_nothing_moves_where_nothing_changed() -> None:
    assert after(open_date()) == Outcome()


def test_a_new_bank_holiday_moves_a_date_and_is_named() -> None:
    outcome = after(open_date(), HOLIDAY)
    assert outcome.moved is not None
    assert outcome.moved.due_on == FRIDAY
    assert outcome.why == (Why(Cause.DAY_ADDED, day=date(2026, 11, 25), name="A funeral"),)


def test_a_bank_holiday_that_is_none_any_more_brings_a_date_nearer_and_is_named() -> None:
    one = open_date(start_on=date(2026, 12, 23))
    assert one.due_on == date(2026, 12, 30)  # Christmas Day and Boxing Day's substitute between
    outcome = after(one, NO_CHRISTMAS)
    assert outcome.moved is not None
    assert outcome.moved.due_on == date(2026, 12, 29)
    assert [(why.cause, why.day) for why in outcome.why] == [(Cause.DAY_REMOVED, date(2026, 12, 25))]


def test_a_new_figure_moves_a_date_and_is_told() -> None:
    outcome = after(open_date(DeadlineKind.CONTACT), FIVE_DAYS)
    assert outcome.moved is not None
    assert outcome.moved.due_on == date(2026, 11, 30)
    assert outcome.why == (Why(Cause.FIGURE, before=3, after=5),)


@pytest.mark.parametrize(
    ("facts", "changes", "today", "kept"),
    [
        # what an officer set by hand stays, in either direction
        ({"by_hand": True}, [HOLIDAY], MONDAY, Kept.BY_HAND),
        ({"kind": DeadlineKind.CONTACT, "by_hand": True}, [TWO_DAYS], MONDAY, Kept.BY_HAND),
        # a day that somebody was told never goes further away
        ({"kind": DeadlineKind.CONTACT, "told": True}, [HOLIDAY], MONDAY, Kept.PROMISED),
        ({"kind": DeadlineKind.CONTACT, "told": True}, [FIVE_DAYS], MONDAY, Kept.PROMISED),
        # nor does a date move to where it would be over at once
        ({"kind": DeadlineKind.CONTACT}, [TWO_DAYS], THURSDAY, Kept.OVER),
        ({"kind": DeadlineKind.CONTACT}, [TWO_DAYS], FRIDAY, Kept.OVER),
    ],
)
def test_what_stays_although_it_would_be_another_date(facts, changes, today, kept) -> None:
    assert after(open_date(**facts), *changes, today=today) == Outcome(kept=kept)


def test_a_day_that_somebody_was_told_can_come_nearer() -> None:
    outcome = after(open_date(DeadlineKind.CONTACT, told=True), TWO_DAYS)
    assert outcome.moved is not None
    assert outcome.moved.due_on == date(2026, 11, 25)


def test_what_nobody_outside_was_told_moves_later_even_so() -> None:
    assert after(open_date(DeadlineKind.VISIT, told=True), HOLIDAY).moved is not None


def test_a_figure_of_another_risk_band_is_no_change_of_the_policy() -> None:
    """It was counted with three days; at high risk the policy has one, then as now."""
    assert after(open_date(DeadlineKind.CONTACT, risk=RiskBand.HIGH), FIVE_DAYS) == Outcome()


def test_a_late_receipt_counts_from_the_next_day_that_is_still_a_working_day() -> None:
    one = open_date(start_on=date(2026, 11, 25), set_on=TUESDAY, days=1)
    outcome = after(one, HOLIDAY)
    assert outcome.moved is not None
    assert outcome.moved.due_on == FRIDAY


def test_beyond_the_checked_calendar_a_date_stays() -> None:
    short = ("verified_until = 2028-12-31", "verified_until = 2026-11-25")
    assert after(open_date(), short) == Outcome(kept=Kept.BEYOND)


def test_a_month_of_the_law_ends_on_the_next_working_day() -> None:
    from casework.data_requests import answer_deadline

    deadline = answer_deadline(date(2026, 10, 25), CALENDAR)
    assert deadline.due_on == date(2026, 11, 25)
    one = open_date(
        DeadlineKind.ANSWER,
        case_kind=CaseKind.DATA_REQUEST,
        due_on=deadline.due_on,
        working=deadline.working,
        set_on=date(2026, 10, 25),
    )
    outcome = after(one, HOLIDAY)
    assert outcome.moved is not None
    assert (outcome.moved.due_on, outcome.moved.working.months) == (THURSDAY, 1)
    assert [why.name for why in outcome.why] == ["A funeral"]


def test_a_basis_is_the_same_after_storage_and_differs_after_a_change() -> None:
    assert Basis.from_json(BEFORE.to_json()).fingerprint == BEFORE.fingerprint
    for change in (HOLIDAY, NO_CHRISTMAS, FIVE_DAYS, ("before_wd = [2]", "before_wd = [3]")):
        assert Basis.of(*world(change)).fingerprint != BEFORE.fingerprint
    assert Basis.of(*world(('short_name = "NWCSP"', 'short_name = "N"'))).fingerprint == BEFORE.fingerprint


@given(
    start_on=st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    days=st.integers(1, 20),
    kind=st.sampled_from(DeadlineKind),
    told=st.booleans(),
    by_hand=st.booleans(),
    change=st.sampled_from([HOLIDAY, NO_CHRISTMAS, FIVE_DAYS, TWO_DAYS]),
    later=st.integers(0, 30),
)
def test_the_laws_of_moving(start_on, days, kind, told, by_hand, change, later) -> None:
    """By hand never; told never later; never into the past; and once moved it is where it belongs."""
    one = open_date(kind, days, start_on=start_on, told=told, by_hand=by_hand)
    policy, calendar = world(change)
    today = date.fromordinal(start_on.toordinal() + later)
    outcome = recalculate(one, BEFORE, policy, calendar, today)
    if outcome.moved is None:
        return
    assert not by_hand
    new_on = outcome.moved.due_on
    assert calendar.is_working_day(new_on)
    if new_on < one.due_on:
        assert new_on >= today
    elif told:
        assert kind is DeadlineKind.VISIT or kind is DeadlineKind.PHONE
    again = open_date(
        kind,
        start_on=start_on,
        due_on=new_on,
        working=outcome.moved.working,
        told=told,
        set_on=start_on,
    )
    assert recalculate(again, BEFORE, policy, calendar, today) == Outcome()
