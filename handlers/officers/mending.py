"""Every night: an open case that has no next action, which there should be none of, gets one, and says so."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from handlers.officers import timing
from handlers.turn import Service
from storage import cases
from storage.next_actions import list_without

log = structlog.get_logger(__name__)

BATCH = 500
MENDED = "next_action_set"
"""The line of the history."""


def mend(session: Session, service: Service, now: datetime) -> int:
    """Plan what is missing. Returns on how many cases; each is locked, and looked at again."""
    mended = after = 0
    while found := list_without(session, after, BATCH):
        after = found[-1]
        for case in cases.lock_cases(session, found):
            due_on = timing.keep_next_action(session, service, case, now)
            if due_on is None:
                continue
            detail = {"due": due_on.isoformat()}
            cases.record_event(session, case_id=case.id, kind=MENDED, actor=None, now=now, detail=detail)
            mended += 1
    if mended:
        log.warning("next_actions_mended", cases=mended)
    return mended
