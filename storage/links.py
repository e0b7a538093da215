"""Cases that belong together: linked by officers, or of one person or address. Who may see them is casework's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from casework.addresses import address_key
from casework.linking import LinkKind, Sameness, in_order
from storage.crypto import keyring_in_use
from storage.models import AsbReport, Case, CaseLink, NnsReferral

MOST = 60
"""A place that everybody reports has hundreds of cases: the newest are enough to be offered."""


def address_hash(text: str | None, postcode: str | None) -> bytes | None:
    """What an address is found by; None for what is no address."""
    key = address_key(text, postcode)
    return None if key is None else keyring_in_use().hash_text("resident_address", key)


@dataclass(frozen=True, slots=True)
class Related:
    """Another case, with the link that an officer made, or why it is offered."""

    case: Case
    link_id: int | None
    kind: LinkKind | None
    same: Sameness | None


def list_related(session: Session, case_id: int) -> list[Related]:
    """Cases linked with one, then those that may belong to it, the newest first; each once. One query."""
    related: dict[int, Related] = {}
    for case, link_id, kind, same in session.execute(_RELATED, {"this": case_id}):
        one = Related(case, link_id, LinkKind(kind) if kind else None, Sameness(same) if same else None)
        related.setdefault(case.id, one)
    return list(related.values())


Part = Select[*tuple[Any, ...]]
_THIS = bindparam("this", type_=BigInteger)


def _linked() -> tuple[Part, ...]:
    nothing = cast(null(), String)
    sides = ((CaseLink.case_id, CaseLink.other_id), (CaseLink.other_id, CaseLink.case_id))
    return tuple(
        select(
            other.label("case_id"),
            CaseLink.id.label("link_id"),
            CaseLink.kind.label("kind"),
            nothing.label("same"),
            literal(0).label("rank"),
        ).where(one == _THIS, CaseLink.ended_at.is_(None))
        for one, other in sides
    )


def _offered(of: type[Case | AsbReport | NnsReferral], why: Sameness, rank: int) -> Part:
    column = Case.id if of is Case else of.case_id  # type: ignore[union-attr]
    nothing = cast(null(), CaseLink.id.type)
    return select(
        column.label("case_id"),
        nothing.label("link_id"),
        cast(null(), String).label("kind"),
        literal(why.value).label("same"),
        literal(rank).label("rank"),
    )


def _same_person() -> tuple[Part, ...]:
    """Of the same reporter, or of a resident of the same name who was referred."""
    this = aliased(Case)
    reporter = select(this.reporter_id).where(this.id == _THIS).scalar_subquery()
    referral = aliased(NnsReferral)
    name = select(referral.name_hash).where(referral.case_id == _THIS).scalar_subquery()
    return (
        _offered(Case, Sameness.PERSON, 1).where(Case.reporter_id == reporter),
        _offered(NnsReferral, Sameness.PERSON, 1).where(NnsReferral.name_hash == name),
    )


def _same_address() -> tuple[Part, ...]:
    report, referral = aliased(AsbReport), aliased(NnsReferral)
    here = func.coalesce(
        select(report.address_hash).where(report.case_id == _THIS).scalar_subquery(),
        select(referral.address_hash).where(referral.case_id == _THIS).scalar_subquery(),
    )
    return tuple(
        _offered(of, Sameness.ADDRESS, 2).where(of.address_hash == here) for of in (AsbReport, NnsReferral)
    )


def _related() -> Select[*tuple[Any, ...]]:
    found = union_all(*_linked(), *_same_person(), *_same_address()).subquery()
    return (
        select(Case, found.c.link_id, found.c.kind, found.c.same)
        .join(found, found.c.case_id == Case.id)
        .where(Case.id != _THIS)
        .order_by(found.c.link_id.is_(None), found.c.rank, Case.received_at.desc(), Case.id.desc())
        .limit(MOST)
    )


_RELATED = _related()
"""Made once: putting it together takes longer than the database does."""


def find_link(session: Session, link_id: int) -> CaseLink | None:
    """The link of that id, ended or not."""
    return session.get(CaseLink, link_id)


def find_open_between(session: Session, first: int, second: int) -> CaseLink | None:
    """The link between two cases as it is now, whichever stands first."""
    low, high = in_order(first, second)
    found = select(CaseLink).where(
        CaseLink.case_id == low, CaseLink.other_id == high, CaseLink.ended_at.is_(None)
    )
    return session.scalars(found).one_or_none()


def add_link(
    session: Session, first: int, second: int, kind: LinkKind, *, by: int, now: datetime
) -> CaseLink:
    """Link two cases, which have to be locked and not linked yet. Its id is set."""
    low, high = in_order(first, second)
    link = CaseLink(case_id=low, other_id=high, kind=kind.value, linked_by=by, linked_at=now)
    session.add(link)
    session.flush()
    return link


def end_link(session: Session, link: CaseLink, *, reason: str, by: int, now: datetime) -> None:
    """Take a link away; it stays in the history with the reason."""
    link.reason, link.ended_by, link.ended_at = reason, by, now
    session.flush()


def lock_both(session: Session, first: int, second: int) -> Sequence[Case]:
    """Both cases as they are now, the lower id first, so that two officers never wait for each other."""
    session.flush()
    locked = select(Case).where(or_(Case.id == first, Case.id == second)).order_by(Case.id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).all()
