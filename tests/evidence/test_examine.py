"""What a file is by its content, and what is left of a picture when only the picture is kept."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from bot.evidence.examine import COPY_SIDE, Refused, clean_copy, examine
from storage.evidence import Refusal
from tests.support.evidence import (
    BLUE,
    CAMERA,
    COMMENT,
    EXECUTABLE,
    RED,
    jpeg_header,
    photo,
    png_header,
    webp_header,
)

PIXELS = 50_000_000


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photo(), "image/jpeg"),
        (photo(kind="PNG"), "image/png"),
        (photo(kind="WEBP"), "image/webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(64), "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(64), "video/quicktime"),
        (b"OggS" + bytes(60) + b"OpusHead", "audio/ogg"),  # a voice message
        (b"ID3\x03" + bytes(60), "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + bytes(20), "audio/mp4"),
        (b"%PDF-1.7\n" + bytes(60), "application/pdf"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_kind_that_we_keep_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert examine(content, PIXELS).content_type == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        EXECUTABLE,  # whatever its name was
        b"PK\x03\x04" + bytes(100),  # a zip, and with it DOCX
        b"\x1f\x8b\x08" + zlib.compress(bytes(10_000_000)),  # a bomb of zeros
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><p>hello",
        b"#!/bin/sh\necho hello\n",
        b"\x7fELF" + bytes(60),
        b"Rar!\x1a\x07\x00" + bytes(60),
        b"II*\0" + bytes(60),  # TIFF
    ],
    ids=["nothing", "zeros", "exe", "zip", "gzip", "gif", "svg", "html", "script", "elf", "rar", "tiff"],
)
def test_any_other_kind_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        examine(content, PIXELS)
    assert refused.value.why is Refusal.KIND


@pytest.mark.parametrize(
    "content",
    [
        png_header(100_000, 100_000),  # 30 GB once decoded
        png_header(30_000, 10),  # one absurd side
        png_header(8000, 8000),  # more pixels than any telephone has
        png_header(0, 10),
        jpeg_header(65_000, 65_000),
        webp_header(16_777_216, 16_777_216),
        webp_header(16_000, 16_000),
    ],
    ids=["bomb", "long", "large", "empty", "jpeg", "webp", "webp too"],
)
def test_a_picture_of_absurd_size_is_refused_before_it_is_decoded(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    with pytest.raises(Refused) as refused:
        examine(content, PIXELS)
    assert refused.value.why is Refusal.PICTURE
    assert not isinstance(refused.value.__cause__, AssertionError)


@pytest.mark.parametrize(
    "content",
    [
        photo()[:200],  # cut off
        photo(kind="PNG")[:60],
        b"\xff\xd8\xff\xe0" + bytes(500),  # a JPEG in its first bytes only
        b"RIFF\x24\0\0\0WEBPVP8 " + bytes(3),
        webp_header(16, 16),
    ],
    ids=["jpeg", "png", "beginning", "webp", "webp without pixels"],
)
def test_a_picture_that_does_not_open_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        examine(content, PIXELS)
    assert refused.value.why is Refusal.PICTURE


def test_nothing_but_the_picture_is_in_the_working_copy() -> None:
    content = photo()
    assert CAMERA.encode() in content
    assert COMMENT in content
    copy = examine(content, PIXELS).copy
    assert copy is not None
    assert CAMERA.encode() not in copy
    assert COMMENT not in copy
    assert b"Exif" not in copy
    picture = opened(copy)
    assert dict(picture.getexif()) == {}
    assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(picture.info)
    assert (picture.format, picture.size) == ("JPEG", (64, 32))
    assert near(picture.getpixel((8, 16)), RED)
    assert near(picture.getpixel((56, 16)), BLUE)


def test_a_picture_taken_on_its_side_stands_upright() -> None:
    copy = opened(clean_copy(photo(turned=True), "image/jpeg", PIXELS))
    assert copy.size == (32, 64)
    assert near(copy.getpixel((16, 8)), RED)
    assert near(copy.getpixel((16, 56)), BLUE)


def test_a_broken_exif_block_does_not_cost_the_picture() -> None:
    content = photo(turned=True)
    at = content.index(b"Exif\0\0")
    broken = content[: at + 6] + b"\xff" * 20 + content[at + 26 :]
    assert opened(clean_copy(broken, "image/jpeg", PIXELS)).size == (64, 32)


@pytest.mark.parametrize(
    ("size", "copied"),
    [
        ((4000, 3000), (2560, 1920)),
        ((3000, 4000), (1920, 2560)),
        ((100, 50), (100, 50)),  # never made larger
        ((3000, 30), (2560, 129)),  # so long that Telegram would refuse it as a photo: given a border
    ],
)
def test_a_working_copy_is_no_larger_than_is_looked_at(
    size: tuple[int, int], copied: tuple[int, int]
) -> None:
    copy = opened(clean_copy(photo(size), "image/jpeg", PIXELS))
    assert copy.size == copied
    assert max(copy.size) <= COPY_SIDE
    assert max(copy.size) <= 20 * min(copy.size)  # Bot API, sendPhoto


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_kind_of_png_becomes_a_plain_picture(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (20, 10)).save(out, "PNG")
    assert opened(clean_copy(out.getvalue(), "image/png", PIXELS)).mode == "RGB"


def test_what_was_transparent_is_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(clean_copy(out.getvalue(), "image/png", PIXELS)).getpixel((5, 5)) == (255, 255, 255)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    source=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    at=st.floats(0, 1, exclude_max=True),
    junk=st.binary(min_size=1, max_size=40),
)
def test_a_damaged_picture_is_copied_or_refused_and_nothing_else(source: str, at: float, junk: bytes) -> None:
    content = bytearray(photo(kind=source))
    start = int(at * len(content))
    content[start : start + len(junk)] = junk
    try:
        found = examine(bytes(content), PIXELS)
    except Refused:
        return
    if found.copy is not None:
        assert dict(opened(found.copy).getexif()) == {}
