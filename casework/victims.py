"""Who has been a victim before, and who may need extra help: recognised from what is known, with the reasons.

What is done about it is the officers'; the person is never called either to their face.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from casework.policy import ReviewRules, RiskRules
from casework.risk import VULNERABILITY, Reason, weighty
from casework.working_days import end_of_period


@dataclass(frozen=True, slots=True)
class Victim:
    """What is recognised. `reports_on` are the local days that make somebody a repeat victim, the last included.

    `reasons` are the answers that say somebody may need extra help, the heaviest first.
    """

    reports_on: tuple[date, ...]
    reasons: tuple[Reason, ...]
    repeat: bool

    @property
    def vulnerable(self) -> bool:
        """Whether somebody may need extra help."""
        return bool(self.reasons)


def recognise(
    *,
    reported_on: Iterable[date],
    on: date,
    answers: Mapping[str, int | None],
    review: ReviewRules,
    risk: RiskRules,
) -> Victim:
    """What a person's reports and answers say on a local day.

    `reported_on`: the days of their reports, this one among them; so many in the months before `on` make a
    repeat victim (after the second report rule, Home Office statutory guidance of July 2025; both figures are
    the policy's). Vulnerable: an answer to one of the questions 6 to 9 of NWCSP domain facts 3.6 that reaches
    the policy's score (proposal).
    """
    recent = tuple(sorted(day for day in reported_on if in_last_months(day, on, _repeat_months(review))))
    reasons = tuple(
        reason for reason in weighty(answers, risk.vulnerable_from.value) if reason.question in VULNERABILITY
    )
    return Victim(recent, reasons, repeat=len(recent) >= review.repeat_victim_reports.value)


def in_last_months(day: date, on: date, months: int) -> bool:
    """Whether `on` is inside the period of months "beginning with" `day`."""
    return day <= on <= end_of_period(day, months)


def _repeat_months(review: ReviewRules) -> int:
    return review.repeat_victim_months.value
