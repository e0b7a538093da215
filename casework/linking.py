"""Cases that belong together: linked by an officer, or offered because an address or a person is the same."""

from __future__ import annotations

from enum import StrEnum


class LinkKind(StrEnum):
    """How an officer linked two cases.

    COUNTER: two sides of one dispute. Neither side's resident may learn from us that the other has reported.
    """

    SAME_PROBLEM = "same_problem"
    COUNTER = "counter"


class Sameness(StrEnum):
    """Why a case is offered as one that may belong here, the strongest reason first."""

    PERSON = "person"
    ADDRESS = "address"


def in_order(first: int, second: int) -> tuple[int, int]:
    """The ids of two cases as a link keeps them, so that it is one link from whichever side it was made."""
    return (first, second) if first < second else (second, first)
