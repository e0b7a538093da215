"""Nobody sees or touches another's case: by a guessed reference, a forged button, or the number of a closing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from handlers.following import pressed
from handlers.following import said as take_said
from storage.models import Case, CaseEvent, CaseMessage, Closure, Person
from tests.officers.world import ADA, ASHA, KHAN, WES, Said, World
from tests.support.service import Somebody, Town, phrase
from tests.support.stored import all_rows, the_case
from tests.support.walks import reports

EVE = 1009
NOTHING_TO_SEE = phrase("case.not_yours")


def press(world: World, chat_id: int, data: str) -> list[Said]:
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        pressed(turn, data.split(":"))
    return world.said(chat_id)


RESIDENTS_ACTS = ("open", "why", "write", "send", "worse", "stopped", "withdraw", "taken", "reopen")


@pytest.mark.parametrize(
    "chat_id", [EVE, KHAN, ASHA]
)  # a stranger, a Member, even an officer of the district
@pytest.mark.parametrize("act", RESIDENTS_ACTS)
def test_a_forged_button_shows_the_same_as_for_a_case_that_is_not_there(
    sqlite_world: World, act: str, chat_id: int
) -> None:
    world = sqlite_world
    case = world.report(ADA).case
    before = events(world)
    (of_anothers,) = press(world, chat_id, f"k:{act}:{case.id}")
    (of_nobodys,) = press(world, chat_id, f"k:{act}:98765")
    assert of_anothers.text == of_nobodys.text == NOTHING_TO_SEE
    assert of_anothers.buttons == of_nobodys.buttons == {}
    assert events(world) == before
    assert world.case(case.id).version == case.version


@pytest.mark.parametrize("act", ["msgs", "tell", "line", "spoke", "close", "reason", "closed"])
@pytest.mark.parametrize(
    "chat_id", [ADA, EVE, KHAN, WES]
)  # who reported it, others, another district's officer
def test_what_the_team_does_is_the_teams_only(sqlite_world: World, act: str, chat_id: int) -> None:
    world = sqlite_world
    case = world.report(ADA).case
    before = events(world)
    (said,) = press(world, chat_id, f"k:{act}:{case.id}:resolved")
    assert said.text in (phrase("case.for_the_team"),) or said.text.startswith("This case is in Redditch")
    assert case.reference not in said.text
    assert events(world) == before


@pytest.mark.parametrize(
    "data", ["k", "k:", "k:open", "k:open:x", "k:open:-1", "k:fly:1", "k:asked:1:better:yes"]
)
def test_a_button_that_nobody_made_changes_nothing(sqlite_world: World, data: str) -> None:
    world = sqlite_world
    world.report(ADA)
    before = events(world)
    (said,) = press(world, EVE, data)
    assert said.text in (NOTHING_TO_SEE, phrase("following.list.empty"))
    assert events(world) == before


def test_a_member_follows_a_referral_by_its_status_only(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.refer(KHAN).case
    (listed,) = press(world, KHAN, "k:list")
    assert "Referral" in listed.text
    assert "We have your referral." in listed.text
    (opened,) = press(world, KHAN, f"k:open:{case.id}")
    assert list(opened.buttons) == ["All my reports"]
    for act in ("write", "worse", "stopped", "taken", "reopen"):
        (said,) = press(world, KHAN, f"k:{act}:{case.id}")
        assert said.text == NOTHING_TO_SEE


def test_an_anonymous_report_is_in_nobodys_list(sqlite_world: World) -> None:
    sqlite_world.report(ADA, anonymous=True)
    (said,) = press(sqlite_world, ADA, "k:list")
    assert said.text == phrase("following.list.empty")


def test_how_it_went_is_asked_of_the_person_only(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report(ADA).case
    press(world, ADA, f"k:taken:{case.id}")
    with world.session() as session:
        closure = session.scalars(select(Closure)).one().id
    for data in (f"k:asked:{closure}", f"k:asked:{closure}:better:yes"):
        (said,) = press(world, EVE, data)
        assert said.text == NOTHING_TO_SEE
    with world.session() as session:
        assert session.scalars(select(Closure)).one().better is None


def test_what_a_screen_waits_for_is_checked_again_when_it_comes(sqlite_world: World) -> None:
    """The place of a conversation is stored; whose case it is may have changed since."""
    world = sqlite_world
    case = world.report(ADA).case
    press(world, ADA, f"k:write:{case.id}")
    khan = world.person_id(KHAN)
    with world.session() as session:
        session.get(Case, case.id).reporter_id = khan
    world.hush()
    with world.turn(ADA, text="It is me again") as turn:
        take_said(turn)
    (said,) = world.said(ADA)
    assert said.text == NOTHING_TO_SEE
    with world.session() as session:
        assert not session.scalars(select(CaseMessage)).all()


async def test_a_reference_of_somebody_else_reads_like_one_that_nobody_has(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    eve = town.resident("Eve Stone")
    await eve.starts()
    await eve.says(reference)
    of_anothers = eve.last.text
    await eve.says("BXCD-D3FB" if reference != "BXCD-D3FB" else "KM4P-X7RB")
    eve.sees_nothing_of("Noise", "Ada")
    assert of_anothers == NOTHING_TO_SEE
    await eve.says("/cases")
    eve.sees("You have no reports here.")
    await eve.says("Is it about Ada?")
    eve.sees_no_button(f"Send it about {reference}")
    assert len(the_case(town.database, reference).events) == 1
    assert len(all_rows(town.database, Person)) == 2


def events(world: World) -> list[tuple[int, str]]:
    with world.session() as session:
        return [tuple(row) for row in session.execute(select(CaseEvent.case_id, CaseEvent.kind))]
