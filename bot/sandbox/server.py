"""The world as an ASGI application: ``/bot<token>/<method>``, file downloads, and, if wanted, the page.

Only loopback clients are served. To serve it (port 0 takes a free one):

    config = uvicorn.Config(create_app(world), host="127.0.0.1", port=8081, log_level="warning")
    await uvicorn.Server(config).serve()
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import re
from contextlib import suppress
from functools import lru_cache
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.errors import ApiError, ConnectionDropped, NoAnswerInTime
from bot.sandbox.page_routes import Controls, page_routes
from bot.sandbox.registry import call
from bot.sandbox.wire import read_params
from bot.sandbox.world import Telegram

FAULT_HEADER = b"x-sandbox-fault"
LARGEST_BODY = 64 * 2**20
_TOKEN_SHAPE = re.compile(r"\d+:[\w-]{30,}")
_TOO_LARGE = ApiError(413, "Request Entity Too Large")


def create_app(world: Telegram, *, page: bool = False, controls: Controls | None = None) -> Starlette:
    """The application. ``page`` adds the page at its root with ``controls`` behind it."""
    api = BotApi(world)
    routes: list[BaseRoute] = [
        Route("/bot{token}/{method}", api),
        Route("/file/bot{token}/{path:path}", FileDownloads(world)),
    ]
    if page:
        routes += page_routes(world, controls or Controls())
    return Starlette(routes=routes, middleware=[Middleware(LoopbackOnly)])


class LoopbackOnly:
    """Refuses every client that is not on this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """403 without a body for others."""
        if scope["type"] != "http" or is_loopback((scope.get("client") or [""])[0]):
            await self._app(scope, receive, send)
        else:
            await _answer(send, 403, b"")


@lru_cache(maxsize=64)
def is_loopback(address: str) -> bool:
    """Whether a client's address is this machine's own."""
    with suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return False


class BotApi:
    """The methods."""

    def __init__(self, world: Telegram) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call as Telegram does: JSON, the error code as HTTP status."""
        try:
            check_token(self._world, scope["path_params"]["token"])
            body = await _read(receive)
            content_type = _header(scope, b"content-type")
            params = read_params(content_type, scope["query_string"], body)
            result = await call(self._world, scope["path_params"]["method"], params)
        except ApiError as error:
            await _answer(send, error.code, _encode(error.body()))
        except ConnectionDropped:
            await _break_off(send)
        except NoAnswerInTime:
            await _answer(send, 504, b"", (FAULT_HEADER, b"no answer"))
        else:
            await _answer(send, 200, _encode({"ok": True, "result": result}))


class FileDownloads:
    """The files behind getFile's links."""

    def __init__(self, world: Telegram) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The bytes, or 404 where the link has expired or never was."""
        try:
            check_token(self._world, scope["path_params"]["token"])
            await self._world.faults.delay()
            self._world.faults.before("download", None)
        except ApiError as error:
            await _answer(send, error.code, _encode(error.body()))
            return
        except ConnectionDropped:
            await _break_off(send)
            return
        content = self._world.files.download(scope["path_params"]["path"])
        if content is None:
            await _answer(send, 404, _encode(ApiError(404, "Not Found").body()))
        else:
            await _answer(send, 200, content, content_type=b"application/octet-stream")


def check_token(world: Telegram, token: str) -> None:
    """ApiError 404 for what is no token at all, 401 for another bot's."""
    if not hmac.compare_digest(token.encode(), world.token.encode()):
        if _TOKEN_SHAPE.fullmatch(token):
            raise ApiError(401, "Unauthorized")
        raise ApiError(404, "Not Found")


async def _read(receive: Receive) -> bytes:
    message: Message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    pieces, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST_BODY:
            raise _TOO_LARGE
    return b"".join(pieces)


def _header(scope: Scope, wanted: bytes) -> str:
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value, "latin-1")
    return ""


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _encode(value: Any) -> bytes:
    return _to_json(value).encode("utf-8", "surrogatepass")


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    extra: tuple[bytes, bytes] | None = None,
    content_type: bytes = b"application/json",
) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    if extra:
        headers.append(extra)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _break_off(send: Send) -> None:
    """Promise more than is sent; the HTTP server then closes the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"ok":true,', "more_body": True})
