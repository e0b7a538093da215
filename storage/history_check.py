"""Going through the history of every case and saying where it is not whole. A part at a time is in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import LargeBinary, Row, exists, literal, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from storage.crypto import Keyring, WrongKey, keyring_in_use
from storage.dialects import table_of
from storage.history_chain import START, Line, Link, chained
from storage.history_seal import Root, each_sealed, removal_digest, seal_link
from storage.models import Case, CaseEvent, HistorySeal

AT_ONCE = 5000
_EVENTS = table_of(CaseEvent)
_DETAIL = b"case_event.detail"


class Wrong(StrEnum):
    """What is not as it was written."""

    CHANGED = "changed"  # the line, or the link of the one before it, says something else
    MISSING = "missing"  # lines before this one
    ADDED = "added"  # a place that was taken already
    ORDER = "order"  # an id that is not above that of the line before
    UNCHAINED = "unchained"  # inserted past this program
    UNREADABLE = "unreadable"
    CUT = "cut"  # fewer lines than were sealed
    OTHER = "other"  # another line where the seal was
    GONE = "gone"  # sealed, and no line is left, though retention deleted nothing
    BACK = "back"  # lines of a case that retention deleted
    EMPTY = "empty"  # a case without any history
    MARK = "mark"  # said to be deleted by retention, but not by this program
    SEALED = "sealed"  # rows of what was sealed are missing, added or changed
    SEAL = "seal"  # a seal itself


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that is not whole. ``row`` is the id of the line, ``place`` its number in its case's history."""

    wrong: Wrong
    case_id: int | None = None
    row: int | None = None
    place: int | None = None
    sealed: int | None = None
    """How many lines were sealed; of a seal its number."""
    reference: str | None = None


@dataclass(slots=True)
class Checked:
    """What was gone through."""

    events: int = 0
    cases: int = 0
    seals: int = 0
    sealed_at: datetime | None = None
    code: str = ""
    """The beginning of the last seal's link, to be compared with what was noted elsewhere."""


def check(session: Session, checked: Checked) -> Iterator[Finding]:
    """Every place that is not whole, as it is come to. ``checked`` is filled on the way.

    The session should see one state of the database throughout.
    """
    keyring = keyring_in_use()
    last = yield from _check_seals(session, keyring, checked)
    root = Root(keyring)
    sealed = each_sealed(session)
    due = next(sealed, None)
    for case_id, end in _each_case(session, keyring, checked):
        if isinstance(end, Finding):
            yield _named(session, end)
            continue
        while due is not None and due.case_id < case_id:
            yield from _without_history(session, keyring, root, due)
            due = next(sealed, None)
        if due is not None and due.case_id == case_id:
            root.add(due)
            if due.removed_on is not None:
                yield Finding(Wrong.BACK, case_id)
            elif found := _against_seal(session, case_id, due, end):
                yield _named(session, found)
            due = next(sealed, None)
    while due is not None:
        yield from _without_history(session, keyring, root, due)
        due = next(sealed, None)
    if last is not None and (root.digest(), root.cases) != (last.root, last.cases):
        yield Finding(Wrong.SEALED, sealed=last.number)
    yield from _outside(session)


def code_of(seal: HistorySeal) -> str:
    """What stands for a seal in the log: short enough to be compared by eye."""
    text = bytes(seal.link).hex()[:16]
    return "-".join(text[n : n + 4] for n in range(0, 16, 4))


def has_seal(session: Session, code: str) -> bool:
    """Whether one of the seals has this code."""
    wanted = code.strip().lower()
    seals = session.scalars(select(HistorySeal)).yield_per(1000)
    return any(code_of(one) == wanted for one in seals)


def _check_seals(
    session: Session, keyring: Keyring, checked: Checked
) -> Generator[Finding, None, HistorySeal | None]:
    """What is not right with the seals; the last of them is returned."""
    before, number, last = b"", 0, None
    for last in session.scalars(select(HistorySeal).order_by(HistorySeal.number)).yield_per(1000):
        number += 1
        if last.number != number or last.link != seal_link(keyring, last, before):
            yield Finding(Wrong.SEAL, sealed=last.number)
        before, number = last.link, last.number
    if last is not None:
        checked.seals, checked.sealed_at, checked.code = last.number, last.sealed_at, code_of(last)
    return last


