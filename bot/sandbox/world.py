"""Telegram, invented: people, chats, the bot's settings and the updates that wait for it.

Methods of the Bot API act on a world (methods.py); people act on it through their phones (person.py).
A world belongs to one event loop and one thread.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.chats import Account, Chat, Json, Stored
from bot.sandbox.errors import bad_request, forbidden
from bot.sandbox.faults import Faults
from bot.sandbox.files import FileStore
from bot.sandbox.inbox import Inbox
from bot.sandbox.limits import MESSAGE_LIFETIME_SECONDS, PRESS_LIFETIME_SECONDS
from bot.sandbox.webhooks import Webhooks
from casework.clock import Clock

INVENTED_TOKEN = "1234567890:invented-token-of-the-sandbox-00000"  # noqa: S105  # opens nothing
KEPT_PRESSES = 10_000


@dataclass(slots=True)
class Press:
    """A press of an inline button, and what the bot answered."""

    query_id: str
    chat: Chat
    user_id: int
    pressed_at: float
    answer: Json | None = None


class Telegram:
    """The whole service around one bot.

    ``keep_messages`` bounds each chat's history. ``flood`` switches Telegram's rate limits on.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        token: str = INVENTED_TOKEN,
        bot_username: str = "nwcsp_demo_bot",
        keep_messages: int = 300,
        flood: bool = False,
        latency_seconds: float = 0.0,
    ) -> None:
        self.clock = clock
        self.token = token
        self.keep_messages = keep_messages
        bot_id = int(token.split(":")[0])
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Bot", "username": bot_username}
        self.faults = Faults(self.timestamp, flood=flood, latency_seconds=latency_seconds)
        self.inbox = Inbox(self.timestamp)
        self.files = FileStore(self.timestamp)
        self.webhooks = Webhooks(self.inbox, self.timestamp)
        self.chats: dict[int, Chat] = {}
        self.accounts: dict[int, Account] = {}
        self.presses: OrderedDict[str, Press] = OrderedDict()
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.texts: dict[tuple[str, str], str] = {}  # (name | description | short_description, language)
        self.menu_buttons: dict[int, Json] = {}
        self.call_counts: Counter[str] = Counter()
        self.calls: deque[tuple[str, dict[str, Any]]] = deque(maxlen=1000)
        self.watchers: list[Callable[[Chat, Stored], None]] = []
        self.version = 0
        self._changed: asyncio.Event | None = None
        self._query_count = 0

    # People and chats

    def add_person(
        self,
        user_id: int,
        first_name: str,
        last_name: str = "",
        *,
        username: str = "",
        language_code: str = "en",
    ) -> Account:
        """Somebody with Telegram, who has not met the bot yet."""
        account = Account(user_id, first_name, last_name, username, language_code)
        self.accounts[user_id] = account
        self.chats[user_id] = Chat(user_id, account.as_chat(), self.keep_messages, account=account)
        return account

    def add_group(self, chat_id: int, title: str, members: list[int]) -> Chat:
        """A supergroup (``chat_id`` below 0) with the bot in it."""
        info = {"id": chat_id, "title": title, "type": "supergroup"}
        people = {user_id: self.accounts[user_id] for user_id in members}
        chat = Chat(chat_id, info, self.keep_messages, members=people, started=True)
        self.chats[chat_id] = chat
        return chat

    def chat_to_write_to(self, chat_id: int) -> Chat:
        """The chat, where the bot may write to it now; ApiError 400 or 403 otherwise."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.account and chat.account.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user" if chat.private else "bot was kicked from the chat")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    # Updates

    def message_update(self, chat: Chat, data: Json, kind: str = "message") -> None:
        """A message (or its edit) for the bot: one queue a chat, a day of life."""
        self.inbox.add(kind, data, ("chat", chat.chat_id), MESSAGE_LIFETIME_SECONDS)

    def member_update(self, chat: Chat, person: Account, before: str, after: str) -> None:
        """my_chat_member: the bot was blocked (``kicked``) or let in again (``member``)."""

        def state(status: str) -> Json:
            return {"user": self.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        body = {
            "chat": chat.info,
            "from": person.as_user(),
            "date": int(self.timestamp()),
            "old_chat_member": state(before),
            "new_chat_member": state(after),
        }
        self.inbox.add("my_chat_member", body, ("member", chat.chat_id), MESSAGE_LIFETIME_SECONDS)

    def press_update(self, chat: Chat, person: Account, message: Json, data: str) -> Press:
        """A press of a button: one queue a person, 150 seconds of life."""
        self._query_count += 1
        query_id = str(4_000_000_000_000_000_000 + self._query_count)
        press = Press(query_id, chat, person.user_id, self.timestamp())
        self.presses[query_id] = press
        if len(self.presses) > KEPT_PRESSES:
            self.presses.popitem(last=False)
        body = {
            "id": query_id,
            "from": person.as_user(),
            "message": message,
            "chat_instance": str(chat.chat_id * 7_919),
            "data": data,
        }
        self.inbox.add("callback_query", body, ("press", person.user_id), PRESS_LIFETIME_SECONDS)
        return press

    # The bot's menu as one person sees it

    def commands_for(self, user_id: int) -> list[dict[str, str]]:
        """The command menu in the private chat with this person: most specific scope and language first."""
        language = self.accounts[user_id].language_code[:2]
        for scope in (f"chat:{user_id}", "all_private_chats", "default"):
            for code in (language, ""):
                commands = self.commands.get((scope, code))
                if commands:
                    return commands
        return []

    # Time and change

    def timestamp(self) -> float:
        """Unix seconds by the world's clock."""
        return self.clock.now().timestamp()

    def changed(self, chat: Chat, stored: Stored | None = None) -> None:
        """Tell whoever watches that something in this chat is new."""
        self.version += 1
        chat.version = self.version
        if stored:
            for watcher in self.watchers:
                watcher(chat, stored)
        if self._changed:
            self._changed.set()

    def touch_all_chats(self) -> None:
        """Tell the page that something that every chat shows is new (the command menu)."""
        self.touch()
        for chat in self.chats.values():
            chat.version = self.version

    def touch(self) -> None:
        """Tell the page that something outside the chats is new (the clock)."""
        self.version += 1
        if self._changed:
            self._changed.set()

    async def wait_for_change(self, seen_version: int, seconds: float) -> None:
        """Until the world is newer than ``seen_version``, at most so many real seconds."""
        if self.version > seen_version:
            return
        if self._changed is None or self._changed.is_set():
            self._changed = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    async def close(self) -> None:
        """Stop delivering and let every waiting reader go."""
        self.inbox.end_other_reader("the server stops")
        self.touch()
        await self.webhooks.close()
