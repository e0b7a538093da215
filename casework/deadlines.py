"""What is due by when, and how the date was worked out. The figures are the policy's; what ends a deadline is
the lifecycle's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.policy import Policy
from casework.working_days import SkippedDay, SkipReason, WorkingCalendar

__all__ = ["Deadline", "DeadlineKind", "Working", "deadlines_on_receipt", "initial_risk"]

ON_RECEIPT = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.CONTACT, DeadlineKind.VISIT, DeadlineKind.ANSWER)


@dataclass(frozen=True, slots=True)
class Working:
    """How a date was worked out: so many working days after `start_on`, with the days left out on the way.

    All are local days.
    """

    start_on: date
    working_days: int
    skipped: tuple[SkippedDay, ...]
    due_on: date
    months: int = 0
    """Counted in months, to the next working day, instead of in working days."""

    def to_json(self) -> dict[str, Any]:
        """As plain values, dates in ISO form."""
        return {
            "start_on": self.start_on.isoformat(),
            "working_days": self.working_days,
            "skipped": [[s.day.isoformat(), s.reason.value, s.name] for s in self.skipped],
            "due_on": self.due_on.isoformat(),
            **({"months": self.months} if self.months else {}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The value that `to_json` gave."""
        return cls(
            start_on=date.fromisoformat(data["start_on"]),
            working_days=data["working_days"],
            skipped=tuple(
                SkippedDay(date.fromisoformat(day), SkipReason(reason), name)
                for day, reason, name in data["skipped"]
            ),
            due_on=date.fromisoformat(data["due_on"]),
            months=data.get("months", 0),
        )


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something to be done by the end of the local day `due_on`; `due_at` is its last second, in UTC."""

    kind: DeadlineKind
    due_on: date
    due_at: datetime
    working: Working


def initial_risk(danger_now: bool) -> RiskBand:
    """The risk band of a report whose risk questions nobody has asked yet.

    Three or more unanswered questions are never below medium, violence or danger now is high (NWCSP domain
    facts 3.6; proposal).
    """
    return RiskBand.HIGH if danger_now else RiskBand.MEDIUM


def receipt_day(received_at: datetime, policy: Policy, calendar: WorkingCalendar) -> date:
    """The local day on which something counts as received.

    With a late receipt cut-off in the policy, what comes after it counts as received the next working day
    (NWCSP domain facts 10; proposal, off unless set).
    """
    local = received_at.astimezone(calendar.zone)
    cutoff = policy.calendar.late_receipt_cutoff
    if cutoff is not None and local.time() >= cutoff:
        return calendar.add(local.date(), 1)
    return local.date()


def deadline_after(
    kind: DeadlineKind, start_on: date, working_days: int, calendar: WorkingCalendar
) -> Deadline:
    """A deadline so many working days after a local day. Raises BeyondCalendar."""
    due_on = calendar.add(start_on, working_days)
    working = Working(start_on, working_days, calendar.skipped(start_on, due_on), due_on)
    return Deadline(kind, due_on, calendar.end_of(due_on), working)


def deadlines_on_receipt(
    kind: CaseKind,
    risk: RiskBand,
    received_at: datetime,
    policy: Policy,
    calendar: WorkingCalendar,
    only: Iterable[DeadlineKind] = ON_RECEIPT,
) -> tuple[Deadline, ...]:
    """The deadlines that a new case has (of those, ``only``), the first to acknowledge it. Raises BeyondCalendar."""
    start_on = receipt_day(received_at, policy, calendar)
    figures = ((due, policy.working_days(kind, due, risk)) for due in only)
    return tuple(deadline_after(due, start_on, n, calendar) for due, n in figures if n is not None)


def phone_deadline(kind: CaseKind, found_at: datetime, policy: Policy, calendar: WorkingCalendar) -> Deadline:
    """The deadline to ring a person, from the instant at which the bot found that it cannot reach them."""
    days = policy.working_days(kind, DeadlineKind.PHONE, RiskBand.STANDARD)
    return deadline_after(DeadlineKind.PHONE, calendar.local_day(found_at), days or 1, calendar)


def is_late(due_on: date, today: date) -> bool:
    """Whether the local day `today` is after the day by whose end it was due."""
    return today > due_on


def working_days_left(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Working days after `today` up to the due day: 0 on the day itself, below 0 when it is late."""
    return calendar.between(today, due_on)
