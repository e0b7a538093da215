"""An invitation: made by a manager, used once, and it gives the role with its districts."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework.places import wards_in
from casework.roles import Role
from handlers import invitations
from handlers.forms.flow import CHECK, next_place, prune
from handlers.forms.screens import LONGEST_SHOWN
from handlers.invitations import INVITE, accept
from handlers.keyboards import LONGEST_DATA
from storage.models import Invitation, RoleGrant
from storage.people import display_name
from tests.officers.world import BEN, MONA, POLICY, World

NEW = 8001


def invite(world: World, by: int = MONA, **answers: object) -> str:
    """Make an invitation; its token."""
    with world.turn(by) as turn:
        receipt = invitations.make(turn, {"person": "Olu Ade", **answers})
    found = re.search(r"start=i_([\w-]+)", receipt.text)
    return found.group(1) if found else ""


def start(world: World, chat_id: int, token: str) -> list[str]:
    world.hush()
    with world.turn(chat_id) as turn:
        accept(turn, token)
    return [one.text for one in world.said(chat_id) if one.method == "sendMessage"]


def test_an_officers_invitation_gives_the_role_in_its_districts(world: World) -> None:
    token = invite(world, role="officer", districts=["redditch", "wyre_forest"])
    (said,) = start(world, NEW, token)
    assert said.startswith("Welcome to the team. Your area: Redditch and Wyre Forest.")
    with world.turn(NEW) as turn:
        assert turn.actor.role is Role.OFFICER
        assert turn.actor.districts == {"redditch", "wyre_forest"}
        assert display_name(turn.person) == "Olu Ade"
    inviter = world.person_id(MONA)
    with world.session() as session:
        grants = session.scalars(select(RoleGrant).where(RoleGrant.granted_by == inviter)).all()
    assert {grant.district for grant in grants} == {"redditch", "wyre_forest"}


def test_a_members_invitation_carries_the_ward(sqlite_world: World) -> None:
    world = sqlite_world
    token = invite(world, role="member", district="redditch", ward="Central")
    (said,) = start(world, NEW, token)
    assert "the Member for Central" in said
    with world.turn(NEW) as turn:
        assert (turn.actor.role, turn.actor.ward) == (Role.MEMBER, "Central")


@pytest.mark.parametrize(("role", "more"), [("manager", {}), ("partner", {"agency": "Rooftop"})])
def test_other_roles_are_welcomed_with_what_they_can_do(sqlite_world: World, role: str, more: dict) -> None:
    token = invite(sqlite_world, role=role, **more)
    (said,) = start(sqlite_world, NEW, token)
    assert said.startswith("Welcome.")


def test_the_command_menu_of_the_chat_changes_with_the_role(sqlite_world: World) -> None:
    token = invite(sqlite_world, role="officer", districts=["redditch"])
    start(sqlite_world, NEW, token)
    (menu,) = [one for one in sqlite_world.said() if one.method == "setMyCommands"]
    assert menu.row.payload["scope"] == {"type": "chat", "chat_id": NEW}
    assert "queue" in [command["command"] for command in menu.row.payload["commands"]]


def test_a_link_works_once(world: World) -> None:
    token = invite(world, role="officer", districts=["redditch"])
    start(world, NEW, token)
    (again,) = start(world, NEW + 1, token)
    assert again.startswith("This link does not work any more.")
    with world.turn(NEW + 1) as turn:
        assert turn.actor.role is Role.RESIDENT


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 64])
def test_a_made_up_link_gives_nothing(sqlite_world: World, token: str) -> None:
    (said,) = start(sqlite_world, NEW, token)
    assert said.startswith("This link does not work any more.")


def test_a_link_ends_after_its_days(sqlite_world: World) -> None:
    world = sqlite_world
    token = invite(world, role="officer", districts=["redditch"])
    world.clock.advance(timedelta(days=POLICY.lifetimes.invitation_days.value))
    (said,) = start(world, NEW, token)
    assert said.startswith("This link does not work any more.")


def test_of_two_who_open_a_link_at_once_one_gets_the_role(world: World) -> None:
    token = invite(world, role="officer", districts=["redditch"])
    together = threading.Barrier(2)

    def run(chat_id: int) -> None:
        together.wait(timeout=10)
        with world.turn(chat_id) as turn:
            accept(turn, token)

    threads = [threading.Thread(target=run, args=(NEW + n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    roles = []
    for n in range(2):
        with world.turn(NEW + n) as turn:
            roles.append(turn.actor.role)
    assert sorted(roles) == [Role.OFFICER, Role.RESIDENT]


def test_only_a_manager_makes_one(sqlite_world: World) -> None:
    assert not invite(sqlite_world, by=BEN, role="manager")
    with sqlite_world.session() as session:
        assert not session.scalars(select(Invitation)).all()


@pytest.mark.parametrize(
    ("role", "questions"),
    [
        ("officer", ["role", "districts", "person"]),
        ("member", ["role", "district", "ward", "person"]),
        ("manager", ["role", "person"]),
        ("partner", ["role", "agency", "person"]),
    ],
)
def test_each_role_is_asked_only_what_it_needs(role: str, questions: list[str]) -> None:
    given = {
        "role": role,
        "districts": ["redditch"],
        "district": "redditch",
        "ward": "Central",
        "agency": "Rooftop",
        "person": "Olu",
    }
    asked, answers = [], {}
    while (place := next_place(INVITE, answers)) != CHECK:
        asked.append(place)
        answers[place] = given[place]
    assert asked == questions
    assert list(prune(INVITE, given)) == [key for key in given if key in questions]


def test_every_ward_fits_a_button() -> None:
    for district in POLICY.districts:
        for ward in wards_in(district.key, date(2026, 11, 23), POLICY):
            assert len(f"f:{10**9}:{10**4}:a:{ward.name}".encode()) <= LONGEST_DATA
            assert len(ward.name) < LONGEST_SHOWN


def test_a_button_of_each_prefix_fits_with_the_largest_ids() -> None:
    largest = 2**63 - 1
    for data in (f"c:{largest}:{10**6}:contact_made", f"u:{largest}", f"w:{largest}", f"o:{largest}"):
        assert len(data) <= LONGEST_DATA
