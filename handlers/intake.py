"""A new case, from whatever conversation: stored, given its deadlines, and told to its district's officers.

What the person who sent it reads is the conversation's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand, first_status
from casework.deadlines import Deadline, deadlines_on_receipt
from casework.references import new_reference
from casework.reminders import plan_reminders
from casework.roles import Actor
from handlers.officers import notices
from handlers.turn import Turn
from storage import cases, deadlines
from storage.models import Base, Case, Person


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


@dataclass(frozen=True, slots=True)
class Received:
    """The case as stored, what is due on it by when, and how many officers were told."""

    case: Case
    deadlines: dict[DeadlineKind, Deadline]
    told: int

    @property
    def reference(self) -> str:
        """What the person can quote."""
        return self.case.reference


def receive(turn: Turn, new: NewCase) -> Received:
    """Store the case with its history, deadlines and reminders, and tell the officers of its district.

    Nothing of an anonymous case names the person or their chat. Raises BeyondCalendar.
    """
    service, session = turn.service, turn.session
    stored = cases.add_case(session, lambda: _case(turn, new), new.make_detail)
    due = [
        one
        for one in deadlines_on_receipt(new.kind, new.risk, turn.now, service.policy, service.calendar)
        # Nobody can be contacted about an anonymous report (NWCSP domain facts 3.5).
        if not (new.anonymous and one.kind is DeadlineKind.CONTACT)
    ]
    plans = [(one, plan_reminders(one, turn.now, service.policy, service.calendar)) for one in due]
    deadlines.add_deadlines(session, stored.id, plans, set_at=_moment(turn, new))
    by_kind = {one.kind: one for one in due}
    told = notices.tell_new(session, service, stored, by_kind[DeadlineKind.ACKNOWLEDGE], turn.now)
    cases.record_event(
        session,
        case_id=stored.id,
        kind="received",
        actor=Actor(None) if new.anonymous else turn.actor,
        now=_moment(turn, new),
        public=True,
        detail={**new.facts, "officers_told": told},
    )
    return Received(stored, by_kind, told)


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
        received_at=_moment(turn, new),
        restricted=new.restricted,
        anonymous=new.anonymous,
        updated_at=_moment(turn, new),
    )


def _moment(turn: Turn, new: NewCase) -> datetime:
    """Now; of an anonymous one the hour only, so that no row of its chat has the same instant."""
    return turn.now.replace(minute=0, second=0, microsecond=0) if new.anonymous else turn.now
