"""PDFs and pictures from Typst templates. What people wrote goes in as data and stays text, never markup.

Only the fonts that come with the program are used, so that a paper looks alike everywhere. A sign that they
lack is printed by its Unicode name in square brackets: nothing is left out without a word.
"""

from __future__ import annotations

import functools
import json
import struct
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

_HERE = Path(str(files("bot.papers")))
FONTS = _HERE / "fonts"
TEMPLATES = _HERE / "templates"

_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\ufe0e\ufe0f\ufeff"
)


def make_pdf(template: str, data: Mapping[str, Any], folder: Path = TEMPLATES) -> bytes:
    """A tagged PDF (PDF/UA-1) of ``<template>.typ``, which reads ``data`` as JSON."""
    return _compile(template, data, folder, format="pdf", pdf_standards=["ua-1"])[0]


def make_png(template: str, data: Mapping[str, Any], folder: Path = TEMPLATES, *, ppi: float = 144) -> bytes:
    """The first page of ``<template>.typ`` as a PNG."""
    return _compile(template, data, folder, format="png", ppi=ppi)[0]


def printable(text: str) -> str:
    """The text with every sign that no font has replaced by its name: 🙂 becomes [SLIGHTLY SMILING FACE]."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_printed(c) for c in unicodedata.normalize("NFC", text))


def _printed(character: str) -> str:
    if character in "\n\t":
        return character
    if unicodedata.category(character) == "Cc":
        return ""
    if ord(character) in _covered():
        return character
    if character in _INVISIBLE or 0xE0000 <= ord(character) <= 0xE0FFF:
        return ""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"[{name}]"


def _compile(template: str, data: Mapping[str, Any], folder: Path, **how: Any) -> list[bytes]:
    """One file, or one a page. A read outside ``folder`` is refused, and nothing is downloaded."""
    import typst  # only when the first paper is made: most processes never make one

    made = typst.compile(
        str(folder / f"{template}.typ"),
        root=str(folder),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_all_printable(data), ensure_ascii=False)},
        **how,
    )
    return [made] if isinstance(made, bytes) else list(made or [])


def _all_printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _all_printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_all_printable(item) for item in value]
    return value


@functools.cache
def _covered() -> frozenset[int]:
    """Every code point that one of the fonts has a glyph for."""
    found: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        found |= _code_points(path.read_bytes())
    return frozenset(found)


def _code_points(font: bytes) -> set[int]:
    """What the font's ``cmap`` table lists (OpenType specification, cmap, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for number in range(tables):
        tag, _, at, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            return _of_cmap(font, at)
    return set()


def _of_cmap(font: bytes, at: int) -> set[int]:
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, at + 2)[0]):
        _, _, offset = struct.unpack_from(">HHI", font, at + 4 + 8 * number)
        kind = struct.unpack_from(">H", font, at + offset)[0]
        if kind == 4:
            found |= _of_format_4(font, at + offset)
        elif kind == 12:
            groups = struct.unpack_from(">I", font, at + offset + 12)[0]
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", font, at + offset + 16 + 12 * group)
                found |= set(range(first, last + 1))
    return found


def _of_format_4(font: bytes, at: int) -> set[int]:
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    lasts = struct.unpack_from(f">{segments}H", font, at + 14)
    firsts = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * segments)
    return {code for first, last in zip(firsts, lasts, strict=True) for code in range(first, last + 1)} - {
        0xFFFF
    }
