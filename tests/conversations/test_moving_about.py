"""Change, Back, Skip, Cancel and coming back later: the ways through a report that are not straight on."""

from __future__ import annotations

from datetime import timedelta

from storage.models import Draft, Heard
from tests.support.service import Somebody, Town
from tests.support.stored import count_rows, the_case, the_draft
from tests.support.walks import reports_up_to


async def test_a_changed_problem_drops_the_answers_that_no_longer_apply(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "check")
    ada.sees("Your home: The council", "Their home: Housing association")
    await ada.taps("Change problem")
    ada.is_asked("report.category")
    ada.sees(buttons=["Keep my answer"])
    await ada.taps("Rubbish")
    ada.is_asked("report.kind")
    await ada.taps("Litter")
    ada.is_asked("check")
    ada.sees("Problem: Rubbish", "Your name: Ada Lovelace")
    assert "Your home" not in ada.last.text
    await ada.taps("Send report")
    detail = the_case(town.database, ada.reference()).detail
    assert (detail["my_home"], detail["their_home"]) == (None, None)
    assert detail["name"] == "Ada Lovelace"


async def test_a_changed_problem_asks_only_what_is_new(ada: Somebody) -> None:
    await reports_up_to(ada, "check", problem="Rubbish")
    await ada.taps("Change problem", "Noise")
    ada.is_asked("report.my_home")
    await ada.taps("The council", "The council")
    ada.is_asked("check")
    ada.sees("Problem: Noise", "Their home: The council", "Phone: 07700 900123")


async def test_change_and_keep_come_straight_back(ada: Somebody) -> None:
    await reports_up_to(ada, "check")
    summary = ada.last.text
    for change in ("Change where", "Change what", "Change how often", "Change name", "Change phone"):
        await ada.taps(change)
        await ada.says("keep my answer" if change != "Change what" else "that's all")
        assert ada.last.text == summary


async def test_more_can_be_added_to_what_was_told(ada: Somebody) -> None:
    await reports_up_to(ada, "check")
    await ada.taps("Change what")
    await ada.says("And shouting.")
    await ada.taps("That's all")
    ada.is_asked("check")
    ada.sees_among("the children cry.\nAnd shouting.", last=2)


async def test_the_last_of_several_messages_can_be_taken_out(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.says("Music.", "My own PIN is 1234.", "Every night.")
    await ada.taps("Take my last message out", "Take my last message out")
    await ada.says("Shouting.", "that's all")
    assert the_draft(town.database).answers["what"] == "Music.\nShouting."


async def test_back_goes_through_every_question_and_keeps_every_answer(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "check")
    answers = the_draft(town.database).answers
    for question in (
        "report.safe",
        "report.phone",
        "report.who",
        "report.their_home",
        "report.my_home",
        "report.how_often",
        "kit.long.kept",
        "report.where",
        "report.category",
        "report.danger",
    ):
        await ada.taps("Back")
        ada.reads(question) if question.startswith("kit.") else ada.is_asked(question)
    assert the_draft(town.database).answers == answers
    await ada.taps("Back")
    ada.sees("999", buttons=["Go on with my report"])
    await ada.taps("Go on with my report")
    ada.is_asked("report.danger")
    ada.sees(buttons=["Keep my answer"])
    await ada.taps("Keep my answer")
    ada.is_asked("check")
    assert the_draft(town.database).answers == answers


async def test_a_skipped_number_needs_no_question_about_it(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "phone")
    await ada.taps("Skip")
    ada.is_asked("check")
    ada.sees("Phone: Not given")
    ada.sees_no_button("Change safe to call")
    await ada.taps("Send report")
    assert the_case(town.database, ada.reference()).detail["phone"] is None


async def test_cancel_asks_once_and_go_on_shows_the_question_again(ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.taps("Cancel")
    ada.sees("Stop here?", "Tuesday 1 December")
    assert ada.last.labels == ["Save and finish later", "Delete my answers", "Go on"]
    await ada.taps("Go on")
    ada.is_asked("report.how_often")
    await ada.taps("Cancel")  # within seconds of the first time, and no double tap
    ada.sees("Stop here?")


async def test_cancel_and_delete_leave_nothing_behind(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.taps("Cancel", "Delete my answers")
    ada.sees_among("Your answers are deleted", last=2)
    ada.sees(buttons=["Report a problem"])
    ada.sees_no_button("Go on with my report")
    assert count_rows(town.database, Draft) == count_rows(town.database, Heard) == 0


async def test_save_and_finish_later_is_still_there_days_later(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    answers = the_draft(town.database).answers
    await ada.taps("Cancel", "Save and finish later")
    ada.reads("kit.saved")
    ada.sees("Tuesday 1 December")
    await town.moves_on(days=6)
    await ada.says("/start")
    ada.sees(buttons=["Go on with my report"])
    await ada.taps("Go on with my report")
    ada.is_asked("report.how_often")
    assert the_draft(town.database).answers == answers
    await ada.taps("Most weeks", "The council", "The council", "Stay anonymous", "Send report")
    ada.sees("We have your report.")


async def test_a_report_begun_earlier_is_offered_before_a_new_one(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "where")
    await ada.says("/report")
    ada.sees("You began a report on Tuesday 24 November", "2 questions")
    assert ada.last.labels == ["Go on", "Start again", "Delete it"]
    await ada.says("start again")
    ada.is_asked("report.danger")
    assert the_draft(town.database).answers == {}


async def test_a_draft_is_gone_after_seven_days_without_a_change(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    question = ada.last
    await town.moves_on(days=7, seconds=1)
    await ada.taps_old(question, "Most weeks")
    ada.sees(buttons=["Report a problem"])
    ada.sees_no_button("Go on with my report")
    assert count_rows(town.database, Draft) == count_rows(town.database, Heard) == 0
    await ada.says("/report")
    ada.is_asked("report.danger")


async def test_a_draft_lives_on_from_its_last_answer(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await town.moves_on(days=6)
    await ada.taps("Most weeks")
    await town.moves_on(days=6)
    await ada.taps("The council")
    ada.is_asked("report.their_home")
    assert the_draft(town.database).expires_at == town.clock.now() + timedelta(days=7)
