"""Single questions to Telegram from the command line: who the bot is, and where its updates go.

The running bot has its own connection; nothing here sends to a chat.
"""

from __future__ import annotations

import asyncio

from telegram import Bot, User, WebhookInfo

from bot.settings import Settings
from bot.telegram_http import AiohttpRequest


def ask_who(settings: Settings) -> User:
    """The bot's own account. InvalidToken or NetworkError of telegram.error."""
    return asyncio.run(_ask(settings))[0]


def ask_who_and_webhook(settings: Settings) -> tuple[User, WebhookInfo]:
    """The bot's account and its webhook. InvalidToken or NetworkError of telegram.error."""
    return asyncio.run(_ask(settings))


async def _ask(settings: Settings) -> tuple[User, WebhookInfo]:
    bot = Bot(
        settings.bot_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    async with bot:
        return bot.bot, await bot.get_webhook_info()
