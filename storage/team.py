"""Who is in the team now, loaded once for all that is to be decided about whom to tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.roles import Role
from storage.models import Case, Person, RoleGrant


@dataclass(frozen=True, slots=True)
class Team:
    """Officers and managers whom the bot can write to, by person id, in the order of their ids."""

    people: dict[int, Person]
    officers: dict[int, frozenset[str | None]]
    """Each officer's districts; None among them is every district."""
    managers: frozenset[int]

    def officers_of(self, district: str | None) -> list[Person]:
        """The officers of a district.

        Everybody in the team where the district is not known. Where none of a district's officers can be
        reached it is the managers' (they may open every case), and everybody's only without any: a case is
        never nobody's.
        """
        if district is not None:
            found = [i for i, districts in self.officers.items() if districts & {district, None}]
            if found or self.managers:
                return self._people(found or self.managers)
        return self._people({*self.officers, *self.managers})

    def caretakers(self, case: Case) -> list[Person]:
        """The owner, where the bot can reach them; otherwise the officers of the case's district."""
        if case.owner_id in self.people:
            return self._people([case.owner_id])
        return self.officers_of(case.district)

    def all_managers(self) -> list[Person]:
        """Every manager."""
        return self._people(self.managers)

    def _people(self, ids: Iterable[int | None]) -> list[Person]:
        return [self.people[i] for i in sorted(i for i in ids if i is not None)]


def load_team(session: Session) -> Team:
    """The team as it is now, in one query."""
    rows = session.execute(
        select(Person, RoleGrant.role, RoleGrant.district)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.ended_at.is_(None),
            RoleGrant.role.in_([Role.OFFICER.value, Role.MANAGER.value]),
            Person.unreachable_since.is_(None),
            Person.chat_key.is_not(None),
        )
        .order_by(Person.id)
    ).all()
    officers: dict[int, frozenset[str | None]] = {}
    for person, role, district in rows:
        if role == Role.OFFICER.value:
            officers[person.id] = officers.get(person.id, frozenset()) | {district}
    managers = frozenset(person.id for person, role, _ in rows if role == Role.MANAGER.value)
    return Team({person.id: person for person, _, _ in rows}, officers, managers)
