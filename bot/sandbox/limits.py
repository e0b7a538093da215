"""Telegram's limits, and the checks of texts, keyboards, commands and names, with its error texts.

Sources: Bot API documentation 10.0 and the limits that its server and client library enforce.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bot.sandbox.errors import ApiError, bad_request

TEXT_CHARACTERS = 4096
CAPTION_CHARACTERS = 1024
CALLBACK_DATA_BYTES = 64
KEYBOARD_BUTTONS = 100
KEYBOARD_ROW = 8
KEYBOARD_BYTES = 10_240
COPY_TEXT_CHARACTERS = 256
PRESS_ANSWER_CHARACTERS = 200
PLACEHOLDER_CHARACTERS = 64
COMMANDS = 100
COMMAND_DESCRIPTION_CHARACTERS = 256
NAME_CHARACTERS = 64
DESCRIPTION_CHARACTERS = 512
SHORT_DESCRIPTION_CHARACTERS = 120
ALBUM_ITEMS = range(2, 11)
BULK_IDS = 100
DOWNLOAD_BYTES = 20 * 2**20
UPLOAD_BYTES = 50 * 2**20
PHOTO_BYTES = 10 * 2**20
PHOTO_SIDES_SUM = 10_000
PHOTO_RATIO = 20
UPDATES_A_CALL = 100
LONG_POLL_SECONDS = 50
WEBHOOK_CONNECTIONS = range(1, 101)
MESSAGE_LIFETIME_SECONDS = 24 * 3600
PRESS_LIFETIME_SECONDS = 150
PRESS_ANSWER_SECONDS = 60  # practice: seconds to tens of seconds; Telegram promises nothing
DELETE_SECONDS = 48 * 3600
FILE_LINK_SECONDS = 3600

DEEP_LINK_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_BUTTON_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_PRIVATE_ONLY = ("request_contact", "request_location", "request_poll", "request_users", "request_chat")
_STYLES = {"primary", "success", "danger"}
_MARKUP_KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")


def check_text(text: str) -> None:
    """A message's text after its markup was parsed."""
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_CHARACTERS:
        raise bad_request("message is too long")


def check_caption(caption: str) -> None:
    """A caption after its markup was parsed."""
    if len(caption) > CAPTION_CHARACTERS:
        raise bad_request("message caption is too long")


def check_reply_markup(markup: Any, *, private: bool) -> dict[str, Any]:
    """The markup as it is kept: one of the four kinds, within every limit."""
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    kinds = [kind for kind in _MARKUP_KINDS if kind in markup]
    if len(kinds) != 1:
        raise bad_request("can't parse reply keyboard markup JSON object")
    if kinds[0] == "inline_keyboard":
        return {"inline_keyboard": _inline_rows(markup["inline_keyboard"])}
    if kinds[0] == "keyboard":
        rows = _rows(markup["keyboard"], _reply_button)
        if not rows:
            raise bad_request("can't parse reply keyboard markup JSON object")
        if not private and any(key in button for row in rows for button in row for key in _PRIVATE_ONLY):
            raise bad_request("phone number can be requested in private chats only")
        markup = markup | {"keyboard": rows}
    if len(markup.get("input_field_placeholder") or "") > PLACEHOLDER_CHARACTERS:
        raise bad_request("input field placeholder is too long")
    return dict(markup)


def _inline_rows(rows: Any) -> list[list[dict[str, Any]]]:
    checked = _rows(rows, _inline_button)
    if sum(map(len, checked)) > 4 and len(json.dumps(checked)) > KEYBOARD_BYTES:
        raise bad_request("reply markup is too long")
    return checked


def _rows(rows: Any, check: Any) -> list[list[dict[str, Any]]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: Array of Arrays expected")
    checked = [[check(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > KEYBOARD_BUTTONS or any(len(row) > KEYBOARD_ROW for row in checked):
        raise bad_request("reply markup is too long")
    return checked


def _inline_button(button: Any) -> dict[str, Any]:
    text = button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise _button_error('Field "text" must be a non-empty String')
    actions = [name for name in _BUTTON_ACTIONS if name in button]
    if not actions:
        raise _button_error("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _button_error("Exactly one of the optional fields must be used")
    _check_action(actions[0], button[actions[0]])
    if button.get("style", "primary") not in _STYLES:
        raise _button_error("Invalid button style specified")
    return dict(button)


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str) or not 1 <= len(value.encode()) <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        if not isinstance(value, str) or not re.match(r"(https?|tg|tel)://?\S+|tel:\S+", value):
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    elif action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_TEXT_CHARACTERS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _button_error(text: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {text}")


def _reply_button(button: Any) -> dict[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    return dict(button)


def check_commands(commands: Any) -> list[dict[str, str]]:
    """A list of commands with their descriptions, at most a hundred."""
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(str(command.get("command", "")).lstrip("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= COMMAND_DESCRIPTION_CHARACTERS:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return [
        {"command": command["command"].lstrip("/"), "description": command["description"]}
        for command in commands
    ]


def check_photo(content: bytes) -> tuple[int, int]:
    """Width and height of a photo to be sent, JPEG or PNG, within the limits."""
    if len(content) > PHOTO_BYTES:
        raise bad_request("file is too big for a photo")
    sides = picture_sides(content)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = sides
    if width + height > PHOTO_SIDES_SUM or max(sides) > PHOTO_RATIO * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return sides


def picture_sides(content: bytes) -> tuple[int, int] | None:
    """Width and height as a PNG or JPEG file states them; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
