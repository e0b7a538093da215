"""Somebody blocked the bot: marked once, an officer is asked to phone, and all is undone when they come back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers.intake import Received
from handlers.officers import came_or_went, on_unreachable
from storage.models import AsbReport, Case, CaseEvent, Deadline, Person
from tests.officers.test_card import opened, press, tap
from tests.officers.test_queue_and_due import own
from tests.officers.world import ADA, ASHA, BEN, World

PHONE = {"typed": "01632 960 111", "e164": "+441632960111"}


def lose(world: World, chat_id: int = ADA) -> None:
    with world.session() as session:
        key = world.service.keyring.chat_key(chat_id)
        on_unreachable(
            session, world.service, key, world.clock.now(), "Forbidden: bot was blocked by the user"
        )


def report(world: World, **contact: Any) -> Received:
    """A report with these answers on how to reach them."""
    return world.report(
        make_detail=lambda case_id: AsbReport(
            case_id=case_id, category="noise", danger_now=False, detail={"story": "Loud music", **contact}
        )
    )


def phone_deadlines(world: World) -> list[Deadline]:
    with world.session() as session:
        return list(session.scalars(select(Deadline).where(Deadline.kind == "phone")).all())


def kinds(world: World) -> list[str]:
    with world.session() as session:
        return list(session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))


def test_the_case_is_marked_and_the_officers_are_asked_to_phone(world: World) -> None:
    case = report(world, phone=PHONE, safe="call_only").case
    world.hush()
    lose(world)
    stored = world.case(case.id)
    assert stored.reporter_unreachable_since == world.clock.now()
    assert world.person(stored.reporter_id).unreachable_since == world.clock.now()
    (deadline,) = phone_deadlines(world)
    assert deadline.due_on == date(2026, 11, 24)
    told = world.said()
    assert [one.to for one in told] == [ASHA, BEN]
    assert told[0].text == (
        f"{case.reference}: the bot cannot reach this person. Phone by Tuesday 24 November."
    )
    assert kinds(world)[-1] == "unreachable"
    assert (
        "The bot cannot reach them since Monday 23 November.</b> Phone them."
        in opened(world, ASHA, case).text
    )


@pytest.mark.parametrize(
    ("contact", "notice", "flag"),
    [
        (
            {"phone": PHONE, "safe": "chat_only"},
            "cannot reach this person. Do not ring: they asked us to write only. Decide by",
            "since Monday 23 November. Do not ring:</b> they asked us to write only.",
        ),
        (
            {},
            "cannot reach the person who sent it. They gave no number. Decide by",
            "since Monday 23 November.</b> They gave no number.",
        ),
    ],
)
def test_who_must_not_be_rung_is_for_an_officer_to_decide_on(
    sqlite_world: World, contact: dict[str, Any], notice: str, flag: str
) -> None:
    world = sqlite_world
    case = report(world, **contact).case
    world.hush()
    lose(world)
    assert f"{notice} Tuesday 24 November." in world.said(ASHA)[0].text
    card = opened(world, ASHA, case)
    assert flag in card.text
    assert "reach the person another way due Tuesday 24 November" in card.text
    assert "phone them" not in card.text.lower()
    assert "I phoned them" not in card.buttons
    assert "I tried another way" in card.buttons


def test_the_call_is_over_once_it_was_made(world: World) -> None:
    case = report(world, phone=PHONE, safe="call_only").case
    assert "I phoned them" not in opened(world, ASHA, case).buttons
    lose(world)
    (card,) = tap(world, ASHA, opened(world, ASHA, case), "I phoned them")
    assert card.text.startswith("That is recorded.")
    assert "I phoned them" not in card.buttons
    (deadline,) = phone_deadlines(world)
    assert (deadline.end_reason, deadline.met_at) == ("met", world.clock.now())
    assert world.case(case.id).status == "received"
    assert kinds(world)[-1] == "phoned"
    (refused,) = press(world, ASHA, f"c:{case.id}:{world.case(case.id).version}:phoned")
    assert refused.text.startswith("That cannot be done now")


def test_the_owner_alone_is_told_where_there_is_one(sqlite_world: World) -> None:
    world = sqlite_world
    own(world, world.report().case, BEN)
    world.hush()
    lose(world)
    assert [one.to for one in world.said()] == [BEN]


def test_it_happens_once_however_often_it_is_noticed(world: World) -> None:
    world.report()
    lose(world)
    world.hush()
    lose(world)
    with world.turn(ADA, blocked=True) as turn:
        came_or_went(turn)
    assert not world.said()
    assert len(phone_deadlines(world)) == 1
    assert kinds(world).count("unreachable") == 1


def test_each_open_case_of_theirs_is_marked_and_no_closed_one(sqlite_world: World) -> None:
    world = sqlite_world
    first, second, closed = (world.report().case for _ in range(3))
    with world.session() as session:
        session.execute(update(Case).where(Case.id == closed.id).values(closed_at=world.clock.now()))
    lose(world)
    assert {row.case_id for row in phone_deadlines(world)} == {first.id, second.id}
    assert world.case(closed.id).reporter_unreachable_since is None


def test_an_anonymous_report_is_not_found_by_the_chat_that_sent_it(sqlite_world: World) -> None:
    world = sqlite_world
    world.report(anonymous=True)
    lose(world)
    assert not phone_deadlines(world)


def test_a_chat_that_nobody_knows_is_let_be(sqlite_world: World) -> None:
    lose(sqlite_world, 777)
    assert not sqlite_world.said()


def test_coming_back_undoes_it(world: World) -> None:
    case = world.report().case
    lose(world)
    world.hush()
    with world.turn(ADA, blocked=False) as turn:
        came_or_went(turn)
    stored = world.case(case.id)
    assert stored.reporter_unreachable_since is None
    assert world.person(stored.reporter_id).unreachable_since is None
    (deadline,) = phone_deadlines(world)
    assert (deadline.end_reason, deadline.met_at) == ("not_needed", None)
    assert kinds(world)[-1] == "reachable"
    lose(world)
    assert len(phone_deadlines(world)) == 2


def test_a_new_person_who_presses_start_changes_nothing(sqlite_world: World) -> None:
    world = sqlite_world
    with world.turn(5005, blocked=False) as turn:
        came_or_went(turn)
    with world.session() as session:
        assert not session.scalars(select(Person).where(Person.unreachable_since.is_not(None))).all()
