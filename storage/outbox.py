"""The outbox: rows to be sent, written with what caused them, and claimed by whoever sends.

A chat's rows leave in the order of their ids. A claim is a lease: what isn't reported back in time is given
out again, so a message may be sent twice but never lost. Sending itself is `bot.delivery`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CursorResult,
    Executable,
    LargeBinary,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    null,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from casework.clock import to_the_day
from storage.crypto import WrongKey
from storage.dialects import dialect_of, insert_statements, table_of
from storage.models import OutboxMessage, SentMessage
from storage.types import EncryptedJSON

MOST_ROWS_PER_CHAT = 3

_ROWS = table_of(OutboxMessage)
_SENT = table_of(SentMessage)
_PAYLOAD = EncryptedJSON("outbox.payload")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A row to be sent now. ``attempts`` counts this one in."""

    id: int
    chat_key: int
    method: str
    payload: dict[str, Any]
    handle: str | None
    edit_handle: str | None
    attempts: int
    receipts: tuple[int, ...]
    case_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A new message to one chat, one of many."""

    chat_key: int
    payload: dict[str, Any]
    handle: str | None = None
    case_id: int | None = None


def add(
    session: Session,
    *,
    chat_key: int,
    method: str,
    payload: dict[str, Any],
    now: datetime,
    not_before: datetime | None = None,
    handle: str | None = None,
    edit_handle: str | None = None,
    dedupe_key: str | None = None,
    receipts: Iterable[int] = (),
    case_id: int | None = None,
) -> int | None:
    """Write a row and return its id; None when the outbox holds one with this ``dedupe_key``.

    A row is deleted once sent, and its ``dedupe_key`` with it: what must never be said twice needs a mark of
    its own in the same transaction (a reminder's status, a job's slot, the update's claim).
    """
    values = {
        "chat_key": chat_key,
        "method": method,
        "payload": payload,
        "handle": handle,
        "edit_handle": edit_handle,
        "dedupe_key": dedupe_key,
        "attempts": 0,
        "not_before": not_before or now,
        "dead": False,
        "receipts": list(receipts),
        "case_id": case_id,
        "created_at": now,
    }
    row: int | None = _run(session, _ADD[dialect_of(session)], values).scalar_one_or_none()
    return row


def add_messages(session: Session, messages: Sequence[Message], now: datetime) -> None:
    """Write a new message for each of many chats, in one statement."""
    if not messages:
        return
    values: list[dict[str, Any]] = [
        {
            "chat_key": message.chat_key,
            "method": "sendMessage",
            "payload": message.payload,
            "handle": message.handle,
            "edit_handle": None,
            "dedupe_key": None,
            "attempts": 0,
            "not_before": now,
            "dead": False,
            "receipts": [],
            "case_id": message.case_id,
            "created_at": now,
        }
        for message in messages
    ]
    _run(session, insert(_ROWS), values)


def announce(session: Session) -> None:
    """Wake the process that sends, once this transaction commits (PostgreSQL: NOTIFY outbox)."""
    if dialect_of(session) == "postgresql":
        session.execute(_NOTIFY)


def claim(
    session: Session,
    now: datetime,
    *,
    limit: int = 20,
    lease: timedelta = timedelta(seconds=30),
    exclude_chats: Collection[int] = (),
) -> list[Claimed]:
    """Take up to ``limit`` rows that may be sent, oldest first, for the length of ``lease``.

    Of each chat the first rows only, at most three, and none while an earlier one waits or is claimed. Any
    number of processes may claim at once. A row that can't be decrypted is buried, so that it blocks nobody.
    """
    heads = _HEADS_LOCKED if dialect_of(session) == "postgresql" else _HEADS
    chats = _run(session, heads, {"now": now, "excluded": list(exclude_chats), "most": limit}).scalars()
    due = _due_rows(session, list(chats), now)[:limit]
    if not due:
        return []
    _run(session, _LEASE, {"ids": [row.id for row in due], "until": now + lease})
    return [claimed for row in due if (claimed := _open(session, row))]


def delete_sent(session: Session, ids: Collection[int]) -> None:
    """Delete rows that were sent."""
    _run(session, _DELETE, {"ids": list(ids)})


def postpone(session: Session, row_id: int, not_before: datetime, error: str) -> None:
    """Give a claimed row back, not to be sent before an instant. Later rows of its chat wait with it."""
    session.execute(_POSTPONE, {"row_id": row_id, "until": not_before, "why": error})


def release(session: Session, ids: Collection[int]) -> None:
    """Give claimed rows back untried: an earlier row of their chat could not be sent."""
    session.execute(_RELEASE, {"ids": list(ids)})


def bury(session: Session, row_id: int, error: str) -> None:
    """Give a row up for good. It stays for an operator to see why, and no longer holds up its chat.

    What it said goes, unless it carries reminders: those are of the team's, and have to be made good.
    """
    _empty(session, session.execute(_BURY, {"row_id": row_id, "why": error}).all())


def bury_chat(session: Session, chat_key: int, error: str) -> list[int]:
    """Give up everything that waits for a chat, as `bury` does. Returns the ids of the reminders among it."""
    lost = session.execute(_BURY_CHAT, {"chat": chat_key, "why": error}).all()
    _empty(session, lost)
    return [receipt for row in lost for receipt in row.receipts]


def _empty(session: Session, buried: Iterable[Any]) -> None:
    without_receipts = [row.id for row in buried if not row.receipts]
    if without_receipts:
        session.execute(_EMPTY, {"ids": without_receipts})


def next_due_at(session: Session) -> datetime | None:
    """The instant from which some row may be sent; None when the outbox is empty. It may be past."""
    waits: datetime | None = session.execute(_NEXT_DUE).scalar_one_or_none()
    return waits


def record_sent(session: Session, *, chat_key: int, handle: str, message_id: int, now: datetime) -> None:
    """Remember which message carries a handle; the last one sent under it counts."""
    record_all_sent(session, {(chat_key, handle): message_id}, now)


def record_all_sent(session: Session, message_ids: Mapping[tuple[int, str], int], now: datetime) -> None:
    """The same for several, by (chat key, handle)."""
    day = to_the_day(now)
    values = [
        {"chat_key": chat_key, "handle": handle, "message_id": message_id, "sent_at": day}
        for (chat_key, handle), message_id in message_ids.items()
    ]
    if values:
        _run(session, _RECORD_SENT[dialect_of(session)], values)


def find_message_ids(session: Session, handles: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The message ids of those (chat key, handle) pairs that were sent."""
    if not handles:
        return {}
    found = _run(session, _FIND_SENT, {"pairs": list(handles)})
    return {(row.chat_key, row.handle): row.message_id for row in found}


def _run(session: Session, statement: Executable, values: Any) -> CursorResult[Any]:
    """Run a statement that concerns no object of the session.

    The session itself would first write whatever an act has changed so far, and then write it again later.
    """
    return session.connection().execute(statement, values)


def _due_rows(session: Session, chats: list[int], now: datetime) -> list[Any]:
    """The first rows of these chats up to the first one that has to wait, oldest first."""
    if not chats:
        return []
    due, held = [], set[int]()
    for row in _run(session, _FIRST_OF_CHATS, {"chats": chats}):
        waits = row.not_before > now or (row.claimed_until is not None and row.claimed_until > now)
        if waits:
            held.add(row.chat_key)
        elif row.chat_key not in held:
            due.append(row)
    return due


def _open(session: Session, row: Any) -> Claimed | None:
    try:
        payload = _PAYLOAD.process_result_value(row.sealed, session.get_bind().dialect)
    except WrongKey as error:
        bury(session, row.id, str(error))
        return None
    return Claimed(
        id=row.id,
        chat_key=row.chat_key,
        method=row.method,
        payload=payload,
        handle=row.handle,
        edit_handle=row.edit_handle,
        attempts=row.attempts + 1,
        receipts=tuple(row.receipts),
        case_id=row.case_id,
        created_at=row.created_at,
    )


_ADD = insert_statements(
    _ROWS,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(_ROWS.c.id),
)
_NOTIFY = text("NOTIFY outbox")

_NOW = bindparam("now", type_=_ROWS.c.not_before.type)
_ALIVE = not_(_ROWS.c.dead)
_earlier = _ROWS.alias("earlier")

# Only the first living row of a chat stands for it. Whoever wants any row of the chat must lock that one, so
# two processes never share a chat. Locking all rows would skip a locked first one, and take the second.
_IS_HEAD = (
    ~select(1)
    .where(_earlier.c.chat_key == _ROWS.c.chat_key, _earlier.c.id < _ROWS.c.id, not_(_earlier.c.dead))
    .exists()
)
_HEADS = (
    select(_ROWS.c.chat_key)
    .where(
        _ALIVE,
        _ROWS.c.not_before <= _NOW,
        or_(_ROWS.c.claimed_until.is_(None), _ROWS.c.claimed_until <= _NOW),
        _ROWS.c.chat_key.not_in(bindparam("excluded", expanding=True)),
        _IS_HEAD,
    )
    .order_by(_ROWS.c.id)
    .limit(bindparam("most"))
)
_HEADS_LOCKED = _HEADS.with_for_update(skip_locked=True, of=_ROWS)

_place = func.row_number().over(partition_by=_ROWS.c.chat_key, order_by=_ROWS.c.id).label("place")
_ranked = (
    select(_ROWS, type_coerce(_ROWS.c.payload, LargeBinary).label("sealed"), _place)
    .where(_ALIVE, _ROWS.c.chat_key.in_(bindparam("chats", expanding=True)))
    .subquery()
)
_FIRST_OF_CHATS = (
    select(*(column for column in _ranked.c if column.name not in {"payload", "place"}))
    .where(_ranked.c.place <= MOST_ROWS_PER_CHAT)
    .order_by(_ranked.c.id)
)

_THESE = _ROWS.c.id.in_(bindparam("ids", expanding=True))
_THIS = _ROWS.c.id == bindparam("row_id", type_=BigInteger)
_UNTIL = bindparam("until", type_=_ROWS.c.not_before.type)
_WHY = bindparam("why", type_=String)

_LEASE = update(_ROWS).where(_THESE).values(claimed_until=_UNTIL, attempts=_ROWS.c.attempts + 1)
_DELETE = delete(_ROWS).where(_THESE)
_POSTPONE = update(_ROWS).where(_THIS).values(not_before=_UNTIL, claimed_until=null(), error=_WHY)
_RELEASE = update(_ROWS).where(_THESE).values(claimed_until=null(), attempts=_ROWS.c.attempts - 1)
_BURY = (
    update(_ROWS)
    .where(_THIS)
    .values(dead=True, claimed_until=null(), error=_WHY)
    .returning(_ROWS.c.id, _ROWS.c.receipts)
)
_BURY_CHAT = (
    update(_ROWS)
    .where(and_(_ROWS.c.chat_key == bindparam("chat", type_=BigInteger), _ALIVE))
    .values(dead=True, claimed_until=null(), error=_WHY)
    .returning(_ROWS.c.id, _ROWS.c.receipts)
)
_EMPTY = update(_ROWS).where(_THESE).values(payload={})
_NEXT_DUE = select(
    func.min(func.coalesce(_ROWS.c.claimed_until, _ROWS.c.not_before), type_=_ROWS.c.not_before.type)
).where(_ALIVE, _IS_HEAD)

_RECORD_SENT = insert_statements(
    _SENT,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["chat_key", "handle"],
        set_={"message_id": insert.excluded.message_id, "sent_at": insert.excluded.sent_at},
    ),
)
_FIND_SENT = select(_SENT.c.chat_key, _SENT.c.handle, _SENT.c.message_id).where(
    tuple_(_SENT.c.chat_key, _SENT.c.handle).in_(bindparam("pairs", expanding=True))
)
