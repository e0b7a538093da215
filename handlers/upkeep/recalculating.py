"""Working the open dates out anew after the policy or the bank holidays changed: the preview, and doing it.

It is done in batches, a transaction each, with the cases locked. A second run, or one after a stop in the middle,
finds done what is done; only the last step, once for each basis, tells the owners.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.deadlines import Deadline
from casework.errors import BeyondCalendar
from casework.recalculation import Basis, Kept, OpenDate, Outcome, Why, recalculate
from casework.reminders import PlannedReminder, plan_reminders
from casework.roles import Actor
from handlers.keyboards import Button
from handlers.officers import balance
from handlers.turn import Recipient, Service, tell
from storage import cases, deadlines, outbox, recalculation, upkeep
from storage.models import Person
from storage.recalculation import OpenRow
from storage.team import Team

BATCH = 200
"""Dates in one transaction: on SQLite nobody else writes meanwhile."""
READ_AT_ONCE = 1000
EVENT = "recalculated"
"""The line of the history."""


@dataclass(frozen=True, slots=True)
class Move:
    """An open date that would be another one."""

    reference: str
    case_kind: str
    kind: str
    old: date
    new: date
    why: tuple[Why, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values, dates in ISO form."""
        return {
            "reference": self.reference,
            "case_kind": self.case_kind,
            "kind": self.kind,
            "old": self.old.isoformat(),
            "new": self.new.isoformat(),
            "why": [why.to_json() for why in self.why],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Move:
        """The value that `to_json` gave."""
        return cls(
            data["reference"],
            data["case_kind"],
            data["kind"],
            date.fromisoformat(data["old"]),
            date.fromisoformat(data["new"]),
            tuple(Why.from_json(why) for why in data["why"]),
        )


@dataclass(slots=True)
class Preview:
    """What would happen: how many dates move, the first of them, and why others would stay."""

    count: int = 0
    first: list[Move] = field(default_factory=list)
    kept: Counter[Kept] = field(default_factory=Counter)


def preview(session: Session, service: Service, before: Basis, now: datetime, *, most: int) -> Preview:
    """Look at all open dates; up to ``most`` of those that move are named."""
    found = Preview()
    for one in each_change(session, service, before, now):
        if isinstance(one, Kept):
            found.kept[one] += 1
            continue
        found.count += 1
        if len(found.first) < most:
            found.first.append(one)
    return found


def each_change(session: Session, service: Service, before: Basis, now: datetime) -> Iterator[Move | Kept]:
    """Every open date that would move, and why each of the others stays that would be another one now."""
    for batch in recalculation.each_batch(session, READ_AT_ONCE):
        for row in batch:
            outcome = _outcome(service, row, before, now)
            if outcome.moved is not None:
                yield _move(row, outcome.moved, outcome)
            elif outcome.kept is not None:
                yield outcome.kept


def do_batch(
    session: Session, service: Service, before: Basis, after: int, actor: Actor | None, now: datetime
) -> tuple[int | None, int]:
    """Work out the next dates anew: the id after which to go on, None at the end, and how many moved."""
    batch = recalculation.batch_after(session, after, BATCH)
    if not batch:
        return None, 0
    last = batch[-1].deadline.id
    wanted = [row.deadline.id for row in batch if _is_changed(service, row, before, now)]
    moved = 0
    if wanted:
        moved = _change(session, service, recalculation.locked(session, wanted), before, actor, now)
    return last, moved


def finish(
    session: Session, service: Service, team: Team, basis_id: int, actor: Actor | None, now: datetime
) -> int | None:
    """From now on the dates stand on what holds now; owners hear of it, each once. How many dates moved.

    None where another process has finished it already.
    """
    since = upkeep.basis_set_at(session, basis_id)
    moved = recalculation.count_moved(session, since)
    present = Basis.of(service.policy, service.calendar)
    if not upkeep.follow_basis(session, basis_id, present, moved, now):
        return None
    by_owner = recalculation.moved_by_owner(session, since)
    for person_id, count in by_owner.items():
        if person_id in team.people:
            _tell(session, service, team.people[person_id], "upkeep.moved.own", count, now)
    asker = team.people.get(actor.person_id or 0) if actor else None
    if asker is not None:
        _tell(session, service, asker, "upkeep.moved.all", moved, now)
    outbox.announce(session)
    return moved


def _tell(session: Session, service: Service, person: Person, key: str, count: int, now: datetime) -> None:
    to = Recipient.of(person)
    if to is not None:
        words = service.words(to.language)
        due = Button(words.plain("reminder.due.button"), "d:new")
        tell(session, to, words.plural(key, count), ((due,),), now=now)


def _is_changed(service: Service, row: OpenRow, before: Basis, now: datetime) -> bool:
    if _outcome(service, row, before, now).moved is not None:
        return True
    planned = _planned(service, row, now)
    waiting = {(one.stage, one.audience): one.at for one in row.reminders if one.status == "planned"}
    known = {(one.stage, one.audience) for one in row.reminders}
    wanted = {(one.stage, one.audience.value): one.at for one in planned}
    return not wanted.keys() <= known or any(
        wanted.get(key, at if key[0].startswith(recalculation.OF_THEIR_OWN) else None) != at
        for key, at in waiting.items()
    )


def _change(
    session: Session,
    service: Service,
    rows: Iterable[OpenRow],
    before: Basis,
    actor: Actor | None,
    now: datetime,
) -> int:
    moves: dict[int, list[Move]] = {}
    stay = []
    for row in rows:
        outcome = _outcome(service, row, before, now)
        if outcome.moved is None:
            stay.append((row, _planned(service, row, now)))
            continue
        planned = plan_reminders(outcome.moved, now, service.policy, service.calendar)
        recalculation.replace(session, row.deadline, outcome.moved, planned, now)
        moves.setdefault(row.case.id, []).append(_move(row, outcome.moved, outcome))
    recalculation.plan_anew(session, stay, now)
    for case_id, of_case in moves.items():
        detail = {"moved": [move.to_json() for move in of_case]}
        cases.record_event(session, case_id=case_id, kind=EVENT, actor=actor, now=now, detail=detail)
    return sum(map(len, moves.values()))


def _planned(service: Service, row: OpenRow, now: datetime) -> list[PlannedReminder]:
    """What the ledger of a date that stays has to have; what it has, beyond the checked calendar."""
    stages = {(one.stage, one.audience): one.status for one in row.reminders}
    try:
        return list(balance.expected(service, row.deadline, stages, now))
    except BeyondCalendar:
        return []


def _outcome(service: Service, row: OpenRow, before: Basis, now: datetime) -> Outcome:
    deadline, case, calendar = row.deadline, row.case, service.calendar
    working = deadlines.working_of(deadline)
    waited = int(row.request.detail.get("waited_days") or 0) if row.request is not None else 0
    one = OpenDate(
        kind=DeadlineKind(deadline.kind),
        case_kind=CaseKind(case.kind),
        risk=RiskBand(case.risk),
        due_on=deadline.due_on,
        set_on=calendar.local_day(deadline.set_at),
        working=working,
        told=case.reporter_id is not None or case.referrer_id is not None,
        # A day that is not the one that was counted is somebody's own choice.
        by_hand=deadline.due_on != working.due_on or deadline.moves > 0,
        waited_days=waited,
    )
    return recalculate(one, before, service.policy, calendar, calendar.local_day(now))


def _move(row: OpenRow, new: Deadline, outcome: Outcome) -> Move:
    deadline, case = row.deadline, row.case
    return Move(case.reference, case.kind, deadline.kind, deadline.due_on, new.due_on, outcome.why)
