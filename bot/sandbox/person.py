"""A person with a phone: what they do becomes updates for the bot, what the bot did is on their screen.

Used by the tests, by the model person of the journeys and by the page. Nothing here waits: the bot gets
its updates when it asks, or by its webhook.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.attachments import Attachments
from bot.sandbox.chats import Chat, Json, Stored
from bot.sandbox.entities import typed_entities
from bot.sandbox.limits import DEEP_LINK_PAYLOAD, TEXT_CHARACTERS
from bot.sandbox.screen import Seen
from bot.sandbox.world import Press, Telegram

_NUMBER = re.compile(r"^\d+\. ")


class NothingToTap(LookupError):
    """No such button is on the screen; the message lists the labels that are."""


class Person(Attachments):
    """One person's private chat with the bot.

    ``phone`` is what the contact button sends, ``place`` (latitude, longitude) what the location button
    sends. ``counts`` says how much work the chat was.
    """

    def __init__(
        self,
        world: Telegram,
        user_id: int,
        name: str,
        *,
        username: str = "",
        language_code: str = "en",
        phone: str = "+447700900123",
        place: tuple[float, float] = (52.3067, -1.9456),
    ) -> None:
        first, _, last = name.partition(" ")
        self.world = world
        self.name = name
        self.phone = phone
        self.place = place
        self.account = world.accounts.get(user_id) or world.add_person(
            user_id, first, last, username=username, language_code=language_code
        )
        self.clipboard = ""
        self.opened: list[str] = []  # links of buttons that were tapped
        self.taps = 0
        self.typed_messages = 0
        self.typed_characters = 0
        self.attached = 0
        self.presses: list[Press] = []

    @property
    def user_id(self) -> int:
        """Their id at Telegram, which is also the id of the private chat."""
        return self.account.user_id

    # What they see

    @property
    def chat(self) -> list[Seen]:
        """The messages on the screen, oldest first, as they are now."""
        return [Seen(stored.data, stored.from_bot) for stored in self._chat.visible()]

    @property
    def bot_messages(self) -> list[Seen]:
        """Those of the bot."""
        return [message for message in self.chat if message.from_bot]

    @property
    def last(self) -> Seen:
        """The bot's newest message. LookupError where there is none."""
        for stored in reversed(self._chat.messages.values()):
            if stored.from_bot and not stored.hidden:
                return Seen(stored.data, True)
        raise LookupError(f"the bot has not written to {self.name}")

    @property
    def keyboard(self) -> list[list[str]]:
        """Labels of the reply keyboard that is shown, row by row."""
        markup = self._chat.reply_keyboard or {"keyboard": []}
        return [[button["text"] for button in row] for row in markup["keyboard"]]

    @property
    def notice(self) -> str:
        """The small notice (or alert) that the last answered press showed; empty where there was none."""
        answer = next((press.answer for press in reversed(self.presses) if press.answer), None)
        return answer["text"] if answer else ""

    @property
    def commands(self) -> list[dict[str, str]]:
        """The command menu as this person's app shows it."""
        return self.world.commands_for(self.user_id)

    @property
    def counts(self) -> dict[str, int]:
        """Actions (taps, messages, files), typed messages and characters; the bot's messages and words."""
        return {
            "actions": self.taps + self.typed_messages + self.attached,
            "taps": self.taps,
            "typed_messages": self.typed_messages,
            "typed_characters": self.typed_characters,
            "attached": self.attached,
            "bot_messages": self._chat.bot_messages,
            "bot_words": self._chat.bot_words,
            "bot_words_edited": self._chat.bot_words_edited,
        }

    def transcript(self) -> str:
        """The chat in plain text, for the message of a failed test."""
        return "\n".join(f"{'bot' if one.from_bot else self.name}: {one}" for one in self.chat)

    # What they do

    def start(self, payload: str | None = None) -> Seen:
        """Press Start, by a deep link with ``payload`` if given; a blocked bot is let in again.

        ValueError for a payload that no link can carry. Counts as one tap.
        """
        if payload is not None and not DEEP_LINK_PAYLOAD.fullmatch(payload):
            raise ValueError("a deep link carries 1 to 64 of A-Z a-z 0-9 _ -")
        if self._chat.blocked:
            self.unblock()
        self.taps += 1
        return self._send_text(f"/start {payload}" if payload else "/start")

    def say(self, text: str, *, group: int | None = None, reply_to: Seen | None = None) -> Seen:
        """Type a message. Apps cut texts over 4096 characters into several; the last one comes back."""
        text = text.strip()
        if not text:
            raise ValueError("an app sends no empty message")
        self.typed_messages += 1
        self.typed_characters += len(text)
        extra = {"reply_to_message": reply_to.data} if reply_to else {}
        for at in range(0, len(text), TEXT_CHARACTERS):
            seen = self._send_text(text[at : at + TEXT_CHARACTERS], group=group, extra=extra)
        return seen

    def tap(self, label: str) -> Press | Seen | None:
        """Tap the newest button whose label is, or else begins with, ``label`` (or whose data is it).

        Inline buttons first, then the reply keyboard: its contact and location buttons send those, the
        others their label. None for links and copy buttons (see ``opened``, ``clipboard``).
        """
        found = self._find_inline(label)
        if found:
            return self._press(*found)
        for row in (self._chat.reply_keyboard or {"keyboard": []})["keyboard"]:
            for button in row:
                if button["text"] == label or button["text"].startswith(label):
                    return self._tap_reply_button(button)
        raise NothingToTap(f"{self.name} sees no button {label!r}, only {self._labels()}")

    def tap_old(self, message: Seen, label: str, *, inaccessible: bool = False) -> Press | None:
        """Tap a button of a message as it was seen earlier, even if it has lost its buttons since.

        ``inaccessible``: so old that Telegram says nothing about the message but its number.
        """
        for button in message.button_objects():
            if _begins(button["text"], label) or button.get("callback_data") == label:
                current = self._chat.messages.get(message.message_id)
                data = current.data if current else message.data
                if inaccessible:
                    data = {"chat": self._chat.info, "message_id": message.message_id, "date": 0}
                return self._press(data, button)
        raise NothingToTap(f"that message had no button {label!r}, only {message.buttons}")

    def tap_at(self, message_id: int, row: int, column: int) -> Press | None:
        """Tap the button at this place under this message. NothingToTap where there is none now."""
        stored = self._chat.messages.get(message_id)
        try:
            rows = stored.data["reply_markup"]["inline_keyboard"] if stored else []
            button = rows[row][column]
        except (KeyError, IndexError):
            raise NothingToTap(f"{self.name} sees no button there") from None
        return self._press(stored.data, button) if stored else None

    def double_tap(self, label: str) -> tuple[Press, Press]:
        """Tap twice before anything can happen: two presses of the same button."""
        found = self._find_inline(label)
        if not found:
            raise NothingToTap(f"{self.name} sees no button {label!r}, only {self._labels()}")
        first, second = self._press(*found), self._press(*found)
        if first is None or second is None:
            raise NothingToTap(f"{label!r} sends nothing to the bot")
        return first, second

    def edit(self, message: Seen, new_text: str) -> Seen:
        """Change an own message (its caption, where it is a picture)."""
        stored = self._chat.messages[message.message_id]
        if stored.from_bot:
            raise ValueError("only one's own messages can be changed")
        key = "text" if "text" in stored.data else "caption"
        data = {k: v for k, v in stored.data.items() if k not in ("entities", "caption_entities")}
        data |= {key: new_text, "edit_date": int(self.world.timestamp())}
        entities = typed_entities(new_text)
        if entities:
            data["entities" if key == "text" else "caption_entities"] = entities
        self._chat.replace(stored, data)
        self.world.message_update(self._chat, data, "edited_message")
        self.world.changed(self._chat, stored)
        return Seen(data, False)

    def delete(self, message: Seen) -> None:
        """Delete a message from the own screen; the bot never learns of it."""
        self._chat.messages[message.message_id].hidden = True
        self.world.changed(self._chat)

    def block(self) -> None:
        """Stop the bot: it gets my_chat_member, and 403 from now on."""
        if not self._chat.blocked:
            self._chat.blocked = True
            self.world.member_update(self._chat, self.account, "member", "kicked")
            self.world.changed(self._chat)

    def unblock(self) -> None:
        """Let the bot write again."""
        if self._chat.blocked:
            self._chat.blocked = False
            self.world.member_update(self._chat, self.account, "kicked", "member")
            self.world.changed(self._chat)

    # Inside

    @property
    def _chat(self) -> Chat:
        return self.world.chats[self.account.user_id]

    def _send_text(self, text: str, *, group: int | None = None, extra: Json | None = None) -> Seen:
        fields: Json = {"text": text, **(extra or {})}
        entities = typed_entities(text)
        if entities:
            fields["entities"] = entities
        return self._send(fields, group=group)

    def _send(self, fields: Json, *, group: int | None = None, view_once: bool = False) -> Seen:
        chat = self._chat if group is None else self.world.chats[group]
        if chat.blocked:
            raise PermissionError(f"{self.name} has blocked the bot and can't write to it")
        chat.started = True
        stored: Stored = chat.add(
            fields, self.account.as_user(), int(self.world.timestamp()), view_once=view_once
        )
        if not view_once:
            self.world.message_update(chat, stored.data)
        self.world.changed(chat, stored)
        return Seen(stored.data, False)

    def _find_inline(self, label: str) -> tuple[Json, Json] | None:
        """The newest message that has the button, and the button; an exact label wins over a beginning."""
        on_screen = [
            (stored.data, button)
            for stored in reversed(self._chat.messages.values())
            if not stored.hidden and "reply_markup" in stored.data
            for row in stored.data["reply_markup"]["inline_keyboard"]
            for button in row
        ]
        whole = [found for found in on_screen if label in _names(found[1])]
        begun = [found for found in on_screen if _begins(found[1]["text"], label)]
        return next(iter(whole + begun), None)

    def _press(self, message: Json, button: Json) -> Press | None:
        self.taps += 1
        if "callback_data" not in button:
            if "url" in button:
                self.opened.append(button["url"])
            self.clipboard = button.get("copy_text", {}).get("text", self.clipboard)
            return None
        press = self.world.press_update(self._chat, self.account, message, button["callback_data"])
        self.presses = [*self.presses[-20:], press]
        return press

    def _tap_reply_button(self, button: Json) -> Seen:
        if (self._chat.reply_keyboard or {}).get("one_time_keyboard"):
            self._chat.reply_keyboard = None
        if button.get("request_contact"):
            return self.send_contact()  # counts itself
        if button.get("request_location"):
            return self.send_location()
        self.taps += 1
        return self._send_text(button["text"])

    def _labels(self) -> list[Any]:
        return [row for message in self.bot_messages for row in message.buttons] + self.keyboard


def _names(button: Json) -> tuple[str | None, ...]:
    """What a person may call a button: its label, that without the number of a long list, its data."""
    return button["text"], _NUMBER.sub("", button["text"]), button.get("callback_data")


def _begins(text: str, label: str) -> bool:
    return text.startswith(label) or _NUMBER.sub("", text).startswith(label)
