"""Files as people send them, made here, and the fetching of them in a test."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image

from storage.models import StoredFile
from tests.support.service import Town
from tests.support.stored import all_rows

CAMERA = "Nokia 7710 of Ada"
GPS_IFD, MAKE, ORIENTATION, COMMENT = 0x8825, 0x010F, 0x0112, b"taken at my own door"
QUARTER_TURN = 6
"""EXIF's word for a picture whose camera was held on its side."""
EXECUTABLE = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0" + bytes(200)
RED, BLUE = (200, 30, 30), (30, 30, 200)


async def fetch(town: Town) -> int:
    """What the fetcher does every few seconds, until nothing waits that is due; how many files it had in hand."""
    done = 0
    while in_hand := (await town.process.fetcher.fetch_due()).all:
        done += in_hand
    await town.settle()
    return done


def files(town: Town) -> list[StoredFile]:
    """Every file, in the order in which they came."""
    return all_rows(town.database, StoredFile)


def on_disk(town: Town) -> list[Path]:
    """What lies in the store."""
    folder = town.process.service.vault.folder
    assert folder is not None
    return sorted(path for path in folder.rglob("*") if path.is_file())


def photo(size: tuple[int, int] = (64, 32), *, kind: str = "JPEG", turned: bool = False) -> bytes:
    """A picture, red on the left and blue on the right, with camera, place, comment and thumbnail in it."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    exif = picture.getexif()
    exif[MAKE] = CAMERA
    if turned:
        exif[ORIENTATION] = QUARTER_TURN
    exif[GPS_IFD] = {1: "N", 2: (52.0, 18.0, 24.0), 3: "W", 4: (1.0, 56.0, 44.0)}
    out = BytesIO()
    more = {"comment": COMMENT, "quality": 95} if kind == "JPEG" else {}
    picture.save(out, kind, exif=exif, **more)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says it is as large as this."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(bytes(64)))
        + _chunk(b"IEND", b"")
    )


def jpeg_header(width: int, height: int) -> bytes:
    """A small JPEG whose header says that it is as large as this (no side over 65,535)."""
    plain = BytesIO()
    Image.new("RGB", (8, 8), RED).save(plain, "JPEG")
    content = bytearray(plain.getvalue())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def webp_header(width: int, height: int) -> bytes:
    """A WebP without pixels that says it is as large as this."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + (10).to_bytes(4, "little") + bytes(4) + sides
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
