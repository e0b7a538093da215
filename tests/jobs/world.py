"""A team with cases, a clock to move, and delivery's own bookkeeping for what the jobs wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.courier import Fate, Outcome
from bot.delivery_ledger import Ledger
from bot.jobs import Jobs
from storage.models import Deadline, Reminder
from tests.officers.world import Said, World


def local(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of November 2026, when local time is UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def jobs_of(world: World) -> Jobs:
    return Jobs(world.database, world.service, world.clock)


def deliver(world: World, fate: Fate = Fate.SENT) -> list[Said]:
    """Take everything out of the outbox as delivery would, and write back what became of it."""
    ledger, gone = Ledger(world.database, world.clock), world.said()
    while True:
        rows, _ = ledger.turn([], 100, ())
        if not rows:
            return gone
        ledger.turn([Outcome(row, fate, "blocked", message_id=row.id) for row in rows], 0, ())


def pass_time(world: World, until: datetime) -> list[Said]:
    """Let the clock run to an instant with a tick each hour, delivering as it goes; all that was said."""
    said: list[Said] = deliver(world)
    jobs = jobs_of(world)
    while world.clock.now() < until:
        world.clock.move_to(min(until, world.clock.now() + timedelta(hours=1)))
        jobs.tick(world.clock.now())
        said += deliver(world)
    return said


def ledger_of(world: World, deadline: str) -> dict[tuple[str, str], tuple[str, str | None]]:
    """(stage, audience) → (status, reason) of the reminders of one kind of deadline."""
    with world.session() as session:
        rows = session.execute(
            select(Reminder.stage, Reminder.audience, Reminder.status, Reminder.reason)
            .join(Deadline, Deadline.id == Reminder.deadline_id)
            .where(Deadline.kind == deadline)
        ).all()
    return {(row.stage, row.audience): (row.status, row.reason) for row in rows}


def everything_sent(said: list[Said]) -> list[tuple[int, str]]:
    return [(one.to, one.text) for one in said]
