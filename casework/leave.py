"""Who stands in for whom while somebody is on leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def stand_in(person: int, away: Mapping[int, int], there: Collection[int]) -> int | None:
    """Who does the work of a person: themselves, or the first of their chain of deputies who is at work.

    `away` says who is on leave, each with their deputy; `there` who can be reached. None where the chain ends
    with nobody or goes round in a circle: then it is the managers' work.
    """
    passed: set[int] = set()
    while person in away:
        if person in passed:
            return None
        passed.add(person)
        person = away[person]
    return person if person in there else None
