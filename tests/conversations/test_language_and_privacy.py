"""Choosing a language, the privacy notice before the first personal question, and what the logs may hold."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import update

from bot.logs import configure_logs
from casework.clock import to_the_day
from storage.models import Person
from tests.support.languages import with_language
from tests.support.service import Somebody, Town, the_policy, the_words
from tests.support.stored import all_rows, the_draft
from tests.support.walks import refers, reports, reports_up_to
from tests.words.pseudo import PSEUDO, pseudo

POLISH = {
    "report.how_often.ask": "<b>Jak często?</b>",
    "report.how_often.choice.most_weeks": "Prawie co tydzień",
    "menu.language.done": "Od teraz piszemy po polsku: {language}.",
    "menu.not_understood": "Co chcesz zrobić?",
}


def person_of(town: Town, somebody: Somebody) -> Person:
    key = town.process.service.keyring.chat_key(somebody.phone.user_id)
    (person,) = [person for person in all_rows(town.database, Person) if person.chat_key == key]
    assert isinstance(person, Person)
    return person


async def test_one_language_is_offered_with_a_word_about_the_others(ada: Somebody) -> None:
    await ada.taps("Language")
    ada.reads("menu.language.ask", "menu.language.only")
    assert ada.last.labels == ["English"]
    await ada.taps("English")
    ada.sees("English", buttons=["Report a problem"])


async def test_a_second_language_is_two_taps_away(town: Town, ada: Somebody) -> None:
    await town.restart(catalogs=with_language("pl", "Polski", POLISH))
    await ada.says("/language")
    assert ada.last.labels == ["English", "Polski"]
    await ada.taps("Polski")
    ada.sees("Od teraz piszemy po polsku: Polski.")
    await ada.says("cześć")
    ada.sees("Co chcesz zrobić?")
    assert person_of(town, ada).language == "pl"


async def test_a_language_that_is_not_complete_is_not_offered(town: Town, ada: Somebody) -> None:
    await town.restart(catalogs=with_language("pl", "Polski", POLISH, offered=False))
    await ada.says("/language")
    assert ada.last.labels == ["English"]


async def test_the_language_changes_in_the_middle_and_the_question_with_it(town: Town, ada: Somebody) -> None:
    await town.restart(catalogs=with_language("pl", "Polski", POLISH))
    await reports_up_to(ada, "how_often")
    answers = the_draft(town.database).answers
    await ada.says("/language")
    await ada.taps("Polski")
    ada.sees("Jak często?", buttons=["Prawie co tydzień"])
    await ada.says("prawie co tydzien")
    assert the_draft(town.database).answers == {**answers, "how_often": "most_weeks"}


async def test_the_privacy_notice_comes_once_before_the_first_question(town: Town, ada: Somebody) -> None:
    assert person_of(town, ada).notice_version is None
    await ada.says("/report")
    ada.reads("privacy.short")
    ada.is_asked("report.danger")
    person = person_of(town, ada)
    assert (person.notice_version, person.notice_at) == ("2026-11", to_the_day(town.clock.now()))
    assert person.created_at == to_the_day(town.clock.now())
    await ada.taps("Cancel", "Delete my answers")
    await town.moves_on(days=1)
    await ada.says("/report")
    ada.is_asked("report.danger")
    assert "/privacy" not in ada.last.text


async def test_a_new_version_of_the_notice_is_shown_again(town: Town, ada: Somebody) -> None:
    await reports(ada)
    policy = the_policy()
    newer = policy.privacy.model_copy(update={"notice_version": "2027-01"})
    await town.restart(policy=policy.model_copy(update={"privacy": newer}))
    await ada.says("/report")
    await ada.taps("Something new")
    ada.reads("privacy.short")
    assert person_of(town, ada).notice_version == "2027-01"


async def test_the_whole_notice_names_its_version_and_how_long_drafts_live(ada: Somebody) -> None:
    await ada.says("/privacy")
    ada.reads("privacy.top", "privacy.version")
    ada.sees("2026-11", "7 days", "01527 64252", "ico.org.uk")


async def test_in_another_language_no_english_is_left(town: Town, ada: Somebody) -> None:
    await town.restart(catalogs=pseudo(the_words()))
    khan = await town.member("Omar Khan")
    with town.database.transaction() as session:
        session.execute(update(Person).values(language=PSEUDO))
    for somebody, answers in (
        (ada, ("/start", "/report", "1", "5", "3")),
        (ada, ("DY10", "1", "Häuser", "a sticker", "/help", "/cancel", "3", "Rauch")),
        (
            khan,
            ("/start", "/refer", "3", "Elsie", "B97 4AA", "1", "12", "01632 960001", "1", "99", "1,2", "1"),
        ),
        (khan, ("Jan", "/cancel", "1", "KM4P-X7RC", "/language")),
    ):
        for answer in answers:
            before = somebody.last
            await somebody.says(answer)
            assert somebody.last != before
    await ada.taps(ada.last.labels[0])
    for message in ada.phone.bot_messages[2:] + khan.phone.bot_messages[2:]:
        for words in (message.text, *message.labels):
            left = _outside_brackets(words, {"English", "Redditch", "Bromsgrove", "Wyre Forest"})
            assert not any(map(str.isalpha, left)), words


def _outside_brackets(words: str, names: set[str]) -> str:
    """What stands outside all brackets of the pseudo-language, names aside."""
    left, depth = "", 0
    for character in words:
        depth += (character == "⟦") - (character == "⟧")
        left += "" if depth or character == "⟧" else character
    for name in names:
        left = left.replace(name, "")
    return left


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as the live bot logs it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logs("DEBUG", stream=stream, as_json=True)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_the_logs_hold_nothing_of_what_people_said(log: io.StringIO, town: Town) -> None:
    ada, khan = town.resident("Ada Lovelace"), await town.member("Omar Khan")
    await ada.starts()
    reference = await reports(ada)
    await refers(khan)
    await ada.says("Loud music again", "/report")
    await ada.taps("Something new")
    await ada.sends(ada.phone.send_photo, "Loud music on video")
    town.world.faults.fail_next("sendMessage", 400, "Bad Request: can't parse entities")
    await ada.says("no")
    ada.phone.block()
    await town.settle()
    written = log.getvalue()
    assert "message_of_ours_refused" in written
    for told in (
        "Ada",
        "Lovelace",
        "Khan",
        "Elsie",
        "Moore",
        "Loud",
        "music",
        "07700",
        "900123",
        "b97",
        "High",
    ):
        assert told not in written, told
    for ours in (str(ada.phone.user_id), str(khan.phone.user_id), town.world.token, reference):
        assert ours not in written
    town.process.delivery.counts.alarms = 0  # the refusal above was ordered
