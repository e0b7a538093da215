"""PTB's way out, led into an ASGI application in this process: no socket, the same answers and errors.

Also the way in: updates posted to a bot's webhook application without HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit
from uuid import uuid4

from starlette.types import ASGIApp, Message
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.sandbox.server import FAULT_HEADER

_FORM = b"application/x-www-form-urlencoded"


class AsgiRequest(BaseRequest):
    """Give it to ``telegram.Bot(request=…, get_updates_request=…)``; any ``base_url`` with a path will do."""

    __slots__ = ("_app", "_read_timeout")

    def __init__(self, app: ASGIApp, *, read_timeout: float | None = 5.0) -> None:
        self._app = app
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer unless the call says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request. TimedOut or NetworkError as an HTTP client would raise them."""
        content_type, body = _encoded(request_data)
        seconds = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        try:
            async with asyncio.timeout(seconds):
                status, headers, answer = await asgi_call(
                    self._app, method, url, {b"content-type": content_type}, body
                )
        except TimeoutError as error:
            raise TimedOut from error
        if FAULT_HEADER in headers:
            raise TimedOut
        if len(answer) < int(headers.get(b"content-length", b"0")):
            raise NetworkError("the connection was closed in the middle of the answer")
        return status, answer


class AsgiTransport:
    """Delivers updates to a webhook application in this process (``world.webhooks.transport``)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """The application's status and headers; an exception in it is a 500, as a server would make it."""
        raw = {name.lower().encode(): value.encode() for name, value in headers.items()}
        try:
            status, answer_headers, _ = await asgi_call(self._app, "POST", url, raw, body)
        except Exception:
            return 500, {}
        return status, {name.decode(): value.decode() for name, value in answer_headers.items()}


async def asgi_call(
    app: ASGIApp, method: str, url: str, headers: Mapping[bytes, bytes], body: bytes
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of one request to the application."""
    parts = urlsplit(url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [*({b"host": b"127.0.0.1", b"content-length": b"%d" % len(body)} | dict(headers)).items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    exchange = _Exchange(body)
    await app(scope, exchange.receive, exchange.send)
    return exchange.status, exchange.headers, b"".join(exchange.pieces)


class _Exchange:
    """The application's two ends of one request."""

    __slots__ = ("_body", "headers", "pieces", "status")

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self.status = 500
        self.headers: dict[bytes, bytes] = {}
        self.pieces: list[bytes] = []

    async def receive(self) -> Message:
        """The body once; after that the client just stays connected."""
        if self._body is None:
            await asyncio.get_running_loop().create_future()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(self, message: Message) -> None:
        """Collect the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = dict(message.get("headers", ()))
        else:
            self.pieces.append(message.get("body", b""))


def _encoded(data: RequestData | None) -> tuple[bytes, bytes]:
    if data is None:
        return _FORM, b""
    fields = data.json_parameters
    if not data.contains_files:
        return _FORM, urlencode(fields).encode()
    boundary = uuid4().hex
    parts: list[bytes] = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode())
        parts.append(value.encode() + b"\r\n")
    for name, (file_name, content, mime_type) in data.multipart_data.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"'
        parts.append(f"--{boundary}\r\n{head}\r\nContent-Type: {mime_type}\r\n\r\n".encode())
        parts.append((content if isinstance(content, bytes) else content.read()) + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}".encode(), b"".join(parts)
