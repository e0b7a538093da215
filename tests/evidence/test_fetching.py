"""From Telegram to the store: real bytes through the sandbox, and everything that can go wrong on the way."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from storage.evidence import Which, open_bytes
from storage.models import Person, StoredFile
from tests.support.evidence import (
    CAMERA,
    EXECUTABLE,
    fetch,
    files,
    on_disk,
    photo,
    png_header,
)
from tests.support.service import Somebody, Town
from tests.support.stored import the_case
from tests.support.walks import goes_on, reports_up_to

TWENTY_FIVE_MEGABYTES = 25 * 2**20


async def is_telling(ada: Somebody) -> None:
    """At the question that takes files."""
    await reports_up_to(ada, "what")


async def sends_without_a_name(ada: Somebody) -> None:
    """The rest of the report, anonymously."""
    await goes_on(ada, "what", "who")
    await ada.taps("Stay anonymous", "Send report")


def bytes_of(town: Town, row: StoredFile, which: Which = Which.ORIGINAL) -> bytes:
    return open_bytes(town.process.service.vault, row, which)


async def test_a_photo_is_kept_as_it_came_and_without_its_metadata(town: Town, ada: Somebody) -> None:
    await is_telling(ada)
    content = photo((3000, 2000))
    await ada.sends(ada.phone.send_document, "IMG_1.jpg", mime_type="image/jpeg", content=content)
    (waiting,) = files(town)
    assert (waiting.state, waiting.sha256, waiting.original) == ("waiting", None, None)

    assert await fetch(town) == 1

    (row,) = files(town)
    assert row.state == "stored"
    assert bytes_of(town, row) == content
    assert row.sha256 == hashlib.sha256(content).digest()
    assert (row.content_type, row.size) == ("image/jpeg", len(content))
    assert row.received_at == row.stored_at == town.clock.now()
    assert row.chat_key == town.database.keyring.chat_key(ada.phone.user_id)
    assert row.file_id == ""  # nobody needs Telegram's name for it any more
    copy = bytes_of(town, row, Which.COPY)
    assert CAMERA.encode() in content
    assert CAMERA.encode() not in copy
    assert b"Exif" not in copy
    raw = [path.read_bytes() for path in on_disk(town)]
    assert len(raw) == 2
    for sealed in raw:
        assert CAMERA.encode() not in sealed
        assert content[:16] not in sealed
        assert copy[:16] not in sealed


async def test_a_voice_message_and_a_video_are_kept_as_they_came(town: Town, ada: Somebody) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_voice)
    await ada.sends(ada.phone.send_video)
    await ada.sends(ada.phone.send_document)
    await fetch(town)
    assert [(row.state, row.content_type, row.copy) for row in files(town)] == [
        ("stored", "audio/ogg", None),
        ("stored", "video/mp4", None),
        ("stored", "application/pdf", None),
    ]


async def test_an_album_is_fetched_whole(town: Town, ada: Somebody) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_album, 5)
    assert await fetch(town) == 5
    assert {row.state for row in files(town)} == {"stored"}
    assert len(on_disk(town)) == 10


async def test_a_large_video_is_refused_before_anything_is_downloaded(town: Town, ada: Somebody) -> None:
    """As when Telegram did not say the size with the message: getFile says no."""
    await is_telling(ada)
    await ada.sends(ada.phone.send_video)
    kept = town.world.files.find(files(town)[0].file_id)
    assert kept is not None
    kept.size = TWENTY_FIVE_MEGABYTES
    await fetch(town)
    (row,) = files(town)
    assert (row.state, row.refusal) == ("refused", "size")
    assert on_disk(town) == []
    ada.reads("evidence.refused.size")
    ada.sees("20 MB", "in words")


async def test_a_large_video_is_refused_at_once_where_telegram_says_its_size(
    town: Town, ada: Somebody
) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_video, size=200 * 2**20)
    ada.reads("kit.problem.file_size")
    assert files(town) == []


@pytest.mark.parametrize(
    ("name", "mime", "content", "refusal"),
    [
        ("holiday.jpg", "image/jpeg", EXECUTABLE, "kind"),  # a program in a photo's clothes
        ("notes.pdf", "application/pdf", b"PK\x03\x04" + bytes(80), "kind"),  # a zip
        ("bomb.png", "image/png", png_header(60_000, 60_000), "picture"),
        ("cut.jpg", "image/jpeg", photo()[:300], "picture"),
    ],
    ids=["program", "zip", "bomb", "cut off"],
)
async def test_what_is_refused_is_refused_in_one_sentence_that_says_what_to_do(
    town: Town, ada: Somebody, name: str, mime: str, content: bytes, refusal: str
) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_document, name, mime_type=mime, content=content)
    await fetch(town)
    (row,) = files(town)
    assert (row.state, row.refusal) == ("refused", refusal)
    assert on_disk(town) == []
    ada.reads(f"evidence.refused.{refusal}")
    ada.sees_nothing_of(name)
    await ada.says("It was loud all night and we could not sleep.")
    await ada.taps("That's all")
    ada.is_asked("report.how_often")  # the form goes on where it was


async def test_a_name_and_a_type_that_are_not_true_do_not_matter(town: Town, ada: Somebody) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_document, "a.exe", mime_type="application/x-dosexec", content=photo())
    await fetch(town)
    (row,) = files(town)
    assert (row.state, row.content_type) == ("stored", "image/jpeg")


@pytest.mark.parametrize("fault", ["getFile", "download"])
async def test_what_cannot_be_had_now_is_fetched_later(town: Town, ada: Somebody, fault: str) -> None:
    await is_telling(ada)
    town.world.faults.drop_connection_next(fault, times=2)
    await ada.sends(ada.phone.send_photo)
    assert await fetch(town) == 1
    assert await fetch(town) == 0  # not at once
    (row,) = files(town)
    assert (row.state, row.attempts) == ("waiting", 1)
    town.clock.advance(timedelta(minutes=1))
    assert await fetch(town) == 1
    town.clock.advance(timedelta(minutes=1))
    assert await fetch(town) == 0  # waits longer each time
    town.clock.advance(timedelta(minutes=1))
    assert await fetch(town) == 1
    (row,) = files(town)
    assert (row.state, row.attempts, row.next_try_at) == ("stored", 3, None)


async def test_a_file_that_comes_in_part_only_is_fetched_again(town: Town, ada: Somebody) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_photo)
    kept = town.world.files.find(files(town)[0].file_id)
    assert kept is not None
    whole, kept.content = kept.content, kept.content[:100]
    await fetch(town)
    assert (files(town)[0].state, on_disk(town)) == ("waiting", [])
    kept.content = whole
    town.clock.advance(timedelta(minutes=2))
    await fetch(town)
    assert bytes_of(town, files(town)[0]) == whole


async def test_after_a_week_in_vain_the_person_is_asked_to_send_it_again(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await town.manager()
    await is_telling(ada)
    await ada.sends(ada.phone.send_photo)
    await goes_on(ada, "what")
    reference = ada.reference()
    town.world.faults.drop_connection_next("getFile", times=1000)
    for _ in range(8):
        assert files(town)[0].state == "waiting"
        await town.moves_on(days=1)
        await fetch(town)
    town.world.faults.clear()
    (row,) = files(town)
    assert (row.state, row.refusal) == ("refused", "lost")
    ada.sees(f"Update on {reference}")
    await ada.taps("Show the update")
    ada.reads("evidence.refused.lost")
    assert "evidence_refused" in [event.kind for event in the_case(town.database, reference).events]


async def test_one_file_that_cannot_be_had_does_not_keep_the_others(town: Town, ada: Somebody) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_photo)
    await ada.sends(ada.phone.send_voice)
    kept = town.world.files.find(files(town)[0].file_id)
    assert kept is not None
    kept.content = b""
    await fetch(town)
    assert [row.state for row in files(town)] == ["waiting", "stored"]


async def test_a_process_that_dies_between_download_and_commit_leaves_no_half_file(
    town: Town, ada: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_photo)

    class Died(BaseException):
        """No handler of errors sees this, as none sees a power cut."""

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr("storage.evidence.mark_stored", die)
        with pytest.raises(Died):
            await town.process.fetcher.fetch_due()
    (row,) = files(town)
    assert (row.state, row.original) == ("waiting", None)
    strays = on_disk(town)
    assert len(strays) == 2

    await town.restart()
    await fetch(town)
    assert files(town)[0].state == "waiting"  # still leased
    town.clock.advance(timedelta(minutes=11))
    await fetch(town)
    (row,) = files(town)
    assert row.state == "stored"
    assert hashlib.sha256(bytes_of(town, row)).digest() == row.sha256
    await town.moves_on(days=2)
    assert set(on_disk(town)).isdisjoint(strays)
    assert hashlib.sha256(bytes_of(town, row)).digest() == row.sha256


async def test_a_restart_of_the_only_process_fetches_at_once_what_was_in_hand(
    town: Town, ada: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_photo)
    town.process.fetcher._claim()
    assert await fetch(town) == 0
    town.process.fetcher._free_claims()
    assert await fetch(town) == 1


async def test_a_draft_that_is_deleted_takes_its_files_along(town: Town, ada: Somebody) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_album, 3)
    await fetch(town)
    assert len(on_disk(town)) == 6
    await ada.taps("Cancel", "Delete my answers")
    await town.tick()
    assert on_disk(town) == []
    assert files(town) == []


async def test_a_file_whose_draft_goes_while_it_is_fetched_is_not_kept(
    town: Town, ada: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_photo)
    fetcher = town.process.fetcher
    (file,) = fetcher._claim()
    content = await fetcher._download(file)
    await ada.taps("Cancel", "Delete my answers")
    fetcher._keep(file, content)
    assert on_disk(town) == []


async def test_of_an_anonymous_report_nothing_at_the_file_leads_to_the_chat(
    town: Town, ada: Somebody
) -> None:
    town.clock.advance(timedelta(minutes=17))
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_photo)
    await fetch(town)
    await sends_without_a_name(ada)
    (row,) = files(town)
    assert (row.state, row.chat_key, row.file_unique_id_hash) == ("stored", None, b"")
    assert (row.received_at.minute, row.stored_at.minute) == (0, 0)


async def test_a_refused_file_of_an_anonymous_report_is_told_to_nobody(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.sends(ada.phone.send_document, "x.jpg", mime_type="image/jpeg", content=EXECUTABLE)
    await sends_without_a_name(ada)
    before = len(ada.phone.bot_messages)
    await fetch(town)
    assert files(town)[0].state == "refused"
    assert len(ada.phone.bot_messages) == before


async def test_somebody_who_must_not_be_written_to_is_told_nothing_and_keeps_no_metadata(
    town: Town, ada: Somebody
) -> None:
    await is_telling(ada)
    with town.database.transaction() as session:
        for person in session.query(Person):
            person.silent = True
    content = photo()
    await ada.sends(ada.phone.send_document, "a.jpg", mime_type="image/jpeg", content=content)
    await ada.sends(ada.phone.send_video)
    await ada.sends(ada.phone.send_voice)
    before = len(ada.phone.bot_messages)
    await fetch(town)
    picture, video, voice = files(town)
    assert (picture.state, picture.original) == ("stored", None)
    assert picture.sha256 == hashlib.sha256(content).digest()
    assert CAMERA.encode() not in bytes_of(town, picture, Which.COPY)
    assert (video.state, video.refusal) == ("refused", "metadata")
    assert voice.state == "stored"
    assert len(ada.phone.bot_messages) == before


async def test_a_fetcher_that_runs_takes_what_comes_and_stops_when_told(
    town: Town, ada: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    await is_telling(ada)
    await ada.sends(ada.phone.send_photo)
    idle = asyncio.Event()

    async def rest(_seconds: float) -> None:
        idle.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.evidence.fetcher.asyncio.sleep", rest)
    running = asyncio.create_task(town.process.fetcher.run())
    async with asyncio.timeout(30):
        await idle.wait()  # it rests only once nothing is left
    assert files(town)[0].state == "stored"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
