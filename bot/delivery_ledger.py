"""Delivery's transactions: what became of each row is written, and the next rows are claimed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import String, bindparam, update
from sqlalchemy.orm import Session

from bot.courier import Fate, Outcome
from casework.clock import Clock
from storage import data_rights, outbox
from storage.database import Database
from storage.models import OutboxMessage, Reminder, ReminderStatus
from storage.outbox import Claimed
from storage.types import UTCDateTime

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
"""For how long a claimed row is left alone by others: what was in hand at a crash waits this long."""

OnUnreachable = Callable[[Session, int, datetime, str], None]
"""Told in the same transaction: session, chat key, the instant (UTC), Telegram's reason."""

Known = dict[tuple[int, str], int]
"""Message ids by chat key and handle."""


class Ledger:
    """Writes and claims. Synchronous: to be called from one worker thread."""

    def __init__(self, database: Database, clock: Clock, on_unreachable: OnUnreachable | None = None) -> None:
        self._database = database
        self._clock = clock
        self._on_unreachable = on_unreachable

    def turn(
        self, outcomes: Sequence[Outcome], room: int, busy_chats: Collection[int]
    ) -> tuple[list[Claimed], Known]:
        """In one transaction: write ``outcomes``, then claim up to ``room`` rows of chats that aren't busy.

        Writing the same outcomes twice, after a commit of which no word came back, does no harm. Returns the
        rows, and the message ids for the handles that they name.
        """
        with self._database.transaction() as session:
            now = self._clock.now()
            if outcomes:
                self._record(session, outcomes, now)
            if room <= 0:
                return [], {}
            rows = outbox.claim(session, now, limit=room, lease=LEASE, exclude_chats=busy_chats)
            return rows, outbox.find_message_ids(session, _handles_to_edit(rows))

    def release_all(self) -> None:
        """Free every claimed row; only where no other process can have claimed one."""
        with self._database.transaction() as session:
            session.execute(_RELEASE_ALL)

    def _record(self, session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
        _record_sent(session, [outcome for outcome in outcomes if outcome.fate is Fate.SENT], now)
        untried = [outcome for outcome in outcomes if outcome.fate in (Fate.RELEASED, Fate.HELD)]
        if untried:
            outbox.release(session, [outcome.row.id for outcome in untried])
        for outcome in outcomes:
            if outcome.fate in (Fate.LATER, Fate.HELD):
                outbox.postpone(session, outcome.row.id, now + outcome.wait, outcome.reason)
            elif outcome.fate is Fate.DEAD:
                outbox.bury(session, outcome.row.id, outcome.reason)
                _fail_reminders(session, outcome.row.receipts, outcome.reason, now)
                log.warning("message_given_up", row=outcome.row.id, why=outcome.reason)
        for outcome in outcomes:
            if outcome.fate is Fate.UNREACHABLE:
                self._record_unreachable(session, outcome, now)

    def _record_unreachable(self, session: Session, outcome: Outcome, now: datetime) -> None:
        chat_key = outcome.row.chat_key
        lost = outbox.bury_chat(session, chat_key, outcome.reason)
        _fail_reminders(session, lost, outcome.reason, now)
        log.info("chat_unreachable", row=outcome.row.id, why=outcome.reason)
        if self._on_unreachable is None:
            return
        try:
            with session.begin_nested():
                self._on_unreachable(session, chat_key, now, outcome.reason)
        except Exception:  # or this row would be sent again and again, and all others with it
            log.exception("unreachable_not_recorded", row=outcome.row.id)


def _record_sent(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    if not outcomes:
        return
    outbox.delete_sent(session, [outcome.row.id for outcome in outcomes])
    called = {
        (outcome.row.chat_key, handle): outcome.message_id
        for outcome in outcomes
        for handle in (outcome.row.handle, outcome.row.edit_handle)
        if handle is not None and outcome.message_id is not None
    }
    outbox.record_all_sent(session, called, now)
    fresh = [(one.row.chat_key, one.message_id) for one in outcomes if one.fresh and one.message_id]
    data_rights.remember_messages(session, fresh, now)
    sent = [receipt for outcome in outcomes for receipt in outcome.row.receipts]
    if sent:
        session.execute(_REMINDERS_SENT, {"ids": sent, "now": now})


def _fail_reminders(session: Session, ids: Iterable[int], reason: str, now: datetime) -> None:
    """A reminder that went out in another message stays sent."""
    failed = list(ids)
    if failed:
        session.execute(_REMINDERS_FAILED, {"ids": failed, "now": now, "why": reason})


def _handles_to_edit(rows: Sequence[Claimed]) -> list[tuple[int, str]]:
    return [(row.chat_key, row.edit_handle) for row in rows if row.edit_handle]


_NOW = bindparam("now", type_=UTCDateTime())
_NOT_YET_SENT = (
    update(Reminder)
    .where(Reminder.id.in_(bindparam("ids", expanding=True)), Reminder.status != ReminderStatus.SENT.value)
    .execution_options(synchronize_session=False)
)
_REMINDERS_SENT = _NOT_YET_SENT.values(status=ReminderStatus.SENT.value, ended_at=_NOW, reason=None)
_REMINDERS_FAILED = _NOT_YET_SENT.values(
    status=ReminderStatus.FAILED.value, ended_at=_NOW, reason=bindparam("why", type_=String())
)
_RELEASE_ALL = (
    update(OutboxMessage)
    .where(OutboxMessage.claimed_until.is_not(None))
    .values(claimed_until=None)
    .execution_options(synchronize_session=False)
)
