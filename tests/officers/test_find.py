"""An officer looks for a case: what is found, who finds it, what is recorded, and what is said where nothing is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from casework.references import nearby_references
from casework.roles import Role
from handlers.officers import COMMANDS, PRESSES
from storage.models import AsbReport, Case, CaseEvent, CaseSearch
from tests.officers.test_queue_and_due import counted
from tests.officers.world import ADA, ASHA, BEN, KHAN, MONA, WES, Said, World

OAK = {"text": "12 Oak Road, Redditch B98 8AA", "postcode": "B98 8AA"}


def find(world: World, chat_id: int, text: str) -> Said:
    world.hush()
    with world.turn(chat_id, command="find", argument=text) as turn:
        COMMANDS["find"](turn)
    (said,) = world.said(chat_id)
    return said


def press(world: World, chat_id: int, data: str) -> Said:
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        parts = data.split(":")
        PRESSES[parts[0]](turn, parts)
    (said,) = world.said(chat_id)
    return said


def report(world: World, name: str = "John Smith", where: dict[str, Any] | None = None, **facts: Any) -> Case:
    def detail(case_id: int) -> AsbReport:
        kept = {"name": name, "where": where or OAK}
        return AsbReport(case_id=case_id, category="noise", danger_now=False, detail=kept)

    return world.report(make_detail=detail, **facts).case


def searches(world: World) -> list[CaseSearch]:
    with world.session() as session:
        return list(session.scalars(select(CaseSearch).order_by(CaseSearch.id)))


@pytest.mark.parametrize(
    "typed",
    ["John Smith", "jon smyth", "Smith", "Oak Road", "12 oak rd", "B98 8AA", "b988aa", "B98"],
)
def test_a_case_is_found_by_name_street_and_postcode(world: World, typed: str) -> None:
    case = report(world)
    other = report(world, "Priya Patel", {"text": "3 Elm Close, DY11 7HX", "postcode": "DY11 7HX"})
    said = find(world, ASHA, typed)
    assert said.data(case.reference) == f"o:{case.id}"
    assert other.reference not in said.text


def test_a_result_names_nobody_and_no_place(sqlite_world: World) -> None:
    case = report(sqlite_world)
    said = find(sqlite_world, ASHA, "Smith")
    assert f"{case.reference}: report, Redditch, received, medium risk, from Monday 23 November" in said.text
    assert "Smith" not in said.text
    assert "Oak" not in said.text


def test_a_reference_opens_the_card_and_that_is_in_the_cases_history(sqlite_world: World) -> None:
    world = sqlite_world
    case = report(world)
    said = find(world, ASHA, case.reference.lower().replace("-", " "))
    assert said.row.handle == f"case:{case.id}"
    with world.session() as session:
        kinds = session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)).all()
    assert "opened" in kinds
    assert [(one.kind, one.found) for one in searches(world)] == [("reference", 1)]


def test_a_mistyped_reference_finds_those_that_are_near(world: World) -> None:
    case = report(world)
    wrong = next(
        case.reference[:2] + other + case.reference[3:] for other in "34679" if other != case.reference[2]
    )
    assert case.reference in nearby_references(wrong)
    said = find(world, ASHA, wrong)
    assert said.text.startswith("There is no such reference.")
    assert said.data(case.reference) == f"o:{case.id}"


def test_a_reference_that_is_nobodys_is_said_as_such(sqlite_world: World) -> None:
    said = find(sqlite_world, ASHA, "KM4P-X7RB")
    assert said.text == "There is no case KM4P-X7RB. Compare it with the letter or message, then try again."
    assert [one.found for one in searches(sqlite_world)] == [0]


def test_nothing_found_says_what_to_try(sqlite_world: World) -> None:
    report(sqlite_world)
    said = find(sqlite_world, ASHA, "Zebedee")
    assert said.text.startswith("No case found. You could try:")
    assert said.data("Look for something else") == "s:new"


def test_only_the_cases_of_ones_own_area_are_found(world: World) -> None:
    case = report(world)
    nowhere = report(world, district=None)
    assert case.reference in find(world, ASHA, "Smith").text
    assert case.reference in find(world, MONA, "Smith").text
    forest = find(world, WES, "Smith").text
    assert case.reference not in forest
    assert nowhere.reference in forest


def test_a_restricted_case_is_found_by_its_owner_and_by_managers_only(world: World) -> None:
    case = report(world, restricted=True)
    ben = world.person_id(BEN)
    with world.session() as session:
        session.execute(update(Case).where(Case.id == case.id).values(owner_id=ben))
    assert case.reference in find(world, BEN, "Oak Road").text
    assert case.reference in find(world, MONA, "Oak Road").text
    assert case.reference not in find(world, ASHA, "Oak Road").text


def test_closed_cases_come_after_open_ones_and_the_exact_spelling_first(world: World) -> None:
    smyth = report(world, "John Smyth")
    closed = report(world)
    smith = report(world)
    with world.session() as session:
        session.execute(update(Case).where(Case.id == closed.id).values(closed_at=world.clock.now()))
    text = find(world, ASHA, "John Smith").text
    assert text.index(smith.reference) < text.index(closed.reference) < text.index(smyth.reference)


@pytest.mark.parametrize("chat_id", [ADA, KHAN])
def test_looking_is_for_the_team(sqlite_world: World, chat_id: int) -> None:
    report(sqlite_world)
    said = find(sqlite_world, chat_id, "Smith")
    assert said.text.startswith("This is for officers of the team.")
    assert press(sqlite_world, chat_id, "s:p:0").text.startswith("This is for officers of the team.")
    assert searches(sqlite_world) == []


def test_a_partner_finds_nothing(sqlite_world: World) -> None:
    sqlite_world.hire(5001, Role.PARTNER, name="PC Lee")
    assert find(sqlite_world, 5001, "Smith").text.startswith("This is for officers of the team.")


def test_each_search_is_recorded_once_with_what_was_typed_encrypted(world: World) -> None:
    for _ in range(10):
        report(world)
    found = find(world, ASHA, "jon smyth")
    press(world, ASHA, found.data("Next page"))
    (line,) = searches(world)
    assert (line.actor_id, line.actor_role, line.kind, line.found, line.text) == (
        world.person_id(ASHA),
        "officer",
        "words",
        10,
        "jon smyth",
    )
    with world.session() as session:
        raw = session.connection().exec_driver_sql("SELECT text FROM case_search").scalar_one()
        words = session.connection().exec_driver_sql("SELECT * FROM search_term").all()
    assert b"smyth" not in bytes(raw)
    assert all(isinstance(value, int) for row in words for value in row)


def test_no_list_is_longer_than_a_screen_and_pages_turn_in_place(world: World) -> None:
    made = [report(world).reference for _ in range(11)]
    first = find(world, ASHA, "Smith")
    assert "<b>11 cases found</b>\nPage 1 of 2" in first.text
    second = press(world, ASHA, first.data("Next page"))
    assert (second.method, second.row.edit_handle) == ("editMessageText", "find")
    assert "Next page" not in second.buttons
    seen = [reference for reference in made if reference in first.text or reference in second.text]
    assert seen == made
    assert press(world, ASHA, "s:p:77").text == first.text  # old or forged


def test_a_page_without_a_search_asks_what_to_look_for(sqlite_world: World) -> None:
    assert press(sqlite_world, ASHA, "s:p:1").text.startswith("What are you looking for?")


def test_a_search_takes_few_queries(world: World) -> None:
    for _ in range(9):
        report(world)
    for typed in ("John Smith", "12 Oak Road", "B98"):
        with counted(world.database) as statements:
            find(world, ASHA, typed)
        selects = [s for s in statements if s.lstrip().startswith(("SELECT", "WITH")) and "outbox" not in s]
        assert 0 < len(selects) <= 4
