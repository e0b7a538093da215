"""Ending somebody's roles. Locks come first: what is then counted stays so until the transaction ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, func, or_, select, update
from sqlalchemy.orm import Session

from casework.roles import Role
from storage import data_rights, outbox
from storage.models import Dialog, Invitation, Person, Reminder, ReminderStatus, RoleGrant

ENDED = "access ended"
"""Why a message to somebody who has left was given up."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role now, and in which one they are met first."""

    person: Person
    roles: tuple[Role, ...]


def lock_current(session: Session, person_ids: Collection[int]) -> frozenset[int]:
    """Which of these persons are officers or managers now. Nobody's role ends until the transaction does."""
    held = session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.person_id.in_(person_ids),
            RoleGrant.ended_at.is_(None),
            RoleGrant.role.in_([Role.OFFICER.value, Role.MANAGER.value]),
        )
        .order_by(RoleGrant.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return frozenset(grant.person_id for grant in held)


def lock_to_end(session: Session, person_id: int) -> tuple[Sequence[RoleGrant], bool]:
    """The person's roles, locked with those of all managers; and whether they are the last manager."""
    session.flush()
    rows = session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.ended_at.is_(None),
            or_(RoleGrant.person_id == person_id, RoleGrant.role == Role.MANAGER.value),
        )
        .order_by(RoleGrant.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    own = [grant for grant in rows if grant.person_id == person_id]
    managers = {grant.person_id for grant in rows if grant.role == Role.MANAGER.value}
    return own, managers == {person_id}


def end_roles(session: Session, grants: Sequence[RoleGrant], *, by: int, now: datetime) -> None:
    """End these roles, and the invitations that their holder made and nobody has used."""
    for grant in grants:
        grant.ended_at, grant.ended_by = now, by
    session.flush()
    made = Invitation.created_by.in_({grant.person_id for grant in grants})
    session.execute(
        update(Invitation)
        .where(made, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def end_chat(session: Session, chat_key: int, now: datetime) -> str | None:
    """Nothing goes on in the chat: no open form, no draft, nothing that still waits to be sent there.

    Reminders among it count as not sent, so that they are seen by others. Returns the name of the message
    that has buttons now.
    """
    lost = outbox.bury_chat(session, chat_key, ENDED)
    if lost:
        session.execute(
            update(Reminder)
            .where(Reminder.id.in_(lost), Reminder.status != ReminderStatus.SENT.value)
            .values(status=ReminderStatus.FAILED.value, ended_at=now, reason=ENDED)
            .execution_options(synchronize_session=False)
        )
    dialog = session.get(Dialog, chat_key, populate_existing=True)
    if dialog is None:
        return None
    handle: str | None = dialog.screen.get("handle")
    data_rights.delete_drafts(session, dialog)
    dialog.screen = {"left": True, "n": dialog.screen.get("n", 0)}
    session.flush()
    return handle


_HELD = RoleGrant.ended_at.is_(None)


def count_holders(session: Session) -> int:
    """How many people hold a role now."""
    return session.scalar(select(func.count(RoleGrant.person_id.distinct())).where(_HELD)) or 0


def list_holders(session: Session, *, offset: int, limit: int) -> list[Holder]:
    """Everybody who holds a role now, the newest last: a page of them."""
    page = (
        select(RoleGrant.person_id)
        .where(_HELD)
        .distinct()
        .order_by(RoleGrant.person_id)
        .offset(offset)
        .limit(limit)
    )
    return _holders(session, page.subquery())


def find_holder(session: Session, person_id: int) -> Holder | None:
    """The person with their roles; None where they hold none."""
    one = select(RoleGrant.person_id).where(RoleGrant.person_id == person_id, _HELD).distinct()
    return next(iter(_holders(session, one.subquery())), None)


def _holders(session: Session, wanted: Subquery) -> list[Holder]:
    rows = session.execute(
        select(Person, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(_HELD, Person.id.in_(select(wanted.c.person_id)))
        .order_by(Person.id, RoleGrant.role)
    ).all()
    found: dict[int, tuple[Person, list[Role]]] = {}
    for person, role in rows:
        roles = found.setdefault(person.id, (person, []))[1]
        if Role(role) not in roles:
            roles.append(Role(role))
    return [Holder(person, tuple(roles)) for person, roles in found.values()]
