"""The daily seal over how far every case's history goes, so that a cut end or a missing case is found.

A chain alone proves nothing about its end. What retention deletes is marked by a digest that only this program
can make, and goes out of the reckoning with the next seal.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, func, select
from sqlalchemy.orm import Session

from storage.crypto import Keyring, keyring_in_use
from storage.dialects import dialect_of, insert_statements, table_of
from storage.locks import lock_seal
from storage.models import Case, CaseEvent, HistorySeal, SealedCase
from storage.types import dump_json

AT_ONCE = 2000
_UNCOMMITTED = 10_000
"""Lines may be committed in another order than their ids': so many are looked at again."""
_EVENTS = table_of(CaseEvent)
_SEALED = table_of(SealedCase)


@dataclass(slots=True)
class Sealing:
    """What came of it. No seal is made where the last one, or what it is over, was tampered with."""

    seal: HistorySeal | None = None
    not_whole: list[int] = field(default_factory=list)
    """Cases whose history no longer leads on from where it was sealed; they stay sealed as they were."""


def latest(session: Session) -> HistorySeal | None:
    """The last seal; None before the first."""
    return session.scalars(select(HistorySeal).order_by(HistorySeal.number.desc()).limit(1)).one_or_none()


def seal(session: Session, now: datetime) -> Sealing:
    """Seal the history of every case as far as it goes now."""
    lock_seal(session)
    keyring, last = keyring_in_use(), latest(session)
    if last is not None and not _holds(session, keyring, last):
        return Sealing()
    done = Sealing()
    newest = session.scalar(select(func.max(CaseEvent.id))) or 0
    for heads in _each_changed(session, max(0, last.last_event_id - _UNCOMMITTED) if last else 0):
        _lead_on(session, heads, done)
    gone = _forget_removed(session, keyring)
    root, cases = root_of(session, keyring)
    done.seal = HistorySeal(
        number=last.number + 1 if last else 1,
        sealed_at=now,
        last_event_id=newest,
        cases=cases,
        removed=(last.removed if last else 0) + gone,
        root=root,
        link=b"",
    )
    done.seal.link = seal_link(keyring, done.seal, last.link if last else b"")
    session.add(done.seal)
    session.flush()
    return done


def _holds(session: Session, keyring: Keyring, last: HistorySeal) -> bool:
    """Whether the last seal and all that it is over are as they were."""
    before = session.get(HistorySeal, last.number - 1)
    linked = last.link == seal_link(keyring, last, before.link if before else b"")
    return linked and root_of(session, keyring) == (last.root, last.cases)


def mark_removed(session: Session, case: Case, rule: str, today: date) -> None:
    """Retention deletes the case: say so, in a way that nobody without the keys can."""
    lock_seal(session)
    sealed = session.get(SealedCase, case.id)
    if sealed is None:
        return
    sealed.removed_on, sealed.rule = today, rule
    sealed.removal = removal_digest(keyring_in_use(), sealed)
    session.flush()


def removal_digest(keyring: Keyring, sealed: SealedCase | Row[Any]) -> bytes:
    """What proves that it was this program that deleted the case."""
    day = sealed.removed_on.isoformat() if sealed.removed_on else None
    content = ["removed", sealed.case_id, sealed.events, bytes(sealed.link).hex(), day, sealed.rule]
    return keyring.history_digest(dump_json(content))


def seal_link(keyring: Keyring, made: HistorySeal, before: bytes) -> bytes:
    """The link of a seal that follows."""
    content = [
        "seal",
        before.hex(),
        made.number,
        made.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        made.last_event_id,
        made.cases,
        made.removed,
        bytes(made.root).hex(),
    ]
    return keyring.history_digest(dump_json(content))


def root_of(session: Session, keyring: Keyring) -> tuple[bytes, int]:
    """The digest of all that is sealed, in the order of the cases, and how many cases that is."""
    root = Root(keyring)
    for row in each_sealed(session):
        root.add(row)
    return root.digest(), root.cases


class Root:
    """The digest of all that is sealed, fed case by case in their order."""

    def __init__(self, keyring: Keyring) -> None:
        self._mac = keyring.history_mac()
        self._mac.update(b"root\0")
        self.cases = 0

    def add(self, row: Row[Any]) -> None:
        """The next case."""
        self._mac.update(struct.pack(">qq32s", row.case_id, row.events, bytes(row.link)))
        self.cases += 1

    def digest(self) -> bytes:
        """The digest of all that was added."""
        return self._mac.digest()


def each_sealed(session: Session) -> Iterator[Row[Any]]:
    """What is sealed, case by case in their order, a part at a time in memory."""
    after = 0
    while True:
        query = select(_SEALED).where(_SEALED.c.case_id > after).order_by(_SEALED.c.case_id).limit(AT_ONCE)
        rows = session.execute(query).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].case_id


def _each_changed(session: Session, floor: int) -> Iterator[Sequence[Row[Any]]]:
    """The present ends of the cases that have lines with ids above ``floor``, some cases at a time."""
    after = 0
    while True:
        rows = session.execute(_ends(after, floor)).all()
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].case_id


def _ends(after: int, floor: int) -> Select[Any]:
    ends = (
        select(_EVENTS.c.case_id, func.max(_EVENTS.c.seq).label("seq"))
        .where(_EVENTS.c.case_id > after, _EVENTS.c.id > floor, _EVENTS.c.seq.is_not(None))
        .group_by(_EVENTS.c.case_id)
        .order_by(_EVENTS.c.case_id)
        .limit(AT_ONCE)
        .subquery()
    )
    same = and_(_EVENTS.c.case_id == ends.c.case_id, _EVENTS.c.seq == ends.c.seq)
    return (
        select(_EVENTS.c.case_id, _EVENTS.c.seq, _EVENTS.c.link).join(ends, same).order_by(_EVENTS.c.case_id)
    )


def _lead_on(session: Session, heads: Sequence[Row[Any]], done: Sealing) -> None:
    """Move what is sealed on to these ends, where each chain still holds the link that was sealed."""
    cases = [head.case_id for head in heads]
    here = and_(_EVENTS.c.case_id == _SEALED.c.case_id, _EVENTS.c.seq == _SEALED.c.events)
    known = session.execute(
        select(_SEALED.c.case_id, _SEALED.c.link, _SEALED.c.removed_on, _EVENTS.c.link.label("found"))
        .join(_EVENTS, here, isouter=True)
        .where(_SEALED.c.case_id.in_(cases))
    )
    broken = {row.case_id for row in known if row.found != row.link or row.removed_on is not None}
    done.not_whole += sorted(broken)
    fresh = [
        {"case_id": head.case_id, "events": head.seq, "link": head.link}
        for head in heads
        if head.case_id not in broken
    ]
    if fresh:
        session.connection().execute(_LEAD_ON[dialect_of(session)], fresh)


def _forget_removed(session: Session, keyring: Keyring) -> int:
    """What retention deleted goes out of the reckoning. A mark that is not ours stays, to be found."""
    rows = session.execute(select(_SEALED).where(_SEALED.c.removed_on.is_not(None))).all()
    ours = [row.case_id for row in rows if row.removal == removal_digest(keyring, row)]
    for start in range(0, len(ours), AT_ONCE):
        part = ours[start : start + AT_ONCE]
        session.execute(delete(_SEALED).where(_SEALED.c.case_id.in_(part)))
    session.expire_all()
    return len(ours)


_LEAD_ON = insert_statements(
    _SEALED,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["case_id"],
        set_={"events": insert.excluded.events, "link": insert.excluded.link},
    ),
)
