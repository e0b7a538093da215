"""Whether an officer may give something another day, alone or with the manager's yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.cases import CaseKind, DeadlineKind
from casework.following import PROMISED
from casework.policy import Policy
from casework.working_days import WorkingCalendar


class Verdict(StrEnum):
    """What becomes of a wish to move a day; all but the first two wait for a manager."""

    ALLOWED = "allowed"
    STATUTORY = "statutory"
    """The law sets the day: nobody here can move it."""
    TOO_OFTEN = "too_often"
    PROMISED = "promised"
    """Too long after the day that somebody was promised first."""
    TOO_FAR = "too_far"

    @property
    def needs_manager(self) -> bool:
        """Whether a manager can agree to it."""
        return self in (Verdict.TOO_OFTEN, Verdict.PROMISED, Verdict.TOO_FAR)


@dataclass(frozen=True, slots=True)
class Planned:
    """A day as it stands: of what, how often it was moved, and the day that was set first."""

    case: CaseKind
    kind: DeadlineKind
    due_on: date
    first_due_on: date
    moves: int = 0

    @property
    def is_promise(self) -> bool:
        """Whether a resident was told this day."""
        return self.case is CaseKind.ASB_REPORT and self.kind in PROMISED


def is_statutory(case: CaseKind, kind: DeadlineKind) -> bool:
    """Whether the law sets the day, and says how it can be extended (UK GDPR Article 12(3))."""
    return case is CaseKind.DATA_REQUEST and kind is DeadlineKind.ANSWER


def verdict(
    planned: Planned, to: date, today: date, *, manager: bool, policy: Policy, calendar: WorkingCalendar
) -> Verdict:
    """Whether the day may be moved. Sooner is always allowed; figures are the policy's (proposal).

    Raises BeyondCalendar.
    """
    if is_statutory(planned.case, planned.kind):
        return Verdict.STATUTORY
    if manager or to <= planned.due_on:
        return Verdict.ALLOWED
    limits = policy.planning
    if planned.moves >= limits.most_moves.value:
        return Verdict.TOO_OFTEN
    if planned.is_promise and to > calendar.add(planned.first_due_on, limits.promise_wd.value):
        return Verdict.PROMISED
    if to > calendar.add(today, limits.farthest_wd.value):
        return Verdict.TOO_FAR
    return Verdict.ALLOWED
