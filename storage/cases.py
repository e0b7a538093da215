"""Cases, what each kind has beside, and their history. Who may see a case is casework.roles' to say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import case as case_when
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.orm.attributes import flag_modified

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.roles import Actor
from storage import history_chain
from storage.case_events import STAGE
from storage.dialects import table_of
from storage.models import (
    AsbReport,
    Base,
    Case,
    CaseEvent,
    CaseMessage,
    DataRequest,
    Deadline,
    DiaryEntry,
    Enquiry,
    FileState,
    NnsReferral,
    Person,
    StoredFile,
)

Detail = AsbReport | NnsReferral | Enquiry | DataRequest | None
BOT = "bot"
"""The role of whoever acts in the history where it was nobody."""
EDITED = "message_edited"
"""The event of a message that was edited after it was sent."""
_ALWAYS_SHOWN = (EDITED, STAGE)
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
        history_chain.begin(session, made.id)
        session.add(make_detail(made.id))
        session.flush()
        return made
    raise NoFreeReference(f"{_TRIES} references in a row are taken")


def _is_taken(session: Session, reference: str) -> bool:
    return session.scalar(select(Case.id).where(Case.reference == reference)) is not None


def find_case(session: Session, case_id: int) -> Case | None:
    """The case of that id; None where there is none."""
    return session.get(Case, case_id)


def list_by_ids(session: Session, ids: Collection[int]) -> Sequence[Case]:
    """The cases of these ids."""
    return session.scalars(select(Case).where(Case.id.in_(ids))).all()


def find_by_reference(session: Session, reference: str) -> Case | None:
    """The case of that reference, in the form KM4P-X7RB."""
    return session.scalars(select(Case).where(Case.reference == reference)).one_or_none()


def lock_case(session: Session, case_id: int) -> Case | None:
    """The case as it is now, with nobody else changing it until the transaction ends."""
    session.flush()
    locked = select(Case).where(Case.id == case_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one_or_none()


def lock_cases(session: Session, ids: Collection[int]) -> Sequence[Case]:
    """These cases as they are now, locked in the order of their ids."""
    session.flush()
    locked = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def touch(found: Case, now: datetime) -> None:
    """The case counts as changed by this act, even in the same instant as the last: older buttons are old."""
    found.updated_at = now
    flag_modified(found, "updated_at")


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
    """A case with the people around it, how many files came with it, and how many messages and diary entries."""

    case: Case
    owner: Person | None
    reporter: Person | None
    referrer: Person | None
    files: int
    messages: int = 0
    unanswered: int = 0
    """Messages of the person's that nobody has answered yet."""
    entries: int = 0
    """Of its diary, each counted once however often it was corrected."""
    call_due: bool = False
    """Whether somebody still has to ring the person, whom the bot cannot reach."""


def find_parties(session: Session, case_id: int, *, lock: bool = False) -> Parties | None:
    """The case and its people in one query; None where there is no such case. ``lock``: the case's row."""
    owner, reporter, referrer = aliased(Person), aliased(Person), aliased(Person)
    kept = and_(StoredFile.case_id == Case.id, StoredFile.state != FileState.REFUSED.value)
    files = select(func.count()).select_from(StoredFile).where(kept)
    messages = select(func.count()).select_from(CaseMessage).where(CaseMessage.case_id == Case.id)
    waiting = messages.where(CaseMessage.from_team.is_(False), CaseMessage.answered_at.is_(None))
    entries = select(func.count()).select_from(DiaryEntry)
    entries = entries.where(DiaryEntry.case_id == Case.id, DiaryEntry.first_id.is_(None))
    counts = (one.correlate(Case).scalar_subquery() for one in (files, messages, waiting, entries))
    found = (
        select(Case, owner, reporter, referrer, *counts, _CALL_DUE)
        .join(owner, owner.id == Case.owner_id, isouter=True)
        .join(reporter, reporter.id == Case.reporter_id, isouter=True)
        .join(referrer, referrer.id == Case.referrer_id, isouter=True)
        .where(Case.id == case_id)
    )
    row = session.execute(found.with_for_update(of=Case, key_share=True) if lock else found).one_or_none()
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


def record_events(
    session: Session, details: Mapping[int, dict[str, Any]], *, kind: str, actor: Actor, now: datetime
) -> None:
    """The same line of history for many cases, each with its own detail, in one statement."""
    rows = [
        {
            "case_id": case_id,
            "at": now,
            "actor_id": actor.person_id,
            "actor_role": actor.role.value,
            "kind": kind,
            "public": False,
            "detail": detail,
        }
        for case_id, detail in details.items()
    ]
    if rows:
        session.flush()
        chained = list(history_chain.chained_on(session, rows))
        session.connection().execute(insert(table_of(CaseEvent)), chained)


