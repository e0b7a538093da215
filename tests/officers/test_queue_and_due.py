"""The lists of an officer: what is in them, in what order, page by page, and in few queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from casework.cases import DeadlineKind, RiskBand
from handlers.officers import COMMANDS, PRESSES
from storage import deadlines, people
from storage.database import Database
from storage.models import Case
from tests.officers.world import ADA, ASHA, BEN, KHAN, MONA, WES, Said, World


def command(world: World, chat_id: int, name: str) -> Said:
    world.hush()
    with world.turn(chat_id) as turn:
        COMMANDS[name](turn)
    (said,) = world.said(chat_id)
    return said


def press(world: World, chat_id: int, data: str) -> Said:
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        parts = data.split(":")
        PRESSES[parts[0]](turn, parts)
    (said,) = world.said(chat_id)
    return said


def own(world: World, case: Case, chat_id: int) -> None:
    with world.session() as session:
        owner = people.find_by_chat(session, world.service.keyring.chat_key(chat_id))
        session.execute(update(Case).where(Case.id == case.id).values(owner_id=owner.id))


def order(said: Said, *cases: Case) -> list[int]:
    """The cases in the order in which the message names them; those it doesn't name are left out."""
    places = {case.id: said.text.find(case.reference) for case in cases}
    return sorted((i for i, place in places.items() if place >= 0), key=lambda i: places[i])


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that read or write tables meanwhile."""
    statements: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_nobodys_cases_come_first_then_ones_own_each_by_risk_and_by_what_is_due(world: World) -> None:
    standard = world.report(risk=RiskBand.STANDARD).case
    high = world.report(risk=RiskBand.HIGH).case
    mine = world.report(risk=RiskBand.HIGH).case
    mine_too = world.report(risk=RiskBand.MEDIUM).case
    bens = world.report(risk=RiskBand.HIGH).case
    forest = world.report(district="wyre_forest").case
    nowhere = world.report(district=None, risk=RiskBand.MEDIUM).case
    later = world.report(risk=RiskBand.HIGH).case
    with world.session() as session:  # the one due later stands behind, though its risk is the same
        deadlines.end_deadlines(session, later.id, [DeadlineKind.ACKNOWLEDGE], now=world.clock.now())
        deadlines.end_deadlines(session, later.id, [DeadlineKind.CONTACT], now=world.clock.now())
    own(world, mine, ASHA)
    own(world, mine_too, ASHA)
    own(world, bens, BEN)
    everything = (standard, high, mine, mine_too, bens, forest, nowhere, later)
    said = command(world, ASHA, "queue")
    assert order(said, *everything) == [
        high.id,
        later.id,
        nowhere.id,
        standard.id,
        mine.id,
        mine_too.id,
    ]
    assert said.text.startswith("<b>6 open cases</b>\n\n<b>Nobody has these yet</b>\n")
    assert said.data(high.reference) == f"o:{high.id}"
    assert order(command(world, WES, "queue"), *everything) == [forest.id, nowhere.id]  # the older first
    assert len(order(command(world, MONA, "queue"), *everything)) == 5


def test_closed_cases_are_not_in_the_queue(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    with world.session() as session:
        session.execute(update(Case).values(closed_at=world.clock.now()))
    said = command(world, ASHA, "queue")
    assert case.reference not in said.text
    assert said.text == "No case is waiting. New ones come to this chat."


@pytest.mark.parametrize("name", ["queue", "due"])
@pytest.mark.parametrize("chat_id", [ADA, KHAN])
def test_the_lists_are_for_the_team(sqlite_world: World, name: str, chat_id: int) -> None:
    sqlite_world.report()
    assert command(sqlite_world, chat_id, name).text.startswith("This is for officers of the team.")


def test_ten_a_page_and_the_pages_turn_in_place(world: World) -> None:
    made = [world.report().case for _ in range(23)]
    first = command(world, ASHA, "queue")
    assert len(order(first, *made)) == 10
    assert "Page 1 of 3" in first.text
    assert "Earlier page" not in first.buttons
    second = press(world, ASHA, first.data("Next page"))
    assert (second.method, second.row.edit_handle) == ("editMessageText", first.row.handle)
    third = press(world, ASHA, second.data("Next page"))
    assert "Next page" not in third.buttons
    seen = [*order(first, *made), *order(second, *made), *order(third, *made)]
    assert seen == [case.id for case in made]
    back = press(world, ASHA, "q:back")
    assert back.method == "sendMessage"
    assert "Page 3 of 3" in back.text


@pytest.mark.parametrize("data", ["q:99", "q:x", "q:", "q", "q:new", "d:99", "d:x", "d"])
def test_a_page_that_is_not_there_breaks_nothing(sqlite_world: World, data: str) -> None:
    case = sqlite_world.report().case
    said = press(sqlite_world, ASHA, data)
    assert case.reference in said.text or said.text == "Nothing is due this week. Well done."


@pytest.mark.parametrize(("name", "most"), [("queue", 4), ("due", 4)])
def test_a_list_takes_few_queries_however_long_it_is(world: World, name: str, most: int) -> None:
    for _ in range(12):
        world.report()
    with world.turn(ASHA) as turn, counted(world.database) as statements:
        COMMANDS[name](turn)
        turn.session.flush()
    asked = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
    assert 0 < len(asked) <= most


def test_a_card_takes_few_queries(world: World) -> None:
    case = world.report().case
    with world.turn(ASHA) as turn:
        turn.session.flush()
        with counted(world.database) as statements:
            PRESSES["o"](turn, ["o", str(case.id)])
    asked = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
    assert 0 < len(asked) <= 4


def test_due_has_what_is_late_what_is_due_today_and_the_rest_of_the_week(world: World) -> None:
    late = world.report(risk=RiskBand.HIGH).case  # Tuesday
    world.clock.advance(timedelta(days=1))
    today = world.report(risk=RiskBand.HIGH).case  # Wednesday
    world.clock.advance(timedelta(days=1))
    week = world.report(risk=RiskBand.HIGH).case  # Thursday
    after = world.report(risk=RiskBand.STANDARD).case  # contact is due next week
    said = command(world, ASHA, "due")
    sections = said.text.split("\n\n")
    assert [part.splitlines()[0] for part in sections] == [
        "<b>Late</b>",
        "<b>Today</b>",
        "<b>This week</b>",
    ]
    assert f"{late.reference}: first contact was due Tuesday 24 November" in sections[0]
    assert f"{today.reference}: acknowledge due today, 5pm" in sections[1]
    assert f"{week.reference}: first contact due Thursday 26 November (1 working day left)" in sections[2]
    assert f"{after.reference}: acknowledge" in sections[2]
    assert f"{after.reference}: first contact" not in sections[2]


def test_a_colleagues_deadlines_are_the_managers_to_see_too(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    own(world, case, BEN)
    assert case.reference not in command(world, ASHA, "due").text
    assert case.reference in command(world, BEN, "due").text
    assert case.reference in command(world, MONA, "due").text


def test_nothing_due_is_said_kindly(sqlite_world: World) -> None:
    assert command(sqlite_world, ASHA, "due").text == "Nothing is due this week. Well done."


def test_due_turns_its_pages_in_place(sqlite_world: World) -> None:
    world = sqlite_world
    for _ in range(12):
        world.report(risk=RiskBand.STANDARD)
    first = command(world, ASHA, "due")
    second = press(world, ASHA, first.data("Next page"))
    assert (second.method, second.row.edit_handle) == ("editMessageText", "due")
    assert "Next page" not in second.buttons
    assert first.text.count("acknowledge") + second.text.count("acknowledge") == 12
