"""Long polling that confirms an update to Telegram only after its transaction has committed.

Updates of one chat are worked on in order, different chats side by side. What was in hand when the process
died is delivered again; to know it by its id is the matter of whoever processes an update.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.health import Pulse
from bot.telegram_errors import judge
from bot.telegram_http import form

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
LONG_POLL_SECONDS = 30
AT_ONCE = 32
BATCH = 100
_FEW = 8  # so few left in hand that it is time to ask for more
_PATIENCE = 0.25  # seconds to wait for the hand to empty before asking all the same
_BACK_OFF_MOST = 30.0
_TRIES = 5

ProcessUpdate = Callable[[Update], Awaitable[None]]
Pause = Callable[[float], Awaitable[object]]


class StoreFault(Protocol):
    """Keeps an update that can't be worked on; called in a worker thread. Raises when it could not."""

    def __call__(self, update_id: int | None, body: Any, error: BaseException) -> None: ...


class Poller:
    """Asks Telegram for updates and hands them to ``process``, which returns after the commit.

    What ``process`` raises of ``not_committed`` means that the database is away: the update is tried until it
    commits. One that can't be read, or that raises anything else five times, goes to ``store_fault`` and is
    confirmed, so that it blocks nobody.
    """

    def __init__(
        self,
        bot: Bot,
        process: ProcessUpdate,
        store_fault: StoreFault,
        pulse: Pulse,
        *,
        not_committed: tuple[type[Exception], ...],
        pause: Pause = asyncio.sleep,
        long_poll_seconds: int = LONG_POLL_SECONDS,
    ) -> None:
        self._bot = bot
        self._process = process
        self._store_fault = store_fault
        self._pulse = pulse
        self._not_committed = not_committed
        self._pause = pause
        self._long_poll = long_poll_seconds
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._committed: dict[int, bool] = {}  # by update id, in the order of arrival
        self._done_since_asked: set[int] = set()
        self._offset: int | None = None
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._progress = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask no more; ``run`` ends once what is in hand has committed."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until stopped or cancelled. Raises InvalidToken when Telegram does not know the token."""
        self._stopping.clear()
        faults = 0
        try:
            while not self._stopping.is_set():
                try:
                    arrived = await self._until_stopped(self._ask())
                except TelegramError as error:
                    faults += 1
                    await self._after_fault(error, faults)
                    continue
                if arrived is None:
                    break
                faults = 0
                self._pulse.heard()
                fresh = self._hand_out(arrived)
                await self._let_work(fresh)
        finally:
            await self._finish()

    async def _ask(self) -> list[dict[str, Any]]:
        """One getUpdates, raw: an update that can't be read must not cost the whole batch."""
        in_hand = bool(self._committed)
        self._done_since_asked.clear()
        wait = 0 if in_hand else self._long_poll
        parameters = {
            "offset": self._offset,
            "timeout": wait,
            "limit": BATCH,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        request = self._bot.request
        read_timeout = (request.read_timeout or 5.0) + wait
        result = await request.post(
            f"{self._bot.base_url}/getUpdates", form(parameters), read_timeout=read_timeout
        )
        return result if isinstance(result, list) else []

    async def _until_stopped(self, asking: Awaitable[list[dict[str, Any]]]) -> list[dict[str, Any]] | None:
        asked = asyncio.ensure_future(asking)
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return await asked if asked.done() else None
        finally:
            for task in (asked, stopped):
                task.cancel()
            await asyncio.gather(asked, stopped, return_exceptions=True)

    async def _after_fault(self, error: TelegramError, faults: int) -> None:
        if isinstance(error, InvalidToken):
            log.critical("token_unknown", consequence="the bot stops: BOT_TOKEN is not known to Telegram")
            raise error
        if isinstance(error, Conflict):
            log.error("second_reader", advice="another copy of the bot, or a webhook, takes its updates")
        else:
            log.warning("updates_not_reached", kind=type(error).__name__, faults=faults)
        seconds = min(_BACK_OFF_MOST, 0.5 * 2 ** min(faults, 10))
        if isinstance(error, RetryAfter):
            seconds = judge(error).wait.total_seconds()
        await self._until_stopped_or(self._pause(seconds))

    async def _until_stopped_or(self, waiting: Awaitable[object]) -> None:
        async def nothing() -> list[dict[str, Any]]:
            await waiting
            return []

        await self._until_stopped(nothing())

    # What was received: handed out once, in order for each chat.

    def _hand_out(self, arrived: list[dict[str, Any]]) -> int:
        fresh = 0
        for body in arrived:
            update_id = body["update_id"]
            if update_id in self._committed or update_id in self._done_since_asked:
                continue  # Telegram repeats what was in hand as we asked, since it was not confirmed yet
            fresh += 1
            self._committed[update_id] = False
            try:
                update = Update.de_json(_without_keyboard(body), self._bot)
            except Exception as error:
                self._start(self._set_aside(update_id, body, error))
            else:
                self._queue(update)
        return fresh

    def _queue(self, update: Update) -> None:
        key = _chat_of(update)
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[key] = deque([update])
        self._start(self._work_through(key))

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_through(self, key: int) -> None:
        lane = self._lanes[key]
        while lane:
            update = lane.popleft()
            async with self._slots:
                await self._work(update)
        del self._lanes[key]

    async def _work(self, update: Update) -> None:
        tries = 0
        while True:
            try:
                await self._process(update)
            except Exception as error:
                tries += 1
                log.warning("update_not_processed", update=update.update_id, kind=type(error).__name__)
                if tries >= _TRIES and not isinstance(error, self._not_committed):
                    await self._set_aside(update.update_id, update.to_dict(), error)
                    return
                await self._pause(min(_BACK_OFF_MOST, 0.25 * 2 ** min(tries, 10)))
            else:
                self._commit(update.update_id)
                return

    async def _set_aside(self, update_id: int, body: dict[str, Any], error: Exception) -> None:
        faults = 0
        while True:
            try:
                await asyncio.to_thread(self._store_fault, update_id, body, error)
            except Exception as fault:
                faults += 1
                log.error("fault_not_stored", update=update_id, kind=type(fault).__name__)
                await self._pause(min(_BACK_OFF_MOST, 0.5 * 2 ** min(faults, 10)))
            else:
                self._commit(update_id)
                return

    def _commit(self, update_id: int) -> None:
        """Mark as committed, and move the offset past all that have nothing uncommitted before them."""
        self._committed[update_id] = True
        for first, committed in list(self._committed.items()):
            if not committed:
                break
            del self._committed[first]
            self._done_since_asked.add(first)
            self._offset = first + 1
        self._progress.set()

    async def _let_work(self, fresh: int) -> None:
        """Ask again once little is in hand: asking sooner only brings the same updates again."""
        enough = min(_FEW, fresh // 4) if fresh else len(self._committed) - 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while sum(not done for done in self._committed.values()) > max(0, enough):
                    self._progress.clear()
                    await self._progress.wait()

    async def _finish(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._offset is not None:
            with contextlib.suppress(TelegramError):
                # Confirms; what it may bring is not confirmed, and comes again at the next start.
                await self._bot.request.post(
                    f"{self._bot.base_url}/getUpdates",
                    form({"offset": self._offset, "timeout": 0, "limit": 1}),
                )


def _without_keyboard(body: dict[str, Any]) -> dict[str, Any]:
    """A press without the keyboard that it was on: nobody reads it, and it takes longest to parse."""
    press = body.get("callback_query")
    if not isinstance(press, dict) or not isinstance(press.get("message"), dict):
        return body
    message = {name: value for name, value in press["message"].items() if name != "reply_markup"}
    return {**body, "callback_query": {**press, "message": message}}


def _chat_of(update: Update) -> int:
    """One order for a person's messages and presses; updates without a chat need none among themselves."""
    chat = update.effective_chat
    return chat.id if chat else -update.update_id