def find_event(session: Session, event_id: int) -> tuple[CaseEvent, Case] | None:
    """A line of history with its case; None where there is none."""
    row = session.execute(
        select(CaseEvent, Case).join(Case, Case.id == CaseEvent.case_id).where(CaseEvent.id == event_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def list_last_events(session: Session, case_id: int, limit: int) -> list[tuple[CaseEvent, Person | None]]:
    """The last lines of a case's history, all its edits and formal steps, with who made them, the oldest first."""
    last = select(CaseEvent.id).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id.desc()).limit(limit)
    rows = session.execute(
        select(CaseEvent, Person)
        .join(Person, Person.id == CaseEvent.actor_id, isouter=True)
        .where(CaseEvent.case_id == case_id, or_(CaseEvent.kind.in_(_ALWAYS_SHOWN), CaseEvent.id.in_(last)))
        .order_by(CaseEvent.id)
    ).all()
    return [(event, person) for event, person in rows]


def list_events_of_kind(session: Session, case_id: int, kind: str) -> Sequence[CaseEvent]:
    """The lines of one kind in a case's history, the oldest first."""
    found = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind == kind)
    return session.scalars(found.order_by(CaseEvent.id)).all()


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


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many cases of the queue are alike in what it can be narrowed to."""

    kind: str
    district: str | None
    status: str
    ward: str | None
    cases: int


@dataclass(frozen=True, slots=True)
class Only:
    """What of the queue is shown; None: everything."""

    kind: str | None = None
    district: str | None = None
    """Empty: cases whose district nobody knows."""
    status: str | None = None
    ward: str | None = None

    def lets(self, count: QueueCount) -> bool:
        """Whether these cases are shown."""
        return all(
            wanted is None or wanted == (value or "")
            for wanted, value in (
                (self.kind, count.kind),
                (self.district, count.district),
                (self.status, count.status),
                (self.ward, count.ward),
            )
        )


EVERYTHING = Only()

_OPEN = Case.closed_at.is_(None)
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


def list_queue(
    session: Session, view: View, only: Only = EVERYTHING, *, offset: int, limit: int
) -> list[QueueRow]:
    """Open cases that nobody owns, then the person's own: by risk, then by what is due next."""
    case = aliased(Case, _in_queue(view).subquery())
    due = _next_due(case.id).label("due_on")
    rows = session.execute(
        select(case, due)
        .where(*_narrowed(case, only))
        .order_by(case.owner_id.is_not(None), _risk_order(case), due.nulls_last(), case.received_at, case.id)
        .offset(offset)
        .limit(limit)
    ).all()
    return [QueueRow(found, due_on) for found, due_on in rows]


def count_queue(session: Session, view: View) -> list[QueueCount]:
    """How many cases `list_queue` has in all, for each combination of what it can be narrowed to."""
    case = _in_queue(view).subquery().c
    columns = (case.kind, case.district, case.status, case.ward)
    rows = session.execute(select(*columns, func.count()).group_by(*columns)).all()
    return [QueueCount(*row) for row in rows]


def list_due(
    session: Session, view: View, until: datetime, *, all_owners: bool, offset: int, limit: int
) -> list[tuple[Deadline, Case]]:
    """Open deadlines due by an instant, the earliest first.

    Those of the person's own cases and of unowned ones in their districts; with ``all_owners`` of colleagues'
    cases too.
    """
    case = aliased(Case) if all_owners else aliased(Case, _in_queue(view).subquery())
    whose = (case.closed_at.is_(None), _in_reach(case, view)) if all_owners else ()
    rows = session.execute(
        select(Deadline, case)
        .join(case, case.id == Deadline.case_id)
        .where(Deadline.ended_at.is_(None), Deadline.due_at <= until, *whose)
        .order_by(Deadline.due_at, _risk_order(case), Deadline.id)
        .offset(offset)
        .limit(limit)
    ).all()
    return [(deadline, found) for deadline, found in rows]


def list_open_of_person(session: Session, person_id: int) -> Sequence[Case]:
    """Open cases that somebody reported or referred, in the order of their ids."""
    return session.scalars(
        select(Case)
        .where(_OPEN, or_(Case.reporter_id == person_id, Case.referrer_id == person_id))
        .order_by(Case.id)
        .with_for_update()
    ).all()


def _risk_order(case: type[Case]) -> ColumnElement[int]:
    bands = (RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.STANDARD)
    return case_when({band.value: place for place, band in enumerate(bands)}, value=case.risk, else_=9)


def _next_due(case_id: InstrumentedAttribute[int]) -> ScalarSelect[date]:
    waiting = select(func.min(Deadline.due_on)).where(Deadline.ended_at.is_(None))
    return waiting.where(Deadline.case_id == case_id).scalar_subquery()


def _in_reach(case: type[Case], view: View) -> ColumnElement[bool]:
    if view.districts is None:
        return literal(value=True)
    return or_(case.district.in_(sorted(view.districts)), case.district.is_(None))


def _in_queue(view: View) -> CompoundSelect[Any]:
    """Open cases that nobody owns in the person's reach, and their own.

    Each part has an index of its own; of an *or* of both, SQLite reads all open cases.
    """
    opened = select(Case).where(_OPEN)
    unowned = opened.where(Case.owner_id.is_(None), _in_reach(Case, view))
    return union_all(unowned, opened.where(Case.owner_id == view.person_id))


def _narrowed(case: type[Case], only: Only) -> list[ColumnElement[bool]]:
    wanted = (
        (case.kind, only.kind),
        (case.district, only.district),
        (case.status, only.status),
        (case.ward, only.ward),
    )
    return [column == value if value else column.is_(None) for column, value in wanted if value is not None]
