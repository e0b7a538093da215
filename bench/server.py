"""The sandbox's Bot API behind a lean HTTP front, so that the bots are what is measured.

Methods, checks and answers are the sandbox's own; only Starlette and uvicorn are left out, which take more
time for a call than the method does. Each token has a world of its own. Loopback only.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bot.clock import SystemClock
from bot.sandbox.errors import ApiError
from bot.sandbox.registry import call
from bot.sandbox.wire import read_params
from bot.sandbox.world import Telegram

_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_HEAD = "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_METHOD_AT = 2  # in "/bot<token>/<method>".split("/")


class FakeTelegram:
    """Worlds by token, and one listening port. ``latency`` is seconds a call, half of it on each way."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.calls = 0
        self._worlds: dict[str, Telegram] = {}
        self._polled: dict[str, asyncio.Event] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self) -> str:
        """Take a free port; the address to give to bots."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def add_bot(self, token: str) -> Telegram:
        """A world for the bot of this token."""
        world = Telegram(SystemClock(), token=token, keep_messages=60)
        self._worlds[token] = world
        self._polled[token] = asyncio.Event()
        return world

    async def polled(self, token: str) -> None:
        """Until the bot of this token has asked for updates."""
        await self._polled[token].wait()

    def serve(self, connection: _Connection, path: str, content_type: str, body: bytes) -> None:
        """Answer one request on its connection, some time."""
        task = asyncio.get_running_loop().create_task(self._serve(connection, path, content_type, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: _Connection, path: str, content_type: str, body: bytes) -> None:
        latency = self.latency
        if latency:
            await asyncio.sleep(latency / 2)
        try:
            answer = 200, {"ok": True, "result": await self._call(path, content_type, body)}
        except ApiError as error:
            answer = error.code, error.body()
        if latency:
            await asyncio.sleep(latency / 2)
        connection.answer(*answer)

    async def _call(self, path: str, content_type: str, body: bytes) -> Any:
        address, _, query = path.partition("?")
        parts = address.split("/")
        token = parts[1].removeprefix("bot")
        if len(parts) <= _METHOD_AT or token not in self._worlds:
            raise ApiError(404, "Not Found")
        self.calls += 1
        if parts[_METHOD_AT] == "getUpdates":
            self._polled[token].set()
        return await call(
            self._worlds[token], parts[_METHOD_AT], read_params(content_type, query.encode(), body)
        )

    async def close(self) -> None:
        """End everything."""
        for world in self._worlds.values():
            await world.close()
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as far as Bot API clients use it: a length given, one request at a time."""

    def __init__(self, server: FakeTelegram) -> None:
        self._server = server
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            request, *lines = self._received[:end].decode("latin-1").split("\r\n")
            headers = dict(_header(line) for line in lines)
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self._received) < whole:
                return
            body = bytes(self._received[end + 4 : whole])
            del self._received[:whole]
            self._server.serve(self, request.split(" ")[1], headers.get("content-type", ""), body)

    def answer(self, status: int, body: dict[str, Any]) -> None:
        """Send the answer, if the client is still there."""
        content = _TO_JSON(body).encode()
        head = _HEAD % (status, "OK" if status == 200 else "Refused", len(content))
        if self._transport is not None:
            self._transport.write(head.encode() + content)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip()
