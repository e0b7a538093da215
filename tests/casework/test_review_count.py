"""Catches a report that counts a day too long or too short, and a right that nobody is told of."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.policy import parse_policy
from casework.review_count import Doubt, NotCounted, Report, qualifying, second_report_due
from tests.casework.conftest import POLICY_FILE

RULES = parse_policy(POLICY_FILE.read_text(encoding="utf-8")).case_review


def report(reference, reported_on, happened_on=None, **facts):
    usual = {"victim": "ada", "happened_on": happened_on or reported_on}
    return Report(reference=reference, reported_on=reported_on, **{**usual, **facts})


def references(entries):
    return [entry.report.reference for entry in entries]


@pytest.mark.parametrize(
    ("happened_on", "last_day"),
    [
        # one month, beginning with the day (NWCSP domain facts 2.3)
        (date(2026, 3, 15), date(2026, 4, 14)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 10, 31), date(2026, 11, 30)),
    ],
)
def test_a_report_counts_that_was_made_within_a_month(happened_on, last_day):
    in_time = qualifying([report("A", last_day, happened_on)], last_day, RULES)
    assert references(in_time.counted) == ["A"]
    assert in_time.counted[0].tell_by == last_day
    late = qualifying([report("A", last_day + timedelta(1), happened_on)], last_day + timedelta(1), RULES)
    assert [entry.why for entry in late.left_out] == [NotCounted.TOLD_LATE]


@pytest.mark.parametrize(
    ("reported_on", "last_day"),
    [
        # six months, beginning with the day
        (date(2026, 1, 10), date(2026, 7, 9)),
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2025, 9, 1), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2026, 8, 27)),
    ],
)
def test_a_report_counts_for_six_months(reported_on, last_day):
    assert references(qualifying([report("A", reported_on)], last_day, RULES).counted) == ["A"]
    after = qualifying([report("A", reported_on)], last_day + timedelta(1), RULES)
    assert [(entry.why, entry.same_as) for entry in after.left_out] == [(NotCounted.TOO_LONG_AGO, None)]
    assert qualifying([report("A", reported_on)], last_day, RULES).counted[0].counts_until == last_day


ON = date(2026, 11, 24)


def test_three_reports_of_one_victim_normally_suffice():
    two = [report("A", date(2026, 9, 1)), report("B", date(2026, 10, 1))]
    count = qualifying(two, ON, RULES)
    assert (count.normally, count.by_one_victim, count.victims, count.route_a) == (3, 2, 1, False)
    count = qualifying([*two, report("C", date(2026, 11, 1))], ON, RULES)
    assert (count.by_one_victim, count.route_a, count.route_b) == (3, True, False)


def test_three_victims_normally_suffice():
    reports = [report(name, date(2026, 10, 1), victim=name) for name in ("ada", "ben", "cem")]
    count = qualifying(reports, ON, RULES)
    assert (count.by_one_victim, count.victims) == (1, 3)
    assert (count.route_a, count.route_b) == (False, True)


def test_one_incident_told_to_three_agencies_counts_once_as_long_as_it_can():
    reports = [
        report("council", date(2026, 10, 1), date(2026, 10, 1), incident="night"),
        report("police", date(2026, 10, 5), date(2026, 10, 1), incident="night", agency="police"),
        report("landlord", date(2026, 10, 3), date(2026, 10, 1), incident="night", agency="provider"),
    ]
    count = qualifying(reports, ON, RULES)
    assert references(count.counted) == ["police"]
    assert [(e.report.reference, e.why, e.same_as) for e in count.left_out] == [
        ("council", NotCounted.SAME_INCIDENT, "police"),
        ("landlord", NotCounted.SAME_INCIDENT, "police"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "counted"),
    [
        # the same event on the same day is one incident
        ({"event": "party"}, {"event": "party"}, 1),
        # on another day it is another
        ({"event": "party"}, {"event": "party", "happened_on": date(2026, 9, 2)}, 2),
        # the same day alone says nothing
        ({}, {}, 2),
        # of another victim it is another report
        ({"incident": "x"}, {"incident": "x", "victim": "ben"}, 2),
    ],
)
def test_reports_of_the_same_incident_are_put_together(first, second, counted):
    day = date(2026, 9, 1)
    reports = [
        report("A", day, **{"happened_on": day, **first}),
        report("B", date(2026, 9, 3), **{"happened_on": day, **second}),
    ]
    assert len(qualifying(reports, ON, RULES).counted) == counted


@pytest.mark.parametrize(
    "marks",
    [
        # the last one is the same as both before it
        ({"incident": "x"}, {"event": "party"}, {"incident": "x", "event": "party"}),
        # the last one is the same as the first only
        ({"incident": "x", "event": "party"}, {"incident": "x"}, {"event": "party"}),
    ],
)
def test_reports_that_hang_together_through_another_are_one_incident(marks):
    day = date(2026, 9, 1)
    reports = [report(name, day, day, **mark) for name, mark in zip("ABC", marks, strict=True)]
    assert len(qualifying(reports, ON, RULES).counted) == 1


def test_of_one_incident_the_telling_that_was_in_time_counts():
    reports = [
        report("late", date(2026, 10, 20), date(2026, 9, 1), incident="x"),
        report("in time", date(2026, 9, 3), date(2026, 9, 1), incident="x"),
    ]
    count = qualifying(reports, ON, RULES)
    assert references(count.counted) == ["in time"]
    assert [entry.why for entry in count.left_out] == [NotCounted.TOLD_LATE]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"reported_on": date(2026, 11, 25)}, NotCounted.AFTER_THE_DAY),
        ({"reported_on": date(2026, 9, 1), "happened_on": date(2026, 9, 2)}, NotCounted.NOT_YET_HAPPENED),
    ],
)
def test_days_that_cannot_be_are_left_out_and_said(facts, why):
    assert [e.why for e in qualifying([report("A", **facts)], ON, RULES).left_out] == [why]


@pytest.mark.parametrize(
    ("made", "doubts"),
    [
        # told one month and three days after
        (report("A", date(2026, 10, 3), date(2026, 9, 1)), (Doubt.NEARLY,)),
        (report("A", date(2026, 10, 4), date(2026, 9, 1)), ()),
        # six months were over three days ago
        (report("A", date(2026, 5, 22)), (Doubt.NEARLY,)),
        (report("A", date(2026, 5, 21)), ()),
        # its last day is today
        (report("A", date(2026, 5, 25)), ()),
        (report("A", date(2026, 10, 1), approximate=True), (Doubt.APPROXIMATE,)),
        (report("", date(2026, 10, 1)), (Doubt.NO_REFERENCE,)),
    ],
)
def test_what_somebody_should_look_at_is_borderline(made, doubts):
    found = qualifying([made], ON, RULES).borderline
    assert [entry.doubts for entry in found] == ([doubts] if doubts else [])


DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 1))
REPORTS = st.lists(
    st.builds(
        lambda number, told, ago, **rest: report(str(number), told, told - timedelta(ago), **rest),
        st.integers(1, 99),
        DAYS,
        st.integers(0, 60),
        victim=st.sampled_from(["ada", "ben"]),
        incident=st.none() | st.sampled_from(["x", "y"]),
        event=st.none() | st.sampled_from(["party"]),
    ),
    max_size=8,
)


@settings(max_examples=300)
@given(REPORTS, DAYS, st.randoms())
def test_every_report_is_counted_or_left_out_once_in_any_order(reports, on, random):
    count = qualifying(reports, on, RULES)
    assert len(count.counted) + len(count.left_out) == len(reports)
    assert count.by_one_victim <= len(count.counted)
    for counted in count.counted:
        assert counted.report.reported_on <= on <= counted.counts_until
        assert counted.report.reported_on <= counted.tell_by
    shuffled = list(reports)
    random.shuffle(shuffled)
    again = qualifying(shuffled, on, RULES)
    assert (again.by_one_victim, again.victims) == (count.by_one_victim, count.victims)


@settings(max_examples=200)
@given(REPORTS, DAYS, DAYS)
def test_another_incident_never_makes_the_count_smaller(reports, told_on, on):
    before = qualifying(reports, on, RULES)
    after = qualifying([*reports, report("new", told_on)], on, RULES)
    counts = told_on in [entry.report.reported_on for entry in after.counted]
    assert after.by_one_victim >= before.by_one_victim
    assert len(after.counted) - len(before.counted) == ("new" in references(after.counted))
    assert counts or "new" in references(after.left_out)


@pytest.mark.parametrize(
    ("reported_on", "last_explained_on", "due"),
    [
        # the first report
        ([ON], None, False),
        # the second, on the last day and the day after it
        ([date(2026, 5, 25), ON], None, True),
        ([date(2026, 5, 24), ON], None, False),
        # two on one day
        ([ON, ON], None, True),
        # explained within the last six months, and longer ago
        ([date(2026, 9, 1), date(2026, 10, 1), ON], date(2026, 5, 25), False),
        ([date(2026, 9, 1), date(2026, 10, 1), ON], date(2026, 5, 24), True),
        ([date(2026, 9, 1), ON], ON, False),
        # what has not come in yet
        ([ON, date(2026, 11, 25)], None, False),
        ([], None, False),
    ],
)
def test_the_review_is_explained_on_the_second_report_once_in_six_months(reported_on, last_explained_on, due):
    assert second_report_due(reported_on, last_explained_on, ON, RULES) is due
