"""The facts that tell whether the bot is alive and well, for /readyz and for an operator in chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from casework.clock import Clock
from storage.database import Database
from storage.models import OutboxMessage

HEARD_WITHIN = timedelta(seconds=90)
OUTBOX_WITHIN = timedelta(minutes=2)
TICK_WITHIN = timedelta(minutes=2)


class Pulse:
    """When the parts of this process last gave a sign of life. Written on the loop, read anywhere."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.started_at = clock.now()
        self.heard_at: datetime | None = None
        self.ticked_at: datetime | None = None

    def heard(self) -> None:
        """Telegram answered a getUpdates, or called the webhook."""
        self.heard_at = self._clock.now()

    def ticked(self) -> None:
        """The scheduler ran."""
        self.ticked_at = self._clock.now()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was looked at. ``age`` is how long ago it last happened, or how long it waits."""

    name: str
    well: bool
    age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What to look at. A quiet webhook is no fault, and only the leading process keeps the calendar."""

    database: Database
    clock: Clock
    pulse: Pulse
    polls: bool = True

    def facts(self, leads: bool = True) -> list[Fact]:
        """All facts now. Asks the database, so to be called in a worker thread."""
        now = self.clock.now()
        facts = [self._age("updates", self.pulse.heard_at, HEARD_WITHIN, now, judged=self.polls)]
        if leads:
            facts.append(self._age("scheduler", self.pulse.ticked_at, TICK_WITHIN, now))
        try:
            facts.append(self._outbox(now))
        except SQLAlchemyError:
            return [*facts, Fact("database", well=False)]
        return [*facts, Fact("database", well=True)]

    def _age(
        self, name: str, at: datetime | None, within: timedelta, now: datetime, *, judged: bool = True
    ) -> Fact:
        """A part that has given no sign yet is given as long from the start."""
        age = now - (at or self.pulse.started_at)
        return Fact(name, well=not judged or age < within, age=age)

    def _outbox(self, now: datetime) -> Fact:
        with self.database.reading() as session:
            oldest = session.scalar(_OLDEST_UNSENT)
        age = max(timedelta(), now - oldest) if oldest else timedelta()
        return Fact("outbox", well=age < OUTBOX_WITHIN, age=age)


# A row that was put off is as old as the instant to which it was put off.
_OLDEST_UNSENT = select(func.min(OutboxMessage.not_before)).where(OutboxMessage.dead.is_(False))
