"""Locks between processes. PostgreSQL has them all; SQLite has one process and one writer, so needs none.

Keys of chats are single 64-bit numbers; leadership and migrations use pairs, a key space that can't meet it.
Order, everywhere: update id, then chat, then case rows by id, then outbox.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, func, select
from sqlalchemy.orm import Session

_SPACE = 77
_LEADER = 1
_MIGRATION = 2
_SEAL = 3

_LOCK_CHAT = select(func.pg_advisory_xact_lock(bindparam("chat_key", type_=BigInteger)))
_TRY_LEAD = select(func.pg_try_advisory_lock(_SPACE, _LEADER))
_LOCK_MIGRATION = select(func.pg_advisory_xact_lock(_SPACE, _MIGRATION))
_LOCK_SEAL = select(func.pg_advisory_xact_lock(_SPACE, _SEAL))


def lock_chat(session: Session, chat_key: int) -> None:
    """Wait until nobody else works on this chat, and keep others out until the transaction ends.

    A statement of its own, before anything of the chat is read: a statement that locks and reads at once
    reads what was there before it waited.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK_CHAT, {"chat_key": chat_key})


def lock_seal(session: Session) -> None:
    """Wait until nobody else changes what is sealed of the history. After case rows, before what is sealed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK_SEAL)


def try_lead(connection: Connection) -> bool:
    """Become the one process that sends and keeps the calendar; False while another one is.

    Leadership lasts as long as ``connection`` does (`Database.own_connection`).
    """
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(_TRY_LEAD).scalar_one())


def wait_to_migrate(connection: Connection) -> None:
    """PostgreSQL only: wait until no other process migrates; others wait until this transaction ends."""
    connection.execute(_LOCK_MIGRATION)
