"""A new case, from whatever conversation: stored, given its deadlines, and told to its district's officers.

What the person who sent it reads is the conversation's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand, first_status
from casework.deadlines import ON_RECEIPT, Deadline, deadlines_on_receipt
from casework.errors import BeyondCalendar
from casework.references import new_reference
from casework.reminders import plan_reminders
from casework.roles import Actor
from handlers import case_review
from handlers.officers import notices, timing
from handlers.turn import Turn
from storage import cases, deadlines
from storage.deadlines import Plan
from storage.models import Base, Case, Person

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What has come in. ``make_detail`` makes the row that its kind has beside, from the case's id.

    Of an anonymous one neither ``reporter`` nor ``referrer`` is kept. ``facts`` go into the first line of its
    history: words and numbers, encrypted there.
    """

    kind: CaseKind
    district: str | None
    risk: RiskBand
    channel: Channel
    make_detail: Callable[[int], Base]
    reporter: Person | None = None
    referrer: Person | None = None
    anonymous: bool = False
    restricted: bool = False
    ward: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    received_at: datetime | None = None
    """When it reached the team, where that was before it was keyed in; the deadlines count from it."""


@dataclass(frozen=True, slots=True)
class Received:
    """The case as stored, what is due on it by when, and how many officers were told.

    What lies beyond the checked calendar has no date.
    """

    case: Case
    deadlines: dict[DeadlineKind, Deadline]
    told: int

    @property
    def reference(self) -> str:
        """What the person can quote."""
        return self.case.reference


def receive(turn: Turn, new: NewCase) -> Received:
    """Store the case with its history, deadlines and reminders, and tell the officers of its district.

    Nothing of an anonymous case names the person or their chat. A report is never refused for want of a date.
    """
    service, session = turn.service, turn.session
    stored = cases.add_case(session, lambda: _case(turn, new), new.make_detail)
    plans, undated = _plan(turn, new)
    if undated:
        log.error("case_without_dates", case=stored.id, missing=[kind.value for kind in undated])
    deadlines.add_deadlines(session, stored.id, plans, set_at=_moment(turn, new))
    timing.keep_next_action(session, service, stored, _moment(turn, new))
    due = [one for one, _ in plans]
    told = notices.tell_new(session, service, stored, due[0] if due else None, turn.now)
    cases.record_event(
        session,
        case_id=stored.id,
        kind="received",
        actor=Actor(None) if new.anonymous else turn.actor,
        now=_moment(turn, new),
        public=True,
        detail={**new.facts, "officers_told": told, **({"no_dates": True} if undated else {})},
    )
    case_review.after_report(turn, stored)
    return Received(stored, {one.kind: one for one in due}, told)


def _plan(turn: Turn, new: NewCase) -> tuple[list[Plan], list[DeadlineKind]]:
    """What is due, each with its reminders; and what has no date, since that lies beyond the checked calendar."""
    policy, calendar = turn.service.policy, turn.service.calendar
    plans: list[Plan] = []
    undated = []
    for kind in ON_RECEIPT:
        # Nobody can be contacted about an anonymous report (NWCSP domain facts 3.5).
        if new.anonymous and kind is DeadlineKind.CONTACT:
            continue
        try:
            due = deadlines_on_receipt(
                new.kind, new.risk, new.received_at or turn.now, policy, calendar, (kind,)
            )
            plans += [(one, plan_reminders(one, turn.now, policy, calendar)) for one in due]
        except BeyondCalendar:
            undated.append(kind)
    return plans, undated


def _case(turn: Turn, new: NewCase) -> Case:
    known = not new.anonymous
    return Case(
        reference=new_reference(turn.service.choose),
        kind=new.kind.value,
        district=new.district,
        ward=new.ward,
        status=first_status(new.kind),
        risk=new.risk.value,
        channel=new.channel.value,
        reporter_id=new.reporter.id if known and new.reporter else None,
        referrer_id=new.referrer.id if known and new.referrer else None,
        received_at=new.received_at or _moment(turn, new),
        restricted=new.restricted,
        anonymous=new.anonymous,
        updated_at=_moment(turn, new),
    )


def _moment(turn: Turn, new: NewCase) -> datetime:
    """Now; of an anonymous one the hour only, so that no row of its chat has the same instant."""
    return turn.now.replace(minute=0, second=0, microsecond=0) if new.anonymous else turn.now
