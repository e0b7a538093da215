"""The card's second keyboard: it opens and goes in the same message, and has never more than a screen."""

from __future__ import annotations

import pytest

from handlers.keyboards import Button
from handlers.officers import PRESSES, card_menu
from storage.cases import Parties
from tests.officers.world import ADA, ASHA, KHAN, WES, Said, World


def press(world: World, chat_id: int, data: str) -> list[Said]:
    """Tap a button; what the person is told because of it."""
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        parts = data.split(":")
        PRESSES[parts[0]](turn, parts)
    return world.said(chat_id)


def test_more_and_back_change_the_same_message_and_keep_what_it_says(world: World) -> None:
    case = world.report().case
    (card,) = press(world, ASHA, f"o:{case.id}")
    (more,) = press(world, ASHA, card.data("More"))
    assert (more.method, more.row.edit_handle) == ("editMessageText", card.row.handle)
    assert more.text == card.text
    assert "Acknowledge" not in more.buttons
    (back,) = press(world, ASHA, more.data("Back to the card"))
    assert (back.method, back.row.edit_handle) == ("editMessageText", card.row.handle)
    assert back.buttons == card.buttons


def test_many_acts_come_in_pages_of_one_screen(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = sqlite_world
    case = world.report().case

    def entry(_turn: object, parties: Parties) -> tuple[Button, ...]:
        return tuple(Button(f"Act {number}", f"h:act{number}:{parties.case.id}") for number in range(20))

    monkeypatch.setattr(card_menu, "ENTRIES", (entry,))
    (first,) = press(world, ASHA, f"h:more:{case.id}")
    assert list(first.buttons)[-3:] == ["Act 11", "Next page", "Back to the card"]
    (second,) = press(world, ASHA, first.data("Next page"))
    assert list(second.buttons) == [
        *(f"Act {number}" for number in range(12, 20)),
        "Earlier page",
        "Back to the card",
    ]
    (beyond,) = press(world, ASHA, f"h:more:{case.id}:99")
    assert beyond.buttons == second.buttons


@pytest.mark.parametrize("data", ["h", "h:", "h:more", "h:more:x", "h:card:999", "h:nothing:999"])
def test_a_forged_button_opens_nothing(sqlite_world: World, data: str) -> None:
    (said,) = press(sqlite_world, ASHA, data)
    assert said.text.startswith("There is no such case.")


@pytest.mark.parametrize("chat_id", [WES, KHAN, ADA])
def test_the_second_keyboard_is_for_whom_the_case_is_theirs(sqlite_world: World, chat_id: int) -> None:
    case = sqlite_world.report(story="Loud music").case
    (said,) = press(sqlite_world, chat_id, f"h:more:{case.id}")
    assert "Loud music" not in said.text
