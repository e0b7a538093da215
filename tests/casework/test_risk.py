"""Catches a person at risk who is put in too low a band."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.cases import RiskBand
from casework.errors import LoweringNotAllowed, PolicyError
from casework.policy import parse_policy
from casework.risk import (
    LOWERING,
    QUESTIONS,
    RAISING,
    Action,
    Floor,
    Reason,
    Rescored,
    assess,
    change_rule,
    check_change,
    highest,
    plan_for,
    rescore,
    scores,
    weighty,
)
from tests.casework.conftest import POLICY_FILE

RULES = parse_policy(POLICY_FILE.read_text(encoding="utf-8")).risk
KEYS = [question.key for question in QUESTIONS]
STANDARD, MEDIUM, HIGH = RiskBand.STANDARD, RiskBand.MEDIUM, RiskBand.HIGH


def answers(*given):
    """Answers in the order of the questions; the last one stands for all that follow."""
    filled = [*given, *[given[-1]] * (len(KEYS) - len(given))]
    return dict(zip(KEYS, filled, strict=True))


def only(**given):
    """Everything answered with nothing, but these."""
    return {**dict.fromkeys(KEYS, 0), **given}


@pytest.mark.parametrize(
    ("given", "total", "band"),
    [
        # the vectors of NWCSP domain facts 3.6
        (answers(0), 0, STANDARD),
        (answers(1), 10, MEDIUM),
        (answers(0, 1), 9, STANDARD),
        (answers(2), 20, HIGH),
        (only(aimed_at=3), 3, MEDIUM),
        (only(worst=3), 3, HIGH),
        (answers(0, 0, 0, 0, 0, 0, 0, None), 0, MEDIUM),
        # in crisis is high whatever else
        (only(health=3), 3, HIGH),
        # two blanks are no floor, three are
        (answers(0, 0, 0, 0, 0, 0, 0, 0, None), 0, STANDARD),
        # one below high, and everything at its worst
        (answers(1, 2), 19, MEDIUM),
        (answers(3), 30, HIGH),
        # a floor does not lower what the total says
        ({**answers(2), "aimed_at": 3}, 21, HIGH),
        # nobody answered anything
        ({}, 0, MEDIUM),
        # blanks beside a high total
        ({**answers(3), "help": None, "needs": None, "history": None}, 21, HIGH),
    ],
)
def test_the_band_follows_from_the_answers(given, total, band):
    found = assess(given, RULES)
    assert (found.total, found.band) == (total, band)


@pytest.mark.parametrize(
    ("given", "known", "floors", "band"),
    [
        (only(aimed_at=3), (), (Floor.HATE,), MEDIUM),
        (only(worst=3), (), (Floor.VIOLENCE,), HIGH),
        (only(health=3), (), (Floor.CRISIS,), HIGH),
        (only(worst=3, aimed_at=3), (), (Floor.VIOLENCE, Floor.HATE), HIGH),
        ({}, (), (Floor.UNANSWERED,), MEDIUM),
        # known from the report, whatever the answers say
        (only(), (Floor.DANGER_NOW,), (Floor.DANGER_NOW,), HIGH),
        (only(), (Floor.HATE,), (Floor.HATE,), MEDIUM),
        # the others are no floors at their worst
        (only(how_close=3, daily_life=3, help=3), (), (), STANDARD),
    ],
)
def test_floors_keep_a_band_up_and_are_named(given, known, floors, band):
    found = assess(given, RULES, known)
    assert (found.floors, found.band) == (floors, band)


def test_an_officer_phones_whoever_left_three_questions_out():
    three = assess(answers(0, 0, 0, 0, 0, 0, 0, None), RULES)
    assert three.unanswered == ("help", "needs", "history")
    assert three.officer_phones
    assert not assess(answers(0, 0, 0, 0, 0, 0, 0, 0, None), RULES).officer_phones


def test_officers_read_the_heaviest_answers_first():
    found = assess(only(how_often=2, worst=3, help=2, needs=1), RULES)
    assert found.reasons == (
        Reason("worst", "violence", 3),
        Reason("how_often", "weekly", 2),
        Reason("help", "little", 2),
    )
    assert weighty({"needs": 1, "help": None}, 1) == (Reason("needs", "one", 1),)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"moon": 1}, "moon"),
        ({"help": 4}, "0 to 3"),
        ({"help": -1}, "0 to 3"),
    ],
)
def test_an_answer_that_does_not_exist_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        assess(given, RULES)


def test_options_are_scored_by_their_place():
    assert scores({"worst": "violence", "help": "good", "needs": None}) == {
        "worst": 3,
        "help": 0,
        "needs": None,
    }
    with pytest.raises(ValueError, match="moon"):
        scores({"moon": "full"})
    with pytest.raises(ValueError, match=r"tuple\.index"):
        scores({"worst": "moonlight"})


ANSWERS = st.fixed_dictionaries({key: st.none() | st.integers(0, 3) for key in KEYS})


@settings(max_examples=300)
@given(ANSWERS, st.sampled_from(KEYS))
def test_a_worse_answer_never_lowers_the_band(given, key):
    before = assess(given, RULES)
    worse = {**given, key: min((given[key] or 0) + 1, 3)}
    # Answering a blank may end the floor of the blanks; any other worse answer can only raise.
    if given[key] is not None:
        assert highest(before.band, assess(worse, RULES).band) is assess(worse, RULES).band


@settings(max_examples=300)
@given(ANSWERS)
def test_the_band_is_at_least_what_total_and_floors_say(given):
    found = assess(given, RULES)
    assert found.total == sum(score or 0 for score in given.values())
    assert found.band is (
        HIGH
        if found.total >= 20 or {Floor.VIOLENCE, Floor.CRISIS} & set(found.floors)
        else MEDIUM
        if found.total >= 10 or found.floors
        else STANDARD
    )


@pytest.mark.parametrize(
    ("current", "assessed", "before", "expected"),
    [
        # the first answers replace what was presumed, in both directions
        (MEDIUM, STANDARD, False, Rescored(STANDARD)),
        (MEDIUM, HIGH, False, Rescored(HIGH)),
        # later ones raise at once
        (STANDARD, HIGH, True, Rescored(HIGH)),
        (MEDIUM, MEDIUM, True, Rescored(MEDIUM)),
        # and only propose to lower
        (HIGH, STANDARD, True, Rescored(HIGH, lower_proposed=STANDARD)),
    ],
)
def test_answers_raise_a_band_and_do_not_lower_it(current, assessed, before, expected):
    assert rescore(current, assessed, assessed_before=before) == expected


def test_raising_needs_nothing_and_lowering_a_reason_and_a_second_officer():
    assert change_rule(STANDARD, HIGH) is RAISING
    assert change_rule(MEDIUM, MEDIUM) is RAISING
    assert change_rule(HIGH, MEDIUM) is LOWERING
    check_change(STANDARD, HIGH, reason="", first=1, second=None)
    check_change(HIGH, MEDIUM, reason="they moved away", first=1, second=2)


@pytest.mark.parametrize(
    ("reason", "second", "missing"),
    [
        ("  ", 2, "a reason"),
        ("they moved away", None, "a second officer"),
        ("they moved away", 1, "a second officer"),  # the same one twice
    ],
)
def test_lowering_without_them_is_refused(reason, second, missing):
    with pytest.raises(LoweringNotAllowed) as refused:
        check_change(HIGH, STANDARD, reason=reason, first=1, second=second)
    assert refused.value.missing == missing


@pytest.mark.parametrize(
    ("band", "actions", "review_wd"),
    [
        (STANDARD, (Action.ADVICE, Action.DIARY), 20),
        (MEDIUM, (Action.ACTION_PLAN, Action.CONSIDER_AGENCIES), 10),
        (
            HIGH,
            (
                Action.TELL_MANAGER_TODAY,
                Action.SAFETY_PLAN,
                Action.CONSIDER_HOME_SECURITY,
                Action.CONSIDER_COMPLEX_CASES,
            ),
            5,
        ),
    ],
)
def test_each_band_asks_for_its_actions(band, actions, review_wd):
    plan = plan_for(band, RULES)
    assert (plan.actions, plan.review_wd) == (actions, review_wd)


def test_there_are_ten_questions_with_four_different_options_each():
    assert len(KEYS) == len(set(KEYS)) == 10
    assert all(len(set(question.options)) == 4 for question in QUESTIONS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("high_from = { value = 20", "high_from = { value = 10", "lower than high_from"),
        ('high = { value = 5, source = "facts 3.6; proposal" }', "", "review_wd needs a figure for: high"),
    ],
)
def test_figures_that_contradict_each_other_are_refused(policy_text, old, new, said):
    with pytest.raises(PolicyError, match=said):
        parse_policy(policy_text.replace(old, new, 1))
