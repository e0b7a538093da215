"""Delivery of updates to the bot's webhook: one in flight a queue, again until 2xx or the update's end.

Only loopback addresses are ever called.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.errors import bad_request
from bot.sandbox.inbox import Inbox, Waiting

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
PATIENCE_SECONDS = 60
LONGEST_RETRY_AFTER_SECONDS = 3600


class Transport(Protocol):
    """Posts one update; the HTTP status and the answer's headers (lower-case names) come back."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """OSError or TimeoutError when there is no answer."""
        ...


@dataclass(slots=True)
class _Line:
    updates: deque[Waiting]
    task: asyncio.Task[None] | None = None


class Webhooks:
    """The webhook that is set, if any, and the lines of updates in front of it.

    ``transport`` and ``pause`` can be replaced: in-process delivery, and waiting without time passing.
    """

    def __init__(self, inbox: Inbox, now: Callable[[], float]) -> None:
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.last_error = ""
        self.last_error_at = 0
        self.transport: Transport = post_over_http
        self.pause: Callable[[float], Awaitable[Any]] = asyncio.sleep
        self._inbox = inbox
        self._now = now
        self._lines: dict[tuple[str, int], _Line] = {}
        self._room = asyncio.Semaphore(40)
        inbox.on_added = self._enqueue

    def set(self, url: str, secret: str, max_connections: int) -> None:
        """Deliver from now on, what waits already included. Needs a running event loop."""
        check_url(url)
        self.remove()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self._room = asyncio.Semaphore(max_connections)
        for update in self._inbox.waiting():
            self._enqueue(update)

    def remove(self) -> None:
        """Deliver no more; undelivered updates keep waiting."""
        self.url = self.last_error = ""
        for line in self._lines.values():
            if line.task:
                line.task.cancel()
        self._lines.clear()

    async def close(self) -> None:
        """Stop, and wait until what was in flight has ended."""
        tasks = [line.task for line in self._lines.values() if line.task]
        self.remove()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Until every update was delivered or has expired."""
        while self._lines:
            await asyncio.gather(*(line.task for line in self._lines.values() if line.task))

    def info(self) -> dict[str, Any]:
        """What getWebhookInfo answers."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._inbox),
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self._inbox.allowed is not None:
            info["allowed_updates"] = sorted(self._inbox.allowed)
        if self.last_error:
            info |= {"last_error_date": self.last_error_at, "last_error_message": self.last_error}
        return info

    def _enqueue(self, update: Waiting) -> None:
        if not self.url:
            return
        line = self._lines.setdefault(update.queue, _Line(deque()))
        line.updates.append(update)
        if line.task is None:
            line.task = asyncio.get_running_loop().create_task(self._work_off(update.queue, line))

    async def _work_off(self, queue: tuple[str, int], line: _Line) -> None:
        while line.updates:
            await self._deliver(line.updates[0])
            line.updates.popleft()
        if self._lines.get(queue) is line:
            del self._lines[queue]

    async def _deliver(self, update: Waiting) -> None:
        tries = 0
        while self._inbox.is_waiting(update.update_id):
            async with self._room:
                status, retry_after = await self._post(update)
            if 200 <= status < 300:
                self._inbox.confirm(update.update_id)
                return
            await self.pause(retry_after or _pause_seconds(tries))
            tries += 1

    async def _post(self, update: Waiting) -> tuple[int, float]:
        """The status (0: no answer) and the wait in seconds that a 503 asks for."""
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        body = json.dumps(update.as_json()).encode()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status, answer = await self.transport(self.url, headers, body)
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return 0, 0
        if 200 <= status < 300:
            return status, 0
        self._failed(f"Wrong response from the webhook: {status}")
        wait = answer.get("retry-after", "")
        return status, min(int(wait), LONGEST_RETRY_AFTER_SECONDS) if wait.isdecimal() else 0

    def _failed(self, text: str) -> None:
        self.last_error, self.last_error_at = text, int(self._now())


def check_url(url: str) -> None:
    """ApiError unless the address is HTTP(S) on this machine: the sandbox calls nobody else."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.hostname == "localhost":
        return
    try:
        loopback = ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise bad_request("bad webhook: the sandbox delivers to loopback addresses only")


def _pause_seconds(tries: int) -> float:
    """At once, then 2, 4, 8 … seconds, at last a random minute or two."""
    if tries == 0:
        return 0
    seconds = 2**tries
    return seconds if seconds < 60 else random.uniform(60, 120)  # noqa: S311  # spreads load, guards nothing


async def post_over_http(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str]]:
    """The usual transport: a real request, no redirects."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
    ):
        await answer.read()
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}
