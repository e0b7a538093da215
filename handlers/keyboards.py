"""Buttons as values, and the JSON that Telegram wants of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LONGEST_DATA = 64
"""Bytes of UTF-8 in one button's data (Bot API, InlineKeyboardButton.callback_data)."""


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: ``data`` comes back when it is tapped; or it copies, or opens a link."""

    label: str
    data: str = ""
    copy: str = ""
    url: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the Bot API takes it. ValueError when the data does not fit."""
        if self.copy:
            return {"text": self.label, "copy_text": {"text": self.copy}}
        if self.url:
            return {"text": self.label, "url": self.url}
        if not 1 <= len(self.data.encode()) <= LONGEST_DATA:
            raise ValueError(f"the data of the button {self.label!r} has to have 1 to {LONGEST_DATA} bytes")
        return {"text": self.label, "callback_data": self.data}


Row = tuple[Button, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    """The app's own keyboard, only for what inline buttons can't do: sharing a number or a place.

    ``text`` goes with it as a message of its own, since such a message can never be edited.
    """

    kind: str  # "contact" or "location"
    text_key: str
    button_key: str


def inline_markup(rows: Rows) -> dict[str, Any]:
    """The ``reply_markup`` of these rows; empty rows are left out."""
    return {"inline_keyboard": [[button.to_json() for button in row] for row in rows if row]}


def request_markup(kind: str, label: str) -> dict[str, Any]:
    """A one-time keyboard with the button that shares a contact or a location."""
    request = {"contact": "request_contact", "location": "request_location"}[kind]
    return {
        "keyboard": [[{"text": label, request: True}]],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


def columns(buttons: tuple[Button, ...], across: int) -> Rows:
    """The buttons in rows of ``across``."""
    return tuple(buttons[start : start + across] for start in range(0, len(buttons), across))
