"""Open dates after a change of the policy or of the bank holidays: which of them move, where to, and why.

What they were worked out with is kept as a `Basis`; whether a date may move at all is decided here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self

from casework import data_requests
from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.deadlines import Deadline, Working, deadline_after, is_late
from casework.errors import BeyondCalendar
from casework.following import PROMISED
from casework.policy import Policy
from casework.working_days import SkipReason, WorkingCalendar

_DAY = timedelta(days=1)
FIRST_YEAR = 2025
"""From here on the bank holidays are part of a basis; nothing open is older."""
TOLD = (*PROMISED, DeadlineKind.ACKNOWLEDGE)
"""What a person was given a day for: in the receipt, or while they follow their case."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What open dates were worked out with: figures, days that do not count, and when the team is reminded."""

    figures: dict[str, int]
    days_off: dict[str, str]
    """Names by ISO day."""
    reminders: dict[str, Any]

    @classmethod
    def of(cls, policy: Policy, calendar: WorkingCalendar) -> Self:
        """What dates are worked out with now."""
        years = range(FIRST_YEAR, calendar.verified_until.year + 1)
        days_off = {day: name for year in years for day, name in calendar.days_off(year).items()}
        return cls(
            figures=dict(_figures(policy)),
            days_off={day.isoformat(): name for day, name in days_off.items()},
            reminders=_reminders(policy),
        )

    @property
    def fingerprint(self) -> str:
        """The same for the same basis, and for no other."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"figures": self.figures, "days_off": self.days_off, "reminders": self.reminders}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The value that `to_json` gave."""
        return cls(data["figures"], data["days_off"], data["reminders"])


class Kept(StrEnum):
    """Why a date stays although it would be another one now."""

    BY_HAND = "by_hand"
    PROMISED = "promised"
    OVER = "over"
    BEYOND = "beyond"


class Cause(StrEnum):
    """What moves a date."""

    FIGURE = "figure"
    DAY_ADDED = "day_added"
    DAY_REMOVED = "day_removed"


@dataclass(frozen=True, slots=True)
class Why:
    """One cause: a figure with what it was and is, or a day off with its name."""

    cause: Cause
    before: int = 0
    after: int = 0
    day: date | None = None
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain values, the day in ISO form."""
        day = self.day.isoformat() if self.day else None
        return {
            "cause": self.cause.value,
            "before": self.before,
            "after": self.after,
            "day": day,
            "name": self.name,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The value that `to_json` gave."""
        day = date.fromisoformat(data["day"]) if data["day"] else None
        return cls(Cause(data["cause"]), data["before"], data["after"], day, data["name"])


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDate:
    """A date that counts now, with what decides whether and where it moves."""

    kind: DeadlineKind
    case_kind: CaseKind
    risk: RiskBand
    due_on: date
    set_on: date
    working: Working
    told: bool = False
    """Somebody outside the team was given this day."""
    by_hand: bool = False
    """An officer chose it, with a reason."""
    waited_days: int = 0
    """On a request about one's own data: how long the clock stood still."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of an open date: `moved` to another one, `kept` for a reason, or neither."""

    moved: Deadline | None = None
    kept: Kept | None = None
    why: tuple[Why, ...] = field(default=())


def recalculate(
    one: OpenDate, before: Basis, policy: Policy, calendar: WorkingCalendar, today: date
) -> Outcome:
    """The date as it would be worked out today.

    What an officer set by hand stays. A day that somebody was told may come nearer, but never goes further
    away by itself; nor does any date move into the past, where nobody could keep it (proposal).
    """
    try:
        found = _counted(one, before, policy, calendar)
    except BeyondCalendar:
        return Outcome(kept=Kept.BEYOND)
    if found.due_on == one.due_on:
        return Outcome()
    if one.by_hand:
        return Outcome(kept=Kept.BY_HAND)
    if found.due_on > one.due_on and one.told and one.kind in TOLD:
        return Outcome(kept=Kept.PROMISED)
    if found.due_on < one.due_on and (is_late(found.due_on, today) or is_late(one.due_on, today)):
        return Outcome(kept=Kept.OVER)
    return Outcome(moved=found, why=tuple(_why(one, found, before, calendar)))


def _counted(one: OpenDate, before: Basis, policy: Policy, calendar: WorkingCalendar) -> Deadline:
    working = one.working
    if working.months:
        extended = working.months == data_requests.EXTENDED_MONTHS
        return data_requests.answer_deadline(
            working.start_on, calendar, extended=extended, waited_days=one.waited_days
        )
    start_on = working.start_on
    if start_on > one.set_on:  # it came too late in the day, and counts from the next working day
        start_on = calendar.next_working_day(start_on)
    return deadline_after(one.kind, start_on, _days(one, before, policy), calendar)


def _days(one: OpenDate, before: Basis, policy: Policy) -> int:
    """The policy's figure now, unless the date was counted with another one than the policy then had.

    Such a date was set under another risk band, say: that is no change of the policy.
    """
    counted_with = one.working.working_days
    figure = figure_of(one.case_kind, one.kind, one.risk, policy)
    if figure is None or before.figures.get(_name(one.case_kind, one.kind, one.risk)) != counted_with:
        return counted_with
    return figure


def _why(one: OpenDate, found: Deadline, before: Basis, calendar: WorkingCalendar) -> Iterator[Why]:
    working = one.working
    if found.working.working_days != working.working_days:
        yield Why(Cause.FIGURE, working.working_days, found.working.working_days)
    first, last = working.start_on, found.due_on
    if working.months:  # counted by the calendar: only the days around its end matter
        first, last = sorted((one.due_on - _DAY, found.due_on))
    now_off = {
        skip.day: skip.name for skip in calendar.skipped(first, last) if skip.reason is not SkipReason.WEEKEND
    }
    for day, name in now_off.items():
        if day.isoformat() not in before.days_off:
            yield Why(Cause.DAY_ADDED, day=day, name=name)
    for text, name in sorted(before.days_off.items()):
        day = date.fromisoformat(text)
        if first < day <= last and day not in now_off:
            yield Why(Cause.DAY_REMOVED, day=day, name=name)


def _figures(policy: Policy) -> Iterator[tuple[str, int]]:
    for case_kind in CaseKind:
        for kind in DeadlineKind:
            for risk in RiskBand:
                days = figure_of(case_kind, kind, risk, policy)
                if days is not None:
                    yield _name(case_kind, kind, risk), days


def figure_of(case_kind: CaseKind, kind: DeadlineKind, risk: RiskBand, policy: Policy) -> int | None:
    """Working days in which something is due; None where no figure of the policy says so."""
    if case_kind is CaseKind.ASB_REPORT and kind is DeadlineKind.ANSWER:
        return policy.following.answer_wd.value
    if case_kind is CaseKind.ASB_REPORT and kind is DeadlineKind.UPDATE:
        return policy.following.update_wd.value
    return policy.working_days(case_kind, kind, risk)


def _name(case_kind: CaseKind, kind: DeadlineKind, risk: RiskBand) -> str:
    return f"{case_kind.value}.{kind.value}.{risk.value}"


def _reminders(policy: Policy) -> dict[str, Any]:
    reminders, closures = policy.reminders, policy.calendar.office_closures
    return {
        "morning": reminders.morning.isoformat(),
        "before_wd": sorted(reminders.before_wd),
        "manager_from_overdue_wd": reminders.manager_from_overdue_wd,
        "days": [day.value for day in policy.team.days],
        "closures": [[closure.first.isoformat(), closure.last.isoformat()] for closure in closures],
    }
