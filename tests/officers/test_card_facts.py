"""What a card works out: repeat and vulnerable victims, why the risk is what it is, how far a deadline has run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.cases import RiskBand
from casework.risk import Source, assess
from handlers.officers import PRESSES
from storage.models import AsbReport, Case
from storage.risk import record_assessment
from tests.officers.taps import opened
from tests.officers.test_queue_and_due import counted
from tests.officers.world import ADA, ASHA, World

HEAVY = {"health": 3, "help": 2, "daily_life": 1, "worst": 2, "how_often": 0}


def judged(world: World, case: Case, answers: dict[str, int | None]) -> None:
    assessment = assess(answers, world.service.policy.risk)
    with world.session() as session:
        record_assessment(
            session,
            case_id=case.id,
            at=world.clock.now(),
            answers=answers,
            assessment=assessment,
            source=Source.PERSON,
            actor_id=None,
        )


def report(world: World, **facts: object) -> Case:
    """A report with these facts of its kind."""
    return world.report(
        make_detail=lambda case_id: AsbReport(case_id=case_id, category="noise", danger_now=False, **facts)
    ).case


def test_the_risk_is_shown_with_what_settles_it_and_the_answers_that_weigh_most(world: World) -> None:
    case = world.report(risk=RiskBand.HIGH).case
    judged(world, case, HEAVY)
    text = opened(world, ASHA, case).text
    (why,) = [line for line in text.splitlines() if line.startswith("<b>Why:</b>")]
    assert why == (
        "<b>Why:</b> in crisis; many questions without an answer: ring them; "
        "Health: I can't go on like this; At its worst: Threats, or things broken; Help: I have little"
    )


def test_whoever_may_need_extra_help_is_flagged_with_the_reasons(world: World) -> None:
    case = world.report().case
    assert "May need extra help" not in opened(world, ASHA, case).text
    judged(world, case, HEAVY)
    text = opened(world, ASHA, case).text
    assert "<b>May need extra help.</b> Health: " in text


def test_the_last_judgement_counts(sqlite_world: World) -> None:
    case = sqlite_world.report().case
    judged(sqlite_world, case, HEAVY)
    judged(sqlite_world, case, dict.fromkeys(HEAVY, 0))
    text = opened(sqlite_world, ASHA, case).text
    assert "May need extra help" not in text
    assert "Health" not in text


def test_a_second_report_in_six_months_makes_a_repeat_victim(world: World) -> None:
    first = world.report().case
    assert "Repeat victim" not in opened(world, ASHA, first).text
    world.clock.advance(timedelta(days=100))
    second = world.report().case
    for case in (first, second):
        assert "<b>Repeat victim:</b> 2 reports in six months." in opened(world, ASHA, case).text
    world.clock.advance(timedelta(days=100))
    assert "Repeat victim" not in opened(world, ASHA, second).text


def test_somebody_elses_reports_and_anonymous_ones_make_no_repeat_victim(sqlite_world: World) -> None:
    world = sqlite_world
    case, other = world.report(ADA).case, world.report(1002).case
    unknown = [world.report(anonymous=True).case for _ in range(2)]
    for one in (case, other, *unknown):
        assert "Repeat victim" not in opened(world, ASHA, one).text


def test_who_reports_for_somebody_else_is_not_taken_for_the_victim(sqlite_world: World) -> None:
    report(sqlite_world, on_behalf=True)
    second = report(sqlite_world, on_behalf=True)
    assert "Repeat victim" not in opened(sqlite_world, ASHA, second).text


def test_who_owns_each_home_is_said_in_plain_words(sqlite_world: World) -> None:
    case = report(sqlite_world, detail={"my_home": "provider_tenant", "their_home": "owner_occupier"})
    text = opened(sqlite_world, ASHA, case).text
    assert "<b>Home of who reports:</b> rented from a housing association" in text
    assert "<b>Home it comes from:</b> their own" in text


@pytest.mark.parametrize(
    ("days", "run"),
    [
        (0, None),  # the day of receipt is not counted
        (1, ", day 1 of 1"),  # acknowledge, by Tuesday
        (2, None),  # late: the line says so
    ],
)
def test_the_next_deadline_says_how_far_it_has_run(sqlite_world: World, days: int, run: str | None) -> None:
    case = sqlite_world.report().case
    sqlite_world.clock.advance(timedelta(days=days))
    lines = opened(sqlite_world, ASHA, case).text.splitlines()
    (line,) = [line for line in lines if line.startswith("acknowledge ")]
    assert line.endswith(run) if run else ", day " not in line
    assert ", day " not in next(line for line in lines if line.startswith("first contact "))


def test_a_card_with_everything_takes_four_queries(world: World) -> None:
    for _ in range(3):
        case = world.report().case
    judged(world, case, HEAVY)
    with world.turn(ASHA) as turn:
        turn.session.flush()
        with counted(world.database) as statements:
            PRESSES["o"](turn, ["o", str(case.id)])
    asked = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
    assert len(asked) == 4, "\n\n".join(asked)
