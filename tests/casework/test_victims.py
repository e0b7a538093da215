"""Catches a repeat or vulnerable victim whom nobody notices."""

from datetime import date

import pytest

from casework.policy import parse_policy
from casework.risk import Reason
from casework.victims import recognise
from tests.casework.conftest import POLICY_FILE

POLICY = parse_policy(POLICY_FILE.read_text(encoding="utf-8"))
ON = date(2026, 11, 24)


def recognised(reported_on=(ON,), answers=None):
    return recognise(
        reported_on=reported_on, on=ON, answers=answers or {}, review=POLICY.case_review, risk=POLICY.risk
    )


@pytest.mark.parametrize(
    ("reported_on", "repeat"),
    [
        # this one alone
        ((ON,), False),
        # another on the last day of the six months, and the day before that
        ((date(2026, 5, 25), ON), True),
        ((date(2026, 5, 24), ON), False),
        # two on one day are two reports
        ((ON, ON), True),
        # what came in later is not known yet
        ((ON, date(2026, 11, 25)), False),
    ],
)
def test_two_reports_in_six_months_make_a_repeat_victim(reported_on, repeat):
    found = recognised(reported_on)
    assert found.repeat is repeat
    assert not found.vulnerable


def test_the_days_are_the_reasons():
    assert recognised((ON, date(2026, 10, 1), date(2025, 1, 1))).reports_on == (date(2026, 10, 1), ON)


@pytest.mark.parametrize(
    ("answers", "reasons"),
    [
        # one of the questions 6 to 9 is enough, from 2
        ({"daily_life": 2}, (Reason("daily_life", "avoid_things", 2),)),
        ({"health": 2}, (Reason("health", "doctor_or_sleep", 2),)),
        ({"help": 3}, (Reason("help", "nobody", 3),)),
        ({"needs": 2}, (Reason("needs", "two", 2),)),
        # the heaviest first
        ({"health": 2, "help": 3}, (Reason("help", "nobody", 3), Reason("health", "doctor_or_sleep", 2))),
        # below it, unanswered, or another question
        ({"daily_life": 1, "health": 1, "help": 1, "needs": 1}, ()),
        ({"daily_life": None}, ()),
        ({"worst": 3, "how_often": 3, "history": 3}, ()),
    ],
)
def test_the_answers_about_effect_health_help_and_needs_say_who_is_vulnerable(answers, reasons):
    found = recognised(answers=answers)
    assert found.reasons == reasons
    assert found.vulnerable is bool(reasons)
