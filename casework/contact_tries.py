"""Tries to reach a person, and when there were enough of them to close a case as *unable to contact*."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.policy import Following


class Way(StrEnum):
    """How somebody was tried."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Try:
    """One try: the local day, and the way."""

    on: date
    way: Way


@dataclass(frozen=True, slots=True)
class Tries:
    """What the tries come to: on how many days, in how many ways, and whether that is enough."""

    days: int
    ways: int
    enough: bool


def count_tries(tries: Iterable[Try], rules: Following) -> Tries:
    """How often somebody was tried since anybody last spoke to them.

    A case is closed as unable to contact only after tries on three different days, in two ways (NWCSP domain
    facts 3.5; proposal, so both figures are the policy's). Two calls on one day are one try.
    """
    made = tuple(tries)
    days = len({one.on for one in made})
    ways = len({one.way for one in made})
    enough = days >= rules.contact_try_days.value and ways >= rules.contact_try_ways.value
    return Tries(days, ways, enough)
