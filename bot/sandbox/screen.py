"""A message as a person sees it on the screen."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox.chats import Json
from bot.sandbox.entities import to_html

_KINDS = (
    "photo",
    "document",
    "video",
    "video_note",
    "voice",
    "animation",
    "sticker",
    "dice",
    "contact",
    "location",
    "poll",
)


class Seen:
    """A snapshot: a later edit does not change it. ``data`` is the Bot API's Message object."""

    __slots__ = ("data", "from_bot")

    def __init__(self, data: Json, from_bot: bool) -> None:
        self.data = data
        self.from_bot = from_bot

    @property
    def message_id(self) -> int:
        """Its number, unique in the chat only."""
        return int(self.data["message_id"])

    @property
    def kind(self) -> str:
        """``text``, ``photo``, ``document``, ``voice`` …"""
        return next((kind for kind in _KINDS if kind in self.data), "text")

    @property
    def text(self) -> str:
        """The text or caption without formatting."""
        return str(self.data.get("text") or self.data.get("caption") or "")

    @property
    def html(self) -> str:
        """The text or caption as Telegram HTML."""
        return to_html(self.text, self.data.get("entities") or self.data.get("caption_entities") or [])

    @property
    def buttons(self) -> list[list[str]]:
        """Labels of the inline buttons, row by row."""
        return [[button["text"] for button in row] for row in self._rows()]

    @property
    def labels(self) -> list[str]:
        """Labels of the inline buttons in one list."""
        return [button["text"] for button in self.button_objects()]

    @property
    def date(self) -> datetime:
        """When it was sent (UTC)."""
        return datetime.fromtimestamp(self.data["date"], UTC)

    @property
    def edited(self) -> bool:
        """Whether it was changed since."""
        return "edit_date" in self.data

    def button_objects(self) -> list[Json]:
        """The inline buttons as Telegram describes them."""
        return [button for row in self._rows() for button in row]

    def _rows(self) -> list[list[Json]]:
        rows: list[list[Json]] = self.data.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    def __str__(self) -> str:
        """The text with its buttons, or the kind of the attachment."""
        words = self.text if self.kind == "text" else f"[{self.kind}] {self.text}".rstrip()
        return words + "".join("\n    " + " ".join(f"[{label}]" for label in row) for row in self.buttons)

    def __repr__(self) -> str:
        """For test failures."""
        return f"<message {self.message_id}: {self}>"
