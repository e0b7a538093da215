"""Chats and their messages as Telegram keeps them: accounts, message numbers, what can still be edited."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Account:
    """A person at Telegram."""

    user_id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    deactivated: bool = False

    def as_user(self) -> Json:
        """The User object of the Bot API; optional fields only where they are set."""
        user: Json = {"id": self.user_id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def as_chat(self) -> Json:
        """The private chat with this person."""
        chat = self.as_user()
        del chat["is_bot"]
        chat.pop("language_code", None)
        chat["type"] = "private"
        return chat


@dataclass(slots=True)
class Stored:
    """A message in a chat. ``data`` is replaced at an edit, never changed, so that older copies stay true."""

    data: Json
    from_bot: bool
    editable: bool = True  # false with a reply keyboard, its removal or a forced reply
    view_once: bool = False
    hidden: bool = False  # the person deleted it for themselves


@dataclass(slots=True)
class Chat:
    """One chat with the bot in it. Message numbers are unique in the chat only."""

    chat_id: int
    info: Json
    keep: int
    account: Account | None = None  # of a private chat
    members: dict[int, Account] = field(default_factory=dict)  # of a group
    started: bool = False
    blocked: bool = False
    messages: OrderedDict[int, Stored] = field(default_factory=OrderedDict)
    next_message_id: int = 1
    reply_keyboard: Json | None = None
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    action: tuple[str, float] = ("", 0.0)  # "typing" and until when, Unix seconds
    notice: Json | None = None  # the last answer to a button press
    version: int = 0
    bot_messages: int = 0
    bot_words: int = 0
    bot_words_edited: int = 0

    @property
    def private(self) -> bool:
        """Whether it is a chat with one person."""
        return self.account is not None

    def add(self, fields: Json, sender: Json, date: int, **flags: bool) -> Stored:
        """Put a message at the end; the oldest go when there are more than ``keep``."""
        message_id = self.next_message_id
        self.next_message_id += 1
        data = {"message_id": message_id, "from": sender, "chat": self.info, "date": date, **fields}
        stored = Stored(data, from_bot=sender["is_bot"], **flags)
        self.messages[message_id] = stored
        if len(self.messages) > self.keep:
            gone, _ = self.messages.popitem(last=False)
            self.reactions.pop(gone, None)
        if stored.from_bot:
            self.action = ("", 0.0)
            self.bot_messages += 1
            self.bot_words += _words(data)
        return stored

    def replace(self, stored: Stored, data: Json) -> None:
        """An edit."""
        stored.data = data
        if stored.from_bot:
            self.bot_words_edited += _words(data)

    def visible(self) -> list[Stored]:
        """What the person sees, oldest first."""
        return [stored for stored in self.messages.values() if not stored.hidden]


def _words(data: Json) -> int:
    return len((data.get("text") or data.get("caption") or "").split())
