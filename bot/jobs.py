"""What the bot does by the clock. Each job: load, ask what is due, write rows, commit, log the counts.

The tables hold the truth, so a job may run at any time, twice, or in two processes at once. Synchronous: to be
called from a worker thread.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot import recalculation
from casework.clock import Clock
from casework.errors import BeyondCalendar
from casework.reminders import is_working_time
from handlers.officers import balance, digest, mending, reminding
from handlers.routes import ROOMS
from handlers.turn import Service
from storage import drafts, faults, housekeeping, outbox, reminders, updates
from storage.database import Database
from storage.team import load_team

log = structlog.get_logger(__name__)

RECONCILE_FROM = time(5)
"""Local; an hour that neither change of the clocks touches."""
KEEP_UPDATES = timedelta(days=7)
KEEP_SENT = timedelta(days=60)
KEEP_ORPHANS = timedelta(days=1)
KEEP_DEAD = timedelta(days=7)
KEEP_FAULTS = timedelta(days=90)
NEVER = timedelta(days=1)
"""As old as the last digest, or the last comparison, is taken to be where there was none."""

Counts = dict[str, int]
Job = Callable[[Session, Service, datetime], Counts]


class Jobs:
    """All jobs of one bot."""

    def __init__(self, database: Database, service: Service, clock: Clock) -> None:
        self._database = database
        self._service = service
        self._clock = clock
        # What was done, so that a tick with nothing to do asks the database little. Forgotten at a restart.
        self._done: dict[str, str] = {}

    def tick(self, now: datetime | None = None) -> Counts:
        """Do all that is due by ``now`` (aware; the clock's now where left out). Returns what was done.

        A job that fails is logged, and the others go on.
        """
        at = now or self._clock.now()
        jobs: dict[str, Callable[[datetime], Counts]] = {
            # First, so that the digest of a morning has what they found.
            **{
                name: partial(self._in_transaction, job) for room in ROOMS for name, job in room.DAILY.items()
            },
            "dates": self.recalculate,
            "reminders": self.send_due_reminders,
            "reconcile": self.reconcile,
            "clean": self.clean,
        }
        done: Counts = {}
        for name, job in jobs.items():
            try:
                counts = job(at)
            except Exception:
                log.exception("job_stopped", job=name)
                counts = {"stopped": 1}
            done.update({f"{name}_{what}": n for what, n in counts.items() if n})
        if done:
            log.info("jobs_done", **done)
        return done

    def _in_transaction(self, job: Job, now: datetime) -> Counts:
        with self._database.transaction() as session:
            return job(session, self._service, now)

    def send_due_reminders(self, now: datetime) -> Counts:
        """Send the reminders that are due, in working time only; the first time on a day with the digest.

        Beyond the checked calendar nobody knows what working time is: that is logged once an hour.
        """
        try:
            return self._send_due(now)
        except BeyondCalendar as error:
            hour = _hour_of(now)
            if self._done.get("beyond") != hour:
                log.error("reminders_beyond_calendar", beyond=error.day.isoformat())
            self._done["beyond"] = hour
            return {}

    def _send_due(self, now: datetime) -> Counts:
        service = self._service
        if not is_working_time(now, service.policy, service.calendar):
            return {}
        local = now.astimezone(service.calendar.zone)
        today = local.date().isoformat()
        morning = local.time() >= service.policy.reminders.digest_at and self._done.get("digest") != today
        if not morning and not self._is_any_due(now):
            return {}
        with self._database.transaction() as session:
            counts = self._send(session, today if morning else None, now)
        if morning:
            self._done["digest"] = today
        return counts

    def _is_any_due(self, now: datetime) -> bool:
        with self._database.reading() as session:
            return reminders.is_any_due(session, now)

    def _send(self, session: Session, slot: str | None, now: datetime) -> Counts:
        """The slot first: a second process waits there, and then finds nothing left to send."""
        before = reminders.last_slot_at(session, "digest") or now - NEVER
        morning = slot is not None and reminders.claim_slot(session, "digest", slot, now)
        team = load_team(session, self._service.calendar.local_day(now))
        counts = reminding.Counts()
        inboxes = reminding.gather(session, self._service, team, now, counts, only_receipts=morning)
        if morning:
            counts.messages = digest.tell_all(session, self._service, team, inboxes, before, now)
        else:
            for inbox in inboxes.values():
                counts.messages += reminding.tell_inbox(session, self._service, inbox, now)
        if counts.messages:
            outbox.announce(session)
        return {
            "queued": counts.queued,
            "skipped": counts.skipped,
            "failed": counts.failed,
            "messages": counts.messages,
        }

    def recalculate(self, now: datetime) -> Counts:
        """Notice at start that dates would be others now; later, work them out anew where a manager asked for it."""
        if self._done.get("dates") is None:
            counts = recalculation.compare(self._database, self._service, now)
            self._done["dates"] = "compared"
            return counts
        return recalculation.carry_out(self._database, self._service, now)

    def reconcile(self, now: datetime) -> Counts:
        """Once a night, compare what should have gone out with what did. Managers read it in the morning.

        An open case that has no next action gets one, and its history says so.
        """
        local = now.astimezone(self._service.calendar.zone)
        slot = local.date().isoformat()
        if local.time() < RECONCILE_FROM or self._done.get("reconcile") == slot:
            return {}
        with self._database.reading() as session:
            last = reminders.last_slot_at(session, "reconcile") or now - NEVER
            found = balance.find_differences(session, self._service, now, last)
        with self._database.transaction() as session:
            mine = reminders.claim_slot(session, "reconcile", slot, now)
            mended = mending.mend(session, self._service, now) if mine else 0
            if mine and found:
                body = {"reminders": found}
                reference = f"REMINDERS-{slot}"
                kind = reminders.DIFFERENCES
                faults.record(session, reference=reference, update_id=None, error=kind, body=body, now=now)
        self._done["reconcile"] = slot
        if mine and found:
            log.warning("reminders_differ", **_by_problem(found))
        return {"differences": len(found) if mine else 0, "mended": mended}

    def clean(self, now: datetime) -> Counts:
        """Once an hour, delete what nobody needs any more."""
        slot = _hour_of(now)
        if self._done.get("clean") == slot:
            return {}
        counts: Counts = {}
        with self._database.transaction() as session:
            if reminders.claim_slot(session, "clean", slot, now):
                counts = {
                    "drafts": drafts.delete_expired(session, now),
                    "updates": updates.forget_updates(session, now - KEEP_UPDATES),
                    "sent": housekeeping.forget_sent(session, now - KEEP_SENT),
                    "invitations": housekeeping.delete_unused_invitations(session, now),
                    "files": housekeeping.delete_orphan_files(session, now - KEEP_ORPHANS),
                    "dead": housekeeping.delete_dead_messages(session, now - KEEP_DEAD),
                    "slots": housekeeping.forget_slots(session, now - KEEP_SENT),
                }
                faults.delete_faults(session, now - KEEP_FAULTS)
        self._done["clean"] = slot
        return counts


def _hour_of(now: datetime) -> str:
    return now.replace(minute=0, second=0, microsecond=0).isoformat()


def _by_problem(found: list[balance.Difference]) -> Counts:
    problems = sorted(str(line["problem"]) for line in found)
    return {problem: len(list(lines)) for problem, lines in itertools.groupby(problems)}
