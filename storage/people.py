"""Persons, their roles, and where they are in a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import BigInteger, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from casework.clock import to_the_day
from casework.roles import Actor, Role
from storage.crypto import Keyring
from storage.models import Dialog, Draft, Person, RoleGrant

_STRONGEST_FIRST = (Role.MANAGER, Role.OFFICER, Role.PARTNER, Role.MEMBER)

_IS_CURRENT = RoleGrant.ended_at.is_(None)
_OF_CHAT = Person.chat_key == bindparam("chat_key", type_=BigInteger)

# Everything that each update starts from, in one statement: a row for each grant of the person, or one without.
_PLACE = (
    select(Person, Dialog, Draft, RoleGrant.role, RoleGrant.district, RoleGrant.ward)
    .select_from(Person)
    .join(Dialog, Dialog.chat_key == Person.chat_key, isouter=True)
    .join(Draft, Draft.id == Dialog.draft_id, isouter=True)
    .join(RoleGrant, and_(RoleGrant.person_id == Person.id, _IS_CURRENT), isouter=True)
    .where(_OF_CHAT)
)


class Grant(Protocol):
    """What of a role that somebody holds decides what they may do."""

    @property
    def role(self) -> str: ...
    @property
    def district(self) -> str | None: ...
    @property
    def ward(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A person, in what role, and where they are."""

    person: Person
    dialog: Dialog
    draft: Draft | None
    actor: Actor


def load_place(session: Session, keyring: Keyring, *, chat_id: int, now: datetime) -> Place:
    """Who writes from this private chat, and where they are. A new person is made at their first word.

    A draft past its time counts as gone (the sweep deletes it).
    """
    chat_key = keyring.chat_key(chat_id)
    rows = session.execute(_PLACE, {"chat_key": chat_key}).all()
    if not rows:
        return _new_place(session, chat_key, chat_id, now)
    person: Person = rows[0].Person
    dialog: Dialog | None = rows[0].Dialog
    draft: Draft | None = rows[0].Draft
    if dialog is None:
        dialog = _new_dialog(session, chat_key, now)
    if draft is not None and draft.expires_at <= now:
        dialog.draft_id, draft = None, None
    return Place(person, dialog, draft, actor_from_grants(person.id, [row for row in rows if row.role]))


def _new_place(session: Session, chat_key: int, chat_id: int, now: datetime) -> Place:
    person = Person(chat_key=chat_key, telegram_id=str(chat_id), created_at=to_the_day(now))
    session.add(person)
    dialog = _new_dialog(session, chat_key, now)
    session.flush()
    return Place(person, dialog, None, Actor(person.id))


def _new_dialog(session: Session, chat_key: int, now: datetime) -> Dialog:
    dialog = Dialog(chat_key=chat_key, updated_at=now)
    session.add(dialog)
    return dialog


def actor_of(session: Session, person: Person) -> Actor:
    """The person in the strongest role that they hold now, with all districts of that role."""
    grants = session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.ended_at.is_(None))
    ).all()
    return actor_from_grants(person.id, grants)


def actor_from_grants(person_id: int, grants: Sequence[Grant]) -> Actor:
    """The strongest role among current grants; a resident where there is none."""
    for role in _STRONGEST_FIRST:
        held = [grant for grant in grants if grant.role == role.value]
        if held:
            districts = frozenset(grant.district for grant in held if grant.district)
            ward = next((grant.ward for grant in held if grant.ward), None)
            return Actor(person_id, role, districts, ward)
    return Actor(person_id)


def get_person(session: Session, person_id: int) -> Person:
    """The person; LookupError where there is none."""
    person = session.get(Person, person_id)
    if person is None:
        raise LookupError(f"there is no person {person_id}")
    return person


def find_by_chat(session: Session, chat_key: int) -> Person | None:
    """Who writes from this chat, if anybody did."""
    return session.scalars(select(Person).where(Person.chat_key == chat_key)).one_or_none()


def list_people(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """These persons by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(wanted)))}


def list_staff(session: Session, *roles: Role, district: str | None = None) -> list[Person]:
    """Everybody who holds one of the roles now, once each.

    With ``district``: officers of that district only. Without one, officers of all: a case whose district
    nobody knows belongs to the common queue, never to nobody.
    """
    held = select(RoleGrant.person_id).where(
        RoleGrant.ended_at.is_(None), RoleGrant.role.in_([role.value for role in roles])
    )
    if district is not None:
        held = held.where(
            or_(
                RoleGrant.district == district,
                RoleGrant.district.is_(None),
                RoleGrant.role == Role.MANAGER.value,
            )
        )
    return list(session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id)))


def list_actors(session: Session, *roles: Role) -> list[tuple[Person, Actor]]:
    """Everybody who holds one of the roles now, as who they are and how they act: two queries for all."""
    grants = session.scalars(
        select(RoleGrant).where(
            RoleGrant.ended_at.is_(None), RoleGrant.role.in_([role.value for role in roles])
        )
    ).all()
    by_person: dict[int, list[RoleGrant]] = {}
    for grant in grants:
        by_person.setdefault(grant.person_id, []).append(grant)
    found = list_people(session, by_person)
    return [(found[person_id], actor_from_grants(person_id, held)) for person_id, held in by_person.items()]


def grant_role(
    session: Session,
    person: Person,
    role: Role,
    *,
    districts: Iterable[str] = (),
    ward: str | None = None,
    now: datetime,
    by: int | None = None,
) -> None:
    """Give the role, once for each district (once without a district where none is named)."""
    named: list[str | None] = list(districts)
    for district in named or [None]:
        session.add(
            RoleGrant(
                person_id=person.id,
                role=role.value,
                district=district,
                ward=ward,
                granted_at=now,
                granted_by=by,
            )
        )
    session.flush()


def display_name(person: Person) -> str:
    """The name under which colleagues know the person; empty where nobody gave one."""
    return str(person.profile.get("name", ""))
