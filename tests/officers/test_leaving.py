"""Leaving the team: refused while work is open, at once when it is done, and in the middle of anything."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.jobs import Jobs
from casework.roles import Role
from handlers import following
from handlers import workload as room
from handlers.officers import PRESSES, acts, card
from handlers.turn import Recipient, tell
from storage import leaving, people
from storage.invitations import create_invitation, use_invitation
from storage.models import CaseMessage, Draft, Invitation, OutboxMessage, Reminder, RoleGrant
from tests.officers import taps
from tests.officers.team_kit import owned, owner_of, press
from tests.officers.test_handover import asked
from tests.officers.world import ASHA, BEN, KHAN, MONA, World, make_world
from tests.support.service import Town, a_town
from tests.support.walks import reports

GOODBYE = (
    "Thank you for your work with us, {}: your access has ended, "
    "and from now on this chat is the same as everybody's."
)


def end(world: World, chat_id: int, by: int = MONA) -> list[str]:
    """End somebody's access; what the manager reads."""
    person_id = world.person_id(chat_id)
    return [one.text for one in press(world, by, f"t:end:{person_id}") if one.to == by]


def role_of(world: World, chat_id: int) -> Role:
    with world.turn(chat_id) as turn:
        return turn.actor.role


def test_it_is_refused_while_they_own_open_work(world: World) -> None:
    case = owned(world, BEN).case
    (said,) = press(world, MONA, f"t:end:{world.person_id(BEN)}")
    assert said.text == "Ben Cole still has 1 open case. It needs a new owner first."
    assert said.data("Hand over first") == f"t:h:{world.person_id(BEN)}"
    assert role_of(world, BEN) is Role.OFFICER
    press(world, MONA, asked(world, BEN, ASHA).data("Hand over now"))
    assert end(world, BEN) == ["The access of Ben Cole has ended. Their name stays in the history."]
    assert role_of(world, BEN) is Role.RESIDENT
    assert owner_of(world, case) == world.person_id(ASHA)


def test_who_ended_it_and_when_is_kept(world: World) -> None:
    end(world, BEN)
    ben, mona = world.person_id(BEN), world.person_id(MONA)
    with world.session() as session:
        (grant,) = session.scalars(select(RoleGrant).where(RoleGrant.person_id == ben)).all()
    assert (grant.ended_by, grant.ended_at) == (mona, world.clock.now())


@pytest.mark.parametrize("chat_id", [BEN, KHAN])
def test_the_check_comes_first_and_says_what_ends(sqlite_world: World, chat_id: int) -> None:
    world = sqlite_world
    (listed,) = press(world, MONA, "t:l")
    name = {BEN: "Ben Cole · officer", KHAN: "Cllr Khan · Member"}[chat_id]
    (asked_,) = press(world, MONA, listed.data(name))
    assert asked_.text.startswith(f"<b>End the access of {name.split(' ·')[0]}?</b>")
    assert role_of(world, chat_id) is not Role.RESIDENT
    press(world, MONA, asked_.data("End access now"))
    assert role_of(world, chat_id) is Role.RESIDENT
    (again,) = press(world, MONA, asked_.data("End access now"))
    assert again.text == "They have no role any more. Nothing was done."


def test_the_list_is_paged(sqlite_world: World) -> None:
    world = sqlite_world
    for n in range(20):
        world.hire(9000 + n, Role.MEMBER, "redditch", name=f"Member {n}")
    (first,) = press(world, MONA, "t:l")
    assert len(first.buttons) == 9
    (second,) = press(world, MONA, first.data("Next page"))
    assert (second.method, second.row.edit_handle) == ("editMessageText", "leaving")
    assert not set(first.buttons) & {label for label in second.buttons if "·" in label}


def test_the_last_manager_stays_and_nobody_ends_their_own_access(world: World) -> None:
    assert end(world, MONA) == ["You can't end your own access. Another manager can do it."]
    world.hire(4002, Role.MANAGER, name="Nia Rees")
    assert end(world, MONA, by=4002)[0].startswith("The access of Mona Reid has ended.")
    with world.session() as session:
        person = people.find_by_chat(session, world.service.keyring.chat_key(4002))
        assert leaving.lock_to_end(session, person.id)[1]


