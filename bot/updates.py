"""One update, one transaction: claim, place, handlers, answers and outgoing messages commit together or not at all.

The whole of it runs in one worker thread, from begin to commit, so that the event loop keeps to the network.
PTB's dispatch is a coroutine; it is driven there without a loop, which also holds the rule that a handler
never waits for anything but the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application

from casework.clock import to_the_day
from handlers.incoming import Incoming, read_update
from handlers.officers.unreachable import came_back
from handlers.turn import Service, current_turn, load_turn
from handlers.words import Html
from storage import data_rights, faults, outbox
from storage.database import Database
from storage.locks import lock_chat
from storage.updates import claim_update

log = structlog.get_logger(__name__)

TRIES = 4
FIRST_PAUSE_SECONDS = 0.05
_FAULT_CHARACTERS = "34679BCDFGHJKMNPQRTVWXY"

_errors: ContextVar[list[Exception]] = ContextVar("errors_of_this_update")


class HandlerWaited(RuntimeError):
    """A handler awaited something. Handlers write rows; whatever needs the network is a job's or delivery's."""


class NotCommitted(Exception):
    """The database could not be reached or did not commit: Telegram is to deliver the update again."""


def drive(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that never waits to its end, without an event loop. HandlerWaited where it does."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise HandlerWaited("a handler awaited something other than the database")


@dataclass(slots=True)
class Committed:
    """What is left to do after the commit."""

    press_id: str | None = None
    news: bool = False  # whether there may be something in the outbox


class DurableApplication(Application[Any, Any, Any, Any, Any, Any]):
    """PTB's application, whose ``process_update`` returns after the commit."""

    def __init__(
        self,
        *,
        service: Service,
        database: Database,
        workers: int,
        after_commit: Callable[[], None] = lambda: None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.service = service
        self.database = database
        self.after_commit = after_commit
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="update")
        self._chats: dict[int, tuple[asyncio.Lock, int]] = {}
        self._answers: set[asyncio.Task[None]] = set()

    async def process_update(self, update: object) -> None:
        """Work on ``update`` and commit. NotCommitted when it has to be delivered again."""
        if not isinstance(update, Update):
            return
        loop = asyncio.get_running_loop()
        chat = update.effective_chat.id if update.effective_chat else -update.update_id
        async with self._turn_of(chat):
            done: Committed = await loop.run_in_executor(
                self._threads, copy_context().run, self._work, update
            )
        if done.news:
            self.after_commit()
        if done.press_id is not None:
            task = loop.create_task(self._answer(done.press_id))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def process_error(
        self, update: object, error: Exception, job: Any = None, coroutine: Any = None
    ) -> bool:
        """Keep the error for the transaction to see; True, so that no later group goes on with half an update."""
        _errors.get().append(error)
        return True

    async def close_workers(self) -> None:
        """Wait for what is in hand; nothing new is taken."""
        await asyncio.to_thread(self._threads.shutdown)
        for task in tuple(self._answers):
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @contextlib.asynccontextmanager
    async def _turn_of(self, chat: int) -> Any:
        """First come, first served within a chat, so that waiters take no thread and no connection."""
        lock, waiting = self._chats.get(chat, (asyncio.Lock(), 0))
        self._chats[chat] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._chats[chat]
            if waiting == 1:
                del self._chats[chat]
            else:
                self._chats[chat] = (lock, waiting - 1)

    async def _answer(self, press_id: str) -> None:
        """Take the spinner off the button: after the commit, best effort, never with words in it."""
        try:
            await self.bot.answer_callback_query(press_id)
        except TelegramError as error:
            log.info("press_not_answered", error=type(error).__name__)

    # In the worker thread

    def _work(self, update: Update) -> Committed:
        incoming = read_update(update)
        for attempt in range(1, TRIES + 1):
            errors: list[Exception] = []
            _errors.set(errors)
            try:
                return self._attempt(update, incoming, errors)
            except (DBAPIError, StaleDataError) as error:
                log.warning(
                    "update_retried", update=update.update_id, attempt=attempt, error=type(error).__name__
                )
                if attempt == TRIES:
                    return self._give_up(update, incoming, error)
                time.sleep(FIRST_PAUSE_SECONDS * 2**attempt)  # in a worker thread, never on the loop
            except Exception as error:
                return self._give_up(update, incoming, error)
        raise AssertionError("unreachable")

    def _attempt(self, update: Update, incoming: Incoming | None, errors: list[Exception]) -> Committed:
        with self.database.transaction() as session:
            if not claim_update(session, update.update_id, self.service.clock.now()):
                return Committed(_press_id(incoming))
            if incoming is None or not incoming.private:
                return Committed()
            lock_chat(session, self.service.keyring.chat_key(incoming.chat_id))
            turn = load_turn(session, self.service, incoming)
            if turn.person.unreachable_since is not None and incoming.blocked is None:
                came_back(session, self.service, turn.person, turn.now)  # who writes can be written to
            current_turn.set(turn)
            drive(super().process_update(update))
            if errors:
                raise errors[0]
            if incoming.message_id is not None:
                data_rights.remember_messages(session, [(turn.chat_key, incoming.message_id)], turn.now)
            turn.dialog.updated_at = to_the_day(turn.now)
            outbox.announce(session)
        return Committed(_press_id(incoming), news=True)

    def _give_up(self, update: Update, incoming: Incoming | None, error: Exception) -> Committed:
        """Nothing of the failed try stays; what stays is the fault, and an apology with its reference.

        A claim is taken for it, so that one bad update never blocks a chat. When even that can't be
        committed, the database is away, and the update is not acknowledged.
        """
        reference = self.fault_reference()
        with contextlib.suppress(Exception):  # a log that can't be written must not cost the apology
            log.error("update_failed", update=update.update_id, fault=reference, exc_info=error)
        try:
            with self.database.transaction() as session:
                now = self.service.clock.now()
                if not claim_update(session, update.update_id, now):
                    return Committed(_press_id(incoming))
                faults.record(
                    session,
                    reference=reference,
                    update_id=update.update_id,
                    error=type(error).__name__,
                    body=_body_of(update),
                    now=now,
                )
                self._apologise(session, incoming, reference)
        except Exception as again:
            raise NotCommitted(type(again).__name__) from again
        return Committed(_press_id(incoming), news=True)

    def _apologise(self, session: Session, incoming: Incoming | None, reference: str) -> None:
        if incoming is None or not incoming.private or incoming.blocked is not None:
            return
        turn = load_turn(session, self.service, incoming)
        phone = self.service.policy.phone_of(None).value
        turn.say(Html(turn.words("common.fault", phone=phone, fault=reference)))

    def fault_reference(self) -> str:
        """Short enough to be read out on the phone: ``F4-7K``."""
        four = "".join(self.service.choose(_FAULT_CHARACTERS) for _ in range(4))
        return f"{four[:2]}-{four[2:]}"


def _body_of(update: Update) -> dict[str, Any]:
    """What is kept of an update that failed: of a press not the message under it, which can hold answers."""
    body = update.to_dict()
    body.get("callback_query", {}).pop("message", None)
    return body


def _press_id(incoming: Incoming | None) -> str | None:
    return incoming.press.query_id if incoming is not None and incoming.press is not None else None
