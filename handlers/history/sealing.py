"""The seal of the night over the history of every case, and who hears of it where it could not be made."""

from __future__ import annotations

from datetime import datetime, time

import structlog
from sqlalchemy.orm import Session

from handlers.turn import Service
from storage import faults, history_seal, reminders
from storage.history_check import code_of

log = structlog.get_logger(__name__)

SEAL_FROM = time(2, 30)
"""Local; nobody works then, and most of what retention deletes is gone."""
NOT_WHOLE = "history_not_whole"


def seal_once(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Once a day, seal the history. The code of the seal is in the log, which is kept elsewhere."""
    local = now.astimezone(service.calendar.zone)
    slot = local.date().isoformat()
    if local.time() < SEAL_FROM or not reminders.claim_slot(session, "history_seal", slot, now):
        return {}
    done = history_seal.seal(session, now)
    if done.seal is not None:
        log.info("history_sealed", number=done.seal.number, cases=done.seal.cases, code=code_of(done.seal))
    if done.seal is None or done.not_whole:
        log.error("history_not_whole", cases=done.not_whole[:20], sealed=done.seal is not None)
        body = {"cases": done.not_whole}
        faults.record(
            session, reference=f"HISTORY-{slot}", update_id=None, error=NOT_WHOLE, body=body, now=now
        )
    return {"cases": done.seal.cases if done.seal else 0, "not_whole": len(done.not_whole)}
