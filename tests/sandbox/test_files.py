"""Files both ways: uploads, ids, links and their limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import InvalidToken, NetworkError

from bot.clock import MovableClock
from bot.sandbox import limits
from bot.sandbox.person import Person
from bot.sandbox.pictures import picture
from tests.sandbox.refusals import refused


async def test_a_photo_can_be_fetched_and_sent_on_by_its_id(bot: Bot, asha: Person):
    asha.send_photo("our bins")
    photo = (await bot.get_updates())[0].message.photo[-1]
    content = bytes(await (await bot.get_file(photo.file_id)).download_as_bytearray())
    assert content.startswith(b"\xff\xd8\xff")
    assert len(content) == photo.file_size
    await bot.send_photo(
        asha.user_id, photo.file_id, caption="<b>yours</b>", parse_mode="HTML", has_spoiler=True
    )
    assert (asha.last.kind, asha.last.html) == ("photo", "<b>yours</b>")


async def test_an_upload_comes_back_byte_for_byte(bot: Bot, asha: Person):
    content = bytes(range(256)) * 50 + b"\r\n--x\r\n"
    sent = await bot.send_document(asha.user_id, content, filename="report.pdf", caption="Your report")
    assert (sent.document.file_name, sent.document.file_size) == ("report.pdf", len(content))
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content


async def test_a_link_is_good_for_an_hour(bot: Bot, asha: Person, clock: MovableClock):
    asha.send_document()
    file = await (await bot.get_updates())[0].message.document.get_file()
    clock.advance(timedelta(minutes=59))
    assert await file.download_as_bytearray()
    clock.advance(timedelta(minutes=1))
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()
    assert await (await bot.get_file(file.file_id)).download_as_bytearray()


async def test_more_than_20_megabytes_cannot_be_fetched(bot: Bot, asha: Person):
    asha.send_video(size=20 * 2**20)
    asha.send_video(size=20 * 2**20 + 1)
    small, big = (update.message.video for update in await bot.get_updates())
    assert await bot.get_file(small.file_id)
    with refused("file is too big"):
        await bot.get_file(big.file_id)
    with refused("wrong file_id or the file is temporarily unavailable"):
        await bot.get_file("nonsense")


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(60)


PHOTOS_REFUSED = [
    # no picture at all
    (b"%PDF-1.4", "IMAGE_PROCESS_FAILED"),
    # sides of more than 10,000 together; more than 20 times as wide as high
    (png(6000, 4001), "PHOTO_INVALID_DIMENSIONS"),
    (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    # more than 10 MB
    (png(100, 100) + bytes(limits.PHOTO_BYTES), "too big for a photo"),
]


@pytest.mark.parametrize(("content", "words"), PHOTOS_REFUSED, ids=range(len(PHOTOS_REFUSED)))
async def test_a_photo_past_a_limit_is_refused(bot: Bot, asha: Person, content, words):
    with refused(words):
        await bot.send_photo(asha.user_id, content)


async def test_a_file_past_50_megabytes_is_refused(bot: Bot, asha: Person):
    with refused("Request Entity Too Large", NetworkError):
        await bot.send_document(asha.user_id, bytes(limits.UPLOAD_BYTES + 1))


async def test_a_caption_is_shorter_than_a_text(bot: Bot, asha: Person):
    await bot.send_photo(asha.user_id, picture(1), caption="x" * 1024)
    with refused("message caption is too long"):
        await bot.send_photo(asha.user_id, picture(1), caption="x" * 1025)
    with refused("there is no text in the message to edit"):
        await bot.edit_message_text("x", asha.user_id, asha.last.message_id)
    await bot.edit_message_caption(asha.user_id, asha.last.message_id, caption="short")
    assert (asha.last.text, asha.last.edited) == ("short", True)


async def test_an_album_has_two_to_ten_of_one_kind(bot: Bot, asha: Person):
    photos = [InputMediaPhoto(picture(n)) for n in range(2)]
    sent = await bot.send_media_group(asha.user_id, photos)
    assert len({message.media_group_id for message in sent}) == 1
    with refused("2-10 expected"):
        await bot.send_media_group(asha.user_id, photos[:1])
    with refused("can't be mixed"):
        await bot.send_media_group(asha.user_id, [photos[0], InputMediaDocument(b"x", filename="a.txt")])


async def test_a_copy_has_new_words_and_no_sender(bot: Bot, asha: Person):
    own = asha.send_photo("mine")
    await bot.copy_message(asha.user_id, asha.user_id, own.message_id, caption="From a resident")
    assert (asha.last.kind, asha.last.text) == ("photo", "From a resident")
    forwarded = await bot.forward_message(asha.user_id, asha.user_id, own.message_id)
    assert forwarded.forward_origin.sender_user.id == asha.user_id
    await bot.send_message(asha.user_id, "secret", protect_content=True)
    with refused("message can't be forwarded"):
        await bot.forward_message(asha.user_id, asha.user_id, asha.last.message_id)
    asha.send_view_once()
    with refused("message to copy not found"):
        await bot.copy_message(asha.user_id, asha.user_id, asha.chat[-1].message_id)
