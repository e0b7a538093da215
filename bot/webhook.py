"""The web side of the bot: Telegram's calls, and two pages for whoever watches the process.

A 200 means that the update's transaction has committed. Anything else makes Telegram bring it again.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.health import Health
from bot.polling import ProcessUpdate, StoreFault

log = structlog.get_logger(__name__)

SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105  # a header's name
_RETRY_SECONDS = "5"  # Telegram obeys Retry-After on a 503
_LIMIT_SECONDS = 50.0  # Telegram hangs up after about 60
_LARGEST_BODY = 1_000_000  # bytes; an update is a few kB

Leads = Callable[[], bool]


class _TooLarge(Exception):
    """More than an update can be."""


class Webhook:
    """Takes Telegram's calls at one path, guarded by the secret that was given to setWebhook."""

    def __init__(
        self, bot: Bot, process: ProcessUpdate, store_fault: StoreFault, health: Health, *, secret: str
    ) -> None:
        if not secret:
            raise ValueError("a webhook without a secret would take anybody's word for Telegram's")
        self._bot = bot
        self._process = process
        self._store_fault = store_fault
        self._health = health
        self._secret = secret.encode()

    async def take(self, request: Request) -> Response:
        """Answer one call: 403 without the secret, 200 after the commit, 503 when it has to come again."""
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        self._health.pulse.heard()
        try:
            raw = await _read(request)
        except _TooLarge:
            return Response(status_code=413)
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                await self._work(raw)
        except Exception as error:
            log.warning("update_not_committed", kind=type(error).__name__)
            return Response(status_code=503, headers={"Retry-After": _RETRY_SECONDS})
        return Response()

    async def _work(self, raw: bytes) -> None:
        body: Any = None
        try:
            body = json.loads(raw)
            update = Update.de_json(body, self._bot)
        except Exception as error:
            update_id = body.get("update_id") if isinstance(body, dict) else None
            kept = body if isinstance(body, dict) else {"raw": raw.decode("utf-8", "replace")}
            log.error("update_not_readable", update=update_id, kind=type(error).__name__)
            await asyncio.to_thread(self._store_fault, update_id, kept, error)
            return
        await self._process(update)


def create_app(webhook: Webhook | None, path: str, health: Health, leads: Leads = lambda: True) -> Starlette:
    """The routes: Telegram's at ``path`` where there is a webhook, ``/livez`` and ``/readyz`` always."""
    routes = [
        Route("/livez", _alive),
        Route("/readyz", _ready(health, leads)),
    ]
    if webhook is not None:
        routes.append(Route(path, webhook.take, methods=["POST"]))
    return Starlette(routes=routes)


async def _alive(_request: Request) -> Response:
    """The loop answers; nothing else is asked."""
    return PlainTextResponse("alive")


def _ready(health: Health, leads: Leads) -> Callable[[Request], Awaitable[Response]]:
    async def ready(_request: Request) -> Response:
        facts = await asyncio.to_thread(health.facts, leads())
        page = {
            fact.name: {
                "well": fact.well,
                "age_seconds": None if fact.age is None else round(fact.age.total_seconds()),
            }
            for fact in facts
        }
        return JSONResponse(page, status_code=200 if all(fact.well for fact in facts) else 503)

    return ready


async def _read(request: Request) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > _LARGEST_BODY:
            raise _TooLarge
    return bytes(read)
