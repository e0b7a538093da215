"""The one source of "now". Rules take instants as arguments; whoever calls them asks a Clock."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


def to_the_day(instant: datetime) -> datetime:
    """The day's first instant (UTC). To the microsecond, a row's time would name who sent an anonymous report."""
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)
