"""Erasing what a person asked us to: all that no case needs, at once; the rest when its time is over.

A case, and what belongs to it, stays for the period of the policy: it is the record of a public task, and may be
needed for legal claims (UK GDPR Article 17(3)(b) and (e)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.data_declarations import DECLARATIONS
from casework.data_terms import Erase, Owner
from storage.data_copy import owned_by
from storage.dialects import table_of
from storage.models import Base, Case, Dialog, Draft, Person, RoleGrant

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """The cases that stay, and whether the team still works on them."""

    open: Sequence[Case]
    closed: Sequence[Case]


def kept_cases(session: Session, person: Person) -> Kept:
    """The cases of a person, which erasure leaves."""
    theirs = or_(Case.reporter_id == person.id, Case.referrer_id == person.id)
    rows = session.scalars(select(Case).where(theirs).order_by(Case.id)).all()
    return Kept([c for c in rows if c.closed_at is None], [c for c in rows if c.closed_at is not None])


def is_staff(session: Session, person: Person) -> bool:
    """Whether they hold or held a role: what they did is the history of other people's cases."""
    return bool(session.scalar(select(exists().where(RoleGrant.person_id == person.id))))


def erase(session: Session, person: Person, now: datetime) -> Kept:
    """Erase all that no case needs. What is left of a person without open cases knows no chat any more.

    With open cases the chat stays until they are closed, since the team answers there. Returns what was kept.
    """
    kept = kept_cases(session, person)
    _erase_rows(session, person)
    blank(person)
    if kept.open:
        person.erasure_asked_at = now
    elif kept.closed:
        _forget_chat(session, person)
    else:
        _delete_person(session, person)
    session.flush()
    return kept


def blank(person: Person) -> None:
    """Everything of the person's row that is not needed to reach them."""
    person.profile = {}
    person.discreet, person.draft_reminders = True, True
    person.quiet_from = person.quiet_to = None


def finish_erasures(session: Session, closed_before: datetime) -> int:
    """Forget the chats of those who asked for erasure and whose last case was closed before an instant."""
    still = _has_case(or_(Case.closed_at.is_(None), Case.closed_at >= closed_before))
    waiting = select(Person).where(Person.erasure_asked_at.is_not(None), ~still).limit(MOST_AT_ONCE)
    rows = session.scalars(waiting).all()
    for person in rows:
        _erase_rows(session, person)
        blank(person)
        _forget_chat(session, person)
        person.erasure_asked_at = None
    session.flush()
    return len(rows)


def delete_forgotten(session: Session, last_contact_before: datetime) -> int:
    """Delete persons without cases or roles who have not written since an instant. Returns how many."""
    has_case = _has_case()
    has_role = exists().where(RoleGrant.person_id == Person.id)
    has_draft = exists().where(Draft.chat_key == Person.chat_key)
    wrote = exists().where(Dialog.chat_key == Person.chat_key, Dialog.updated_at >= last_contact_before)
    rows = session.scalars(
        select(Person)
        .where(Person.created_at < last_contact_before, ~has_case, ~has_role, ~has_draft, ~wrote)
        .order_by(Person.id)
        .limit(MOST_AT_ONCE)
    ).all()
    gone = 0
    for person in rows:
        try:
            with session.begin_nested():
                _erase_rows(session, person)
                _delete_person(session, person)
        except IntegrityError:  # something that no rule here knows still needs them
            continue
        gone += 1
    return gone


def _has_case(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the person reported or referred a case. Each has its index; of an *or* inside, all cases are read."""
    return or_(
        exists().where(Case.reporter_id == Person.id, *such),
        exists().where(Case.referrer_id == Person.id, *such),
    )


def _erase_rows(session: Session, person: Person) -> None:
    session.flush()
    for declaration in DECLARATIONS:
        table = Base.metadata.tables.get(declaration.table)
        if table is None or declaration.erase not in (Erase.DELETE, Erase.LET_GO):
            continue
        whose = owned_by(declaration, table, person, ())
        cases = [table.c[c] for c, owner in declaration.owners.items() if owner is Owner.CASE]
        free = and_(whose, *(column.is_(None) for column in cases))
        if declaration.erase is Erase.DELETE:
            session.execute(delete(table).where(free))
        else:
            nobody = {c: None for c, owner in declaration.owners.items() if owner is not Owner.CASE}
            session.execute(update(table).where(free).values(nobody))


def _forget_chat(session: Session, person: Person) -> None:
    """Nothing of the row leads to the person's Telegram any more."""
    _delete_dialog(session, person)
    person.chat_key = person.telegram_id = None
    person.notice_version = person.notice_at = None


def _delete_person(session: Session, person: Person) -> None:
    _delete_dialog(session, person)
    session.flush()
    session.expunge(person)  # whoever holds it can still read what it was
    session.execute(delete(table_of(Person)).where(table_of(Person).c.id == person.id))


def _delete_dialog(session: Session, person: Person) -> None:
    dialog = session.get(Dialog, person.chat_key) if person.chat_key is not None else None
    if dialog is None:
        return
    session.flush()
    session.expunge(dialog)
    session.execute(delete(table_of(Dialog)).where(table_of(Dialog).c.chat_key == dialog.chat_key))
