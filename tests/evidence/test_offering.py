"""A photo sent with no form open: it is offered to a case of the person's own, and kept nowhere before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.cases import CaseKind
from storage.models import Case
from tests.support.evidence import fetch, files, on_disk, photo
from tests.support.service import Somebody, Town
from tests.support.stored import the_case
from tests.support.walks import goes_on, refers, reports, reports_up_to


async def test_a_photo_sent_later_is_added_to_the_report(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    reference = await reports(ada)
    await ada.sends(ada.phone.send_photo, "The fence this morning")
    ada.sees(f"Add this to {reference}?", buttons=["Yes, add it", "No, do not keep it"])
    ada.sees_no_button("Choose another report")
    assert files(town) == []  # nothing is kept before they say so
    await ada.taps("Yes, add it")
    ada.sees(f"Added to {reference}: 1 file.")
    duty_officer.sees(f"{reference}: 1 new file.", buttons=["Open case"])
    duty_officer.sees_nothing_of("fence")
    await fetch(town)
    (row,) = files(town)
    assert (row.state, row.caption, row.draft_id) == ("stored", "The fence this morning", None)
    assert row.chat_key == town.database.keyring.chat_key(ada.phone.user_id)
    added = the_case(town.database, reference).events[-1]
    assert (added.kind, added.detail) == (
        "evidence_added",
        {"files": 1, "words": ["The fence this morning"]},
    )


@pytest.mark.parametrize("what", ["send_photo", "send_voice", "send_video", "send_document"])
async def test_everything_that_is_kept_can_be_added(town: Town, ada: Somebody, what: str) -> None:
    await reports(ada)
    await ada.sends(getattr(ada.phone, what))
    await ada.says("yes, add it")  # typed, for whoever can't tap
    await fetch(town)
    assert [row.state for row in files(town)] == ["stored"]


async def test_an_album_is_one_question(town: Town, ada: Somebody, duty_officer: Somebody) -> None:
    reference = await reports(ada)
    before = len(ada.phone.bot_messages)
    await ada.sends(ada.phone.send_album, 4)
    ada.sees(f"Add these 4 files to {reference}?")
    assert len(ada.phone.bot_messages) == before + 1
    await ada.taps("Yes, add it")
    ada.sees(f"Added to {reference}: 4 files.")
    duty_officer.sees(f"{reference}: 4 new files.")
    assert len(files(town)) == 4


async def test_files_one_after_the_other_are_added_together(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    await ada.sends(ada.phone.send_photo)
    await ada.sends(ada.phone.send_voice)
    ada.sees(f"Add these 2 files to {reference}?")
    live = [message.message_id for message in ada.screens if "Yes, add it" in message.labels]
    assert live == [ada.last.message_id]
    await ada.taps("Yes, add it")
    assert [row.kind for row in files(town)] == ["photo", "voice"]


async def test_whoever_says_no_leaves_nothing(town: Town, ada: Somebody, duty_officer: Somebody) -> None:
    await reports(ada)
    told = len(duty_officer.phone.bot_messages)
    await ada.sends(ada.phone.send_photo)
    await ada.taps("No, do not keep it")
    ada.reads("evidence.offer.not_added")
    assert files(town) == []
    assert len(duty_officer.phone.bot_messages) == told


async def test_of_several_reports_the_newest_is_offered_and_another_can_be_chosen(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    first = await reports(ada)
    town.clock.advance(timedelta(days=1))
    second = await _another_report(ada)
    assert first != second
    await ada.sends(ada.phone.send_photo)
    ada.sees(f"Add this to {second}?", buttons=["Choose another report"])
    await ada.taps("Choose another report")
    ada.sees("Which report is it for?")
    await ada.taps(f"{first}, Tuesday 24 November")
    ada.sees(f"Added to {first}")
    assert [file.case_id for file in files(town)] == [the_case(town.database, first).case.id]


async def _another_report(ada: Somebody) -> str:
    """A report of something else by somebody who has one already; its reference."""
    await _begins_another(ada)
    await goes_on(ada, "danger", problem="Rubbish")
    return ada.reference()


async def _begins_another(ada: Somebody) -> None:
    await ada.says("/report")
    await ada.taps("Something new")


async def test_the_reference_under_a_photo_says_where_it_belongs(town: Town, ada: Somebody) -> None:
    first = await reports(ada)
    await _another_report(ada)
    await ada.sends(ada.phone.send_photo, f"for {first}")
    ada.sees(f"Add this to {first}?")


async def test_words_of_danger_under_a_photo_bring_999_first(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    await ada.sends(ada.phone.send_photo, "he has a knife and is at my door")
    ada.sees("999", f"Add this to {reference}?", buttons=["Yes, add it"])


async def test_a_large_file_is_not_offered(town: Town, ada: Somebody) -> None:
    await reports(ada)
    await ada.sends(ada.phone.send_video, size=200 * 2**20)
    ada.reads("kit.problem.file_size")
    ada.sees_no_button("Yes, add it")


async def test_without_a_report_there_is_nothing_to_add_to(town: Town, ada: Somebody) -> None:
    await ada.sends(ada.phone.send_photo)
    ada.reads("menu.file_early")
    assert files(town) == []


async def test_an_anonymous_report_is_not_offered_to_anybody(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "who")
    await ada.taps("Stay anonymous", "Send report")
    await ada.sends(ada.phone.send_photo)
    ada.reads("menu.file_early")


async def test_a_file_for_an_open_form_goes_to_the_form(town: Town, ada: Somebody) -> None:
    await reports(ada)
    await _begins_another(ada)
    await goes_on(ada, "danger", "what")
    await ada.sends(ada.phone.send_photo)
    (row,) = files(town)
    assert (row.case_id, row.draft_id is not None) == (None, True)


async def test_the_same_file_twice_is_kept_once(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    sent = ada.phone.send_photo()
    await town.settle()
    await ada.taps("Yes, add it")
    forwarded = {key: sent.data[key] for key in ("photo",)}
    ada.phone._send(forwarded)
    await town.settle()
    await ada.taps("Yes, add it")
    ada.sees(f"This is with {reference} already.")
    assert len(files(town)) == 1


async def test_a_double_tap_adds_once(town: Town, ada: Somebody, duty_officer: Somebody) -> None:
    reference = await reports(ada)
    await ada.sends(ada.phone.send_photo)
    before = len(ada.phone.bot_messages)
    await ada.taps_twice("Yes, add it")
    ada.sees(f"Added to {reference}")
    assert len(ada.phone.bot_messages) == before
    assert len(files(town)) == 1
    assert sum("new file" in message.text for message in duty_officer.phone.bot_messages) == 1


async def test_a_button_of_yesterday_adds_nothing(town: Town, ada: Somebody) -> None:
    await reports(ada)
    await ada.sends(ada.phone.send_photo)
    town.clock.advance(timedelta(days=1, minutes=1))
    await ada.taps("Yes, add it")
    ada.reads("evidence.offer.gone")
    assert files(town) == []


async def test_a_case_that_closed_meanwhile_takes_nothing(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    await ada.sends(ada.phone.send_photo)
    with town.database.transaction() as session:
        case = session.get_one(Case, the_case(town.database, reference).case.id)
        case.closed_at = town.clock.now()
    await ada.taps("Yes, add it")
    ada.reads("evidence.offer.gone")
    assert files(town) == []


async def test_nobody_adds_to_the_case_of_somebody_else_with_a_forged_button(
    town: Town, ada: Somebody
) -> None:
    theirs = the_case(town.database, await reports(ada)).case
    eve = town.resident("Eve")
    await eve.starts()
    await reports(eve)
    await eve.sends(eve.phone.send_photo)
    town.world.press_update(eve.phone._chat, eve.phone.account, eve.last.data, f"e:add:{theirs.id}")
    await town.settle()
    eve.reads("evidence.offer.gone")
    assert files(town) == []


async def test_a_member_adds_to_their_referral(
    town: Town, cllr_khan: Somebody, duty_officer: Somebody
) -> None:
    reference = await refers(cllr_khan)
    assert the_case(town.database, reference).case.kind == CaseKind.NOMINATED_NEIGHBOUR
    await cllr_khan.sends(cllr_khan.phone.send_document)
    cllr_khan.sees(f"Add this to {reference}?")
    await cllr_khan.taps("Yes, add it")
    duty_officer.sees(f"{reference}: 1 new file.")


async def test_what_is_refused_after_it_was_added_is_told_and_recorded(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    reference = await reports(ada)
    await ada.sends(ada.phone.send_document, "a.jpg", mime_type="image/jpeg", content=photo()[:200])
    await ada.taps("Yes, add it")
    await fetch(town)
    ada.reads("evidence.refused.picture")
    refused = the_case(town.database, reference).events[-1]
    assert (refused.kind, refused.detail["why"]) == ("evidence_refused", "picture")
    assert on_disk(town) == []
