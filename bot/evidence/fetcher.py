"""Fetches what people sent, a few files at a time, into the store; what can't be had now is tried again later.

Sizes are asked before anything is downloaded. One process does it: whoever sends the outbox.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.evidence.examine import Refused, examine
from casework.clock import Clock
from handlers.evidence.refusals import tell_refused
from handlers.turn import Service
from storage import evidence, outbox
from storage.database import Database
from storage.evidence import Fetched, Refusal, ToFetch

log = structlog.get_logger(__name__)

POLL = timedelta(seconds=5)
AT_ONCE = 3
LEASE = timedelta(minutes=10)
"""For how long a file is left to whoever took it: longer than a slow download takes."""
DOWNLOAD_LIMIT = timedelta(minutes=5)
FIRST_BACK_OFF = timedelta(minutes=1)
BACK_OFF_MOST = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=7)
_TOO_BIG = "file is too big"  # Bot API, getFile


@dataclass(frozen=True, slots=True)
class Counts:
    """What one round did."""

    stored: int = 0
    refused: int = 0
    later: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.stored + other.stored, self.refused + other.refused, self.later + other.later)

    @property
    def all(self) -> int:
        """How many files were in hand."""
        return self.stored + self.refused + self.later


class Fetcher:
    """``run`` until cancelled, or ``fetch_due`` once."""

    def __init__(self, database: Database, service: Service, bot: Bot, clock: Clock) -> None:
        self._database = database
        self._service = service
        self._bot = bot
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()  # a decoded picture takes much memory

    async def run(self) -> None:
        """Fetch until cancelled. What is in hand then is fetched again when its lease ends."""
        if self._database.dialect == "sqlite":  # its only process: what is claimed was claimed before a crash
            await asyncio.to_thread(self._free_claims)
        while True:
            try:
                done = await self.fetch_due()
            except Exception:
                log.exception("evidence_not_reached")
                done = Counts()
            if not done.all:
                await asyncio.sleep(POLL.total_seconds())

    async def fetch_due(self) -> Counts:
        """Fetch what waits by now, at most a few files; what became of them."""
        if self._service.vault.folder is None:
            return Counts()
        files = await asyncio.to_thread(self._claim)
        done = sum(await asyncio.gather(*map(self._fetch, files)), Counts())
        if done.all:
            log.info("evidence_fetched", stored=done.stored, refused=done.refused, later=done.later)
        return done

    async def _fetch(self, file: ToFetch) -> Counts:
        try:
            content = await self._download(file)
            async with self._one_at_a_time:
                return await asyncio.to_thread(self._keep, file, content)
        except Refused as error:
            await asyncio.to_thread(self._refuse, file, error.why)
            return Counts(refused=1)
        except (TelegramError, TimeoutError) as error:
            return await asyncio.to_thread(self._put_off, file, type(error).__name__)
        except Exception as error:  # one file must not keep the others waiting
            log.exception("evidence_not_kept", file=file.id)
            return await asyncio.to_thread(self._put_off, file, type(error).__name__)

    async def _download(self, file: ToFetch) -> bytes:
        most = self._service.policy.evidence.most_bytes
        if file.size is not None and file.size > most:
            raise Refused(Refusal.SIZE)
        try:
            there = await self._bot.get_file(file.file_id)
        except BadRequest as error:
            if _TOO_BIG in error.message.lower():
                raise Refused(Refusal.SIZE) from None
            raise
        if there.file_size is not None and there.file_size > most:
            raise Refused(Refusal.SIZE)
        async with asyncio.timeout(DOWNLOAD_LIMIT.total_seconds()):
            content = bytes(await there.download_as_bytearray())
        if len(content) > most:
            raise Refused(Refusal.SIZE)
        if there.file_size is not None and len(content) != there.file_size:
            raise NetworkError("the file came in part only")
        return content

    # In worker threads

    def _claim(self) -> list[ToFetch]:
        with self._database.transaction() as session:
            return evidence.claim_waiting(session, self._clock.now(), limit=AT_ONCE, lease=LEASE)

    def _free_claims(self) -> None:
        with self._database.transaction() as session:
            evidence.release_claims(session)

    def _keep(self, file: ToFetch, content: bytes) -> Counts:
        """Bytes first, then the row. A crash between leaves bytes that no row names, and they are swept."""
        now = self._clock.now()
        fetched = self._store(file, content, now)
        with self._database.transaction() as session:
            wanted = evidence.mark_stored(session, file.id, fetched, now)
        if not wanted:
            for name in fetched.names:
                self._service.vault.remove(name)
            return Counts(later=1)
        return Counts(stored=1)

    def _store(self, file: ToFetch, content: bytes, now: datetime) -> Fetched:
        most_pixels = self._service.policy.evidence.most_pixels
        examined, vault = examine(content, most_pixels), self._service.vault
        if file.clean_only and examined.copy is None and examined.content_type != _VOICE:
            raise Refused(Refusal.METADATA)
        copy = vault.write(examined.copy, now) if examined.copy is not None else None
        original = None if file.clean_only and copy else vault.write(content, now)
        return Fetched(
            sha256=hashlib.sha256(content).digest(),
            content_type=examined.content_type,
            size=len(content),
            original=original,
            copy=copy,
        )

    def _refuse(self, file: ToFetch, why: Refusal) -> None:
        with self._database.transaction() as session:
            now = self._clock.now()
            row = evidence.mark_refused(session, file.id, why)
            if row is not None:
                tell_refused(session, self._service, row, why, now)
                outbox.announce(session)

    def _put_off(self, file: ToFetch, reason: str) -> Counts:
        """Later, ever more seldom; given up after a week, when Telegram itself has forgotten it."""
        now = self._clock.now()
        if now - file.received_at > GIVE_UP_AFTER:
            self._refuse(file, Refusal.LOST)
            return Counts(refused=1)
        wait = min(FIRST_BACK_OFF * 2 ** min(file.attempts - 1, 12), BACK_OFF_MOST)
        with self._database.transaction() as session:
            evidence.postpone(session, file.id, now + wait)
        log.info("evidence_later", file=file.id, why=reason, attempts=file.attempts)
        return Counts(later=1)


_VOICE = "audio/ogg"  # Telegram's voice messages are made by its app, and say nothing beside the sound
