"""The running bot: takes updates, delivers the outbox, keeps the calendar. One of these a process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session
from telegram import BotCommandScopeAllPrivateChats
from telegram.request import BaseRequest

from bot.application import build_application, make_service
from bot.delivery import Delivery
from bot.evidence.fetcher import Fetcher
from bot.health import Pulse
from bot.jobs import Jobs
from bot.papers.registry import make_paper
from bot.rates import Rates
from bot.updates import DurableApplication
from casework.clock import Clock
from casework.policy import Policy
from handlers.command_menus import menus_for_everybody
from handlers.forms.engine import FormKit
from handlers.officers import on_unreachable
from handlers.turn import Service
from handlers.words import Catalogs
from storage import faults
from storage.database import Database
from storage.updates import claim_update
from storage.vault import NO_VAULT, Vault, vault_in

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process is made of; the same parts make the next one."""

    token: str = field(repr=False)
    api_url: str
    database: Database
    policy: Policy
    catalogs: Catalogs
    clock: Clock
    zone: ZoneInfo
    request: BaseRequest
    rates: Rates
    kit: FormKit | None = None
    data_dir: Path | None = None  # where files are kept; beside an SQLite database where nobody says

    @property
    def vault(self) -> Vault:
        """Where the bytes of files are; nowhere for a PostgreSQL database without a folder."""
        url, folder = self.database.url, self.data_dir
        if folder is None and self.database.dialect == "sqlite" and url.database:
            folder = Path(url.database).parent
        return vault_in(folder, self.database.keyring) if folder else NO_VAULT


class Process:
    """Made by ``start``. Polling, webhook and the demo drive it; ``stop`` ends it in order."""

    def __init__(self, parts: Parts, application: DurableApplication, service: Service) -> None:
        self.parts = parts
        self.application = application
        self.service = service
        self.database = parts.database
        self.pulse = Pulse(parts.clock)
        self.delivery = Delivery(
            parts.database,
            application.bot,
            parts.clock,
            parts.rates,
            on_unreachable=partial(_unreachable, service),
            make_paper=partial(make_paper, parts.database, service),
        )
        self.jobs = Jobs(parts.database, service, parts.clock)
        self.fetcher = Fetcher(parts.database, service, application.bot, parts.clock)
        application.after_commit = self.delivery.wake

    @classmethod
    async def start(cls, **parts: Any) -> Process:
        """Ask Telegram who the bot is, and stand ready. TelegramError of getMe as it comes."""
        made = Parts(**parts)
        service = make_service(
            policy=made.policy,
            clock=made.clock,
            catalogs=made.catalogs,
            database=made.database,
            zone=made.zone,
            bot_username="",
            vault=made.vault,
        )
        application = build_application(
            token=made.token,
            api_url=made.api_url,
            service=service,
            database=made.database,
            request=made.request,
            kit=made.kit,
        )
        await application.initialize()
        service = replace(service, bot_username=application.bot.username)
        application.service = service
        return cls(made, application, service)

    async def again(self) -> Process:
        """End this one and start another with the same parts: what a restart does."""
        await self.stop()
        return await Process.start(**{name: getattr(self.parts, name) for name in Parts.__dataclass_fields__})

    async def stop(self) -> None:
        """Finish what is in hand."""
        await self.application.close_workers()
        self.delivery.close()
        await self.application.shutdown()

    async def set_command_menus(self) -> None:
        """What Telegram shows before and beside the chat: description and commands, in each language offered."""
        bot = self.application.bot
        for menu in menus_for_everybody(self.service):
            code = menu.language_code
            await bot.set_my_commands(
                list(menu.commands.items()), scope=BotCommandScopeAllPrivateChats(), language_code=code
            )
            await bot.set_my_description(menu.description, language_code=code)
            await bot.set_my_short_description(menu.short_description, language_code=code)

    async def tick(self) -> None:
        """Do what is due by now, once, in a worker thread; wake delivery."""
        await asyncio.to_thread(self.jobs.tick, self.parts.clock.now())
        self.pulse.ticked()
        self.delivery.wake()

    def store_fault(self, update_id: int | None, body: Any, error: BaseException) -> None:
        """Keep an update that nobody could read or work on. In a worker thread."""
        now = self.parts.clock.now()
        with self.database.transaction() as session:
            if update_id is not None and not claim_update(session, update_id, now):
                return
            faults.record(
                session,
                reference=self.application.fault_reference(),
                update_id=update_id,
                error=type(error).__name__,
                body=body if isinstance(body, dict) else {"raw": str(body)},
                now=now,
            )


def _unreachable(service: Service, session: Session, chat_key: int, now: datetime, reason: str) -> None:
    on_unreachable(session, service, chat_key, now, reason)
