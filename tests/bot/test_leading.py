"""A leader's term goes on without its webhook, until Telegram takes it; an unknown token ends it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot import run

SETTINGS: Any = SimpleNamespace(webhook_url="https://bot.example/hook", webhook_secret=None)


class Term:
    """As much of a process as a term needs; setting the webhook fails with these errors first."""

    def __init__(self, *errors: TelegramError) -> None:
        self.errors = list(errors)
        self.delivering, self.set = asyncio.Event(), asyncio.Event()
        self.application = SimpleNamespace(bot=self)
        self.fetcher = SimpleNamespace(run=asyncio.Event().wait)
        self.delivery = SimpleNamespace(run=self.deliver)

    async def set_webhook(self, _url: str, **_options: Any) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.set.set()

    async def deliver(self) -> None:
        self.delivering.set()
        await asyncio.Event().wait()

    async def tick(self) -> None:
        """Nothing is due."""


async def test_a_webhook_that_can_not_be_set_is_set_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "WEBHOOK_AGAIN_SECONDS", 0.01)
    term: Any = Term(NetworkError("no way"), NetworkError("no way"))
    leading = asyncio.create_task(run.lead(term, SETTINGS))
    async with asyncio.timeout(10):
        await term.delivering.wait()
        await term.set.wait()
    assert not leading.done()
    leading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leading


async def test_an_unknown_token_ends_the_term(monkeypatch: pytest.MonkeyPatch) -> None:
    term: Any = Term(InvalidToken("unknown"))
    with pytest.raises(InvalidToken):
        await run.lead(term, SETTINGS)
    assert not term.delivering.is_set()
