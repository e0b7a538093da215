"""Officers and evidence: who sees it, what they see, and that every opening is in the history."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from storage.models import CaseEvent
from tests.support.evidence import CAMERA, EXECUTABLE, fetch, files, photo
from tests.support.service import Somebody, Town
from tests.support.stored import the_case
from tests.support.walks import goes_on, reports_up_to


async def reports_with(ada: Somebody, *contents: bytes) -> str:
    """A report with these files; its reference."""
    await reports_up_to(ada, "what")
    for number, content in enumerate(contents):
        await ada.sends(ada.phone.send_document, f"{number}.jpg", mime_type="image/jpeg", content=content)
    await goes_on(ada, "what")
    await fetch(ada.town)
    return ada.reference()


def uploaded(town: Town, somebody: Somebody, kind: str) -> bytes:
    """The bytes of the file in the newest message."""
    data = somebody.last.data[kind]
    file = town.world.files.find((data[-1] if isinstance(data, list) else data)["file_id"])
    assert file is not None
    return file.content


def opened(town: Town, reference: str) -> list[CaseEvent]:
    events = the_case(town.database, reference).events
    return [event for event in events if event.kind == "evidence_opened"]


async def test_an_officer_opens_a_photo_from_the_card(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    content = photo()
    reference = await reports_with(ada, content)
    await duty_officer.taps("Open case")
    duty_officer.sees(reference, buttons=["Evidence: 1"])
    await duty_officer.taps("Evidence: 1")
    digest = hashlib.sha256(content).hexdigest()
    duty_officer.sees("photo", "0.1 MB", f"hash {digest[:8]}", buttons=["Open 1", "Back to the case"])
    assert opened(town, reference) == []

    await duty_officer.taps("Open 1")

    shown = duty_officer.last
    assert shown.data["has_protected_content"] is True
    assert shown.data["has_media_spoiler"] is True
    assert reference in shown.text
    sent = uploaded(town, duty_officer, "photo")
    assert sent != content
    assert CAMERA.encode() not in sent
    with Image.open(BytesIO(sent)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == (64, 32)
    (event,) = opened(town, reference)
    assert not event.public
    assert (event.actor_role, event.detail) == (
        "officer",
        {"file": files(town)[0].id, "which": "copy", "sha256": digest},
    )


async def test_the_original_is_sent_on_request_and_recorded_as_that(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    content = photo()
    reference = await reports_with(ada, content)
    await duty_officer.taps("Open case", "Evidence: 1", "Open 1", "Open the original")
    assert uploaded(town, duty_officer, "document") == content
    duty_officer.sees(hashlib.sha256(content).hexdigest(), "As it came")
    assert duty_officer.last.data["document"]["file_name"] == f"{reference}-1.jpg"
    assert duty_officer.last.data["has_protected_content"] is True
    assert [event.detail["which"] for event in opened(town, reference)] == ["copy", "original"]
    await duty_officer.says("/queue")
    await duty_officer.says(reference)
    duty_officer.sees("evidence was opened, Jo Green")


async def test_a_voice_message_and_a_video_are_played_in_the_chat(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_voice)
    await ada.sends(ada.phone.send_video)
    await ada.sends(ada.phone.send_document)
    await goes_on(ada, "what")
    await fetch(town)
    await duty_officer.taps("Open case", "Evidence: 3", "Open 1")
    assert "voice" in duty_officer.last.data
    await duty_officer.taps("Open 2")
    assert "video" in duty_officer.last.data
    await duty_officer.taps("Open 3")
    assert uploaded(town, duty_officer, "document") == b"%PDF-1.4 invented"


async def test_the_list_says_what_waits_and_what_was_refused(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_document, "a.jpg", mime_type="image/jpeg", content=EXECUTABLE)
    await fetch(town)
    await ada.sends(ada.phone.send_photo)
    await goes_on(ada, "what")
    await duty_officer.taps("Open case", "Evidence: 1")  # the refused one does not count
    duty_officer.sees("1. document", "not a kind that we keep", "2. photo", "still being fetched")
    duty_officer.sees_no_button("Open 1", "Open 2")


async def test_a_long_list_has_pages(town: Town, ada: Somebody, duty_officer: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_album, 10)
    await goes_on(ada, "what")
    await fetch(town)
    await duty_officer.taps("Open case", "Evidence: 10")
    duty_officer.sees("6. photo", buttons=["Open 6", "More"])
    duty_officer.sees_no_button("Open 7")
    await duty_officer.taps("More")
    duty_officer.sees("10. photo", buttons=["Open 10"])
    duty_officer.sees_no_button("More")


@pytest.mark.parametrize("what", ["list", "open", "orig"])
async def test_an_officer_of_another_district_is_refused(
    town: Town, ada: Somebody, duty_officer: Somebody, what: str
) -> None:
    wes = await town.officer("Wes Lane", "wyre_forest")
    reference = await reports_with(ada, photo())
    case, file = the_case(town.database, reference).case, files(town)[0]
    await _forge(town, wes, f"e:{what}:{case.id if what == 'list' else file.id}")
    wes.reads("officer.not_your_district")
    assert opened(town, reference) == []


@pytest.mark.parametrize("what", ["list", "open", "orig"])
async def test_neither_a_resident_nor_a_member_sees_evidence(
    town: Town, ada: Somebody, cllr_khan: Somebody, what: str
) -> None:
    reference = await reports_with(ada, photo())
    case, file = the_case(town.database, reference).case, files(town)[0]
    for person in (ada, cllr_khan):
        await _forge(town, person, f"e:{what}:{case.id if what == 'list' else file.id}")
        person.reads("case.for_the_team")
    assert opened(town, reference) == []


async def _forge(town: Town, somebody: Somebody, data: str) -> None:
    """A press that no button of theirs carries."""
    phone = somebody.phone
    town.world.press_update(phone._chat, phone.account, somebody.last.data, data)
    await town.settle()


@pytest.mark.parametrize("data", ["e:open:999999", "e:orig:", "e:list:x", "e:open:-1", "e:nothing", "e"])
async def test_a_button_that_names_nothing_opens_nothing(
    town: Town, duty_officer: Somebody, data: str
) -> None:
    await _forge(town, duty_officer, data)
    assert duty_officer.phone.last.text


async def test_a_draft_that_nobody_sent_is_not_seen_by_officers(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_photo)
    await fetch(town)
    await _forge(town, duty_officer, f"e:open:{files(town)[0].id}")
    duty_officer.reads("officer.gone")


async def test_a_double_tap_sends_one_file(town: Town, ada: Somebody, duty_officer: Somebody) -> None:
    reference = await reports_with(ada, photo())
    await duty_officer.taps("Open case", "Evidence: 1")
    before = len(duty_officer.phone.bot_messages)
    await duty_officer.taps_twice("Open 1")
    assert len(duty_officer.phone.bot_messages) == before + 1
    assert len(opened(town, reference)) == 1


async def test_bytes_that_are_gone_are_said_to_be(town: Town, ada: Somebody, duty_officer: Somebody) -> None:
    await reports_with(ada, photo())
    await duty_officer.taps("Open case", "Evidence: 1")
    (row,) = files(town)
    town.process.service.vault.remove(row.copy or "")
    await duty_officer.taps("Open 1")
    duty_officer.reads("officer_evidence.not_here")


async def test_what_was_written_under_a_later_photo_stands_in_the_list(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_with(ada)
    await ada.sends(ada.phone.send_photo, "<b>The fence</b> this morning")
    await ada.taps("Yes, add it")
    await fetch(town)
    await duty_officer.taps("Open case", "Evidence: 1")
    duty_officer.sees("<b>The fence</b> this morning")


async def test_the_file_survives_telegrams_faults_and_a_restart(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await reports_with(ada, photo())
    town.world.faults.drop_connection_next("sendPhoto")
    await duty_officer.taps("Open case", "Evidence: 1", "Open 1")
    assert not any("photo" in message.data for message in duty_officer.phone.bot_messages)
    await town.restart()
    await town.moves_on(minutes=5)
    assert sum("photo" in message.data for message in duty_officer.phone.bot_messages) == 1
