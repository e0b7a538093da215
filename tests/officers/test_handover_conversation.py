"""Handing over as a manager meets it: questions, a list with ticks, the summary, and what everybody reads."""

from __future__ import annotations

import pytest

from handlers.forms.kinds.kind import Partial, Problem, Taken
from handlers.forms.kinds.listed import PAGE, Listed
from tests.handlers.asking import asking
from tests.support.service import Somebody, Town, a_town
from tests.support.walks import reports


@pytest.fixture
async def town(sqlite_database):
    async with a_town(sqlite_database) as town:
        yield town


async def take_all(officer: Somebody, *references: str) -> None:
    for reference in references:
        await officer.says(reference)
        await officer.taps("Take it")


async def test_a_manager_hands_over_some_cases_by_ticking_them(town: Town) -> None:
    sam, jo, al = await town.manager(), await town.officer("Jo Green"), await town.officer("Al Day")
    ada, bob = town.resident(), town.resident("Bob Hill")
    first, second = await reports(ada), await reports(bob)
    await take_all(jo, first, second)
    await sam.says("/handover")
    sam.sees("Whose work do you want to hand over?")
    await sam.taps("Jo Green · 2 open")
    sam.sees("Which of their cases?")
    await sam.taps("I choose one by one")
    sam.sees("Tick them.")
    await sam.taps(f"{second} · report · Redditch", "Done")
    sam.sees("Who gets them?")
    await sam.says("Al Day", "done")
    sam.sees("This would hand over 1 case of Jo Green.", "Al Day gets 1")
    await sam.taps("Hand over now")
    sam.sees("Done. 1 case has a new owner.")
    al.sees("You have 1 case from Jo Green now.", second)
    jo.sees("1 case of yours was given to a colleague.")
    bob.sees(f"Update on {second}")
    await bob.taps("Show")
    bob.sees(f"Al Day looks after {second} now.")
    ada.sees_nothing_of("Al Day")
    await al.taps(second)
    al.sees("handed over to a colleague")


async def test_part_of_the_work_goes_by_risk_and_can_be_chosen_again(town: Town) -> None:
    sam, jo = await town.manager(), await town.officer("Jo Green")
    await town.officer("Al Day")
    reference = await reports(town.resident())
    await take_all(jo, reference)
    await sam.says("/team")
    await sam.taps("Hand over work", "Jo Green · 1 open", "By risk", "High risk", "Done")
    await sam.taps("Al Day · 0 open", "Done")
    sam.sees("There is no such case any more. Nothing was handed over.")
    await sam.taps("Choose again")
    sam.sees("Which of their cases?")
    await sam.taps("All of them", "Al Day · 0 open", "Done")
    sam.sees("This would hand over 1 case of Jo Green.")


def test_a_list_of_cases_is_paged_and_keeps_its_ticks() -> None:
    kind = Listed(lambda _asking: {str(n): f"Case {n:03d}" for n in range(20)})
    here = asking("cases", "team_work")
    assert len(kind.screen(here).options) == PAGE + 2
    turned = kind.press(asking("cases", "team_work", partial={"chosen": ["1"]}), "page.2")
    assert turned == Partial({"chosen": ["1"], "page": 2}, keep=False)
    last = kind.screen(asking("cases", "team_work", partial=turned.state))
    assert [option.value for row in last.options for option in row][:4] == ["16", "17", "18", "19"]
    ticked = kind.press(asking("cases", "team_work", partial=turned.state), "17")
    assert ticked == Partial({"chosen": ["1", "17"], "page": 2})
    assert kind.press(asking("cases", "team_work", partial=ticked.state), "done") == Taken(["1", "17"])
    assert isinstance(kind.press(here, "done"), Problem)
    assert isinstance(kind.press(here, "99"), Problem)
    beyond = kind.screen(asking("cases", "team_work", partial={"page": 99}))
    assert beyond.options[0][0].value == "16"
    assert kind.show(here, ["3", "4"]) == "Case 003, Case 004"
