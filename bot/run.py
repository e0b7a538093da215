"""The live bot, from settings to a clean stop: by long polling, or by webhook where one is set."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator
from typing import Any
from urllib.parse import urlsplit

import structlog
import uvicorn
from telegram.error import InvalidToken, TelegramError

from bot.application import WORKERS_ON_POSTGRES
from bot.clock import SystemClock
from bot.health import Health
from bot.leader import Leader
from bot.polling import ALLOWED_UPDATES, Poller
from bot.process import Process
from bot.rates import Rates
from bot.scheduler import Scheduler
from bot.settings import Settings, SettingsError
from bot.telegram_http import AiohttpRequest
from bot.updates import NotCommitted
from bot.webhook import Webhook, create_app
from casework.policy import parse_policy
from handlers.words import Catalogs
from storage.crypto import Keyring
from storage.database import Database
from storage.migrations import current_revision, head_revision, upgrade
from storage.reindexing import fill_where_empty

log = structlog.get_logger(__name__)

WEBHOOK_AGAIN_SECONDS = 60.0


def run(settings: Settings) -> None:
    """Run until told to stop. SettingsError, PolicyError, WrongKey and telegram's errors say why it can't."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    policy = parse_policy(settings.policy_file.read_text(encoding="utf-8"))
    database = open_database(settings)
    process = await Process.start(
        token=settings.bot_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        database=database,
        policy=policy,
        catalogs=Catalogs.load(),
        clock=SystemClock(),
        zone=settings.zone,
        request=AiohttpRequest(),
        rates=Rates(),
        data_dir=settings.data_dir,
    )
    log.info("started", bot=process.service.bot_username, database=database.dialect)
    try:
        await _until_stopped(settings, process)
    finally:
        await process.stop()
        database.close()
    log.info("stopped")


def open_database(settings: Settings) -> Database:
    """The database, at the present revision, with keys that open it.

    An SQLite database is migrated here, since this is its only process; PostgreSQL has its own deploy step.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keyring = Keyring.from_text(settings.encryption_keys.get_secret_value())
    database = Database(settings.database_url.get_secret_value(), keyring)
    if database.dialect == "sqlite":
        upgrade(database)
    elif current_revision(database) != head_revision():
        raise SettingsError("The tables are not up to date; run: python -m bot migrate")
    with database.transaction() as session:
        database.check_keys(session)
    fill_where_empty(database)
    return database


async def _until_stopped(settings: Settings, process: Process) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    leader = Leader(process.database, on_outbox=process.delivery.wake)
    intake = _webhook(settings, process, leader) if settings.webhook_url else _polling(process)
    tasks = [
        asyncio.create_task(intake, name="intake"),
        asyncio.create_task(leader.run(lambda: lead(process, settings)), name="leader"),
        asyncio.create_task(_menus(process), name="menus"),
    ]
    stopped = asyncio.create_task(stop.wait(), name="stop")
    await _first_end(tasks, stopped)


async def _first_end(tasks: list[asyncio.Task[None]], stopped: asyncio.Task[Any]) -> None:
    """Until told to stop, or until one of the tasks fails; intake ends first, delivery after it."""
    running: set[asyncio.Task[Any]] = {*tasks, stopped}
    try:
        while not stopped.done():
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopped}:
                task.result()
    finally:
        stopped.cancel()
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


async def lead(process: Process, settings: Settings | None = None) -> None:
    """What only one process does: send the outbox, fetch files, look at the calendar, set the webhook.

    InvalidToken where Telegram does not know the token.
    """
    aside = []
    if settings is not None and settings.webhook_url and not await _webhook_is_set(settings, process):
        aside.append(asyncio.create_task(_keep_setting_webhook(settings, process), name="webhook"))
    calendar = Scheduler(process.tick)
    calendar.start()
    aside.append(asyncio.create_task(process.fetcher.run(), name="evidence"))
    try:
        await process.delivery.run()
    finally:
        calendar.stop()
        for task in aside:
            task.cancel()
        await asyncio.gather(*aside, return_exceptions=True)


def make_poller(process: Process) -> Poller:
    """The long poll of this process."""
    return Poller(
        process.application.bot,
        process.application.process_update,
        process.store_fault,
        process.pulse,
        not_committed=(NotCommitted,),
    )


async def _polling(process: Process) -> None:
    """Poll; a webhook that was set before would keep every update from us, so it goes first."""
    try:
        await process.application.bot.delete_webhook(drop_pending_updates=False)
    except TelegramError as error:
        log.warning("webhook_not_deleted", kind=type(error).__name__)
    await make_poller(process).run()


def _webhook(settings: Settings, process: Process, leader: Leader) -> Coroutine[Any, Any, None]:
    url, secret = settings.webhook_url or "", settings.webhook_secret
    health = Health(process.database, process.parts.clock, process.pulse, polls=False)
    webhook = Webhook(
        process.application.bot,
        process.application.process_update,
        process.store_fault,
        health,
        secret=secret.get_secret_value() if secret else "",
    )
    app = create_app(webhook, urlsplit(url).path or "/", health, lambda: leader.leading)
    host, _, port = settings.webhook_listen.rpartition(":")
    config = uvicorn.Config(
        app, host=host.strip("[]"), port=int(port), log_config=None, access_log=False, lifespan="off"
    )
    return _serve(QuietServer(config))


class QuietServer(uvicorn.Server):
    """A web server that leaves the process's signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def _serve(server: uvicorn.Server) -> None:
    """Serve until cancelled; requests in hand are finished first."""
    serving = asyncio.ensure_future(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


async def _keep_setting_webhook(settings: Settings, process: Process) -> None:
    """Once a minute until it worked. A token that is no longer known ends delivery, and with it the process."""
    while True:
        await asyncio.sleep(WEBHOOK_AGAIN_SECONDS)
        if await _webhook_is_set(settings, process):
            return


async def _webhook_is_set(settings: Settings, process: Process) -> bool:
    """Try once. Without it the bot can still send, so a failure is logged; InvalidToken goes through."""
    try:
        await _set_webhook(settings, process)
    except InvalidToken:
        raise
    except TelegramError as error:
        log.warning("webhook_not_set", kind=type(error).__name__)
        return False
    return True


async def _set_webhook(settings: Settings, process: Process) -> None:
    """Tell Telegram where to call. Nothing that waits there is dropped."""
    secret = settings.webhook_secret
    await process.application.bot.set_webhook(
        settings.webhook_url or "",
        secret_token=secret.get_secret_value() if secret else None,
        allowed_updates=list(ALLOWED_UPDATES),
        max_connections=WORKERS_ON_POSTGRES,
    )


async def _menus(process: Process) -> None:
    """Command menus are a nicety: their failure is logged and stops nothing."""
    try:
        await process.set_command_menus()
    except TelegramError as error:
        log.warning("command_menus_not_set", kind=type(error).__name__)
