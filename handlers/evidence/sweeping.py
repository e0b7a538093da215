"""Bytes go when nobody owns them any more: a draft was deleted, a case's time is over, a process died."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.turn import Service
from storage import evidence, reminders

LEFT_ALONE = timedelta(days=1)
"""What was just written may belong to a row that is not committed yet."""


def sweep(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Orphans at once, since a deleted draft is gone at once; what no row names once a day."""
    if service.vault.folder is None:
        return {}
    counts = {"orphans": evidence.remove_orphans(session, service.vault)}
    if reminders.claim_slot(session, "evidence_strays", now.date().isoformat(), now):
        counts["strays"] = evidence.remove_strays(session, service.vault, now - LEFT_ALONE)
    return counts
