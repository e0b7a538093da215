"""The menu of each role, help in the middle, and words that belong to no conversation."""

from __future__ import annotations

import pytest

from casework.references import ALPHABET, read_reference
from casework.roles import Role
from storage.models import Draft
from tests.support.service import Somebody, Town
from tests.support.stored import count_rows, the_draft
from tests.support.walks import reports, reports_up_to

MENUS = [
    # role, its commands, its buttons
    (Role.MEMBER, {"refer", "report"}, ["Refer a resident", "Report a problem", "Help", "Language"]),
    (Role.OFFICER, {"queue", "due"}, ["Open cases", "Due soon", "Help", "Language"]),
    (Role.MANAGER, {"queue", "due", "invite"}, ["Open cases", "Due soon", "Invite someone", "Help"]),
    (Role.PARTNER, set(), ["Help", "Language"]),
]


@pytest.mark.parametrize(("role", "commands", "buttons"), MENUS, ids=[role.value for role, _, _ in MENUS])
async def test_each_role_has_its_menu(town: Town, role: Role, commands: set[str], buttons: list[str]) -> None:
    somebody = await town.staff("Sam Reid", role, ("redditch",))
    shown = {command["command"] for command in somebody.phone.commands}
    assert shown >= commands | {"start", "help", "cancel", "language", "privacy"}
    assert not shown & {"queue", "due", "invite"} - commands
    await somebody.says("/start")
    somebody.sees(buttons=buttons)
    await somebody.says("/help")
    somebody.sees(buttons=buttons)


async def test_residents_have_the_commands_of_everybody(town: Town) -> None:
    await town.process.set_command_menus()
    ada = town.resident()
    shown = {command["command"] for command in ada.phone.commands}
    assert shown == {
        "start",
        "report",
        "cases",
        "ask",
        "diary",
        "help",
        "cancel",
        "language",
        "privacy",
        "mydata",
        "hide",
    }


async def test_the_first_screen_says_999_and_who_reads_when(ada: Somebody) -> None:
    ada.sees("999", "101", "Monday to Friday", "9am to 5pm")
    assert ada.last.labels == [
        *("Report a problem", "My reports", "Diary", "Ask a question"),
        *("Help", "Language"),
    ]


async def test_help_in_the_middle_shows_the_question_again(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    answers = the_draft(town.database).answers
    await ada.says("/help")
    ada.sees_among("/report", "/cancel", last=2)
    ada.is_asked("report.how_often")
    assert len(ada.screens) == 2  # the first menu, and this
    await ada.taps("Most weeks")
    ada.is_asked("report.my_home")
    assert answers.items() <= the_draft(town.database).answers.items()


async def test_privacy_in_the_middle_leaves_the_question_open(ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("/privacy")
    ada.reads("privacy.top", "privacy.version")
    await ada.says("most weeks")
    ada.is_asked("report.my_home")


@pytest.mark.parametrize(
    "typed", ["hello", "Is anybody there?", "السلام عليكم", "/nonsense", "<b>hi</b>", "1", "🙂", "a" * 4096]
)
async def test_whatever_is_typed_gets_the_menu(ada: Somebody, typed: str) -> None:
    await ada.says(typed)
    ada.reads("menu.not_understood")
    ada.sees(buttons=["Report a problem"])


@pytest.mark.parametrize("typed", ["Report a problem", "report a problem.", "reprt a problem", "report a"])
async def test_a_button_of_the_menu_can_be_typed(ada: Somebody, typed: str) -> None:
    await ada.says(typed)
    ada.is_asked("report.danger")


async def test_a_report_that_waits_can_be_gone_on_with_by_typing(ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("/start", "go on with my report")
    ada.is_asked("report.how_often")


@pytest.mark.parametrize(
    "send", ["send_sticker", "send_dice", "send_poll", "send_photo", "send_voice", "send_location"]
)
async def test_what_is_sent_without_a_conversation_gets_the_menu(ada: Somebody, send: str) -> None:
    before = ada.last.message_id
    await ada.sends(getattr(ada.phone, send))
    assert ada.last.message_id > before
    ada.sees(buttons=["Report a problem"])


async def test_words_of_danger_outside_a_conversation_get_999_and_a_way_to_report(ada: Somebody) -> None:
    await ada.says("he wants to kill me")
    ada.sees("call 999 now", "press 55", buttons=["Report a problem"])
    ada.reads("safety.not_kept")  # nothing holds these words, so nothing is promised


async def test_a_mistyped_reference_is_recognised_as_one(ada: Somebody) -> None:
    reference = await reports(ada)
    last = reference[-1]
    mistyped = reference[:-1] + next(c for c in ALPHABET if c != last)
    await ada.says(f"what about {mistyped.lower()}?")
    ada.reads("menu.reference.mistyped")
    ada.sees(mistyped.lower())


async def test_a_reference_shows_a_case_only_to_whom_it_belongs(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    bob = town.resident("Bob Marsh")
    await bob.starts()
    await bob.says(reference)
    bob.sees_nothing_of("Redditch and", "acknowledge", "noise", "Noise")
    unknown = next(
        found
        for last in ALPHABET
        if isinstance(found := read_reference(f"KM4P-X7R{last}"), str) and found != reference
    )
    someone_elses = bob.last.text
    await bob.says(unknown)
    assert bob.last.text == someone_elses  # which tells nobody which references exist


async def test_cancel_with_nothing_open_shows_the_menu(ada: Somebody) -> None:
    await ada.says("/cancel")
    ada.reads("menu.cancel.nothing_open")
    ada.sees(buttons=["Report a problem"])


async def test_start_in_the_middle_keeps_the_report(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.says("/start")
    ada.sees("999", buttons=["Go on with my report", "Report a problem"])
    assert count_rows(town.database, Draft) == 1
