"""Photos for invented people: drawn scenes, each copy with bytes of its own so that hashes differ."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_SCENES = ("bins", "fence", "street")


def picture(number: int) -> bytes:
    """A JPEG of 640 by 480; the same number gives the same bytes."""
    scene = _scene(_SCENES[number % len(_SCENES)])
    note = f"invented {number}".encode()
    comment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
    return scene[:2] + comment + scene[2:]


@cache
def _scene(name: str) -> bytes:
    return files("bot.sandbox").joinpath("page", f"{name}.jpg").read_bytes()
