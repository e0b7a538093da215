"""Each line of a case's history is chained to the one before it, as it is inserted and whoever inserts it.

The digest is keyed and goes over what the line says, not over its bytes on disk: it stays right when the line is
encrypted under another key. There is one chain a case, so that nobody waits for another case's history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, event, func, select, text
from sqlalchemy.orm import Session, object_session

from storage.crypto import Keyring, keyring_in_use
from storage.models import CaseEvent
from storage.types import dump_json

_KNOWN = "history_links"


class Link(NamedTuple):
    """Where a chain stands: how many lines there are, and the digest of the last."""

    seq: int
    digest: bytes


START = Link(0, b"")


class Line(NamedTuple):
    """What the digest of a line goes over. ``detail`` is the JSON that is encrypted."""

    case_id: int
    at: datetime
    actor_id: int | None
    actor_role: str
    kind: str
    public: bool
    detail: bytes


def chained(keyring: Keyring, before: Link, line: Line) -> Link:
    """The link of a line that follows."""
    seq = before.seq + 1
    head = [
        before.digest.hex(),
        seq,
        line.case_id,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.actor_id,
        line.actor_role,
        line.kind,
        line.public,
    ]
    return Link(seq, keyring.history_digest(dump_json(head) + b"\n" + line.detail))


def go_on_after(session: Session, last: CaseEvent) -> None:
    """This is the last line of a case's history, read after the case's row was locked in this transaction."""
    if last.seq is not None and last.link is not None:
        _known_to(session).setdefault(last.case_id, Link(last.seq, bytes(last.link)))


def begin(session: Session, case_id: int) -> None:
    """The case was made in this transaction: its history is known to be empty."""
    _known_to(session)[case_id] = START


def chained_rows(keyring: Keyring, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows to be inserted in bulk as new cases' whole histories, each with its place and link."""
    ends: dict[int, Link] = {}
    for row in rows:
        line = Line(
            row["case_id"],
            row["at"],
            row.get("actor_id"),
            row["actor_role"],
            row["kind"],
            row.get("public", False),
            dump_json(row.get("detail", {})),
        )
        end = ends[line.case_id] = chained(keyring, ends.get(line.case_id, START), line)
        yield {**row, "seq": end.seq, "link": end.digest}


def chained_on(session: Session, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows to be inserted in bulk at the end of histories that there are, each with its place and link.

    Two statements' worth of waiting at most, however many cases there are.
    """
    rows = list(rows)
    ends, known = _last_links(session, {row["case_id"] for row in rows}), _known_to(session)
    for row in rows:
        case_id = row["case_id"]
        line = Line(
            case_id,
            row["at"],
            row.get("actor_id"),
            row["actor_role"],
            row["kind"],
            row.get("public", False),
            dump_json(row.get("detail", {})),
        )
        before = known.get(case_id) or ends.get(case_id, START)
        end = ends[case_id] = known[case_id] = chained(keyring_in_use(), before, line)
        yield {**row, "seq": end.seq, "link": end.digest}


def _last_links(session: Session, case_ids: set[int]) -> dict[int, Link]:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        found = connection.execute(_LAST_OF_MANY_ON_POSTGRESQL, {"case_ids": sorted(case_ids)})
    else:
        ends = (
            select(CaseEvent.case_id, func.max(CaseEvent.seq).label("seq"))
            .where(CaseEvent.case_id.in_(case_ids))
            .group_by(CaseEvent.case_id)
            .subquery()
        )
        at_end = (CaseEvent.case_id == ends.c.case_id) & (CaseEvent.seq == ends.c.seq)
        found = connection.execute(
            select(CaseEvent.case_id, CaseEvent.seq, CaseEvent.link).join(ends, at_end)
        )
    return {case_id: Link(seq, bytes(link)) for case_id, seq, link in found}


# PostgreSQL's is a function of its own (see the migration): it waits for whoever writes to the same history, and
# then reads what is there; a statement that did both would read what was there before it waited.
_LAST_ON_POSTGRESQL = text("SELECT seq, link FROM last_link_of_case(:case_id)")
_LAST_OF_MANY_ON_POSTGRESQL = text(
    "SELECT ids.id, ends.seq, ends.link FROM unnest(CAST(:case_ids AS bigint[])) AS ids(id)"
    " CROSS JOIN LATERAL last_link_of_case(ids.id) AS ends"
)
_LAST = (
    select(CaseEvent.seq, CaseEvent.link)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.seq.is_not(None))
    .order_by(CaseEvent.seq.desc())
    .limit(1)
)


def _last_link(connection: Connection, case_id: int) -> Link:
    query = _LAST_ON_POSTGRESQL if connection.dialect.name == "postgresql" else _LAST
    row = connection.execute(query, {"case_id": case_id}).one_or_none()
    return START if row is None else Link(row[0], bytes(row[1]))


@event.listens_for(CaseEvent, "before_insert")
def _chain(_mapper: Any, connection: Connection, added: CaseEvent) -> None:
    session = object_session(added)
    known = _known_to(session) if session is not None else {}
    before = known.get(added.case_id) or _last_link(connection, added.case_id)
    line = Line(
        added.case_id,
        added.at,
        added.actor_id,
        added.actor_role,
        added.kind,
        added.public,
        dump_json(added.detail),
    )
    end = known[added.case_id] = chained(keyring_in_use(), before, line)
    added.seq, added.link = end


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    session.info.pop(_KNOWN, None)


@event.listens_for(Session, "after_commit")
def _forget_all(session: Session) -> None:
    session.info.pop(_KNOWN, None)


def _known_to(session: Session) -> dict[int, Link]:
    """The ends of the chains that this transaction has seen: nobody else can lengthen them until it is over."""
    known: dict[int, Link] = session.info.setdefault(_KNOWN, {})
    return known
