"""What went wrong at our end: kept, encrypted, under the reference that the person was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.models import Fault


def record(
    session: Session,
    *,
    reference: str,
    update_id: int | None,
    error: str,
    body: dict[str, Any],
    now: datetime,
) -> None:
    """Keep the fault with what Telegram delivered. ``error`` is a class name: messages quote."""
    session.add(Fault(reference=reference, update_id=update_id, at=now, error=error, body=body))


def list_faults(session: Session, limit: int = 20) -> Sequence[Fault]:
    """The newest faults."""
    return session.scalars(select(Fault).order_by(Fault.id.desc()).limit(limit)).all()


def delete_faults(session: Session, before: datetime) -> None:
    """Forget faults from before this instant: their bodies are personal data."""
    session.execute(delete(Fault).where(Fault.at < before))
