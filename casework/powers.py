"""Formal steps against anti-social behaviour, recorded on a case with the day on which they were taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """A step, from the mildest on (NWCSP domain facts 1, "ABC", "CPW", "Civil injunction")."""

    WARNING_LETTER = "warning_letter"
    BEHAVIOUR_CONTRACT = "behaviour_contract"
    PROTECTION_WARNING = "protection_warning"
    PROTECTION_NOTICE = "protection_notice"
    INJUNCTION = "injunction"
    OTHER = "other"


FIRST: dict[Stage, Stage] = {Stage.PROTECTION_NOTICE: Stage.PROTECTION_WARNING}
"""What has to come before: a written warning comes before a community protection notice (Anti-social
Behaviour, Crime and Policing Act 2014, s.43(5); NWCSP domain facts 1, "CPW")."""


def possible_stages(recorded: Mapping[Stage, date]) -> tuple[Stage, ...]:
    """The steps that can be recorded; `recorded`: the first day of each that was taken already."""
    return tuple(stage for stage in Stage if stage not in FIRST or FIRST[stage] in recorded)


def may_record(stage: Stage, on: date, today: date, recorded: Mapping[Stage, date]) -> bool:
    """Whether the step can have been taken on that local day: not in the future, and not before its warning."""
    if on > today:
        return False
    first = FIRST.get(stage)
    return first is None or (first in recorded and recorded[first] <= on)
