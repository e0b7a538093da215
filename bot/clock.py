"""Clocks: the machine's own, and one that tests and the sandbox can move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the one place that reads the machine's clock


class MovableClock:
    """A clock that can be moved forward.

    Frozen at ``start``, or, without one, running with the machine's clock plus whatever it was moved by.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._frozen_at = start.astimezone(UTC) if start else None
        self._ahead = timedelta()
        self._machine = SystemClock()

    def now(self) -> datetime:
        """The moved instant in UTC."""
        return (self._frozen_at or self._machine.now()) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move forward by ``by``; a clock never goes back, so a negative step is refused with ValueError."""
        if by < timedelta():
            raise ValueError("a clock moves forward only")
        self._ahead += by

    def let_run(self) -> None:
        """A frozen clock runs on from where it is."""
        now = self.now()
        self._frozen_at = None
        self._ahead = now - self._machine.now()

    def move_to(self, instant: datetime) -> None:
        """Move forward to ``instant`` (aware). ValueError when it lies in the past."""
        self.advance(instant - self.now())
