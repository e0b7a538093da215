"""The entries of a policy file that the rules of routing, risk and the ASB Case Review work by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from casework.cases import RiskBand
from casework.policy_entries import Entry, Figure, Key, Sourced, Text


class Agency(Sourced):
    """Who can act on a report.

    `districts` empty: everywhere that no entry of the same key names. `name` stands inside sentences;
    `contact` is the key of the number to give for it, where there is one.
    """

    key: Key
    name: Text
    districts: tuple[Key, ...] = ()
    contact: Key | None = None


class RiskRules(Entry):
    """From which total a band begins, and what follows from a band; "wd" are working days."""

    medium_from: Figure
    high_from: Figure
    unanswered_floor: Figure
    """So many unanswered questions keep the band from being standard."""
    vulnerable_from: Figure
    """A score from which an answer about effect, health, help or needs says that somebody is vulnerable."""
    review_wd: dict[RiskBand, Figure]

    @model_validator(mode="after")
    def _fits(self) -> RiskRules:
        if self.medium_from.value >= self.high_from.value:
            raise ValueError("medium_from must be lower than high_from")
        missing = [band.value for band in RiskBand if band not in self.review_wd]
        if missing:
            raise ValueError(f"review_wd needs a figure for: {', '.join(missing)}")
        return self


class ReviewRules(Entry):
    """What normally makes a case review due, and when it is explained to a victim.

    Anti-social Behaviour, Crime and Policing Act 2014 s.104: an area may ask for fewer reports than three,
    never for more.
    """

    source: Text
    reports: Annotated[int, Field(ge=1, le=3)]
    report_within_months: Annotated[int, Field(ge=1, le=12)]
    apply_within_months: Annotated[int, Field(ge=6, le=60)]
    borderline_days: Figure
    explain_from_reports: Figure
    """The report, counted from the first of the period, on which the review is explained."""
    explain_months: Figure
    repeat_victim_reports: Figure
    repeat_victim_months: Figure
