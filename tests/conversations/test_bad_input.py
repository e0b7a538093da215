"""Whatever comes in the middle of a question: one clear sentence, the same question again, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.sandbox.person import Person
from storage.models import StoredFile
from tests.support.service import Somebody, Town
from tests.support.stored import count_rows, the_draft
from tests.support.walks import REPORT_STEPS, refers_up_to, reports_up_to

NO_ANSWER_ANYWHERE: dict[str, Callable[[Person], object]] = {
    "a sticker": lambda phone: phone.send_sticker(),
    "a die": lambda phone: phone.send_dice(),
    "a poll": lambda phone: phone.send_poll(),
    "a picture that moves": lambda phone: phone.send_animation(),
    "a live location elsewhere": lambda phone: phone.send_location(51.5, -0.12, live=True),
    "a line of blank letters": lambda phone: phone.say("\u200b\u2060\u200b"),
    "somebody else's card": lambda phone: phone.send_contact("+447700900999", user_id=99, first_name="Bob"),
}
QUESTIONS = ["danger", "category", "where", "what", "how_often", "my_home", "their_home", "phone", "safe"]
TAKES = {
    # what looks odd and is an answer all the same
    ("where", "a live location elsewhere"),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_what_can_be_no_answer_gets_a_sentence_and_the_same_question(
    town: Town, ada: Somebody, question: str
) -> None:
    await reports_up_to(ada, question)
    answers = the_draft(town.database).answers
    for what, send in NO_ANSWER_ANYWHERE.items():
        if (question, what) in TAKES:
            continue
        await ada.sends(send, ada.phone)
        ada.is_asked(f"report.{question}")
        assert not ada.last.text.startswith("Question"), f"no sentence for {what}"
        assert the_draft(town.database).answers == answers, what
        assert len(ada.screens) == 2, what  # the first menu, and this question once


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        ("category", "purple monkeys", "kit.problem.choice"),
        ("category", "14", "kit.problem.choice"),  # a number that no button has
        ("category", "0", "kit.problem.choice"),
        ("how_often", "Most", "kit.problem.choice"),  # two buttons begin so
        ("where", "???", "kit.problem.place"),
        ("where", "x" * 401, "kit.problem.long"),
        ("who", "N" * 201, "kit.problem.long"),
        ("phone", "my phone", "kit.problem.phone"),
        ("phone", "999", "kit.problem.phone"),
        ("phone", "07700", "kit.problem.phone"),
        ("safe", "maybe", "kit.problem.choice"),
        ("check", "what now", "kit.problem.check"),
    ],
)
async def test_what_is_not_understood_is_asked_again_by_name(
    town: Town, ada: Somebody, question: str, typed: str, sentence: str
) -> None:
    await reports_up_to(ada, question)
    answers = the_draft(town.database).answers
    await ada.says(typed)
    ada.reads(sentence)
    ada.is_asked(question if question == "check" else f"report.{question}")
    assert the_draft(town.database).answers == answers
    await ada.says(typed)
    ada.reads(sentence, "kit.problem.call")  # the second time there is somebody to talk to
    ada.sees("01527 64252")


async def test_a_good_answer_after_two_bad_ones_begins_anew(ada: Somebody) -> None:
    await reports_up_to(ada, "how_often")
    await ada.says("xx", "xx", "1", "xx")
    ada.is_asked("report.my_home")
    assert "Or call us" not in ada.last.text


@pytest.mark.parametrize("typed", ["tomorrow", "next Friday", "31/12/2026"])
async def test_a_day_that_has_not_come_is_asked_for_again(ada: Somebody, typed: str) -> None:
    await reports_up_to(ada, "how_often")
    await ada.taps("Once")
    await ada.says(typed)
    ada.is_asked("report.when")
    assert "Tuesday 24 November" in ada.last.text or "Type a day" in ada.last.text


@pytest.mark.parametrize("question", [key for key in REPORT_STEPS if key not in ("district", "more", "what")])
async def test_a_photo_is_kept_wherever_it_comes(town: Town, ada: Somebody, question: str) -> None:
    await reports_up_to(ada, question)
    await ada.sends(ada.phone.send_photo)
    ada.is_asked(question if question == "check" else f"report.{question}")
    assert count_rows(town.database, StoredFile) == 1


async def test_more_than_twenty_files_are_too_many_and_the_twenty_are_safe(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_album, 10)
    await ada.sends(ada.phone.send_album, 10)
    await ada.sends(ada.phone.send_photo)
    ada.reads("kit.problem.file_count")
    ada.sees("20", buttons=["That's all"])
    assert count_rows(town.database, StoredFile) == 20


async def test_a_very_long_account_is_kept_whole(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    story = " ".join(f"Night {number}: music, shouting and bottles." for number in range(330))
    assert 3 * 4096 < len(story) < 20_000
    await ada.says(story)  # which the app cuts into several messages
    await ada.taps("That's all")
    assert the_draft(town.database).answers["what"].replace("\n", "").replace(" ", "") == story.replace(
        " ", ""
    )
    await ada.taps("Most weeks", "The council", "The council", "Stay anonymous")
    ada.is_asked("check")
    await ada.taps("Send report")
    ada.reads("report.sent.anonymous")


async def test_more_than_five_messages_of_text_are_too_much_and_the_rest_is_kept(
    town: Town, ada: Somebody
) -> None:
    await reports_up_to(ada, "what")
    await ada.says(*["a" * 4000] * 5)
    await ada.says("one more")
    ada.reads("kit.problem.too_much")
    ada.sees(buttons=["That's all"])
    assert len((the_draft(town.database).partial or {})["texts"]) == 5


MARKUP = [
    "<b>bold",
    "</b>",
    "<script>alert(1)</script>",
    "*_`[x](y)",
    "&amp;&lt;",
    "{name} {0} %s",
    "a" * 200,
]


@pytest.mark.parametrize("text", MARKUP)
async def test_markup_is_shown_as_it_was_typed(town: Town, ada: Somebody, text: str) -> None:
    await reports_up_to(ada, "where")
    await ada.says(f"{text} Lane")
    await ada.taps("I don't know")
    await ada.says(text)
    await ada.taps("That's all", "Most weeks", "I don't know", "I don't know")
    await ada.says(text)
    await ada.taps("Skip")
    ada.is_asked("check")
    ada.sees(text[:30])
    await ada.taps("Send report")
    ada.reads("report.sent")


@pytest.mark.parametrize(
    "forged", ["a:zzz", "a:", "c:nowhere", "k:", "s:", "send:", "zz:", "x", "go:", "a:done"]
)
async def test_a_forged_button_changes_nothing(town: Town, ada: Somebody, forged: str) -> None:
    await reports_up_to(ada, "my_home")
    draft = the_draft(town.database)
    presses = [
        f"f:{draft.id}:{draft.version}:{forged}",
        f"f:{draft.id}",
        "f",
        "r:1",
        "r:x:go",
        "l:",
        "m:",
        "zz",
    ]
    for data in presses:
        before = ada.last.message_id, ada.last.text, ada.last.labels
        town.world.press_update(town.world.chats[ada.phone.user_id], ada.phone.account, ada.last.data, data)
        await town.settle()
        assert (ada.last.message_id, ada.last.text, ada.last.labels) != before, data  # and says so
        assert the_draft(town.database).answers == draft.answers, data


async def test_somebody_elses_draft_can_not_be_taken_up(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "my_home")
    draft = the_draft(town.database)
    bob = town.resident("Bob Marsh")
    await bob.starts()
    for data in (f"r:{draft.id}:go", f"r:{draft.id}:del", f"f:{draft.id}:{draft.version}:a:the_council"):
        town.world.press_update(town.world.chats[bob.phone.user_id], bob.phone.account, bob.last.data, data)
        await town.settle()
        bob.reads("kit.stale.nothing_open")
    assert the_draft(town.database).answers == draft.answers


async def test_a_place_far_away_is_taken_without_a_district(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "where")
    await ada.sends(ada.phone.send_location, 51.5, -0.12)
    ada.reads("kit.place.which")
    await ada.taps("I don't know")
    assert the_draft(town.database).answers["where"]["location"] == [51.5, -0.12]


async def test_a_number_for_somebody_else_may_come_as_their_card(town: Town, cllr_khan: Somebody) -> None:
    await refers_up_to(cllr_khan, "phone")
    await cllr_khan.says("none")
    cllr_khan.reads("kit.problem.phone")
    await cllr_khan.sends(cllr_khan.phone.send_contact, "+441632960001", first_name="Elsie")
    cllr_khan.is_asked("refer.best_time")
    assert the_draft(town.database).answers["phone"]["e164"] == "+441632960001"
