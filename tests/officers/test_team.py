"""The team's work: who carries how much, what is late, which days were kept; as a table and as a picture."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import update

from bot.papers.paper import PaperGone
from bot.papers.registry import make_paper
from casework.cases import DeadlineKind, RiskBand
from casework.roles import Role
from handlers import workload as room
from handlers.workload import team
from storage import deadlines, workload
from storage.models import RoleGrant
from tests.officers.team_kit import command, counted, give, owned, press
from tests.officers.world import ADA, ASHA, BEN, KHAN, MONA, WES, World, make_world
from tests.support.service import TUESDAY_MORNING, a_town

H, M, S = RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.STANDARD


def tables(text: str) -> list[list[str]]:
    """The lines of each table."""
    return [part.split("</pre>")[0].splitlines() for part in text.split("<pre>")[1:]]


def test_a_manager_sees_who_carries_what_the_heaviest_load_first(world: World) -> None:
    for risk in (H, H, S):
        owned(world, BEN, risk)
    owned(world, ASHA, M)
    owned(world, WES, S, district="wyre_forest")
    world.report()
    said = command(world, MONA, "team")
    work, record = tables(said.text)
    assert work == [
        "           open H M S late",
        "Ben Cole      3 2 0 1    0",
        "Asha Patel    1 0 1 0    0",
        "Wes Lane      1 0 0 1    0",
    ]
    assert said.text.startswith("<b>6 open cases</b>, 0 late.\n1 of them is nobody's yet, 0 late.")
    assert record[0].split() == ["met", "missed"]


def test_what_is_overdue_and_which_days_were_kept(world: World) -> None:
    kept, broken = owned(world, ASHA, H).case, owned(world, ASHA, H).case
    with world.session() as session:
        every = tuple(DeadlineKind)
        deadlines.end_deadlines(session, kept.id, every, now=world.clock.now())
    world.clock.advance(timedelta(days=4))
    said = command(world, MONA, "team")
    work, record = tables(said.text)
    assert work[1].split() == ["Asha", "Patel", "2", "2", "0", "0", "1"]
    met, missed = record[1].split()[-2:]
    assert int(met) == int(missed) == 2  # to acknowledge and to speak, each once kept and once not
    assert broken.reference not in said.text
    world.clock.advance(timedelta(days=31))
    assert tables(command(world, MONA, "team").text)[1][1].split()[-2:] == ["0", "0"]


def test_days_from_before_they_had_the_case_are_nobodys_fault(world: World) -> None:
    case = owned(world, ASHA, H).case
    world.clock.advance(timedelta(days=4))
    give(world, BEN, case)
    with world.session() as session:
        now = world.clock.now()
        assert workload.count_kept(session, now - timedelta(days=30), now) == {}


def test_what_was_no_longer_needed_in_time_counts_neither_way(world: World) -> None:
    case = owned(world, ASHA, H).case
    with world.session() as session:
        every = tuple(DeadlineKind)
        why = deadlines.EndReason.NOT_NEEDED
        deadlines.end_deadlines(session, case.id, every, now=world.clock.now(), reason=why)
    world.clock.advance(timedelta(days=4))
    asha = world.person_id(ASHA)
    with world.session() as session:
        now = world.clock.now()
        assert workload.count_kept(session, now - timedelta(days=30), now) == {asha: (0, 0)}


def test_an_officer_sees_their_own_line_only(sqlite_world: World) -> None:
    world = sqlite_world
    owned(world, ASHA, H)
    owned(world, BEN, M)
    said = command(world, ASHA, "team")
    assert said.text.startswith("<b>You have 1 open case</b>: 1 high, 0 medium, 0 standard risk. Late: 0.")
    assert "Ben" not in said.text
    for forged in ("t:pic:0", "t:hand", "t:l", "t:who:1", "t:end:1", "t:h:2", "t:go:x"):
        (answer,) = [one for one in press(world, ASHA, forged) if one.to == ASHA]
        assert answer.text.startswith("This is for officers of the team."), forged
    assert "Ben" not in press(world, ASHA, "t:p:0")[0].text


@pytest.mark.parametrize("chat_id", [ADA, KHAN])
def test_the_teams_work_is_for_the_team(sqlite_world: World, chat_id: int) -> None:
    assert command(sqlite_world, chat_id, "team").text.startswith("This is for officers of the team.")
    assert command(sqlite_world, chat_id, "handover").text.startswith("This is for officers of the team.")


def many_officers(world: World, number: int) -> None:
    for n in range(number):
        world.hire(9000 + n, Role.OFFICER, "redditch", name=f"Bartholomew Featherstonehaugh-{n}")
        owned(world, 9000 + n, S)


def test_no_page_is_longer_than_a_screen_or_wider_than_a_phone(sqlite_world: World) -> None:
    world = sqlite_world
    many_officers(world, 17)
    for _ in range(120):
        owned(world, ASHA, S)
    first = command(world, MONA, "team")
    assert "Page 1 of 3" in first.text
    for table in tables(first.text):
        assert len(table) <= team.PAGE + 1
        assert max(len(line) for line in table) <= team.WIDTH
        assert len({len(line) for line in table}) == 1, "the columns are aligned"
    assert len(first.text.splitlines()) <= 26
    (second,) = press(world, MONA, first.data("Next page"))
    assert (second.method, second.row.edit_handle) == ("editMessageText", "team")
    seen = {name for page in (first, second) for name in page.text.splitlines() if name.startswith("Barth")}
    assert seen


@pytest.mark.parametrize(
    "data", ["t:p:99", "t:p:x", "t:p", "t:pic:99", "t", "t:nonsense", "t:as:x:y", "t:to:1:2"]
)
def test_a_forged_button_breaks_nothing(sqlite_world: World, data: str) -> None:
    assert press(sqlite_world, MONA, data)


@pytest.mark.parametrize("officers", [1, 25])
def test_the_team_takes_few_queries_however_many_officers_there_are(world: World, officers: int) -> None:
    many_officers(world, officers)
    with world.turn(MONA) as turn:
        turn.session.flush()
        with counted(world.database) as statements:
            room.COMMANDS["team"](turn)
    asked = [one for one in statements if one.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert 0 < len(asked) <= 4


def test_who_has_left_and_still_owns_cases_is_seen(sqlite_world: World) -> None:
    world = sqlite_world
    owned(world, ASHA)
    asha = world.person_id(ASHA)
    with world.session() as session:
        ended = update(RoleGrant).where(RoleGrant.person_id == asha)
        session.execute(ended.values(ended_at=world.clock.now()))
    said = command(world, MONA, "team")
    assert any(line.startswith("Asha") for line in tables(said.text)[0])
    (caption,) = [one.row.payload["caption"] for one in press(world, MONA, "t:pic:0")]
    assert "Asha Patel (left): 1 open." in caption


@pytest.mark.parametrize(
    ("name", "room_for_it", "shown"),
    [
        ("Asha Patel", 10, "Asha Patel"),
        ("Asha Patel", 8, "Asha P"),
        ("Bartholomew Fox", 8, "Barthol…"),
        ("Madonna", 8, "Madonna"),
    ],
)
def test_a_long_name_is_cut_so_that_it_is_still_known(name: str, room_for_it: int, shown: str) -> None:
    assert team.short_name(name, room_for_it) == shown


async def test_the_picture_comes_with_all_its_numbers_in_words(sqlite_database) -> None:
    async with a_town(sqlite_database, now=TUESDAY_MORNING) as town:
        sam = await town.manager()
        await town.officer("Jo Green")
        await sam.says("/team")
        sam.sees("0 open cases")
        await sam.taps("As a picture")
        sam.sees("Jo Green: 0 open. High 0, medium 0, standard 0. Late 0.")
        assert not town.process.delivery.counts.alarms


def test_the_picture_is_told_apart_in_grey_and_fits_a_phone(sqlite_database) -> None:
    world = make_world(sqlite_database)
    for risk in (H, H, H, M, M, M, S, S, S):
        owned(world, ASHA, risk)
    paper = make_paper(world.database, world.service, {"paper": "team_load", "id": 0})
    picture = Image.open(io.BytesIO(paper.content)).convert("L")
    assert picture.width + picture.height <= 10_000  # Bot API, sendPhoto
    assert 0.3 < picture.width / picture.height < 3
    shades = [shade for number, shade in picture.getcolors() if number > 3000 and 0 < shade < 255]
    assert len(shades) >= 3
    dark, middle, light = sorted(shades)[:1] + sorted(shades)[-2:]
    assert middle - dark > 60
    assert light - middle > 30


def test_there_is_no_picture_of_nobody(sqlite_database) -> None:
    world = make_world(sqlite_database)
    with world.session() as session:
        session.execute(update(RoleGrant).values(ended_at=world.clock.now()))
    with pytest.raises(PaperGone):
        make_paper(world.database, world.service, {"paper": "team_load", "id": 0})
