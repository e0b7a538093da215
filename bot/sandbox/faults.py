"""Faults on order, for tests and benchmarks: errors, dropped connections, silence, delay, flood limits."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiError, ConnectionDropped, NoAnswerInTime, too_many_requests


@dataclass(slots=True)
class _Order:
    error: Exception
    times: int
    chat_id: int | None
    carried_out: bool  # the method does its work, only the answer is lost


class _Bucket:
    """Tokens that refill by ``rate`` a second up to ``size``."""

    __slots__ = ("at", "rate", "size", "tokens")

    def __init__(self, rate: float, size: float, now: float) -> None:
        self.rate, self.size, self.tokens, self.at = rate, size, size, now

    def wait(self, now: float) -> int:
        """Take a token (0), or say in how many whole seconds there will be one."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        return math.ceil((1 - self.tokens) / self.rate)


class Faults:
    """What goes wrong, and when. Nothing does until it is asked for."""

    def __init__(
        self, now: Callable[[], float], *, flood: bool = False, latency_seconds: float = 0.0
    ) -> None:
        self.flood = flood
        self.latency_seconds = latency_seconds
        self._now = now
        self._orders: dict[str, list[_Order]] = {}
        self._buckets: dict[int, _Bucket] = {}

    def fail_next(
        self,
        method: str,
        error_code: int,
        description: str,
        parameters: dict[str, Any] | None = None,
        *,
        times: int = 1,
        chat_id: int | None = None,
    ) -> None:
        """The next ``times`` calls (to one chat, if given) end with this error and do nothing."""
        self._order(method, _Order(ApiError(error_code, description, parameters), times, chat_id, False))

    def drop_connection_next(
        self, method: str, *, times: int = 1, chat_id: int | None = None, carried_out: bool = False
    ) -> None:
        """The connection breaks before the work, or, ``carried_out``, after it."""
        self._order(method, _Order(ConnectionDropped(), times, chat_id, carried_out))

    def time_out_next(
        self, method: str, *, times: int = 1, chat_id: int | None = None, carried_out: bool = True
    ) -> None:
        """No answer comes; the work is done nevertheless unless ``carried_out`` is false.

        In-process this is a time-out at once; over HTTP it is a 504.
        """
        self._order(method, _Order(NoAnswerInTime(), times, chat_id, carried_out))

    def clear(self) -> None:
        """Cancel every order."""
        self._orders.clear()

    async def delay(self) -> None:
        """Wait as long as a call to the real thing would take."""
        if self.latency_seconds:
            await asyncio.sleep(self.latency_seconds)

    def before(self, method: str, chat_id: object) -> Exception | None:
        """Raise what is ordered for this call; a fault to be raised after the work is returned."""
        if not self._orders:
            return None
        for order in self._orders.get(method, ()):
            if order.times > 0 and (order.chat_id is None or str(order.chat_id) == str(chat_id)):
                order.times -= 1
                self._tidy(method)
                if order.carried_out:
                    return order.error
                raise order.error
        return None

    def check_flood(self, chat_id: int) -> None:
        """429 when a chat (1/s, bursts of 20; groups 20/min) or all together (30/s) get too much."""
        if not self.flood:
            return
        now = self._now()
        rate, size = (1.0, 20.0) if chat_id > 0 else (20 / 60, 20.0)
        for key, bucket_rate, bucket_size in ((0, 30.0, 60.0), (chat_id, rate, size)):
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = _Bucket(bucket_rate, bucket_size, now)
            seconds = bucket.wait(now)
            if seconds:
                raise too_many_requests(seconds)

    def _order(self, method: str, order: _Order) -> None:
        self._orders.setdefault(method.lower(), []).append(order)

    def _tidy(self, method: str) -> None:
        left = [order for order in self._orders[method] if order.times > 0]
        if left:
            self._orders[method] = left
        else:
            del self._orders[method]
