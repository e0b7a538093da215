"""What a case's timeline says about time: what counts as having done something, and where nobody did for long."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

OPENED = "opened"
_OPENED = "_opened"


def is_look(kind: str) -> bool:
    """Whether a line of history says only that somebody saw something: the card, messages, a file, a paper."""
    return kind == OPENED or kind.endswith(_OPENED)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody did anything, from one local day to another."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days lie between."""
        return (self.last - self.first).days


def gaps(days: Iterable[date], *, longer_than: int, until: date | None = None) -> list[Gap]:
    """The gaps of more than so many days between days on which something was done, in order.

    ``until`` ends the last one where the case is still open.
    """
    known = sorted({*days})
    if until is not None and known and until > known[-1]:
        known.append(until)
    pairs = itertools.pairwise(known)
    return [Gap(one, next_one) for one, next_one in pairs if (next_one - one).days > longer_than]
