"""Disturbances 1 to 12 of 24, by what a person does: each costs at most one more action and loses nothing."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from storage.models import Case, Draft
from tests.support.disturbed import TOLD, all_arrives, cost
from tests.support.service import Somebody, Town
from tests.support.stored import count_rows, the_case, the_draft
from tests.support.walks import REPORT_STEPS, STORY, goes_on, reports_up_to

LONDON = ZoneInfo("Europe/London")


async def test_01_a_photo_at_a_text_question(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "who")
    await ada.sends(ada.phone.send_photo, "the speaker")
    ada.reads("kit.file.kept")
    ada.is_asked("report.who")
    await all_arrives(town, ada, "who", more=["the speaker"])
    assert len(the_case(town.database, ada.reference()).files) == 1
    assert cost(ada, 1) == 0


async def test_02_text_at_a_button_question(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("often")
    ada.reads("kit.problem.choice")
    ada.is_asked("report.how_often")
    await ada.says("nearly every night and worse at weekends")
    ada.reads("kit.problem.choice_kept")
    ada.is_asked("report.how_often")
    await all_arrives(town, ada, "how_often", more=["nearly every night and worse at weekends"])
    assert cost(ada, 2) == 0


async def test_03_an_album_of_ten(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    messages = len(ada.phone.bot_messages)
    await ada.sends(ada.phone.send_album, 10, STORY)
    assert len(ada.phone.bot_messages) == messages  # one screen for all ten, instead of the question
    ada.sees("11", buttons=["That's all"])
    await all_arrives(town, ada, "more")
    assert len(the_case(town.database, ada.reference()).files) == 10
    assert cost(ada, 0) == 0


async def test_03_an_album_of_ten_at_another_question(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "category")
    await ada.sends(ada.phone.send_album, 10)
    ada.is_asked("report.category")
    assert len(ada.screens) == 2
    await all_arrives(town, ada, "category")
    assert len(the_case(town.database, ada.reference()).files) == 10
    assert cost(ada, 1) == 0


async def test_04_a_voice_message_for_a_choice(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.sends(ada.phone.send_voice)
    ada.is_asked("report.how_often")
    await all_arrives(town, ada, "how_often")
    assert [file.kind for file in the_case(town.database, ada.reference()).files] == ["voice"]
    assert cost(ada, 1) == 0


@pytest.mark.parametrize("question", ["category", "where", "what", "phone", "check"])
async def test_05_stickers_pictures_that_move_and_dice(town: Town, ada: Somebody, question: str) -> None:
    await reports_up_to(ada, question)
    for send in (ada.phone.send_sticker, ada.phone.send_animation, ada.phone.send_dice, ada.phone.send_poll):
        await ada.sends(send)
        ada.is_asked(question if question == "check" else f"report.{question}")
        assert len(ada.screens) == 2  # the first menu, and this one
    await all_arrives(town, ada, question)
    assert cost(ada, 4) == 0


async def test_06_start_in_the_middle(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("/start")
    await ada.taps("Go on with my report")
    await all_arrives(town, ada, "how_often")
    assert cost(ada, 1) == 1


async def test_07_cancel_and_a_change_of_mind(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("/cancel")
    await town.moves_on(seconds=40)
    await ada.taps("Go on")
    ada.is_asked("report.how_often")
    await all_arrives(town, ada, "how_often")
    assert cost(ada, 1) == 1


async def test_07_cancel_with_save_and_a_change_of_mind(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("/cancel")
    await ada.taps("Save and finish later")
    await town.moves_on(seconds=40)
    await ada.taps("Go on")
    await all_arrives(town, ada, "how_often")
    assert cost(ada, 2) == 1


async def test_07_cancel_and_the_answer_instead_of_a_choice(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "where")
    await ada.says("/cancel")
    await all_arrives(town, ada, "where")
    assert cost(ada, 1) == 0


async def test_07_yes_to_stop_here_is_no_answer_to_the_question_behind_it(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "danger")
    await ada.taps("Cancel")
    await ada.says("yes")
    ada.reads("kit.cancel.ask")
    await ada.says("no")
    ada.is_asked("report.danger")
    assert the_draft(town.database).answers == {}


async def test_08_an_old_button_after_a_week(town: Town, ada: Somebody, duty_officer: Somebody) -> None:
    await town.manager()
    await reports_up_to(ada, "category")
    old = ada.last
    await goes_on(ada, "category", "how_often")
    await town.moves_on(days=6)
    await ada.taps_old(old, "Rubbish", inaccessible=True)
    ada.reads("kit.stale.here")
    ada.is_asked("report.how_often")
    await all_arrives(town, ada, "how_often")
    assert cost(ada, 1) == 0
    await town.moves_on(days=8)
    await ada.taps_old(old, "Rubbish")
    ada.reads("kit.stale.nothing_open")
    ada.sees(buttons=["Report a problem"])
    assert count_rows(town.database, Case) == 1
    assert count_rows(town.database, Draft) == 0


async def test_09_double_taps_all_the_way(town: Town, ada: Somebody) -> None:
    await ada.says("/report")
    for step in REPORT_STEPS.values():
        way, _, what = step.partition(":")
        await (ada.taps_twice(what) if way == "tap" else ada.says(what))
    assert count_rows(town.database, Case) == 1
    assert the_case(town.database, ada.reference()).detail == TOLD
    ada.sees_nothing_of("You answered this already")  # the second tap is no news


async def test_09_a_double_tap_on_the_menu_opens_one_report(town: Town, ada: Somebody) -> None:
    await ada.taps_twice("Report a problem")
    ada.is_asked("report.danger")
    assert len(ada.screens) == 2
    assert count_rows(town.database, Draft) == 1


@pytest.mark.parametrize("first", ["press", "message"])
async def test_10_a_tap_and_a_message_at_the_same_time(town: Town, ada: Somebody, first: str) -> None:
    await reports_up_to(ada, "more")
    acts = [lambda: ada.phone.tap("That's all"), lambda: ada.phone.say("And they swear at us.")]
    for act in acts if first == "press" else reversed(acts):
        act()
    await town.settle()
    if first == "press":
        ada.is_asked("report.how_often")
        await all_arrives(town, ada, "how_often", more=["And they swear at us."])
    else:
        ada.reads("kit.stale.here")
        await all_arrives(town, ada, "more", what=f"{STORY}\nAnd they swear at us.")
    assert cost(ada, 1) <= 1


async def test_11_an_earlier_message_edited(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.says(STORY)
    story = ada.said_last
    await ada.taps("That's all")
    await ada.edits(story, "They sing until three.")
    ada.reads("kit.edit.changed")
    ada.is_asked("report.how_often")
    await all_arrives(town, ada, "how_often", what="They sing until three.")
    heard = [(one.question, one.version, one.body["text"]) for one in the_case_heard(town, ada)]
    assert ("what", 0, STORY) in heard
    assert ("what", 1, "They sing until three.") in heard
    assert cost(ada, 0) == 0


def the_case_heard(town: Town, ada: Somebody) -> list[Any]:
    return the_case(town.database, ada.reference()).heard


async def test_11_an_edited_place_is_confirmed_again(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "where")
    await ada.says("b97 4aa")
    place = ada.said_last
    await ada.taps("Yes, Redditch")
    await goes_on(ada, "what", "my_home")
    await ada.edits(place, "B61 8DA")
    ada.sees("Bromsgrove", buttons=["Yes, Bromsgrove"])
    await ada.taps("Yes, Bromsgrove")  # one more
    ada.is_asked("report.my_home")
    ada.sees_no_button("The council")
    assert the_draft(town.database).answers["what"] == STORY


async def test_11_a_message_of_a_begun_answer_edited(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.says("Music.")
    first = ada.said_last
    await ada.says("Shouting.")
    await ada.edits(first, "Loud music.")
    assert the_draft(town.database).partial == {"texts": ["Loud music.", "Shouting."]}
    await all_arrives(town, ada, "more", what="Loud music.\nShouting.")


async def test_11_an_edit_that_changes_the_branch_takes_its_questions_along(
    town: Town, ada: Somebody
) -> None:
    await ada.says("/report", "no", "noise")
    category = ada.said_last
    await goes_on(ada, "where", "my_home")
    await ada.edits(category, "rubbish")
    ada.is_asked("report.kind")
    await ada.taps("Litter")
    ada.is_asked("report.who")
    assert the_draft(town.database).answers["category"] == "rubbish"


async def test_11_an_edit_at_another_question_keeps_what_was_begun_there(town: Town, ada: Somebody) -> None:
    await ada.says("/report", "no", "noise")
    category = ada.said_last
    await goes_on(ada, "where", "what")
    await ada.says("They began at ten.")
    await ada.edits(category, "threats")
    assert the_draft(town.database).answers["category"] == "threats"
    assert the_draft(town.database).partial == {"texts": ["They began at ten."]}


async def test_11_a_slip_is_put_right_by_editing_it(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("mst nigts")
    ada.reads("kit.problem.choice")
    await ada.edits(ada.said_last, "most nights")
    ada.reads("kit.problem.choice")
    await ada.edits(ada.said_last, "most days or nights")
    await all_arrives(town, ada, "my_home")


async def test_11_a_message_of_a_sent_report_edited(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_up_to(ada, "what")
    await ada.says(STORY)
    story = ada.said_last
    await goes_on(ada, "more")
    await ada.edits(story, "It was not so bad.")
    ada.reads("kit.edit.case")
    stored = the_case(town.database, ada.reference())
    assert stored.detail["what"] == STORY  # what was sent stays what it was
    assert [event.kind for event in stored.events] == ["received", "message_edited"]
    assert stored.events[-1].detail == {"question": "what", "text": "It was not so bad."}


async def test_12_a_video_of_more_than_20_megabytes(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_video, size=25 * 2**20)
    ada.reads("kit.problem.file_size")
    ada.sees("20 megabytes")
    ada.is_asked("report.what")
    await all_arrives(town, ada, "what")
    assert the_case(town.database, ada.reference()).files == []
    assert cost(ada, 1) == 0


async def test_12_the_words_under_a_video_that_is_too_large_are_kept(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_video, size=25 * 2**20, caption="They dance on the cars.")
    ada.reads("kit.problem.file_size")
    await all_arrives(town, ada, "what", more=["They dance on the cars."])
