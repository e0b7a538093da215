"""Updates that wait for the bot: confirmed by offset, dropped at the end of their life, read by one reader.

Times are the world's clock; only the length of a long poll is measured in real seconds.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import conflict
from bot.sandbox.limits import LONG_POLL_SECONDS, UPDATES_A_CALL

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_UPDATE_ID = 727_000_001


@dataclass(slots=True)
class Waiting:
    """One update: ``queue`` names the line it stands in, ``expires_at`` is Unix seconds."""

    update_id: int
    kind: str
    body: dict[str, Any]
    queue: tuple[str, int]
    expires_at: float

    def as_json(self) -> dict[str, Any]:
        """The update as the bot receives it."""
        return {"update_id": self.update_id, self.kind: self.body}


class Inbox:
    """The bot's pending updates in order of arrival."""

    def __init__(self, now: Callable[[], float], *, keep: int = 100_000) -> None:
        self.allowed: frozenset[str] | None = None  # None: everything but NOT_BY_DEFAULT
        self.on_added: Callable[[Waiting], None] | None = None
        self._now = now
        self._keep = keep
        self._next_id = FIRST_UPDATE_ID
        self._waiting: OrderedDict[int, Waiting] = OrderedDict()
        self._earliest_expiry = float("inf")
        self._reader: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        self._drop_expired()
        return len(self._waiting)

    def allow(self, kinds: list[str] | None) -> None:
        """Remember which kinds are wanted; None changes nothing, an empty list is the default set."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def add(self, kind: str, body: dict[str, Any], queue: tuple[str, int], lifetime: float) -> Waiting | None:
        """A new update at the end of the line; None where the bot did not ask for this kind."""
        wanted = kind in self.allowed if self.allowed is not None else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        update = Waiting(self._next_id, kind, body, queue, self._now() + lifetime)
        self._next_id += 1
        self._waiting[update.update_id] = update
        self._earliest_expiry = min(self._earliest_expiry, update.expires_at)
        if len(self._waiting) > self._keep:
            self._waiting.popitem(last=False)
        if self._reader and not self._reader.done():
            self._reader.set_result(None)
        if self.on_added:
            self.on_added(update)
        return update

    def waiting(self) -> list[Waiting]:
        """All that is alive, oldest first."""
        self._drop_expired()
        return list(self._waiting.values())

    def is_waiting(self, update_id: int) -> bool:
        """Whether the update is neither confirmed nor expired."""
        update = self._waiting.get(update_id)
        return update is not None and update.expires_at > self._now()

    def confirm(self, update_id: int) -> None:
        """The bot has this one update (webhook)."""
        self._waiting.pop(update_id, None)

    def forget_all(self) -> None:
        """Drop everything (``drop_pending_updates``)."""
        self._waiting.clear()

    def take(self, offset: int, limit: int) -> list[Waiting]:
        """Confirm what lies before ``offset`` and return what follows, still unconfirmed."""
        self._drop_expired()
        self._confirm_before(offset)
        updates: list[Waiting] = []
        for update in self._waiting.values():
            if len(updates) == limit:
                break
            updates.append(update)
        return updates

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Waiting]:
        """``take``, waiting up to so many real seconds (at most 50) for the first update.

        ApiError 409 where another reader asks meanwhile.
        """
        self.end_other_reader(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        limit = min(max(limit, 1), UPDATES_A_CALL)
        updates = self.take(offset, limit)
        if updates or seconds <= 0:
            return updates
        reader = self._reader = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(min(seconds, LONG_POLL_SECONDS)):
                await reader
        except TimeoutError:
            pass
        finally:
            if self._reader is reader:
                self._reader = None
        return self.take(offset, limit)

    def end_other_reader(self, reason: str) -> None:
        """End the poll that is open, if any, with a 409 of this text."""
        if self._reader and not self._reader.done():
            self._reader.set_exception(conflict(reason))
        self._reader = None

    def _confirm_before(self, offset: int) -> None:
        if offset < 0:
            for _ in range(len(self._waiting) + offset):
                self._waiting.popitem(last=False)
        while self._waiting and next(iter(self._waiting)) < offset:
            self._waiting.popitem(last=False)

    def _drop_expired(self) -> None:
        now = self._now()
        if now < self._earliest_expiry:
            return
        for update_id in [one.update_id for one in self._waiting.values() if one.expires_at <= now]:
            del self._waiting[update_id]
        self._earliest_expiry = min((one.expires_at for one in self._waiting.values()), default=float("inf"))
