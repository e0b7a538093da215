"""Every open case has a next action with a date, whatever moves are made; reviews follow the risk band."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import LIFECYCLES, CaseKind, DeadlineKind, Move, RiskBand, first_status, is_open
from casework.deadlines import Deadline, deadlines_on_receipt
from casework.next_action import at_day, needs_review, next_action, replanned_review, review_deadline
from casework.working_days import WorkingCalendar
from tests.officers.world import POLICY

CALENDAR = WorkingCalendar.from_policy(POLICY)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
STARTED = {DeadlineKind.UPDATE: 10, DeadlineKind.CONTACT: 3, DeadlineKind.ANSWER: 3}


def waiting_on_receipt(kind: CaseKind, risk: RiskBand, anonymous: bool) -> dict[DeadlineKind, Deadline]:
    found = deadlines_on_receipt(kind, risk, MONDAY, POLICY, CALENDAR)
    return {one.kind: one for one in found if not (anonymous and one.kind is DeadlineKind.CONTACT)}


@st.composite
def walks(draw: st.DrawFn) -> tuple[CaseKind, RiskBand, bool, list[tuple[int, int]]]:
    steps = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 12)), max_size=25)
    return (
        draw(st.sampled_from(CaseKind)),
        draw(st.sampled_from(RiskBand)),
        draw(st.booleans()),
        draw(steps),
    )


@given(walks())
def test_any_walk_of_moves_leaves_an_open_case_with_a_next_action_that_has_a_date(
    walk: tuple[CaseKind, RiskBand, bool, list[tuple[int, int]]],
) -> None:
    kind, risk, anonymous, steps = walk
    status, now = first_status(kind), MONDAY
    waiting = waiting_on_receipt(kind, risk, anonymous)
    _keep(kind, status, risk, waiting, now)
    for choice, days in steps:
        now += timedelta(days=days)
        moves = [move for move in LIFECYCLES[kind].moves if status in move.sources]
        if not moves:
            break
        status = _make(moves[choice % len(moves)], status, waiting, now, anonymous)
        _keep(kind, status, risk, waiting, now)
        found = next_action(waiting.values())
        if is_open(kind, status):
            assert found is not None
            assert CALENDAR.is_working_day(found.due_on)
            assert found.due_at == min(one.due_at for one in waiting.values())


def _make(
    move: Move, status: str, waiting: dict[DeadlineKind, Deadline], now: datetime, anonymous: bool
) -> str:
    for ended in move.ends:
        waiting.pop(ended, None)
    for started in () if anonymous else move.starts:
        soon = CALENDAR.add(CALENDAR.local_day(now), STARTED[started])
        waiting.setdefault(started, at_day(a_review(now), soon, CALENDAR))
    return move.target or status


def _keep(
    kind: CaseKind, status: str, risk: RiskBand, waiting: dict[DeadlineKind, Deadline], now: datetime
) -> None:
    """What `handlers.officers.timing` does after each move."""
    if needs_review(kind, status, waiting.keys()):
        waiting[DeadlineKind.REVIEW] = review_deadline(risk, now, POLICY, CALENDAR)


def a_review(now: datetime = MONDAY, risk: RiskBand = RiskBand.MEDIUM) -> Deadline:
    return review_deadline(risk, now, POLICY, CALENDAR)


@pytest.mark.parametrize(
    ("risk", "due"),
    [
        (RiskBand.STANDARD, date(2026, 12, 21)),
        (RiskBand.MEDIUM, date(2026, 12, 7)),
        (RiskBand.HIGH, date(2026, 11, 30)),
    ],
)
def test_a_review_comes_by_the_rhythm_of_the_band(risk: RiskBand, due: date) -> None:
    assert a_review(risk=risk).due_on == due


@pytest.mark.parametrize(
    ("kind", "status", "waiting", "needed"),
    [
        (CaseKind.ASB_REPORT, "received", {DeadlineKind.ACKNOWLEDGE, DeadlineKind.CONTACT}, False),
        (CaseKind.ASB_REPORT, "acknowledged", {DeadlineKind.CONTACT}, False),
        (CaseKind.ASB_REPORT, "acknowledged", set(), True),
        (CaseKind.ASB_REPORT, "contacted", {DeadlineKind.UPDATE}, True),
        (CaseKind.ASB_REPORT, "contacted", {DeadlineKind.UPDATE, DeadlineKind.REVIEW}, False),
        (CaseKind.ASB_REPORT, "closed", set(), False),
        (CaseKind.NOMINATED_NEIGHBOUR, "contacted", {DeadlineKind.VISIT}, False),
        (CaseKind.NOMINATED_NEIGHBOUR, "contacted", set(), True),
        (CaseKind.NOMINATED_NEIGHBOUR, "enrolled", set(), False),
        (CaseKind.NOMINATED_NEIGHBOUR, "review_due", set(), True),
        (CaseKind.DATA_REQUEST, "waiting", set(), True),
        (CaseKind.ENQUIRY, "answered", set(), False),
    ],
)
def test_when_a_review_is_planned(
    kind: CaseKind, status: str, waiting: set[DeadlineKind], needed: bool
) -> None:
    assert needs_review(kind, status, waiting) is needed


def replanned(before: RiskBand, after: RiskBand, changed_at: datetime) -> date:
    return replanned_review(a_review(risk=before), before, after, changed_at, POLICY, CALENDAR).due_on


def test_a_risk_that_rose_brings_the_review_forward() -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert replanned(RiskBand.STANDARD, RiskBand.HIGH, tuesday) == date(2026, 11, 30)


def test_a_review_that_would_be_over_by_the_new_rhythm_comes_the_next_working_day() -> None:
    friday = MONDAY + timedelta(days=11)
    assert replanned(RiskBand.STANDARD, RiskBand.HIGH, friday) == date(2026, 12, 7)


def test_a_risk_that_fell_puts_the_review_off_to_the_slower_rhythm() -> None:
    assert replanned(RiskBand.HIGH, RiskBand.STANDARD, MONDAY) == date(2026, 12, 21)


@given(st.sampled_from(RiskBand), st.sampled_from(RiskBand), st.integers(min_value=0, max_value=60))
def test_a_rising_risk_never_makes_a_review_later(before: RiskBand, after: RiskBand, days: int) -> None:
    planned = a_review(risk=before)
    new = replanned(before, after, MONDAY + timedelta(days=days))
    order = list(RiskBand)
    if order.index(after) >= order.index(before):
        assert new <= planned.due_on
    else:
        assert new >= planned.due_on
