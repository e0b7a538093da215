"""A person's own cases as they follow them: messages, promises that were not kept, closings, what was explained.

Every query of a person's cases takes the person: there is no list of everybody's to misuse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, and_, bindparam, exists, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from casework.cases import CaseKind, DeadlineKind
from casework.following import PROMISED, Promise
from casework.roles import Role
from storage.models import (
    AsbReport,
    BrokenPromise,
    Case,
    CaseEvent,
    CaseMessage,
    CaseReviewInfo,
    Closure,
    Deadline,
    Heard,
    Person,
    RoleGrant,
)

MORE = "more_reported"
"""The event by which more of the same is reported to a case."""
MESSAGE = "message"
"""The question under which the words of a message are kept in `Heard`."""
_STAFF = (Role.OFFICER.value, Role.MANAGER.value)

# The two statements of a list of one's own: built once, since to build them takes as long as to run them.
_PERSON = bindparam("person", type_=BigInteger)
# Two looks into two indexes: with OR, SQLite reads the whole table once it has counted that few have a referrer.
_THEIRS = union_all(
    select(Case.id).where(Case.reporter_id == _PERSON), select(Case.id).where(Case.referrer_id == _PERSON)
)
_OWN = (
    select(Case, AsbReport.category, AsbReport.last_happened_on, AsbReport.approximate)
    .join(AsbReport, AsbReport.case_id == Case.id, isouter=True)
    .where(Case.id.in_(_THEIRS))
    .order_by(Case.received_at.desc(), Case.id.desc())
    .offset(bindparam("skip", type_=Integer))
    .limit(bindparam("most", type_=Integer))
)
_WORKS_HERE = exists().where(
    RoleGrant.person_id == Case.owner_id, RoleGrant.ended_at.is_(None), RoleGrant.role.in_(_STAFF)
)
_STANDINGS = (
    select(Case.id, Person, Deadline, BrokenPromise, CaseEvent)
    .select_from(Case)
    .join(Person, and_(Person.id == Case.owner_id, _WORKS_HERE), isouter=True)
    .join(Deadline, and_(Deadline.case_id == Case.id, Deadline.ended_at.is_(None)), isouter=True)
    .join(BrokenPromise, BrokenPromise.deadline_id == Deadline.id, isouter=True)
    .join(CaseEvent, and_(CaseEvent.case_id == Case.id, CaseEvent.kind == MORE), isouter=True)
    .where(Case.id.in_(bindparam("cases", expanding=True)))
    .order_by(Deadline.due_at, Deadline.id, CaseEvent.id, BrokenPromise.id)
)


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of the person's own, and what they reported; None for what is no report."""

    case: Case
    category: str | None
    happened_on: date | None
    approximate: bool


def list_own(session: Session, person_id: int, *, offset: int, limit: int) -> list[OwnCase]:
    """What somebody reported or referred, the newest first."""
    rows = session.execute(_OWN, {"person": person_id, "skip": offset, "most": limit}).all()
    return [OwnCase(found, category, day, bool(approximate)) for found, category, day, approximate in rows]


def list_own_reports(session: Session, person_id: int, since: datetime) -> list[OwnCase]:
    """The reports that somebody sent since an instant, the newest first."""
    rows = session.execute(
        select(Case, AsbReport.category, AsbReport.last_happened_on, AsbReport.approximate)
        .join(AsbReport, AsbReport.case_id == Case.id)
        .where(Case.reporter_id == person_id, Case.received_at >= since)
        .order_by(Case.received_at.desc(), Case.id.desc())
    ).all()
    return [OwnCase(found, category, day, bool(approximate)) for found, category, day, approximate in rows]


def list_more(session: Session, person_id: int, since: datetime) -> Sequence[CaseEvent]:
    """What somebody reported to their cases since an instant as more of the same."""
    return session.scalars(
        select(CaseEvent)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(Case.reporter_id == person_id, CaseEvent.kind == MORE, CaseEvent.at >= since)
        .order_by(CaseEvent.id)
    ).all()


