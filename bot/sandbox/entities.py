"""Telegram's HTML to plain text with entities and back, as strict as the server's own parser.

Offsets and lengths count UTF-16 units; byte offsets in error texts count UTF-8 bytes of the source.
"""

from __future__ import annotations

import html
import re
from typing import Any

from bot.sandbox.errors import ApiError, bad_request

Entity = dict[str, Any]

MAX_ENTITIES = 100  # later spans silently lose their formatting

_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_WRITTEN_AS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}
_CHARACTER = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_START_TAG = re.compile(r"<([^\s>]*)")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"?|'[^']*'?|[A-Za-z0-9.-]*))?""")
_END_TAG = re.compile(r"</([^\s>]*)\s*(>?)")
_FOUND_IN_TYPED_TEXT = (
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])")),
    ("url", re.compile(r"https?://[^\s<>\"]+")),
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("mention", re.compile(r"(?<![\w@.])@\w{4,32}\b")),
)


def utf16_length(text: str) -> int:
    """How many UTF-16 units the text takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text, trimmed, and its entities. ApiError 400 "can't parse entities: …" for bad markup."""
    if "<" not in source and "&" not in source:
        return source.strip(), []
    return _HtmlParser(source).parse()


def typed_entities(text: str) -> list[Entity]:
    """The entities that Telegram finds by itself in what a person typed: commands, links, @names."""
    if not any(sign in text for sign in "/@"):
        return []
    found = [
        {
            "type": kind,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for kind, pattern in _FOUND_IN_TYPED_TEXT
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda entity: entity["offset"])


def to_html(text: str, entities: list[Entity]) -> str:
    """Telegram HTML that parses to this text and these entities (kinds without a tag are left out)."""
    if not entities:
        return html.escape(text, quote=False)
    units = text.encode("utf-16-le", "surrogatepass")
    marks: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in entities:
        tag = _WRITTEN_AS.get(entity["type"])
        if tag:
            marks.setdefault(entity["offset"], []).append(_opening(entity, tag))
            closing.setdefault(entity["offset"] + entity["length"], []).insert(0, f"</{tag}>")
    pieces: list[str] = []
    last = 0
    for at in sorted({*marks, *closing, len(units) // 2}):
        piece = units[last * 2 : at * 2].decode("utf-16-le", "surrogatepass")
        pieces.append(html.escape(piece, quote=False))
        pieces.extend(closing.get(at, ()))
        pieces.extend(marks.get(at, ()))
        last = at
    return "".join(pieces)


def _opening(entity: Entity, tag: str) -> str:
    if entity["type"] == "text_link":
        return f'<a href="{html.escape(entity["url"])}">'
    if entity["type"] == "expandable_blockquote":
        return "<blockquote expandable>"
    return f"<{tag}>"


class _HtmlParser:
    """One pass over the source with a stack of open tags, like the server's."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._pieces: list[str] = []
        self._length = 0  # of the pieces, in UTF-16 units
        self._open: list[tuple[str, int, dict[str, str], int]] = []
        self._opened = 0
        self._entities: list[tuple[int, Entity]] = []  # with the order of their start tags

    def parse(self) -> tuple[str, list[Entity]]:
        source = self._source
        while self._at < len(source):
            tag_at = source.find("<", self._at)
            if tag_at < 0:
                tag_at = len(source)
            self._take_text(source[self._at : tag_at])
            self._at = tag_at
            if tag_at < len(source):
                self._end_tag() if source.startswith("</", tag_at) else self._start_tag()
        if self._open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        in_order = [entity for _, entity in sorted(self._entities, key=lambda pair: pair[0])]
        return _trimmed("".join(self._pieces), in_order)

    def _take_text(self, text: str) -> None:
        if "&" in text:
            text = _CHARACTER.sub(_character, text)
        if text:
            self._pieces.append(text)
            self._length += utf16_length(text)

    def _start_tag(self) -> None:
        begin = self._at
        match = _START_TAG.match(self._source, begin)
        name = match.group(1).lower() if match else ""
        end = match.end() if match else begin
        if end >= len(self._source):
            raise self._error(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if name not in _SIMPLE_TAGS:
            raise self._error(f'Unsupported start tag "{name}" at byte offset {self._bytes(begin)}')
        self._at = end
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self._open.append((name, self._length, attributes, self._opened))
        self._opened += 1

    def _attributes(self, name: str, begin: int) -> dict[str, str]:
        """The attributes up to the ">" of the tag, which is passed."""
        source = self._source
        found: dict[str, str] = {}
        while True:
            while self._at < len(source) and source[self._at].isspace():
                self._at += 1
            if self._at >= len(source):
                raise self._error(f'Unclosed start tag "{name}" at byte offset {self._bytes(begin)}')
            if source[self._at] == ">":
                self._at += 1
                return found
            match = _ATTRIBUTE.match(source, self._at)
            if not match:
                raise self._error(
                    f'Empty attribute name in the tag "{name}" at byte offset {self._bytes(begin)}'
                )
            key, value = match.group(1).lower(), match.group(2)
            if value is None and (name, key) != ("blockquote", "expandable"):
                raise self._error(
                    f'Expected equal sign in declaration of an attribute of the tag "{name}" '
                    f"at byte offset {self._bytes(begin)}"
                )
            if value and value[0] in "\"'":
                if len(value) == 1 or value[-1] != value[0]:
                    raise self._error(f'Unclosed start tag "{name}" at byte offset {self._bytes(begin)}')
                value = value[1:-1]
            found[key] = _CHARACTER.sub(_character, value or "")
            self._at = match.end()

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise self._error(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        match = _END_TAG.match(self._source, begin)
        if not match or not match.group(2):
            raise self._error(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        name, start, attributes, order = self._open.pop()
        found = match.group(1).lower()
        if found and found != name:
            raise self._error(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{name}>", found "</{found}>"'
            )
        self._at = match.end()
        if self._length > start:
            self._close(name, start, attributes, order)

    def _close(self, name: str, start: int, attributes: dict[str, str], order: int) -> None:
        entity: Entity = {"type": _SIMPLE_TAGS[name], "offset": start, "length": self._length - start}
        if name == "a":
            url = attributes.get("href") or "".join(self._pieces)[-(self._length - start) :]
            if not re.match(r"(https?|tg|tel|mailto)://?|tel:|mailto:", url):
                return  # the server drops links that it doesn't understand
            entity["url"] = url
        elif name == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif name == "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        elif name == "tg-time":
            entity["unix_time"] = int(attributes.get("unix") or 0)
            if "format" in attributes:
                entity["date_time_format"] = attributes["format"]
        self._entities.append((order, entity))

    def _bytes(self, at: int) -> int:
        return len(self._source[:at].encode("utf-8", "surrogatepass"))

    @staticmethod
    def _error(text: str) -> ApiError:
        return bad_request(f"can't parse entities: {text}")


def _character(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else match.group()


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text without white space at its ends, entities cut to fit."""
    shorter = text.lstrip()
    cut = utf16_length(text) - utf16_length(shorter)
    shorter = shorter.rstrip()
    end = utf16_length(shorter)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] + entity["length"] - cut, end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return shorter, kept[:MAX_ENTITIES]
