"""How fast messages may leave for one bot's token: token buckets in memory.

Right for one dispatcher a bot. What Telegram answers to a message that came too fast is delivery's matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

FORGET_OVER = 5_000


@dataclass(slots=True)
class _Bucket:
    """Holds up to ``size`` sends and gains ``per_second``; below nothing it owes the time to wait."""

    size: float
    per_second: float
    level: float
    filled_at: datetime

    def fill(self, now: datetime) -> None:
        # A machine's clock may be set back: then nothing is gained, and nothing is lost.
        gained = max(0.0, (now - self.filled_at).total_seconds()) * self.per_second
        self.level = min(self.size, self.level + gained)
        self.filled_at = now

    def wait(self) -> timedelta:
        """How long until one send may go."""
        return timedelta(seconds=max(0.0, (1 - self.level) / self.per_second))


class Rates:
    """Paces a bot below Telegram's flood limits.

    Nobody promises the limits; in practice they are about 30 messages a second in all, one a second in a
    private chat with short bursts, and 20 a minute in a group (core.telegram.org/bots/faq, "My bot is
    hitting limits"). The defaults stay a little below: a burst and a second's (a group's minute's) worth
    together never pass those figures. A private chat's burst is six quick answers: each is an edit and a message.
    """

    def __init__(
        self,
        *,
        overall: float = 25.0,
        overall_burst: int = 5,
        per_chat: float = 1.0,
        chat_burst: int = 12,
        per_group_minute: float = 18.0,
        group_burst: int = 2,
    ) -> None:
        self._overall = (overall, overall_burst)
        self._chat = (per_chat, chat_burst)
        self._group = (per_group_minute / 60, group_burst)
        self._all: _Bucket | None = None
        self._chats: dict[int, _Bucket] = {}

    @classmethod
    def unlimited(cls) -> Rates:
        """No pacing at all, for benchmarks and tests."""
        return cls(overall=math.inf, per_chat=math.inf, per_group_minute=math.inf)

    def rest(self, chat_id: int, now: datetime) -> timedelta:
        """How long this chat has to rest before its next message; nothing when it may go now."""
        rate, _ = self._group if chat_id < 0 else self._chat
        if math.isinf(rate):
            return timedelta()
        return self._bucket(chat_id, now).wait()

    def take(self, chat_id: int, now: datetime) -> timedelta:
        """Count one message to this chat; how long to hold it back for the sake of the overall rate."""
        rate, _ = self._group if chat_id < 0 else self._chat
        if not math.isinf(rate):
            self._bucket(chat_id, now).level -= 1
        return self._take_overall(now)

    def _take_overall(self, now: datetime) -> timedelta:
        rate, burst = self._overall
        if math.isinf(rate):
            return timedelta()
        if self._all is None:
            self._all = _Bucket(burst, rate, burst, now)
        self._all.fill(now)
        wait = self._all.wait()
        self._all.level -= 1
        return wait

    def _bucket(self, chat_id: int, now: datetime) -> _Bucket:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            if len(self._chats) >= FORGET_OVER:
                self._forget_rested(now)
            rate, burst = self._group if chat_id < 0 else self._chat
            bucket = self._chats[chat_id] = _Bucket(burst, rate, burst, now)
        bucket.fill(now)
        return bucket

    def _forget_rested(self, now: datetime) -> None:
        for chat_id, bucket in list(self._chats.items()):
            bucket.fill(now)
            if bucket.level >= bucket.size:
                del self._chats[chat_id]
