"""Cases, what each kind has beside, and their history. Who may see a case is casework.roles' to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy import case as case_when
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.roles import Actor
from storage.models import (
    AsbReport,
    Base,
    Case,
    CaseEvent,
    CaseMessage,
    DataRequest,
    Deadline,
    Enquiry,
    FileState,
    NnsReferral,
    Person,
    StoredFile,
)

BOT = "bot"
"""The role of whoever acts in the history where it was nobody."""
EDITED = "message_edited"
"""The event of a message that was edited after it was sent."""
_TRIES = 5


class NoFreeReference(RuntimeError):
    """Every reference that was chosen is taken: the choice is not random."""


def add_case(
    session: Session,
    make_case: Callable[[], Case],
    make_detail: Callable[[int], Base],
) -> Case:
    """Store a case and what its kind has beside. ``make_case`` chooses a reference, again where it is taken.

    Raises NoFreeReference.
    """
    session.flush()
    for _ in range(_TRIES):
        made = make_case()
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:
            if not _is_taken(session, made.reference):
                raise
            continue
        session.add(make_detail(made.id))
        session.flush()
        return made
    raise NoFreeReference(f"{_TRIES} references in a row are taken")


def _is_taken(session: Session, reference: str) -> bool:
    return session.scalar(select(Case.id).where(Case.reference == reference)) is not None


def find_case(session: Session, case_id: int) -> Case | None:
    """The case of that id; None where there is none."""
    return session.get(Case, case_id)


def find_by_reference(session: Session, reference: str) -> Case | None:
    """The case of that reference, in the form KM4P-X7RB."""
    return session.scalars(select(Case).where(Case.reference == reference)).one_or_none()


def lock_case(session: Session, case_id: int) -> Case | None:
    """The case as it is now, with nobody else changing it until the transaction ends."""
    session.flush()
    locked = select(Case).where(Case.id == case_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one_or_none()


def detail_of(session: Session, found: Case) -> AsbReport | NnsReferral | Enquiry | DataRequest | None:
    """What the case's kind has beside; None for a kind that has nothing."""
    match found.kind:
        case CaseKind.ASB_REPORT:
            return session.get(AsbReport, found.id)
        case CaseKind.NOMINATED_NEIGHBOUR:
            return session.get(NnsReferral, found.id)
        case CaseKind.ENQUIRY:
            return session.get(Enquiry, found.id)
        case CaseKind.DATA_REQUEST:
            return session.get(DataRequest, found.id)
    return None


@dataclass(frozen=True, slots=True)
class Parties:
    """A case with the people around it, how many files came with it, and how many messages."""

    case: Case
    owner: Person | None
    reporter: Person | None
    referrer: Person | None
    files: int
    messages: int = 0
    unanswered: int = 0
    """Messages of the person's that nobody has answered yet."""


def find_parties(session: Session, case_id: int) -> Parties | None:
    """The case and its people in one query; None where there is no such case."""
    owner, reporter, referrer = aliased(Person), aliased(Person), aliased(Person)
    kept = and_(StoredFile.case_id == Case.id, StoredFile.state != FileState.REFUSED.value)
    files = select(func.count()).select_from(StoredFile).where(kept)
    messages = select(func.count()).select_from(CaseMessage).where(CaseMessage.case_id == Case.id)
    waiting = messages.where(CaseMessage.from_team.is_(False), CaseMessage.answered_at.is_(None))
    counts = (one.correlate(Case).scalar_subquery() for one in (files, messages, waiting))
    row = session.execute(
        select(Case, owner, reporter, referrer, *counts)
        .join(owner, owner.id == Case.owner_id, isouter=True)
        .join(reporter, reporter.id == Case.reporter_id, isouter=True)
        .join(referrer, referrer.id == Case.referrer_id, isouter=True)
        .where(Case.id == case_id)
    ).one_or_none()
    return None if row is None else Parties(*row)


def record_event(
    session: Session,
    *,
    case_id: int,
    kind: str,
    actor: Actor | None,
    now: datetime,
    public: bool = False,
    detail: dict[str, Any] | None = None,
) -> CaseEvent:
    """A line of the case's history; it can't be changed afterwards. Its id is set.

    ``actor`` None is the bot itself. ``public``: the person who reported may see it.
    """
    event = CaseEvent(
        case_id=case_id,
        at=now,
        actor_id=actor.person_id if actor else None,
        actor_role=actor.role.value if actor else BOT,
        kind=kind,
        public=public,
        detail=detail or {},
    )
    session.add(event)
    session.flush()
    return event


