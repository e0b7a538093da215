"""What is deleted when its time is over, each in one statement. How long is said by whoever calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.models import FileState, Invitation, JobSlot, OutboxMessage, SentMessage, StoredFile


def forget_sent(session: Session, before: datetime) -> int:
    """Forget which messages carry handles, of what was sent before an instant. Returns how many."""
    gone = delete(SentMessage).where(SentMessage.sent_at < before).returning(SentMessage.handle)
    return len(session.execute(gone).all())


def delete_unused_invitations(session: Session, before: datetime) -> int:
    """Delete invitations that nobody used and that ended before an instant. Returns how many."""
    gone = delete(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at < before)
    return len(session.execute(gone.returning(Invitation.id)).all())


def delete_orphan_files(session: Session, before: datetime) -> int:
    """Delete the rows of files that belong to neither draft nor case and whose bytes are not here.

    Those with bytes stay until the bytes are removed. Returns how many were deleted.
    """
    gone = delete(StoredFile).where(
        StoredFile.draft_id.is_(None),
        StoredFile.case_id.is_(None),
        StoredFile.state != FileState.STORED.value,
        StoredFile.received_at < before,
    )
    return len(session.execute(gone.returning(StoredFile.id)).all())


def delete_dead_messages(session: Session, before: datetime) -> int:
    """Delete what was given up and written before an instant: it names a chat and what was said. Returns how many."""
    gone = delete(OutboxMessage).where(OutboxMessage.dead.is_(True), OutboxMessage.created_at < before)
    return len(session.execute(gone.returning(OutboxMessage.id)).all())


def forget_slots(session: Session, before: datetime) -> int:
    """Forget which calendar jobs were done before an instant. Returns how many."""
    gone = delete(JobSlot).where(JobSlot.at < before).returning(JobSlot.job)
    return len(session.execute(gone).all())
