"""Which updates of Telegram have had their effect already."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, bindparam, delete
from sqlalchemy.orm import Session

from storage.dialects import dialect_of, insert_statements, table_of
from storage.models import SeenUpdate

_SEEN = table_of(SeenUpdate)

_CLAIM = insert_statements(_SEEN, lambda insert: insert.on_conflict_do_nothing().returning(_SEEN.c.update_id))
_FORGET = delete(_SEEN).where(_SEEN.c.seen_at < bindparam("before"))


def claim_update(session: Session, update_id: int, now: datetime) -> bool:
    """Take an update for this transaction; False when its effects are in the database already.

    While another process has it in hand, this waits for that one's commit (False) or rollback (True).
    """
    values = {"update_id": update_id, "seen_at": now}
    return session.connection().execute(_CLAIM[dialect_of(session)], values).first() is not None


def forget_updates(session: Session, before: datetime) -> int:
    """Forget updates seen before this instant; Telegram keeps none that long. Returns how many."""
    gone: CursorResult[Any] = session.connection().execute(_FORGET, {"before": before})
    return gone.rowcount