def find_event(session: Session, event_id: int) -> tuple[CaseEvent, Case] | None:
    """A line of history with its case; None where there is none."""
    row = session.execute(
        select(CaseEvent, Case).join(Case, Case.id == CaseEvent.case_id).where(CaseEvent.id == event_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def list_last_events(session: Session, case_id: int, limit: int) -> list[tuple[CaseEvent, Person | None]]:
    """The last lines of a case's history and all its edits, with who made them, the oldest first."""
    last = select(CaseEvent.id).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id.desc()).limit(limit)
    rows = session.execute(
        select(CaseEvent, Person)
        .join(Person, Person.id == CaseEvent.actor_id, isouter=True)
        .where(CaseEvent.case_id == case_id, or_(CaseEvent.kind == EDITED, CaseEvent.id.in_(last)))
        .order_by(CaseEvent.id)
    ).all()
    return [(event, person) for event, person in rows]


@dataclass(frozen=True, slots=True)
class View:
    """Whose work is asked for: cases of these districts and of no known one; ``districts`` None is all."""

    person_id: int
    districts: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in the queue, with the day by which something is due next."""

    case: Case
    due_on: date | None


_RISK_ORDER = case_when(
    {band.value: place for place, band in enumerate((RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.STANDARD))},
    value=Case.risk,
    else_=9,
)
_OPEN = Case.closed_at.is_(None)
_NEXT_DUE = (
    select(func.min(Deadline.due_on))
    .where(Deadline.case_id == Case.id, Deadline.ended_at.is_(None))
    .correlate(Case)
    .scalar_subquery()
)
_CALL_DUE = and_(
    Case.reporter_unreachable_since.is_not(None),
    exists()
    .where(
        Deadline.case_id == Case.id,
        Deadline.kind == DeadlineKind.PHONE.value,
        Deadline.ended_at.is_(None),
    )
    .correlate(Case),
)


def list_queue(session: Session, view: View, *, offset: int, limit: int) -> list[QueueRow]:
    """Open cases that nobody owns, then the person's own: by risk, then by what is due next."""
    due = _NEXT_DUE.label("due_on")
    rows = session.execute(
        select(Case, due)
        .where(_in_queue(view))
        .order_by(Case.owner_id.is_not(None), _RISK_ORDER, due.is_(None), due, Case.received_at, Case.id)
        .offset(offset)
        .limit(limit)
    ).all()
    return [QueueRow(found, due_on) for found, due_on in rows]


def count_queue(session: Session, view: View) -> int:
    """How many cases `list_queue` has in all."""
    return session.scalar(select(func.count()).select_from(Case).where(_in_queue(view))) or 0


def list_due(
    session: Session, view: View, until: datetime, *, all_owners: bool, offset: int, limit: int
) -> list[tuple[Deadline, Case]]:
    """Open deadlines due by an instant, the earliest first.

    Those of the person's own cases and of unowned ones in their districts; with ``all_owners`` of colleagues'
    cases too.
    """
    whose = _in_reach(view) if all_owners else _in_queue(view)
    rows = session.execute(
        select(Deadline, Case)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at <= until, _OPEN, whose)
        .order_by(Deadline.due_at, _RISK_ORDER, Deadline.id)
        .offset(offset)
        .limit(limit)
    ).all()
    return [(deadline, found) for deadline, found in rows]


def list_due_by(session: Session, until: datetime, limit: int) -> list[tuple[Deadline, Case]]:
    """Everybody's open deadlines due by an instant, the earliest first."""
    rows = session.execute(
        select(Deadline, Case)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at <= until, _OPEN)
        .order_by(Deadline.due_at, Deadline.id)
        .limit(limit)
    ).all()
    return [(deadline, found) for deadline, found in rows]


def list_for_digest(session: Session, since: datetime, limit: int) -> list[tuple[Case, bool]]:
    """Open cases that nobody owns and that came in after an instant, and those with somebody still to phone.

    Each with whether it is one of the latter.
    """
    fresh = and_(Case.owner_id.is_(None), Case.received_at > since)
    rows = session.execute(
        select(Case, _CALL_DUE)
        .where(_OPEN, or_(fresh, _CALL_DUE))
        .order_by(_RISK_ORDER, Case.received_at, Case.id)
        .limit(limit)
    ).all()
    return [(found, call_due) for found, call_due in rows]


def list_open_of_person(session: Session, person_id: int) -> Sequence[Case]:
    """Open cases that somebody reported or referred, in the order of their ids."""
    return session.scalars(
        select(Case)
        .where(_OPEN, or_(Case.reporter_id == person_id, Case.referrer_id == person_id))
        .order_by(Case.id)
        .with_for_update()
    ).all()


def _in_reach(view: View) -> ColumnElement[bool]:
    if view.districts is None:
        return _OPEN
    return or_(Case.district.in_(sorted(view.districts)), Case.district.is_(None))


def _in_queue(view: View) -> ColumnElement[bool]:
    unowned = and_(Case.owner_id.is_(None), _in_reach(view))
    return and_(_OPEN, or_(unowned, Case.owner_id == view.person_id))