def _each_case(session: Session, keyring: Keyring, checked: Checked) -> Iterator[tuple[int, Link | Finding]]:
    """Each case with the end of its chain, and before it what is not whole in it.

    A line behind a gap can't be checked: what its link was made with is not there.
    """
    case_id, end, last_row = 0, START, 0
    for row in _each_line(session):
        checked.events += 1
        if row.case_id != case_id:
            if case_id:
                yield case_id, end
            case_id, end, last_row = row.case_id, START, 0
            checked.cases += 1
        if row.seq != end.seq + 1:
            wrong = Wrong.MISSING if row.seq > end.seq else Wrong.ADDED
            yield case_id, Finding(wrong, case_id, row.id, row.seq)
        elif (differs := _differs(keyring, end, row)) is not None:
            yield case_id, Finding(differs, case_id, row.id, row.seq)
        elif row.id <= last_row:
            yield case_id, Finding(Wrong.ORDER, case_id, row.id, row.seq)
        end, last_row = Link(row.seq, bytes(row.link or b"")), row.id
    if case_id:
        yield case_id, end


def _differs(keyring: Keyring, before: Link, row: Row[Any]) -> Wrong | None:
    try:
        plain = keyring.decrypt(bytes(row.detail), _DETAIL)
    except WrongKey:
        return Wrong.UNREADABLE
    line = Line(row.case_id, row.at, row.actor_id, row.actor_role, row.kind, row.public, plain)
    return None if chained(keyring, before, line).digest == row.link else Wrong.CHANGED


def _each_line(session: Session) -> Iterator[Row[Any]]:
    c = _EVENTS.c
    query = (
        select(
            c.id,
            c.case_id,
            c.at,
            c.actor_id,
            c.actor_role,
            c.kind,
            c.public,
            c.seq,
            c.link,
            type_coerce(c.detail, LargeBinary).label("detail"),
        )
        .where(c.seq.is_not(None))
        .order_by(c.case_id, c.seq, c.id)
        .limit(AT_ONCE)
    )
    after = (0, 0, 0)
    while True:
        further = tuple_(c.case_id, c.seq, c.id) > tuple_(*(literal(value) for value in after))
        rows = session.execute(query.where(further)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1].case_id, rows[-1].seq, rows[-1].id)


def _against_seal(session: Session, case_id: int, due: Row[Any], end: Link) -> Finding | None:
    """The chain has to lead over the link that was sealed."""
    if end.seq < due.events:
        return Finding(Wrong.CUT, case_id, place=end.seq, sealed=due.events)
    if end.seq == due.events:
        found = end.digest
    else:
        c = _EVENTS.c
        there = select(c.link).where(c.case_id == case_id, c.seq == due.events).limit(1)
        found = bytes(session.scalar(there) or b"")
    return None if found == due.link else Finding(Wrong.OTHER, case_id, place=due.events, sealed=due.events)


def _without_history(session: Session, keyring: Keyring, root: Root, due: Row[Any]) -> Iterator[Finding]:
    root.add(due)
    if due.removed_on is None:
        yield _named(session, Finding(Wrong.GONE, due.case_id, sealed=due.events))
    elif due.removal != removal_digest(keyring, due):
        yield Finding(Wrong.MARK, due.case_id, sealed=due.events)


def _outside(session: Session) -> Iterator[Finding]:
    """Lines that are in no chain, and cases that have no line."""
    loose = select(_EVENTS.c.id, _EVENTS.c.case_id).where(_EVENTS.c.seq.is_(None)).order_by(_EVENTS.c.id)
    for row in session.execute(loose).yield_per(AT_ONCE):
        yield _named(session, Finding(Wrong.UNCHAINED, row.case_id, row.id))
    bare = select(Case.id, Case.reference).where(~exists().where(CaseEvent.case_id == Case.id))
    for row in session.execute(bare.order_by(Case.id)).yield_per(AT_ONCE):
        yield Finding(Wrong.EMPTY, row.id, reference=row.reference)


def _named(session: Session, found: Finding) -> Finding:
    reference = session.scalar(select(Case.reference).where(Case.id == found.case_id))
    return Finding(found.wrong, found.case_id, found.row, found.place, found.sealed, reference)
