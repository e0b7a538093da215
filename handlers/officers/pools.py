"""Ranked lines to whoever looks after them: each person's parts of a message, with how many lines each has in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from casework.cases import CaseKind, DeadlineKind, facts, moves_for
from casework.roles import Role
from handlers.keyboards import Button, Row
from handlers.officers.labels import deadline_line, district_name, kind_name
from handlers.turn import Service
from handlers.words import Html, Words
from storage.digest import Line, Ranked
from storage.team import Team

_ACTS = {
    DeadlineKind.ACKNOWLEDGE: "acknowledge",
    DeadlineKind.CONTACT: "contact_made",
    DeadlineKind.PHONE: "phoned",
}
"""The move of the card that a line offers: what ends the date that it is about."""


@dataclass(slots=True)
class Part:
    """One part of a message: its first lines, and how many there are."""

    total: int = 0
    lines: list[Line] = field(default_factory=list)

    def add(self, ranked: Ranked, *, is_first: bool) -> None:
        """One more line of a pool; the first of it brings its total."""
        self.total += ranked.total if is_first else 0
        self.lines.append(ranked.line)


Parts = dict[str, Part]


def by_person(team: Team, found: Iterable[Ranked]) -> dict[int, Parts]:
    """The parts of each person, from the pools that they look after."""
    mornings: dict[int, Parts] = {}
    keepers: dict[tuple[int | None, str | None], tuple[int, ...]] = {}
    begun: set[tuple[int | None, str | None, str]] = set()
    for ranked in found:
        pool = (ranked.owner_id, ranked.district)
        if pool not in keepers:
            keepers[pool] = tuple(person.id for person in team.caretakers(ranked.line.case))
        is_first = (*pool, ranked.line.part) not in begun
        begun.add((*pool, ranked.line.part))
        for person_id in keepers[pool]:
            parts = mornings.setdefault(person_id, {})
            parts.setdefault(ranked.line.part, Part()).add(ranked, is_first=is_first)
    return mornings


def line_of(words: Words, service: Service, line: Line, today: date) -> Html:
    """Reference, kind and district, and what is due by when, or since when it is so. No more: a phone may show it."""
    case = line.case
    if line.deadline is not None:
        what = deadline_line(words, service, line.deadline, today)
    else:
        day = words.day(service.calendar.local_day(line.since or case.received_at), today)
        what = words.plain(f"digest.since.{_since(line)}", day=day)
    return words(
        "digest.line",
        reference=case.reference,
        kind=kind_name(words, case),
        district=district_name(words, service, case),
        what=what,
    )


def _since(line: Line) -> str:
    return "asked" if line.part == "silent" and line.asked else line.part


def row_of(words: Words, line: Line, role: Role) -> Row:
    """Open the card; and, where it can be done now, do what is due. It is the card's own press: checked as there."""
    case = line.case
    opened = Button(case.reference, f"o:{case.id}")
    act = _act_of(line, role)
    if act is None:
        return (opened,)
    # Whether they may be rung is on the card: here it is the one wording that is true of both.
    label = "tried" if act == "phoned" else act
    return (opened, Button(words.plain(f"officer.act.{label}.button"), f"c:{case.id}:{case.version}:{act}"))


def _act_of(line: Line, role: Role) -> str | None:
    case = line.case
    kind = DeadlineKind(line.deadline.kind) if line.deadline is not None else None
    wanted = _ACTS.get(kind) if kind is not None else "acknowledge" if line.part == "new" else None
    known = facts(
        acknowledged=case.acknowledged_at is not None,
        owned=case.owner_id is not None,
        call_due=kind is DeadlineKind.PHONE and case.reporter_unreachable_since is not None,
    )
    moves = moves_for(CaseKind(case.kind), case.status, role, known)
    return wanted if any(move.name == wanted for move in moves) else None
