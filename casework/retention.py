"""How long cases are kept after they were closed, and from which day one may be deleted.

The figures are the policy's; deleting is storage's, and a hold or an open request comes before every rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from casework.cases import CaseKind
from casework.errors import UnknownKey
from casework.policy import Policy, Retention
from casework.working_days import end_of_period

_DAY = timedelta(days=1)
_NOT_TAKEN_UP = frozenset({"declined", "unable_to_contact", "duplicate", "out_of_area"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Which closed cases an entry of the retention is for. None: whatever it is."""

    what: str
    kind: CaseKind
    anonymous: bool | None = None
    statuses: frozenset[str] | None = None
    other_statuses: frozenset[str] = frozenset()

    def fits(self, kind: str, status: str, *, anonymous: bool) -> bool:
        """Whether it is the rule of such a case."""
        return (
            kind == self.kind
            and self.anonymous in (None, anonymous)
            and (self.statuses is None or status in self.statuses)
            and status not in self.other_statuses
        )


RULES: tuple[Rule, ...] = (
    Rule("anonymous_report", CaseKind.ASB_REPORT, anonymous=True),
    Rule("asb_report", CaseKind.ASB_REPORT, anonymous=False),
    Rule("declined_referral", CaseKind.NOMINATED_NEIGHBOUR, statuses=_NOT_TAKEN_UP),
    Rule("nominated_neighbour", CaseKind.NOMINATED_NEIGHBOUR, other_statuses=_NOT_TAKEN_UP),
    Rule("enquiry", CaseKind.ENQUIRY),
    Rule("data_request", CaseKind.DATA_REQUEST),
)
"""One rule for every case (NWCSP domain facts 8.7; the figures are proposals, so they are policy)."""


def rule_of(kind: str, status: str, *, anonymous: bool) -> Rule | None:
    """The rule of a case; None for a kind that has none yet: then it is kept."""
    return next((rule for rule in RULES if rule.fits(kind, status, anonymous=anonymous)), None)


def retention_of(policy: Policy, what: str) -> Retention:
    """The policy's entry of that name. Raises UnknownKey."""
    for entry in policy.retention:
        if entry.what == what:
            return entry
    raise UnknownKey("retention", what)


def deletable_from(ended_on: date, entry: Retention) -> date:
    """The first local day on which something that ended on a day is no longer kept.

    The period begins on the day after: what was closed on 24 November 2020 and is kept for six years can go
    on 25 November 2026.
    """
    if entry.unit == "days":
        return ended_on + timedelta(days=entry.value + 1)
    months = entry.value * (12 if entry.unit == "years" else 1)
    return end_of_period(ended_on + _DAY, months) + _DAY if months else ended_on + _DAY


def kept_since(today: date, entry: Retention) -> date:
    """What ended before this day is no longer kept: `deletable_from` the other way round, a day more at most."""
    if entry.unit == "days":
        return today - timedelta(days=entry.value)
    return end_of_period(today, -entry.value * (12 if entry.unit == "years" else 1))