def test_of_two_managers_who_end_each_others_access_one_stays(world: World) -> None:
    """Both at the same moment; on PostgreSQL in two transactions that wait for each other."""
    world.hire(4002, Role.MANAGER, name="Nia Rees")
    ids = {MONA: world.person_id(MONA), 4002: world.person_id(4002)}
    ready = threading.Barrier(2)

    def end_the_other(chat_id: int, other: int) -> None:
        ready.wait()
        with world.session() as session:
            grants, is_last = leaving.lock_to_end(session, ids[other])
            still = leaving.lock_current(session, [ids[chat_id]])
            if grants and not is_last and still:
                leaving.end_roles(session, grants, by=ids[chat_id], now=world.clock.now())

    threads = [threading.Thread(target=end_the_other, args=pair) for pair in ((MONA, 4002), (4002, MONA))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with world.session() as session:
        held = set(
            session.scalars(
                select(RoleGrant.person_id).where(RoleGrant.role == "manager", RoleGrant.ended_at.is_(None))
            )
        )
    assert len(held) == 1


def test_the_invitations_of_a_manager_who_left_no_longer_work(sqlite_world: World) -> None:
    world = sqlite_world
    world.hire(4002, Role.MANAGER, name="Nia Rees")
    nia, ada = world.person_id(4002), world.person_id(ASHA)
    with world.session() as session:
        token = create_invitation(
            session,
            world.service.keyring,
            role=Role.OFFICER,
            now=world.clock.now(),
            life=timedelta(days=7),
            created_by=nia,
        )
    end(world, 4002)
    world.clock.advance(timedelta(minutes=1))
    with world.session() as session:
        now = world.clock.now()
        assert use_invitation(session, world.service.keyring, token, person_id=ada, now=now) is None
        assert session.scalars(select(Invitation)).one().used_at is None


def test_no_reminder_and_no_digest_goes_to_them(sqlite_world: World) -> None:
    world = sqlite_world
    world.report()
    end(world, BEN)
    world.hush()
    for _ in range(6):
        world.clock.advance(timedelta(hours=12))
        Jobs(world.database, world.service, world.clock).tick()
    told = {one.to for one in world.said()}
    assert ASHA in told
    assert BEN not in told


def test_what_still_waited_to_be_sent_to_them_is_not_sent(world: World) -> None:
    received = world.report()
    with world.turn(BEN) as turn:
        reminder = turn.session.scalars(select(Reminder).where(Reminder.case_id == received.case.id)).first()
        to = Recipient.of(turn.person)
        text = turn.words("officer.gone")
        tell(turn.session, to, text, now=turn.now, receipts=[reminder.id])
    with world.turn(MONA, press="t") as turn:
        room.pressed(
            turn, ["t", "end", str(people.find_by_chat(turn.session, world.service.keyring.chat_key(BEN)).id)]
        )
    with world.session() as session:
        living = session.scalars(select(OutboxMessage).where(OutboxMessage.dead.is_(False))).all()
        methods = [row.method for row in living if row.chat_key == world.service.keyring.chat_key(BEN)]
        assert methods == ["setMyCommands"]
        assert session.get(Reminder, reminder.id).status == "failed"


def test_their_name_stays_in_the_history(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    with world.turn(BEN, press="c") as turn:
        acts.pressed(turn, ["c", str(case.id), "1", "acknowledge"])
    end(world, BEN)
    world.hush()
    with world.turn(ASHA) as turn:
        card.open_card(turn, case.id)
    assert "Ben Cole" in world.said(ASHA)[-1].text


@pytest.mark.parametrize(
    "data", ["o:{case}", "c:{case}:1:take", "q:0", "d:0", "w:1", "t:p:0", "k:msgs:{case}:0"]
)
def test_none_of_their_buttons_works_any_more(sqlite_world: World, data: str) -> None:
    world = sqlite_world
    case = world.report().case
    before = world.case(case.id).version
    end(world, BEN)
    world.hush()
    parts = data.format(case=case.id).split(":")
    with world.turn(BEN, press=":".join(parts)) as turn:
        {**PRESSES, **room.PRESSES, **following.PRESSES}[parts[0]](turn, parts)
    for said in world.said(BEN):
        assert case.reference not in said.text
    assert world.case(case.id).version == before
    assert world.case(case.id).owner_id is None


def test_a_case_cannot_be_given_to_who_has_just_left(world: World) -> None:
    case = world.report().case
    ben = world.person_id(BEN)
    end(world, BEN)
    said = taps.press(world, MONA, f"h:own:{case.id}:{world.case(case.id).version}:{ben}")
    assert said[-1].text.startswith("That colleague cannot have this case now. Choose somebody else.")
    assert owner_of(world, case) is None


def test_work_given_first_keeps_them_and_access_ended_first_keeps_the_work(postgres_database) -> None:
    """An end of access and a handover to them at the same moment: never an owner without access."""
    world = make_world(postgres_database)
    world.hire(4002, Role.MANAGER, name="Nia Rees")
    case = owned(world, ASHA).case
    go = asked(world, ASHA, BEN).data("Hand over now")
    ben = world.person_id(BEN)
    ready = threading.Barrier(2)

    def act(chat_id: int, data: str) -> None:
        ready.wait()
        with world.turn(chat_id, press=data) as turn:
            room.pressed(turn, data.split(":"))

    pairs = ((MONA, go), (4002, f"t:end:{ben}"))
    threads = [threading.Thread(target=act, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    has_access = role_of(world, BEN) is Role.OFFICER
    assert (owner_of(world, case) == ben) == has_access


# As conversations


@pytest.fixture
async def town(sqlite_database):
    async with a_town(sqlite_database) as town:
        yield town


async def leaves(sam, name: str) -> None:
    await sam.says("/team")
    await sam.taps("Somebody leaves", f"{name} · officer", "End access now")


async def test_an_officer_removed_in_the_middle_of_a_conversation_gets_one_kind_sentence(town: Town) -> None:
    sam, jo = await town.manager(), await town.officer("Jo Green")
    await town.officer("Al Day")
    ada = town.resident()
    reference = await reports(ada)
    await jo.says(reference)
    await jo.taps("Write to the resident")
    await leaves(sam, "Jo Green")
    sam.sees("The access of Jo Green has ended.")
    await jo.says("We will come to see you tomorrow.")
    assert jo.last.text == GOODBYE.format("Jo Green")
    with town.database.transaction() as session:
        assert not session.scalars(select(CaseMessage)).all()
    await jo.says("/queue")
    jo.sees("This is for officers of the team.")
    await jo.says("/menu")
    jo.sees("In danger now? Call 999.", buttons=["Report a problem"])
    ada.sees_nothing_of("tomorrow")


async def test_an_open_form_ends_with_the_access_and_its_buttons_go(town: Town) -> None:
    sam, boss = await town.manager("Sam Reid"), await town.manager("Nia Rees")
    await boss.says("/invite")
    old = boss.last
    await sam.says("/team")
    await sam.taps("Somebody leaves", "Nia Rees · manager", "End access now")
    with town.database.transaction() as session:
        assert not session.scalars(select(Draft)).all()
    assert boss.last.text == old.text
    assert not boss.last.buttons
    await boss.taps_old(old, old.labels[0])
    assert boss.last.text == GOODBYE.format("Nia Rees")
    await boss.taps_old(old, old.labels[0])
    assert boss.last.text != GOODBYE.format("Nia Rees"), "it is said once"


def commands_of(person) -> set[str]:
    return {command["command"] for command in person.phone.commands}


async def test_the_command_menu_is_everybodys_again(town: Town) -> None:
    sam, jo = await town.manager(), await town.officer("Jo Green")
    assert "queue" in commands_of(jo)
    await leaves(sam, "Jo Green")
    assert "queue" not in commands_of(jo)
    assert "report" in commands_of(jo)


async def test_danger_comes_before_the_goodbye(town: Town) -> None:
    sam, jo = await town.manager(), await town.officer("Jo Green")
    await leaves(sam, "Jo Green")
    await jo.says("he is kicking my door in")
    jo.sees("999")


async def test_who_is_invited_again_is_welcome(town: Town) -> None:
    sam, jo = await town.manager(), await town.officer("Jo Green")
    await leaves(sam, "Jo Green")
    with town.database.transaction() as session:
        token = create_invitation(
            session,
            town.database.keyring,
            role=Role.OFFICER,
            now=town.clock.now(),
            life=timedelta(days=7),
            districts=("redditch",),
            name="Jo Green",
        )
    await jo.starts(f"i_{token}")
    jo.sees("Welcome to the team.")
    await jo.says("/queue")
    jo.sees("No case is waiting.")


async def test_a_member_who_leaves_office_refers_nobody_any_more(town: Town) -> None:
    sam, omar = await town.manager(), await town.member("Omar Khan")
    await omar.says("/refer")
    await sam.says("/team")
    await sam.taps("Somebody leaves", "Omar Khan · Member", "End access now")
    await omar.says("yes")
    assert omar.last.text == GOODBYE.format("Omar Khan")
    await omar.says("/refer")
    omar.sees("This is for councillors.")
    with town.database.transaction() as session:
        assert not session.scalars(select(Draft)).all()
