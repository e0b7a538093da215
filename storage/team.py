"""Who is in the team now, loaded once for all that is to be decided about whom to tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.leave import stand_in
from casework.roles import Role
from storage.leave import away_on
from storage.models import Case, Person, RoleGrant


@dataclass(frozen=True, slots=True)
class Team:
    """Officers and managers whom the bot can write to, by person id, in the order of their ids.

    Whoever is on leave is told nothing: their deputy is, or the managers where no deputy is there.
    """

    people: dict[int, Person]
    officers: dict[int, frozenset[str | None]]
    """Each officer's districts; None among them is every district."""
    managers: frozenset[int]
    away: dict[int, int] = field(default_factory=dict)
    """Who is on leave, each with their deputy; also people whom the bot can't write to."""

    def officers_of(self, district: str | None) -> list[Person]:
        """The officers of a district, and who stands in for them.

        Everybody in the team where the district is not known. Where none of a district's officers can be
        reached it is the managers' (they may open every case), and everybody's only without any: a case is
        never nobody's.
        """
        if district is not None:
            found = [i for i, districts in self.officers.items() if districts & {district, None}]
            if here := self._there(found):
                return here
            if self.managers:
                return self.all_managers()
        everybody = {*self.officers, *self.managers}
        return self._there(everybody) or self._people(everybody)

    def caretakers(self, case: Case) -> list[Person]:
        """The owner, where the bot can reach them; otherwise the officers of the case's district.

        While the owner is on leave, their deputy; without one who is there, the managers.
        """
        owner = case.owner_id
        if owner is not None and (here := self._there([owner])):
            return here
        if owner in self.away and self.managers:
            return self.all_managers()
        return self.officers_of(case.district)

    def all_managers(self) -> list[Person]:
        """Every manager, or who stands in for them; all of them where nobody would be told otherwise."""
        return self._there(self.managers) or self._people(self.managers)

    def _there(self, ids: Iterable[int]) -> list[Person]:
        found = (stand_in(i, self.away, self.people) for i in ids)
        return self._people({i for i in found if i is not None})

    def _people(self, ids: Iterable[int]) -> list[Person]:
        return [self.people[i] for i in sorted(ids)]


def load_team(session: Session, today: date) -> Team:
    """The team as it is on a local day, in two queries."""
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
    people = {person.id: person for person, _, _ in rows}
    return Team(people, officers, managers, away_on(session, today))


def count_open_cases(session: Session, owner_ids: Iterable[int]) -> dict[int, int]:
    """How many open cases each of these persons has, in one query; none is 0."""
    wanted = list(owner_ids)
    rows = session.execute(
        select(Case.owner_id, func.count())
        .where(Case.closed_at.is_(None), Case.owner_id.in_(wanted))
        .group_by(Case.owner_id)
    ).all()
    found = dict.fromkeys(wanted, 0)
    found.update((owner_id, number) for owner_id, number in rows if owner_id is not None)
    return found
