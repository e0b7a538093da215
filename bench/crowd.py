"""People who fill in the form: all at once, each as soon as they are answered, or at a given rate.

Times are taken where Telegram is: from the moment a person sent something until the bot's new message
for it arrived there, so waiting anywhere is counted.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import deque
from dataclasses import dataclass
from functools import partial

from bench.script import ACTS, ANSWERS, SEND, START
from bot.sandbox.chats import Chat, Stored
from bot.sandbox.person import Person
from bot.sandbox.world import Telegram

_user_ids = itertools.count(7_000_000_001)  # past 32 bits, as real ones are
_SEED = 42


@dataclass(frozen=True, slots=True)
class Played:
    """One run: updates that were answered, the seconds it took, and each one's seconds to the answer."""

    updates: int
    seconds: float
    waits: tuple[float, ...]

    @property
    def a_second(self) -> float:
        """Updates a second."""
        return self.updates / self.seconds

    def wait(self, share: float) -> float:
        """The wait in seconds that this share of the updates did not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Filler:
    """One person with one form at a time."""

    def __init__(self, world: Telegram) -> None:
        self.person = Person(world, next(_user_ids), "Ada Lovelace")
        self._chat = world.chats[self.person.user_id]
        self._done = 0
        self._since: float | None = None
        self._first_new = 0

    def act(self, since: float | None = None) -> None:
        """Do what comes next. ``since``: when this person wanted to, if that was earlier."""
        self._since = time.perf_counter() if since is None else since
        self._first_new = self._chat.next_message_id
        place = self._done % ACTS
        if place == 0:
            self.person.say(START)
        elif place <= len(ANSWERS):
            self.person.say(ANSWERS[place - 1])
        else:
            self.person.tap(SEND)

    def answered(self, stored: Stored) -> float | None:
        """The wait, if this is the message that was waited for."""
        if self._since is None or stored.data["message_id"] < self._first_new or "edit_date" in stored.data:
            return None
        wait, self._since = time.perf_counter() - self._since, None
        self._done += 1
        return wait

    @property
    def finished(self) -> bool:
        """Whether a whole form was sent."""
        return self._done == ACTS


class Crowd:
    """So many new people in a world; to be played once."""

    def __init__(self, world: Telegram, people: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._world = world
        self._by_chat = {filler.person.user_id: filler for filler in (_Filler(world) for _ in range(people))}
        self._waits: list[float] = []
        self._wanted = 0
        self._last = 0.0
        self._all_answered = asyncio.Event()
        self._idle: deque[_Filler] | None = None
        self._late: deque[float] = deque()

    async def all_at_once(self, seconds: float) -> Played:
        """Everybody fills in one form as fast as the bot lets them. TimeoutError after so many seconds."""
        self._wanted = len(self._by_chat) * ACTS
        start = time.perf_counter()
        for filler in self._by_chat.values():
            filler.act()
        return await self._played(start, seconds)

    async def at_rate(self, a_second: float, seconds: float) -> Played:
        """People act at random moments (Poisson), so many a second on average, whether answered or not."""
        chance = random.Random(_SEED)
        self._wanted = round(a_second * seconds)
        self._idle = deque(self._by_chat.values())
        start = at = time.perf_counter()
        for _ in range(self._wanted):
            at += chance.expovariate(a_second)
            self._loop.call_later(at - time.perf_counter(), self._somebody_acts)
        return await self._played(start, 2 * seconds + 20)

    def _somebody_acts(self) -> None:
        assert self._idle is not None
        if self._idle:
            self._idle.popleft().act()
        else:
            self._late.append(time.perf_counter())

    async def _played(self, start: float, seconds: float) -> Played:
        self._world.watchers.append(self._changed)
        try:
            async with asyncio.timeout(seconds):
                await self._all_answered.wait()
        finally:
            self._world.watchers.remove(self._changed)
        return Played(len(self._waits), self._last - start, tuple(self._waits))

    def _changed(self, chat: Chat, stored: Stored) -> None:
        filler = self._by_chat.get(chat.chat_id) if stored.from_bot else None
        wait = filler.answered(stored) if filler else None
        if filler is None or wait is None:
            return
        self._waits.append(wait)
        self._last = time.perf_counter()
        if len(self._waits) == self._wanted:
            self._all_answered.set()
        self._next(filler)

    def _next(self, filler: _Filler) -> None:
        # Not at once: the world is in the middle of the bot's call.
        if self._idle is None:
            if not filler.finished:
                self._loop.call_soon(filler.act)
        elif self._late:
            self._loop.call_soon(partial(filler.act, self._late.popleft()))
        else:
            self._idle.append(filler)
