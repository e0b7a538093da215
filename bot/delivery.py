"""The outbox's way out: claims rows, sends them in order for each chat, writes back what became of them.

How a message is sent is the courier's matter, what is written the ledger's. One dispatcher a bot paces what
leaves; two for a moment cost at most a repeated message, since claims are the database's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeVar

import structlog
from telegram import Bot
from telegram.error import InvalidToken

from bot.courier import (
    SEND_LIMIT,
    Courier,
    Fate,
    MakePaper,
    Outcome,
    TokenNotChecked,
    chat_id_of,
    counts_for_flood,
)
from bot.delivery_ledger import LEASE, Known, Ledger, OnUnreachable
from bot.rates import Rates
from casework.clock import Clock
from storage.database import Database
from storage.outbox import Claimed

log = structlog.get_logger(__name__)

IN_HAND = 20
"""Rows claimed at most at a time, which is what a crash can repeat."""
CHATS_AT_ONCE = 8
POLL = timedelta(seconds=1)
"""How often to look without being woken: for rows whose time has come, and for other processes' rows."""

GATHER_SECONDS = 0.01
"""While messages are on their way, what has come in within this time shares a transaction."""

BACK_OFF_MOST = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=6)
_TRIES_BEFORE_GIVING_UP = 8

Pause = Callable[[float], Awaitable[object]]
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Counts:
    """What happened since the start, for the health page; ``alarms`` are faults of our own messages."""

    sent: int = 0
    later: int = 0
    held: int = 0
    dead: int = 0
    alarms: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.sent += outcome.fate is Fate.SENT
        self.later += outcome.fate is Fate.LATER
        self.held += outcome.fate is Fate.HELD
        self.dead += outcome.fate in (Fate.DEAD, Fate.UNREACHABLE)
        self.alarms += outcome.our_bug


