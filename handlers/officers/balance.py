"""Whether the ledger of reminders balances: what should have gone out, worked out anew, beside what did.

Nothing is repaired here: a difference means that something is wrong, and people are told of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from casework.errors import BeyondCalendar
from casework.reminders import Audience, PlannedReminder, next_overdue, plan_reminders
from handlers.turn import Service
from storage import deadlines, reminders
from storage.models import Case, Deadline, ReminderStatus
from storage.reminders import Stages

log = structlog.get_logger(__name__)

GRACE = timedelta(hours=1)
"""So late may a reminder be before it counts as not gone out."""
BATCH = 500
MOST_FOUND = 1000

Difference = dict[str, Any]
"""reference, deadline (its kind), stage, audience, problem: missing, waiting or failed."""


def find_differences(
    session: Session, service: Service, now: datetime, failed_since: datetime
) -> list[Difference]:
    """Every reminder that is missing, is late, or was given up since an instant; at most a thousand."""
    found = [
        _difference(
            due.case, due.deadline, due.reminder.stage, due.reminder.audience, _problem(due.reminder.status)
        )
        for due in reminders.list_unsent(session, now - GRACE, failed_since, MOST_FOUND)
    ]
    for batch in reminders.each_open_deadline(session, BATCH):
        for deadline, case, stages in batch:
            for stage, audience in _missing(service, deadline, stages, now):
                found.append(_difference(case, deadline, stage, audience, "missing"))
        if len(found) >= MOST_FOUND:
            break
    return found[:MOST_FOUND]


def _missing(service: Service, deadline: Deadline, stages: Stages, now: datetime) -> list[tuple[str, str]]:
    try:
        wanted = list(expected(service, deadline, stages, now))
    except BeyondCalendar as error:
        log.warning("reminders_not_compared", deadline=deadline.id, beyond=error.day.isoformat())
        return []
    return [
        (one.stage, one.audience.value) for one in wanted if (one.stage, one.audience.value) not in stages
    ]


def expected(
    service: Service, deadline: Deadline, stages: Stages, now: datetime
) -> Iterator[PlannedReminder]:
    """What is planned when a deadline is set; then each overdue stage, as soon as the one before it is over."""
    policy, calendar = service.policy, service.calendar
    planned = plan_reminders(deadlines.rule_of(deadline), deadline.set_at, policy, calendar)
    yield from planned
    last = planned[-1]
    while last.at <= now - GRACE and _is_over(stages, last):
        following = next_overdue(last.stage, last.at, policy, calendar)
        yield from following
        last = following[-1]


def _is_over(stages: Stages, last: PlannedReminder) -> bool:
    status = stages.get((last.stage, Audience.OWNER.value))
    return status is not None and status != ReminderStatus.PLANNED.value


def _problem(status: str) -> str:
    return "failed" if status == ReminderStatus.FAILED.value else "waiting"


def _difference(case: Case, deadline: Deadline, stage: str, audience: str, problem: str) -> Difference:
    return {
        "reference": case.reference,
        "deadline": deadline.kind,
        "stage": stage,
        "audience": audience,
        "problem": problem,
    }
