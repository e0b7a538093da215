"""The life of a report from its card: triage, giving it to somebody, tries, plan, watching, closing, reopening."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.cases import CaseKind
from storage.models import AsbReport, Deadline
from tests.officers.taps import history, opened, press, tap
from tests.officers.world import ADA, ASHA, BEN, KHAN, MONA, WES, World

UNABLE = "Could not"


def open_deadlines(world: World) -> set[str]:
    with world.session() as session:
        return set(session.scalars(select(Deadline.kind).where(Deadline.ended_at.is_(None))))


def test_each_step_of_a_report_is_one_tap_and_a_line_of_its_history(world: World) -> None:
    case = world.report().case
    card = opened(world, ASHA, case)
    for label, status in (
        ("Triage done", "triaged"),
        ("Take it", "assigned"),
        ("Contact made", "contacted"),
        ("Actions planned", "action_plan"),
        ("Watch how it goes", "monitoring"),
        ("Actions planned", "action_plan"),  # it went on
    ):
        card = tap(world, ASHA, card, label)
        assert card.method == "editMessageText"
        assert world.case(case.id).status == status
    assert [event.kind for event in history(world, case)] == [
        "received",
        "opened",
        "triage",
        "take",
        "contact_made",
        "plan_actions",
        "monitor",
        "plan_actions",
    ]
    assert history(world, case)[-1].detail["from"] == "monitoring"


def test_a_manager_gives_a_case_to_whoever_has_the_fewest_open_cases(world: World) -> None:
    for _ in range(2):
        tap(world, ASHA, opened(world, ASHA, world.report().case), "Take it")
    case = world.report().case
    asked = tap(world, MONA, opened(world, MONA, case), "Give to somebody")
    assert list(asked.buttons) == [
        "Ben Cole, 0 open cases",
        "Asha Patel, 2 open cases",
        "Back to the card",
    ]
    assert asked.text.startswith("Who should have it? Whoever has the fewest open cases comes first.")
    given = tap(world, MONA, asked, "Ben Cole")
    assert given.text.startswith("Ben Cole has it now, and has been told.")
    stored = world.case(case.id)
    assert (stored.status, stored.owner_id) == ("assigned", world.person_id(BEN))
    (told,) = world.said(BEN)
    assert told.text == (
        f"{case.reference} is yours now: report, Redditch. "
        "Next: acknowledge due Tuesday 24 November (1 working day left)."
    )
    assert "given to Ben Cole, Mona Reid" in tap(world, BEN, told, "Open case").text


def test_a_case_that_somebody_has_goes_to_somebody_else_and_both_are_told(world: World) -> None:
    case = world.report().case
    tap(world, ASHA, opened(world, ASHA, case), "Take it")
    more = tap(world, MONA, opened(world, MONA, case), "More")
    tap(world, MONA, more, "Give to somebody else", "Ben Cole")
    assert world.case(case.id).owner_id == world.person_id(BEN)
    assert world.case(case.id).status == "assigned"
    (gone,) = world.said(ASHA)
    assert gone.text == f"{case.reference}, report, Redditch, is with a colleague now."
    assert len(world.said(BEN)) == 1
    assert history(world, case)[-1].kind == "reassign"


def test_only_a_manager_gives_cases_away_and_only_to_those_who_may_open_them(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    assert "Give to somebody" not in opened(world, ASHA, case).buttons
    press(world, ASHA, f"h:own:{case.id}:1:{world.person_id(BEN)}")
    press(world, KHAN, f"h:own:{case.id}:1:{world.person_id(BEN)}")
    for nobody in (world.person_id(WES), world.person_id(KHAN), 999):
        said = press(world, MONA, f"h:own:{case.id}:1:{nobody}")
        assert said[-1].text.startswith("That colleague cannot have this case now. Choose somebody else.")
    assert world.case(case.id).owner_id is None
    assert [event.kind for event in history(world, case)] == ["received", "opened"]


def test_somebody_else_is_asked_for_in_pages(sqlite_world: World) -> None:
    from casework.roles import Role

    world = sqlite_world
    for number in range(12):
        world.hire(5000 + number, Role.OFFICER, "redditch", name=f"Officer {number:02}")
    case = world.report().case
    asked = tap(world, MONA, opened(world, MONA, case), "Give to somebody")
    assert len(asked.buttons) == 8 + 2  # the next page, and the way back
    second = tap(world, MONA, asked, "Next page")
    assert len(second.buttons) == 6 + 2  # 14 officers in all
    assert world.case(case.id).owner_id is None


def test_each_try_is_kept_with_its_way_and_the_promise_to_make_contact_stands(world: World) -> None:
    case = world.report().case
    asked = tap(world, ASHA, opened(world, ASHA, case), "Contact tried")
    assert asked.text.startswith("How did you try?")
    done = tap(world, ASHA, asked, "I went there")
    assert done.text.startswith(
        "Your try is recorded. To close it as out of reach, try on 3 days and in 2 ways. "
        "So far: days 1, ways 1."
    )
    assert "contact tried by going there, Asha Patel" in done.text
    last = history(world, case)[-1]
    assert (last.kind, last.public, last.detail["way"]) == ("contact_tried", False, "visit")
    assert open_deadlines(world) == {"acknowledge", "contact"}


def test_nobody_is_rung_who_asked_us_not_to(sqlite_world: World) -> None:
    world = sqlite_world
    detail = {"phone": {"typed": "01632 960 111"}, "safe": "chat_only"}
    case = world.report(
        make_detail=lambda case_id: AsbReport(
            case_id=case_id, category="noise", danger_now=False, detail=detail
        )
    ).case
    asked = tap(world, ASHA, opened(world, ASHA, case), "Contact tried")
    assert "I rang" not in asked.buttons
    press(world, ASHA, f"h:tried:{case.id}:1:phone")
    assert history(world, case)[-1].kind == "opened"


def test_nobody_is_tried_on_an_anonymous_report(sqlite_world: World) -> None:
    case = sqlite_world.report(anonymous=True).case
    assert "Contact tried" not in opened(sqlite_world, ASHA, case).buttons
    press(sqlite_world, ASHA, f"h:tried:{case.id}:1:letter")
    assert history(sqlite_world, case)[-1].kind == "opened"


def test_a_case_is_closed_as_out_of_reach_only_after_tries_on_three_days_in_two_ways(world: World) -> None:
    case = world.report().case
    for way in ("letter", "visit", "letter"):
        asking = press(world, ASHA, f"k:close:{case.id}")[-1]
        assert not any(data.endswith("unable_to_contact") for data in asking.buttons.values())
        (again,) = press(world, ASHA, f"k:reason:{case.id}:unable_to_contact")  # an old or forged button
        assert again.text == asking.text
        press(world, ASHA, f"h:tried:{case.id}:{world.case(case.id).version}:{way}")
        world.clock.advance(timedelta(days=1))
    (asking,) = press(world, ASHA, f"k:close:{case.id}")
    assert any(data.endswith("unable_to_contact") for data in asking.buttons.values())
    (what,) = press(world, ASHA, f"k:reason:{case.id}:unable_to_contact")
    assert what.text != asking.text


def test_tries_from_before_somebody_spoke_to_the_person_count_no_more(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    tap(world, ASHA, opened(world, ASHA, case), "Take it")
    for way in ("letter", "visit", "letter"):
        press(world, ASHA, f"h:tried:{case.id}:{world.case(case.id).version}:{way}")
        world.clock.advance(timedelta(days=1))
    (asking,) = press(world, ASHA, f"k:close:{case.id}")
    assert any(data.endswith("unable_to_contact") for data in asking.buttons.values())
    tap(world, ASHA, opened(world, ASHA, case), "Contact made")
    (asking,) = press(world, ASHA, f"k:close:{case.id}")
    assert not any(data.endswith("unable_to_contact") for data in asking.buttons.values())


def close(world: World, chat_id: int, case_id: int) -> None:
    press(world, chat_id, f"k:reason:{case_id}:resolved")
    with world.turn(chat_id, text="We spoke to both sides.") as turn:
        from handlers.following import said

        said(turn)
    press(world, chat_id, f"k:closed:{case_id}")
    assert world.case(case_id).status == "closed"


def test_an_officer_opens_a_closed_case_again_and_the_person_is_told(world: World) -> None:
    case = world.report().case
    tap(world, BEN, opened(world, BEN, case), "Take it")
    close(world, BEN, case.id)
    card = opened(world, ASHA, case)
    assert next(iter(card.buttons)) == "Open it again"
    done = tap(world, ASHA, card, "Open it again")
    assert done.text.startswith("It is open again. The person who sent it has been told.")
    stored = world.case(case.id)
    assert (stored.status, stored.closed_at) == ("reopened", None)
    assert open_deadlines(world) == {"contact"}
    assert len(world.said(ADA)) == 1
    assert len(world.said(BEN)) == 1  # it is theirs
    assert history(world, case)[-1].actor_id == world.person_id(ASHA)


def test_a_case_is_not_opened_again_after_half_a_year(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    close(world, ASHA, case.id)
    card = opened(world, ASHA, case)
    world.clock.advance(timedelta(days=182))
    assert "Open it again" in opened(world, ASHA, case).buttons
    world.clock.advance(timedelta(days=1))
    assert "Open it again" not in opened(world, ASHA, case).buttons
    late = tap(world, ASHA, card, "Open it again")
    assert late.text.startswith("That cannot be done now: the case is closed.")


@pytest.mark.parametrize("kind", ["refer", "report"])
def test_a_referral_and_a_report_are_given_away_alike(sqlite_world: World, kind: str) -> None:
    world = sqlite_world
    case = getattr(world, kind)().case
    tap(world, MONA, opened(world, MONA, case), "Give to somebody", "Asha Patel")
    assert world.case(case.id).owner_id == world.person_id(ASHA)
    assert CaseKind(case.kind) in (CaseKind.ASB_REPORT, CaseKind.NOMINATED_NEIGHBOUR)