class Delivery:
    """Sends what is in the outbox. ``run`` until stopped, or ``drain`` once; never both at a time."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        clock: Clock,
        rates: Rates | None = None,
        *,
        on_unreachable: OnUnreachable | None = None,
        make_paper: MakePaper | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.counts = Counts()
        self._clock = clock
        self._rates = rates or Rates()
        self._pause = pause
        self._database = database
        self._ledger = Ledger(database, clock, on_unreachable)
        self._courier = Courier(bot, make_paper)
        # One thread for all its transactions: SQLite has one writer, and results keep their order.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="delivery")
        self._slots = asyncio.Semaphore(CHATS_AT_ONCE)
        self._stirred = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lanes: set[asyncio.Task[None]] = set()
        self._busy: set[int] = set()  # chats with rows in hand
        self._ended: set[int] = set()  # those of them whose lane is over, with results still to write
        self._outcomes: list[Outcome] = []
        self._in_hand = 0
        self._stopping = False
        self._paced = True
        self._fatal: InvalidToken | None = None
        self._told_to_wait: dict[int, datetime] = {}
        self._all_wait_until: datetime | None = None
        self._next_due: datetime | None = None

    def wake(self) -> None:
        """Look into the outbox now. From any thread; called after each commit that wrote to it."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop closed meanwhile: nothing left to wake
                loop.call_soon_threadsafe(self._stirred.set)

    def stop(self) -> None:
        """Let ``run`` end after the messages that are on their way. From the loop's thread."""
        self._stopping = True
        self._stirred.set()

    async def run(self) -> None:
        """Deliver until stopped or cancelled; either way what is on its way is finished and written back.

        Raises InvalidToken when Telegram no longer knows the token: the process has to end.
        """
        self._claim_the_loop()
        worker = asyncio.create_task(self._work(), name="delivery")
        try:
            await asyncio.shield(worker)
        except asyncio.CancelledError:
            self.stop()
            await worker
            raise
        finally:
            self._loop = None

    async def drain(self, until_empty: bool = True) -> int:
        """Send all that is due now, unpaced; how many were sent. With ``until_empty`` off, one round only."""
        self._claim_the_loop()
        self._paced = False
        sent_before = self.counts.sent
        try:
            while await self._turn() and until_empty:
                await self._lanes_over()
            await self._lanes_over()
            await self._turn(claim=False)
        finally:
            self._paced, self._loop = True, None
        if self._fatal:
            raise self._fatal
        return self.counts.sent - sent_before

    def close(self) -> None:
        """Let the database thread go."""
        self._thread.shutdown(wait=True)

    def _claim_the_loop(self) -> None:
        if self._loop is not None:
            raise RuntimeError("the outbox is being delivered already")
        self._loop = asyncio.get_running_loop()
        self._stopping, self._fatal = False, None

    async def _work(self) -> None:
        faults, released = 0, False
        while not self._stopping:
            self._stirred.clear()
            try:
                if not released:
                    # Only the leader gets here, so whoever claimed a row is gone: nobody waits for its lease.
                    await self._in_thread(self._ledger.release_all)
                    released = True
                await self._turn()
                faults = 0
            except Exception:
                faults += 1
                log.exception("outbox_not_reached", faults=faults)
                await self._pause(min(30, 2**faults))
                continue
            await self._wait_until_stirred()
        await self._lanes_over()
        await self._turn(claim=False)
        if self._fatal:
            log.critical("token_unknown", consequence="the bot stops: BOT_TOKEN is not known to Telegram")
            raise self._fatal

    async def _wait_until_stirred(self) -> None:
        """Until woken, a lane's end, the next row's known time, or the poll."""
        seconds = POLL.total_seconds()
        if self._next_due is not None:
            ahead = (self._next_due - self._clock.now()).total_seconds()
            seconds = min(seconds, max(0.01, ahead))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        if self._lanes and not self._stopping:
            await asyncio.sleep(GATHER_SECONDS)

    async def _lanes_over(self) -> None:
        while self._lanes:
            await asyncio.wait(self._lanes)

    # One transaction: results written back, new rows claimed.

    async def _turn(self, claim: bool = True) -> int:
        """Write back what is known and claim what there is room for; how many rows were claimed."""
        outcomes, self._outcomes = self._outcomes, []
        ended, self._ended = self._ended, set()
        room = IN_HAND - self._in_hand + len(outcomes) if claim and self._may_send() else 0
        if room <= 0 and not outcomes:
            self._busy -= ended
            return 0
        try:
            rows, known = await self._in_thread(self._ledger.turn, outcomes, room, self._busy - ended)
        except BaseException:
            self._outcomes[:0] = outcomes  # sent is sent: it has to be written, however late
            self._ended |= ended
            raise
        self._busy -= ended
        self._in_hand += len(rows) - len(outcomes)
        self._note(outcomes)
        self._start_lanes(rows, known)
        return len(rows)

    async def _in_thread(self, work: Callable[..., _Result], *args: object) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def _may_send(self) -> bool:
        if self._stopping or self._fatal:
            return False
        return self._all_wait_until is None or self._all_wait_until <= self._clock.now()

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        """Count what happened, and remember when the next row is due that this process knows of."""
        now = self._clock.now()
        due = [now + outcome.wait for outcome in outcomes if outcome.wait]
        if self._next_due is not None and self._next_due > now:
            due.append(self._next_due)
        self._next_due = min(due, default=None)
        for outcome in outcomes:
            self.counts.add(outcome)
            if outcome.our_bug:
                row = outcome.row
                log.error("message_of_ours_refused", row=row.id, method=row.method, why=outcome.reason)

    # One chat: its rows in order.

    def _start_lanes(self, rows: Sequence[Claimed], known: Known) -> None:
        in_order = sorted(rows, key=lambda row: (row.chat_key, row.id))
        for chat_key, of_chat in groupby(in_order, key=lambda row: row.chat_key):
            self._busy.add(chat_key)
            lane = asyncio.create_task(self._lane(chat_key, list(of_chat), known))
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)

    async def _lane(self, chat_key: int, rows: list[Claimed], known: Known) -> None:
        claim_ends = asyncio.get_running_loop().time() + LEASE.total_seconds()
        async with self._slots:
            for place, row in enumerate(rows):
                outcome = await self._deliver(row, known, claim_ends)
                self._outcomes.append(outcome)
                if outcome.stops_the_chat:
                    self._outcomes += [Outcome(later, Fate.RELEASED) for later in rows[place + 1 :]]
                    break
                _learn(known, outcome)
        self._ended.add(chat_key)
        self._stirred.set()

    async def _deliver(self, row: Claimed, known: Known, claim_ends: float) -> Outcome:
        # Without time for one whole call the row could be claimed by another process while it is sent here.
        time_left = claim_ends - asyncio.get_running_loop().time()
        if not self._may_send() or time_left < SEND_LIMIT.total_seconds():
            return Outcome(row, Fate.RELEASED)
        if self._paced and counts_for_flood(row):
            rest = self._rates.rest(chat_id_of(row), self._clock.now())
            if rest:
                return Outcome(row, Fate.HELD, "paced", wait=rest)
            hold = self._rates.take(chat_id_of(row), self._clock.now())
            if hold:
                await self._pause(hold.total_seconds())
        return await self._carry(row, known.get((row.chat_key, row.edit_handle or "")))

    async def _carry(self, row: Claimed, message_id: int | None) -> Outcome:
        try:
            outcome = await self._courier.deliver(row, message_id)
        except InvalidToken as error:
            self._fatal = error
            self.stop()
            return Outcome(row, Fate.RELEASED)
        except TokenNotChecked:
            outcome = Outcome(row, Fate.LATER, "token not checked")
        except Exception as error:  # a fault of ours must cost one row, not the queue
            log.exception("courier_failed", row=row.id)
            outcome = Outcome(row, Fate.LATER, type(error).__name__, our_bug=True)
        if outcome.fate is Fate.LATER:
            return _backed_off(outcome, self._clock.now())
        if outcome.fate is Fate.HELD:
            self._heed(row.chat_key, self._clock.now() + outcome.wait)
        return outcome

    def _heed(self, chat_key: int, until: datetime) -> None:
        """Telegram does not say whether one chat or the whole bot was too fast; two chats mean the bot."""
        now = self._clock.now()
        waiting = {chat: end for chat, end in self._told_to_wait.items() if end > now and chat != chat_key}
        if waiting:
            self._all_wait_until = max(until, *waiting.values())
        self._told_to_wait = {**waiting, chat_key: until}


def _learn(known: Known, outcome: Outcome) -> None:
    """What one message of a chat is called matters to the next, before it is written anywhere."""
    row = outcome.row
    if outcome.message_id is not None:
        for handle in (row.handle, row.edit_handle):
            if handle:
                known[row.chat_key, handle] = outcome.message_id


def _backed_off(outcome: Outcome, now: datetime) -> Outcome:
    """When to try again: after 2, 4, 8 … 300 s; given up after six hours and no fewer than eight tries."""
    tries = outcome.row.attempts
    if tries >= _TRIES_BEFORE_GIVING_UP and now - outcome.row.created_at >= GIVE_UP_AFTER:
        return replace(outcome, fate=Fate.DEAD, reason=f"given up: {outcome.reason}")
    return replace(outcome, wait=min(BACK_OFF_MOST, timedelta(seconds=2 ** min(tries, 10))))
