"""From .po files, which people write, to .mo files, which the bot reads.

The same input gives the same bytes on every machine, so that the compiled files can be kept beside their
sources and a test can tell that they agree.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from handlers.words import LOCALES

_MAGIC = 0x950412DE
_HEADER_LINE = re.compile(r'^"([A-Za-z-]+: .*)\\n"$', re.MULTILINE)
# What a reader needs; dates and tool names would make every compilation differ.
_KEPT_HEADERS = ("Content-Type", "Language", "Plural-Forms", "X-Offered")


@dataclass(frozen=True)
class PoFile:
    """One domain of one language as written: header lines and messages in their order."""

    path: Path
    language: str
    domain: str
    headers: dict[str, str]
    messages: tuple[Message, ...]

    @property
    def translated(self) -> tuple[Message, ...]:
        """The messages that have words and no open question (fuzzy ones are left out)."""
        return tuple(m for m in self.messages if not m.fuzzy and all(forms(m)))


def forms(message: Message) -> tuple[str, ...]:
    """The message's sentences: one, or one a plural form."""
    text = message.string or ""
    return (text,) if isinstance(text, str) else tuple(text)


def key_of(message: Message) -> str:
    """The key; plural messages carry it twice."""
    return message.id if isinstance(message.id, str) else message.id[0]


def read_po_file(path: Path) -> PoFile:
    """Read one catalog. PoFileError names the line that cannot be read, counted from 0."""
    language = path.parts[-3]
    with path.open("rb") as file:
        # Babel does not know our private languages (en-XA): the header's plural rule is what counts.
        catalog = read_po(file, domain=path.stem, abort_invalid=True)
    head = path.read_text(encoding="utf-8").partition("\n\n")[0]
    headers = dict(line.split(": ", 1) for line in _HEADER_LINE.findall(head))
    return PoFile(path, language, path.stem, headers, tuple(m for m in catalog if m.id))


def po_files(folder: Path = LOCALES) -> tuple[PoFile, ...]:
    """Every catalog under ``folder``, in a fixed order."""
    return tuple(read_po_file(path) for path in sorted(folder.glob("*/LC_MESSAGES/*.po")))


def compiled(po: PoFile) -> bytes:
    """The .mo file of ``po``: GNU's format, little-endian, sorted, without a hash table."""
    header = "".join(f"{name}: {po.headers[name]}\n" for name in _KEPT_HEADERS if name in po.headers)
    entries = {b"": header.encode()}
    for message in po.translated:
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        entries["\0".join(ids).encode()] = "\0".join(forms(message)).encode()
    return _packed(sorted(entries.items()))


def _packed(entries: list[tuple[bytes, bytes]]) -> bytes:
    count = len(entries)
    keys_at, values_at, text_at = 28, 28 + 8 * count, 28 + 16 * count
    tables: tuple[list[int], list[int]] = ([], [])
    text = bytearray()
    for column in (0, 1):
        for entry in entries:
            tables[column].extend((len(entry[column]), text_at + len(text)))
            text += entry[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, count, keys_at, values_at, 0, text_at)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + bytes(text)


def compile_catalogs(folder: Path = LOCALES) -> tuple[Path, ...]:
    """Write the .mo beside every .po that changed, and say which were written."""
    written = []
    for po in po_files(folder):
        target, content = po.path.with_suffix(".mo"), compiled(po)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
            written.append(target)
    return tuple(written)
