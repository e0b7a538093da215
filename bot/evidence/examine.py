"""What a file is by its content, and a working copy of a picture without anything but the picture.

Nothing here trusts a name or a MIME type that somebody sent. Sides are read from a picture's header, and a
picture that is absurdly large is refused before it is decoded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import filetype  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from storage.evidence import Refusal

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""Kinds of which a working copy is made, and what Pillow calls them."""
KEPT_KINDS = frozenset(
    {
        *PICTURES,
        "image/heic",  # as telephones store it; nothing here opens it, so it has no working copy
        "video/mp4",
        "video/quicktime",
        "audio/ogg",
        "audio/mpeg",
        "audio/mp4",
        "application/pdf",
    }
)

LONGEST_SIDE = 20_000
COPY_SIDE = 2560
"""Pixels of the longer side of a working copy: as much as Telegram shows of a photo."""
MOST_UNEQUAL = 20
"""A photo whose sides are more unequal than this Telegram refuses (Bot API, sendPhoto)."""
_QUALITY = 85
_WHITE = (255, 255, 255)

# Pillow's own limit warns and raises while it opens; ours is asked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


class Refused(Exception):
    """The file is not one that we keep."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Examined:
    """What it is, and for a picture that can be opened its working copy: JPEG, no side over 2560 pixels."""

    content_type: str
    copy: bytes | None = field(default=None, repr=False)


def examine(content: bytes, most_pixels: int) -> Examined:
    """Look into the bytes. Raises Refused, also for a picture of more pixels."""
    content_type = kind_of(content)
    if content_type not in KEPT_KINDS:
        raise Refused(Refusal.KIND)
    if content_type not in PICTURES:
        return Examined(content_type)
    return Examined(content_type, clean_copy(content, content_type, most_pixels))


def kind_of(content: bytes) -> str:
    """The MIME type by the first bytes; empty for what is of no known kind."""
    return str(filetype.guess_mime(content[:8192]) or "")


def clean_copy(content: bytes, content_type: str, most_pixels: int) -> bytes:
    """The picture turned upright, made smaller, and painted anew, so that nothing else comes along.

    Raises Refused for one that is too large or does not open.
    """
    sides = _SIDES[content_type](content) if content_type in _SIDES else None
    if sides is not None:
        _check_sides(*sides, most_pixels)
    try:
        with Image.open(BytesIO(content), formats=(PICTURES[content_type],)) as picture:
            _check_sides(*picture.size, most_pixels)
            return _as_jpeg(_painted_anew(picture))
    except (Refused, MemoryError):
        raise
    except Exception as error:  # decoders of pictures raise whatever they come across
        raise Refused(Refusal.PICTURE) from error


def _check_sides(width: int, height: int, most_pixels: int) -> None:
    if min(width, height) < 1 or max(width, height) > LONGEST_SIDE or width * height > most_pixels:
        raise Refused(Refusal.PICTURE)


def _painted_anew(picture: Image.Image) -> Image.Image:
    """On a white sheet of its own, which has no EXIF, comments, thumbnails or profiles."""
    picture.thumbnail((COPY_SIDE, COPY_SIDE))  # of a JPEG this decodes no more than is needed
    upright = _upright(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        sheet = Image.new("RGB", layer.size, _WHITE)
        sheet.paste(layer, mask=layer.getchannel("A"))
    else:
        sheet = Image.new("RGB", upright.size, _WHITE)
        sheet.paste(upright.convert("RGB"))
    shortest = max(sheet.size) // MOST_UNEQUAL + 1
    if min(sheet.size) >= shortest:
        return sheet
    room = (max(sheet.width, shortest), max(sheet.height, shortest))
    return ImageOps.pad(sheet, room, color=_WHITE)


def _upright(picture: Image.Image) -> Image.Image:
    """As the camera was held, where the picture says so in a way that can be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # a broken EXIF block must not cost the picture
        return picture


def _as_jpeg(sheet: Image.Image) -> bytes:
    out = BytesIO()
    sheet.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _webp_sides(content: bytes) -> tuple[int, int] | None:
    """The sides that a WebP states (RFC 9649): its decoder takes room for all pixels as soon as it is opened."""
    kind, at = content[12:16], 20
    if kind == b"VP8X" and len(content) >= at + 10:
        width, height = content[at + 4 : at + 7], content[at + 7 : at + 10]
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    if kind == b"VP8L" and len(content) >= at + 5:
        bits = int.from_bytes(content[at + 1 : at + 5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(content) >= at + 10:
        width, height = content[at + 6 : at + 8], content[at + 8 : at + 10]
        return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
    raise Refused(Refusal.PICTURE)


_SIDES: dict[str, Callable[[bytes], tuple[int, int] | None]] = {"image/webp": _webp_sides}
