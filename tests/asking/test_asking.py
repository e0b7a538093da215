"""A resident asks, reads, and gets a person where no page helps: whole transcripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.cases import CaseKind
from handlers.asking.answers import TOPICS
from storage.models import AskedOutcome, AskedQuestion, Case, Deadline, Draft, Enquiry
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, count_rows


async def test_what_is_typed_outside_a_conversation_is_answered_with_pages(ada: Somebody) -> None:
    await ada.says("my neighbour plays loud music at night, what can I do?")
    ada.sees(
        "1. Loud music and parties",
        "Written on Sunday 22 November. An officer has not checked it yet.",
        "Environmental Protection Act 1990",
        buttons=["Loud music and parties", "Ask the team", "Show the menu"],
    )
    await ada.taps("Loud music and parties")
    ada.sees(
        "01905 822799",
        "Written on Sunday 22 November. An officer has not checked it yet.",
        buttons=["This did not help", "Ask the team", "Report a problem"],
    )


@pytest.mark.parametrize("typed", ["1", "loud music and parties", "Loud music"])
async def test_a_page_can_be_chosen_by_typing(ada: Somebody, typed: str) -> None:
    await ada.says("loud music every night", typed)
    ada.sees("There is no fixed hour at which music becomes against the law")


async def test_ask_offers_topics_and_takes_whatever_is_typed_next(ada: Somebody) -> None:
    await ada.says("/ask")
    ada.reads("asking.start")
    assert len(ada.last.buttons) == len(TOPICS) + 1
    await ada.says("rats")  # one word, which outside of asking might be anything
    ada.sees("Rats, mice and other pests")


async def test_the_menu_leads_to_asking(ada: Somebody) -> None:
    await ada.says("/start")
    await ada.taps("Ask a question")
    ada.reads("asking.start")


async def test_a_question_can_stand_behind_the_command(ada: Somebody) -> None:
    await ada.says("/ask who fixes street lights")
    ada.sees("1. A street light that does not work")


async def test_asking_in_the_middle_of_a_report_keeps_the_report(town: Town, ada: Somebody) -> None:
    await ada.says("/report")
    before = count_rows(town.database, Draft)
    await ada.says("/ask")
    await ada.says("when is my bin day")
    ada.sees("Bins and rubbish collection")
    assert count_rows(town.database, Draft) == before


async def test_no_page_means_a_person(ada: Somebody) -> None:
    await ada.says("/ask")
    await ada.says("how do i renew my passport")
    ada.reads("asking.none")
    ada.sees(buttons=["Ask the team"])


async def test_the_district_is_asked_once_and_known_from_then_on(ada: Somebody) -> None:
    await ada.says("they missed my bin")
    await ada.taps("Bins and rubbish collection")
    ada.sees("Tap your district below", buttons=["Redditch", "Bromsgrove", "Wyre Forest"])
    await ada.taps("Redditch")
    ada.sees("redditchbc.gov.uk", "01527 64252")
    ada.sees_no_button("Redditch")
    await ada.says("somebody dumped a mattress in the lane")
    await ada.taps("Dumped rubbish (fly-tipping)")
    ada.sees("01527 64252")
    ada.sees_no_button("Bromsgrove")


async def test_a_number_that_nobody_has_verified_is_shown_to_nobody(ada: Somebody) -> None:
    await ada.says("they missed my bin")
    await ada.taps("Bins and rubbish collection")
    await ada.taps("Bromsgrove")
    ada.sees("bromsgrove.gov.uk")
    ada.sees_nothing_of("01527 881288", "{{")


async def test_danger_comes_before_every_page(town: Town, ada: Somebody) -> None:
    await ada.says("/ask")
    await ada.says("my neighbour has a knife what can i do")
    ada.sees("999")
    ada.sees_nothing_of("Written on")
    assert count_rows(town.database, AskedQuestion) == 0


async def test_a_private_question_is_kept_nowhere_and_leads_nowhere(town: Town, ada: Somebody) -> None:
    await ada.says("my husband hits me")
    await ada.taps("If you do not feel safe with somebody close to you")
    ada.sees("0800 980 3331", "This chat stays on your phone")
    ada.sees_no_button("This did not help", "Ask the team", "Report a problem")
    assert count_rows(town.database, AskedQuestion) == 0


async def test_a_page_that_did_not_help_becomes_a_question_to_the_team(
    town: Town, ada: Somebody, jo: Somebody
) -> None:
    await ada.says("can I keep a cockerel that is noisy, and is barking the same?")
    await ada.taps("A dog that barks all the time", "This did not help")
    ada.reads("asking.not_helped")
    await ada.taps("Ask the team")
    ada.is_asked("asking.area")  # what was typed is there already
    await ada.taps("Redditch")
    ada.sees("cockerel", buttons=["Send question"])
    await ada.taps("Send question")
    ada.sees("will write to you here by Friday 27 November")
    reference = ada.reference()
    jo.sees(reference, "question", "Redditch", "answer by Friday 27 November")
    jo.sees_nothing_of("cockerel")
    [kept] = all_rows(town.database, AskedQuestion)
    assert (kept.outcome, kept.page) == (AskedOutcome.NOT_HELPED.value, "noise_barking")
    await jo.taps("Open case")
    jo.sees("cockerel", buttons=["Answer the question"])


async def asked(ada: Somebody, text: str = "can I keep bees in my garden") -> str:
    await ada.says("/ask", text)
    await ada.taps("Ask the team", "Redditch", "Send question")
    return ada.reference()


async def answered(jo: Somebody, text: str = "Yes, you can.") -> None:
    await jo.taps("Open case", "Answer the question")
    await jo.says(text)
    await jo.taps("That's all", "Send answer")


async def test_the_answer_comes_back_discreetly_and_closes_the_question(
    town: Town, ada: Somebody, jo: Somebody
) -> None:
    reference = await asked(ada)
    await answered(jo, "Yes, <up to> two hives & a fence.")
    jo.reads("answer.sent")
    ada.sees(f"Update on {reference}")
    ada.sees_nothing_of("hives")
    await ada.taps("Show the update")
    ada.sees("Yes, <up to> two hives & a fence.", "Jo Green", buttons=["Ask another question"])
    with town.database.transaction() as session:
        case = session.scalars(select(Case)).one()
        assert (case.kind, case.status) == (CaseKind.ENQUIRY, "answered")
        assert case.closed_at is not None
        assert [row.end_reason for row in session.scalars(select(Deadline))] == ["met"]
    await ada.says(reference)
    ada.reads("asking.standing.answered")
    await jo.says(reference)
    jo.sees(buttons=["Save as a page for others"])


async def test_two_officers_answer_once(town: Town, ada: Somebody, jo: Somebody) -> None:
    bea = await town.officer("Bea Moss", "redditch")
    await asked(ada)
    await bea.taps("Open case", "Answer the question")
    await bea.says("No.")
    await answered(jo)
    await bea.taps("That's all", "Send answer")
    bea.reads("answer.already")
    assert [row.detail["answer"] for row in all_rows(town.database, Enquiry)] == ["Yes, you can."]


async def test_an_answer_becomes_a_page_after_a_second_reader(
    town: Town, ada: Somebody, jo: Somebody
) -> None:
    bea = await town.officer("Bea Moss", "redditch")
    await asked(ada)
    await answered(jo)
    await jo.taps("Save as a page for others")
    await jo.says("Keeping bees", "May I keep bees at home?")
    await jo.taps("Skip", "Send the page")
    jo.reads("team_page.sent")
    eve = town.resident("Eve Adams")
    await eve.starts()
    await eve.says("/ask", "keep bees at home")
    eve.reads("asking.none")
    bea.reads("team_page.notice")
    await bea.taps("Read the page")
    bea.sees("Keeping bees", "Yes, you can.", "May I keep bees at home?")
    await bea.taps("Let others read it")
    bea.reads("team_page.published")
    await eve.says("/ask", "keep bees at home")
    eve.sees("1. Keeping bees", "by our team")
    await eve.taps("Keeping bees")
    eve.sees("Yes, you can.")


async def test_a_managers_own_page_can_be_found_at_once(town: Town, ada: Somebody, jo: Somebody) -> None:
    await asked(ada)
    await answered(jo)
    sam = await town.manager()
    await sam.says(ada.reference())
    await sam.taps("Save as a page for others")
    await sam.says("Bees and hives", "bees in the garden", "Two hives are fine.")
    await sam.taps("That's all", "Send the page")
    sam.reads("team_page.published")
    await ada.says("bees and hives in the garden?")
    await ada.taps("Bees and hives")
    ada.sees("Two hives are fine.")


async def test_questions_without_a_page_are_listed_for_the_team_only(
    town: Town, ada: Somebody, jo: Somebody
) -> None:
    await ada.says("/ask", "how do I renew my passport")
    await jo.says("/questions")
    jo.sees("1 question without an answer", "Tuesday 24 November: how do I renew my passport")
    jo.sees_nothing_of("Ada")
    await ada.says("/questions")
    ada.reads("case.for_the_team")


async def test_questions_are_forgotten_when_their_time_is_over(town: Town, ada: Somebody) -> None:
    await ada.says("/ask", "can I keep bees in my garden")
    days = town.process.service.policy.enquiries.questions_days.value
    await town.moves_on(days=days - 1)
    assert count_rows(town.database, AskedQuestion) == 1
    town.clock.advance(timedelta(days=1))
    await town.tick()
    assert count_rows(town.database, AskedQuestion) == 0
