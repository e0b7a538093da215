"""What is deleted because its time is over, by the policy's retention: cases at night, a few at a time.

``python -m bot retention`` does the same at once, or only says what it would do.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from casework.retention import RULES, Rule, deletable_from, kept_since, retention_of
from handlers.turn import Service
from storage import erasure, evidence, reminders, retention, search
from storage.models import Case

NIGHT = range(1, 5)
"""Local hours in which cases are deleted: nobody waits for an answer then."""
A_FEW = 10
"""Cases of a rule in one transaction: on SQLite nobody else writes meanwhile."""
Counts = dict[str, int]


def at_night(session: Session, service: Service, now: datetime) -> Counts:
    """Delete some of what is over, and once a night sweep the rest."""
    local = now.astimezone(service.calendar.zone)
    if local.hour not in NIGHT:
        return {}
    counts = delete_cases(session, service, now, limit=A_FEW)
    if reminders.claim_slot(session, "retention", local.date().isoformat(), now):
        counts |= sweep(session, service, now)
    return counts


def delete_cases(session: Session, service: Service, now: datetime, *, limit: int) -> Counts:
    """Delete closed cases that are no longer kept, with their files, up to ``limit`` of each rule. How many, by rule.

    The bytes of files go once this is committed.
    """
    today = service.calendar.local_day(now)
    counts: Counts = {}
    for rule, case in list(_over(session, service, today, limit)):
        evidence.remove_evidence(session, service.vault, case.id)
        retention.delete_case(session, case, rule, calendar=service.calendar, today=today)
        counts[rule.what] = counts.get(rule.what, 0) + 1
    return counts


def would_delete(session: Session, service: Service, now: datetime, *, limit: int) -> list[tuple[str, str]]:
    """The rule and the reference of each case that `delete_cases` would delete."""
    today = service.calendar.local_day(now)
    return [(rule.what, case.reference) for rule, case in _over(session, service, today, limit)]


def sweep(session: Session, service: Service, now: datetime) -> Counts:
    """Delete rows that nobody needs any more, and finish what people asked us to erase."""

    def start(what: str) -> datetime:
        return _kept_since(service, what, now)

    return {
        "notices": retention.sweep_notices(session, start("notice")),
        # A day is kept as its first instant, so one more day goes by until all of it is over.
        "recent": retention.sweep_recent(session, start("recent_message") - timedelta(days=1)),
        "unsent": retention.sweep_unsent(session, start("unsent_message")),
        "audit": retention.sweep_audit(session, start("audit_log")),
        "searches": search.sweep_searches(session, start("audit_log")),
        "erased": erasure.finish_erasures(session, start("erasure_asked")),
        "forgotten": erasure.delete_forgotten(session, start("person")),
    }


def _over(session: Session, service: Service, today: date, limit: int) -> Iterator[tuple[Rule, Case]]:
    for rule in RULES:
        entry = retention_of(service.policy, rule.what)
        # Two days too many: the very day is counted below, by the case's own.
        until = service.calendar.at(kept_since(today, entry) + timedelta(days=2), time())
        for case in retention.list_ended(session, rule, until, limit):
            closed_on = service.calendar.local_day(case.closed_at or case.updated_at)
            if deletable_from(closed_on, entry) > today:
                break  # they come in the order in which they were closed
            yield rule, case


def _kept_since(service: Service, what: str, now: datetime) -> datetime:
    """What is older is no longer kept."""
    day = kept_since(service.calendar.local_day(now), retention_of(service.policy, what))
    return service.calendar.at(day, time())