def list_own_open(session: Session, person_id: int, limit: int) -> Sequence[Case]:
    """The open reports that somebody sent, the newest first."""
    return session.scalars(
        select(Case)
        .where(
            Case.reporter_id == person_id,
            Case.closed_at.is_(None),
            Case.kind == CaseKind.ASB_REPORT.value,
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(limit)
    ).all()


@dataclass(slots=True)
class Standing:
    """Who has a case, and what the person was promised: each open deadline with the day that holds now."""

    owner: Person | None = None
    deadlines: list[Deadline] = field(default_factory=list)
    promises: dict[int, Promise] = field(default_factory=dict)
    """By deadline id."""
    more: list[CaseEvent] = field(default_factory=list)
    """What was reported to this case later, as more of the same."""


def standings(session: Session, case_ids: Collection[int]) -> dict[int, Standing]:
    """The standing of each of these cases, in one query. An officer who has left is nobody's contact."""
    rows = session.execute(_STANDINGS, {"cases": list(case_ids)}).all()
    found = {case_id: Standing() for case_id in case_ids}
    broken_days: dict[int, list[BrokenPromise]] = {}
    for case_id, owner, deadline, broken, event in rows:
        standing = found[case_id]
        standing.owner = owner
        if event is not None and event not in standing.more:
            standing.more.append(event)
        if deadline is None:
            continue
        if deadline not in standing.deadlines:
            standing.deadlines.append(deadline)
        days = broken_days.setdefault(deadline.id, [])
        if broken is not None and broken not in days:
            days.append(broken)
        if deadline.kind in PROMISED:
            last = days[-1] if days else None
            standing.promises[deadline.id] = _promise(deadline, last, len(days))
    return found


def _promise(deadline: Deadline, last: BrokenPromise | None, missed: int) -> Promise:
    """The day that holds now: the deadline's own, or the one that came with the last apology."""
    day = deadline.due_on if last is None else last.new_on or last.promised_on
    return Promise(DeadlineKind(deadline.kind), day, missed)


# Messages


def add_message(
    session: Session,
    case_id: int,
    *,
    author_id: int | None,
    from_team: bool,
    body: dict[str, Any],
    now: datetime,
    message_id: int | None = None,
) -> CaseMessage:
    """A message about the case. Its id is set."""
    made = CaseMessage(
        case_id=case_id, at=now, from_team=from_team, author_id=author_id, body=body, message_id=message_id
    )
    session.add(made)
    session.flush()
    return made


@dataclass(frozen=True, slots=True)
class Written:
    """A message with who wrote it, and its later versions where it was edited, the last one at the end."""

    message: CaseMessage
    author: Person | None
    edits: tuple[str, ...]


def list_messages(session: Session, case_id: int, *, offset: int, limit: int) -> list[Written]:
    """The messages of a case, the newest first."""
    rows = session.execute(
        select(CaseMessage, Person)
        .join(Person, Person.id == CaseMessage.author_id, isouter=True)
        .where(CaseMessage.case_id == case_id)
        .order_by(CaseMessage.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    edits = _edits(session, case_id) if rows else {}
    return [
        Written(message, author, edits.get((author.chat_key if author else None, message.message_id), ()))
        for message, author in rows
    ]


def _edits(session: Session, case_id: int) -> dict[tuple[int | None, int | None], tuple[str, ...]]:
    """By chat and message: Telegram numbers the messages of each chat anew."""
    heard = session.scalars(
        select(Heard)
        .where(Heard.case_id == case_id, Heard.question == MESSAGE, Heard.version > 0)
        .order_by(Heard.version)
    )
    found: dict[tuple[int | None, int | None], tuple[str, ...]] = {}
    for row in heard:
        key = (row.chat_key, row.message_id)
        found[key] = (*found.get(key, ()), str(row.body["text"]))
    return found


_UNANSWERED = and_(CaseMessage.from_team.is_(False), CaseMessage.answered_at.is_(None))


def unanswered(session: Session, case_id: int) -> tuple[int, datetime | None]:
    """How many messages of the person's nobody has answered yet, and when the last of them came."""
    row = session.execute(
        select(func.count(), func.max(CaseMessage.at, type_=CaseMessage.__table__.c.at.type)).where(
            CaseMessage.case_id == case_id, _UNANSWERED
        )
    ).one()
    return int(row[0]), row[1]


def mark_answered(session: Session, case_id: int, now: datetime) -> None:
    """Somebody of the team wrote back, or spoke to them: what they wrote so far is answered."""
    session.execute(
        update(CaseMessage)
        .where(CaseMessage.case_id == case_id, _UNANSWERED)
        .values(answered_at=now)
        .execution_options(synchronize_session="fetch")
    )


# Promises


@dataclass(frozen=True, slots=True)
class Missed:
    """A promise whose day is over, and that the person has not been told of."""

    deadline: Deadline
    case: Case
    reporter: Person | None
    promise: Promise


def list_missed(session: Session, now: datetime, today: date, limit: int) -> list[Missed]:
    """Promises of open cases, with somebody to tell, whose day is before today; of each the present day only."""
    last = (
        select(func.max(BrokenPromise.id))
        .where(BrokenPromise.deadline_id == Deadline.id)
        .correlate(Deadline)
        .scalar_subquery()
    )
    times = (
        select(func.count())
        .select_from(BrokenPromise)
        .where(BrokenPromise.deadline_id == Deadline.id)
        .correlate(Deadline)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Deadline, Case, Person, BrokenPromise, times)
        .join(Case, Case.id == Deadline.case_id)
        .join(Person, Person.id == Case.reporter_id)
        .join(BrokenPromise, BrokenPromise.id == last, isouter=True)
        .where(
            Deadline.ended_at.is_(None),
            Deadline.due_at < now,
            Deadline.kind.in_([kind.value for kind in PROMISED]),
            Case.closed_at.is_(None),
            Case.kind == CaseKind.ASB_REPORT.value,
            or_(BrokenPromise.id.is_(None), BrokenPromise.new_on < today),
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(limit)
    ).all()
    return [
        Missed(deadline, found, person, promise)
        for deadline, found, person, broken, missed in rows
        if (promise := _promise(deadline, broken, missed)).is_missed(today)
    ]


def list_broken(session: Session, since: datetime, limit: int) -> list[tuple[BrokenPromise, Deadline, Case]]:
    """Promises that were found broken after an instant, the earliest first."""
    rows = session.execute(
        select(BrokenPromise, Deadline, Case)
        .join(Deadline, Deadline.id == BrokenPromise.deadline_id)
        .join(Case, Case.id == BrokenPromise.case_id)
        .where(BrokenPromise.at > since)
        .order_by(BrokenPromise.promised_on, BrokenPromise.id)
        .limit(limit)
    ).all()
    return [(broken, deadline, found) for broken, deadline, found in rows]


def add_broken_promise(
    session: Session, missed: Missed, new_on: date | None, *, told: bool, now: datetime
) -> None:
    """Keep that this day passed, and which one was promised instead."""
    session.add(
        BrokenPromise(
            case_id=missed.case.id,
            deadline_id=missed.deadline.id,
            promised_on=missed.promise.day,
            new_on=new_on,
            told=told,
            at=now,
        )
    )
    session.flush()


# Closing


def add_closure(
    session: Session, case_id: int, *, reason: str, done: str | None, by: int | None, now: datetime
) -> Closure:
    """Keep why and by whom a case was closed. Its id is set."""
    made = Closure(case_id=case_id, at=now, reason=reason, done=done, closed_by=by)
    session.add(made)
    session.flush()
    return made


def last_closure(session: Session, case_id: int) -> Closure | None:
    """How the case was closed last; None where it never was."""
    return session.scalars(
        select(Closure).where(Closure.case_id == case_id).order_by(Closure.id.desc()).limit(1)
    ).one_or_none()


# History


def each_public_event(session: Session, case_id: int, limit: int) -> Iterator[CaseEvent]:
    """The last lines of a case's history that the person may see, the oldest of them first."""
    rows = session.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id, CaseEvent.public.is_(True))
        .order_by(CaseEvent.id.desc())
        .limit(limit)
    ).all()
    return reversed(rows)


def last_event_at(session: Session, case_id: int, kind: str) -> datetime | None:
    """When something of this kind last happened in a case; None where it never did."""
    at: datetime | None = session.scalar(
        select(func.max(CaseEvent.at, type_=CaseEvent.__table__.c.at.type)).where(
            CaseEvent.case_id == case_id, CaseEvent.kind == kind
        )
    )
    return at


# The ASB Case Review


def review_explained_at(session: Session, person_id: int) -> datetime | None:
    """When the case review was last explained to somebody; None where it never was."""
    last: datetime | None = session.scalar(
        select(func.max(CaseReviewInfo.sent_at, type_=CaseReviewInfo.__table__.c.sent_at.type)).where(
            CaseReviewInfo.person_id == person_id
        )
    )
    return last


def add_review_info(session: Session, person_id: int, case_id: int, now: datetime) -> None:
    """Keep that it was explained, and because of which report."""
    session.add(CaseReviewInfo(person_id=person_id, case_id=case_id, sent_at=now))
    session.flush()
