"""A resident keeps a diary: what is happening now, a full entry, a correction, and which report it is for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.models import CaseEvent, Draft, FileState, StoredFile
from tests.diary.kit import REFERENCE, close_case, entries, has_case, it_happens_now, writes_in_full
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, count_rows


async def test_what_is_happening_now_takes_four_actions(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.taps("Diary")
    ada.sees(f"Your diary for {REFERENCE}", "nothing in it yet", "999")
    before = ada.actions
    await ada.taps("It's happening now")
    ada.is_asked("diary.now.what")
    ada.sees("Say what you see or hear yourself")
    await ada.says("He bangs on the wall and shouts “get out”.")
    ada.is_asked("diary.now.bad")
    await ada.taps("I was afraid")
    ada.is_asked("diary.now.effect")
    await ada.taps("I could not sleep")
    ada.sees("Saved in your diary.", REFERENCE, "Is it true", buttons=["Correct it", "My diary"])
    ada.sees_no_button("Save entry")
    assert ada.actions - before == 4

    (entry,) = entries(town)
    assert entry.body["answers"]["what"] == "He bangs on the wall and shouts “get out”."
    assert (entry.body["answers"]["bad"], entry.body["answers"]["effect"]) == ("frightening", ["sleep"])
    assert entry.happened_on == date(2026, 11, 24)
    assert entry.starts_at == entry.entered_at == town.clock.now()
    assert entry.confirmed_at is None
    assert count_rows(town.database, Draft) == 0
    await ada.taps("Yes, it is true")
    assert entries(town)[0].confirmed_at == town.clock.now()


async def test_a_voice_message_is_enough(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("It's happening now")
    await ada.sends(ada.phone.send_voice)
    ada.is_asked("diary.now.bad")
    await ada.taps("Very bad", "Nothing more")
    ada.sees("Saved in your diary.")
    (file,) = all_rows(town.database, StoredFile)
    assert (file.kind, file.state, file.draft_id) == ("voice", FileState.WAITING, None)
    assert file.case_id == entries(town)[0].case_id is not None
    await ada.taps("My diary", "My entries", "1. Tuesday 24 November, 10am")
    ada.sees("A voice message or a file.", "With 1 file.")


async def test_every_answer_can_be_typed(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("It's happening now")
    await ada.says("Shouting again", "2", "inside")
    ada.sees("Choose one of the buttons")
    await ada.says("I stayed inside")
    ada.sees("Saved in your diary.")
    assert entries(town)[0].body["answers"]["bad"] == "upsetting"


async def test_words_of_danger_bring_999_first_and_reach_the_team(
    town: Town, ada: Somebody, jo: Somebody
) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("It's happening now")
    await ada.says("He has a knife and stands at my door")
    ada.sees("999")
    assert entries(town) == []
    jo.sees_nothing_of(REFERENCE)
    await ada.taps(ada.last.labels[-1])
    ada.is_asked("diary.now.bad")
    await ada.taps("I was afraid", "I stayed inside")
    ada.sees("Saved in your diary.")
    jo.sees(REFERENCE, "danger", buttons=["Open case"])
    jo.sees_nothing_of("knife", "Ada")


async def test_a_full_entry_has_the_fields_of_a_diary_sheet(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await writes_in_full(ada)
    ada.sees("Saved in your diary.", "more than a day later")
    ada.sees_no_button("Yes, it is true")
    (entry,) = entries(town)
    assert entry.happened_on == date(2026, 11, 21)
    assert entry.starts_at == datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert entry.ends_at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert entry.confirmed_at == entry.entered_at
    said = entry.body["answers"]
    assert said["where"] == {"pick": "home"}
    assert said["who"] == {"pick": "unknown"}
    assert said["what"] == "Shouting and a bottle against my door."
    assert (said["bad"], said["effect"]) == ("very_bad", ["sleep", "children"])
    assert said["witnesses"] == {"text": "Jan Kowalski"}
    assert (said["willing"], said["told"]) == ("yes", "Police, 123 of 14 November")
    (event,) = [e for e in all_rows(town.database, CaseEvent) if e.kind == "diary_entry"]
    assert event.detail == {"entry": entry.id, "version": 1, "late": True}
    assert not event.public


@pytest.mark.parametrize(
    ("when", "starts", "expected"),
    [
        ("yesterday", "22:15", datetime(2026, 11, 23, 22, 15, tzinfo=UTC)),
        ("yesterday", "about half past nine in the evening", datetime(2026, 11, 23, 21, 30, tzinfo=UTC)),
        ("yesterday", "midnight", datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),  # the end of that day
        ("15 July", "10pm", datetime(2026, 7, 15, 21, 0, tzinfo=UTC)),  # summer time
    ],
)
async def test_a_time_may_be_typed_as_people_do(town: Town, ada: Somebody, when, starts, expected) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("Write a full entry")
    await ada.says(when)
    if when != "yesterday":
        await ada.taps("Yes, that is right")
    ada.is_asked("diary.starts")
    await ada.says(starts)
    ada.is_asked("diary.ends")
    draft = all_rows(town.database, Draft)[0]
    assert datetime.fromisoformat(draft.answers["starts"]["at"]) == expected


async def test_a_time_that_can_be_two_is_asked_back(ada: Somebody, town: Town) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("Write a full entry", "Yesterday")
    await ada.says("purple")
    ada.sees("Type a time")
    await ada.says("10")
    ada.sees("Which one do you mean?", buttons=["10am", "10pm"])
    await ada.taps("10pm")
    ada.is_asked("diary.ends")
    await ada.taps("It is still going on")
    ada.is_asked("diary.where")


async def test_a_time_that_is_still_to_come_is_asked_again(ada: Somebody, town: Town) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("Write a full entry", "Today")
    await ada.says("11pm")
    ada.sees("still to come")
    await ada.taps("In the morning")
    ada.is_asked("diary.ends")


async def test_who_saw_it_is_asked_further_only_where_somebody_did(ada: Somebody, town: Town) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("Write a full entry", "It is happening now", "I don't know", "In the street")
    await ada.says("a tall man with a red hat", "He shouted")
    await ada.taps("That's all", "Annoying")
    await ada.says("7")
    await ada.taps("Nobody else")
    ada.is_asked("diary.told")
    await ada.taps("Skip", "I am not sure of all of it", "Save entry")
    ada.sees("Saved in your diary.", buttons=["Yes, it is true"])
    (entry,) = entries(town)
    assert entry.body["answers"]["who"] == {"text": "a tall man with a red hat"}
    assert "willing" not in entry.body["answers"]
    assert entry.confirmed_at is None


async def test_a_correction_keeps_the_first_words(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await it_happens_now(ada, "He shouts.")
    await town.moves_on(hours=30)
    await ada.taps("Correct it")
    ada.is_asked("check")
    ada.sees("What: He shouts.", "Who: Not given", "True: Not given")
    await ada.taps("Change who")
    await ada.says("The man of number 12")
    await ada.taps("Save entry")
    ada.sees("Your first words stay beside it.")
    first, second = entries(town)
    assert (second.first_id, second.version, second.case_id) == (first.id, 2, first.case_id)
    assert "who" not in first.body["answers"]
    assert second.body["answers"]["who"] == {"text": "The man of number 12"}
    assert second.starts_at == first.starts_at
    assert second.entered_at - first.entered_at == timedelta(hours=30)
    await ada.taps("My diary")
    ada.sees("There is 1 entry in it.")
    await ada.taps("My entries")
    await ada.taps(ada.last.labels[0])
    ada.sees("Corrected on")
    ada.sees_nothing_of("more than a day later")  # a correction is later by its nature


async def test_leaving_in_the_middle_loses_nothing(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("It's happening now")
    await ada.says("Glass breaking")
    await town.restart()
    await ada.says("/menu")
    await ada.taps("Go on with my quick entry")
    ada.is_asked("diary.now.bad")
    await town.moves_on(minutes=20)
    await ada.taps("Very bad", "I felt ill")
    ada.sees("Saved in your diary.")
    (entry,) = entries(town)
    assert entry.starts_at == town.clock.now() - timedelta(minutes=20)  # when it was happening


async def test_a_double_tap_saves_one_entry(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("It's happening now")
    await ada.says("Glass breaking")
    await ada.taps("Very bad")
    await ada.taps_twice("I felt ill")
    assert len(entries(town)) == 1


async def test_with_several_reports_the_person_chooses_the_latest_first(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    has_case(town, ada, "HW3T-9QKE")
    await ada.says("/diary")
    ada.sees("Which report is it for?")
    assert ada.last.labels == ["HW3T-9QKE", REFERENCE, "None yet, it is for me"]
    await ada.taps(REFERENCE)
    ada.sees(f"Your diary for {REFERENCE}", buttons=["Another report"])
    await it_happens_now(ada)
    ada.sees(REFERENCE)
    await ada.says("/diary")
    ada.sees("There is 1 entry in it.")
    await ada.taps("Another report", "HW3T-9QKE")
    ada.sees("Your diary for HW3T-9QKE", "nothing in it yet")


async def test_a_diary_without_a_report_is_given_to_one_later(town: Town, ada: Somebody) -> None:
    await ada.says("/diary")
    ada.sees("It is not for a report yet")
    await it_happens_now(ada)
    ada.sees("Saved in your diary.")
    assert entries(town)[0].case_id is None
    case = has_case(town, ada)
    await ada.taps("My diary")
    ada.sees(f"Your diary for {REFERENCE}", buttons=["Add my other entries"])
    await ada.taps("Add my other entries")
    ada.sees("There is 1 entry in it.")
    ada.sees_no_button("Add my other entries")
    assert entries(town)[0].case_id == case.id


async def test_a_closed_case_takes_no_new_entries(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    close_case(town, REFERENCE, town.clock.now())
    await it_happens_now(ada)
    ada.sees_nothing_of("It is for")
    assert entries(town)[0].case_id is None


async def test_nobody_reads_or_changes_the_diary_of_another(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await it_happens_now(ada, "Something only Ada knows")
    entry = entries(town)[0].id
    eve = town.resident("Eve")
    await eve.starts()
    await eve.says("/diary")
    front = eve.last
    for forged in (f"y:e:{entry}", f"y:fix:{entry}", f"y:true:{entry}"):
        await taps_forged(town, eve, front, forged)
        eve.sees("not in your diary")
    for forged in ("y:case:1", "y:give:1", "y:o:1", "y:opdf:1", "y:opat:1", "y:list:0", "y:pdf", "y:e:x"):
        await taps_forged(town, eve, front, forged)
    eve.sees_nothing_of("Something only Ada knows", REFERENCE)
    assert len(entries(town)) == 1
    assert not any("document" in message.data for message in eve.phone.bot_messages)


async def taps_forged(town: Town, somebody: Somebody, message, data: str) -> None:
    """A button of an old message, with data of their own making."""
    chat = town.world.chats[somebody.phone.user_id]
    town.world.press_update(chat, somebody.phone.account, message.data, data)
    await town.settle()


async def test_the_team_has_no_diary_of_its_own(jo: Somebody) -> None:
    await jo.says("/diary")
    jo.sees("for people who live here")
