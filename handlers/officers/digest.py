"""The morning's one message to each of the team. Nothing to say, no message; no list longer than a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from casework.roles import Role
from casework.upkeep import at_risk_until, share
from handlers.keyboards import Button, Row, Rows
from handlers.officers.labels import deadline_name
from handlers.officers.pools import Part, Parts, by_person, line_of, row_of
from handlers.officers.reminding import Inbox
from handlers.turn import Recipient, Service, tell
from handlers.upkeep import tasks
from handlers.words import Html, Words
from storage import digest, following, reminders, upkeep
from storage.digest import Line
from storage.models import BrokenPromise, Case, Deadline, Person, UpkeepTask
from storage.team import Team

MOST = 6
"""Lines of one part."""
ROOM = 15
"""Lines of one message, which has a row of buttons for each."""
MOST_READ = 200
"""Promises and differences that are looked at for one morning."""
PARTS = ("late", "today", "unreachable", "undelivered", "new", "silent", "week")
"""In the order in which they stand; the earlier ones get more of the room."""

Broken = tuple[BrokenPromise, Deadline, Case]


@dataclass(slots=True)
class ForManagers:
    """What only managers read, loaded once."""

    late: Part = field(default_factory=Part)
    differences: list[dict[str, Any]] = field(default_factory=list)
    promises: list[Broken] = field(default_factory=list)
    tasks: Sequence[UpkeepTask] = ()
    new_tasks: Sequence[UpkeepTask] = ()
    """Those that are a reason to write."""


@dataclass(slots=True)
class Morning:
    """What one person reads this morning."""

    person: Person
    role: Role
    parts: Parts
    above: ForManagers
    receipts: list[int]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        above = self.above
        return not (self.parts or above.differences or above.promises or above.new_tasks or self.receipts)


def tell_all(
    session: Session, service: Service, team: Team, inboxes: dict[int, Inbox], since: datetime, now: datetime
) -> int:
    """Write the digests; the reminders of this morning are in them. Returns how many there are.

    ``since``: what came in, or was found to differ, after that instant is new. A handful of queries, however
    large the team and its work.
    """
    found = _gather(session, service, team, since, now)
    above = _for_managers(session, service, team, since, now)
    told, heads = 0, {person.id for person in team.all_managers()}  # or who stands in for them
    for person in team.people.values():
        is_head = person.id in heads
        parts = found.get(person.id, {})
        if is_head and above.late.total:
            parts = {**parts, "late": above.late}
        morning = Morning(
            person,
            Role.MANAGER if person.id in team.managers else Role.OFFICER,
            parts,
            above if is_head else ForManagers(),
            inboxes[person.id].receipts if person.id in inboxes else [],
        )
        told += _tell(session, service, morning, now)
    if told and above.new_tasks:
        upkeep.mark_told(session, above.new_tasks, now)
    return told


def _gather(
    session: Session, service: Service, team: Team, since: datetime, now: datetime
) -> dict[int, Parts]:
    """The parts of everybody in the team: one query each for what is due, new, silent and undelivered."""
    calendar, policy = service.calendar, service.policy
    today = calendar.local_day(now)
    listed_until = calendar.end_of(today)

    def ago(working_days: int) -> datetime:
        return calendar.at(calendar.subtract(today, working_days), time())

    people = frozenset({*team.people, *team.away})  # the cases of who is away stay theirs
    at_risk = calendar.end_of(at_risk_until(today, policy, calendar))
    return by_person(
        team,
        (
            *digest.list_due(session, people, today, at_risk, MOST),
            *digest.list_undelivered(session, people, MOST),
            *digest.list_new(session, people, since, listed_until, MOST),
            *digest.list_silent(
                session,
                people,
                asked_before=ago(policy.upkeep.unanswered_wd.value),
                quiet_since=ago(policy.upkeep.quiet_wd.value),
                listed_until=listed_until,
                most=MOST,
            ),
        ),
    )


def _for_managers(
    session: Session, service: Service, team: Team, since: datetime, now: datetime
) -> ForManagers:
    if not team.managers:
        return ForManagers()
    today = service.calendar.local_day(now)
    total, lines = digest.list_late(session, service.calendar.at(today, time()), MOST)
    waiting = upkeep.list_open(session)
    return ForManagers(
        Part(total, lines),
        _differences(session, since),
        following.list_broken(session, since, MOST_READ),
        waiting,
        tasks.to_tell(waiting, service, now),
    )


def _differences(session: Session, since: datetime) -> list[dict[str, Any]]:
    """What several nights found alike is said once."""
    lines = [line for fault in reminders.list_differences(session, since) for line in fault.body["reminders"]]
    return list({tuple(sorted(line.items())): line for line in lines}.values())


def _tell(session: Session, service: Service, morning: Morning, now: datetime) -> bool:
    to = Recipient.of(morning.person)
    if to is None or morning.is_empty:
        return False
    words, today = service.words(to.language), service.calendar.local_day(now)
    text, rows = _written(words, service, morning, today)
    key = f"digest:{today.isoformat()}:{to.person_id}"
    tell(session, to, text, rows, now=now, receipts=morning.receipts, dedupe_key=key)
    return True


def _written(words: Words, service: Service, morning: Morning, today: date) -> tuple[Html, Rows]:
    """The text, and a row of buttons for each case in it."""
    above = morning.above
    shown = [name for name in PARTS if name in morning.parts]
    kept = {name: _in_order(name, morning.parts[name].lines) for name in shown}
    rooms = share([len(kept[name]) for name in shown], ROOM, most=MOST)
    lines = [words("digest.top", day=words.day(today, today))]
    rows: dict[int, Row] = {}
    for name, room in zip(shown, rooms, strict=True):
        some = kept[name][:room]
        said = [line_of(words, service, line, today) for line in some]
        lines += _part(words, name, said, morning.parts[name].total)
        for line in some:
            row = row_of(words, line, morning.role)
            rows[line.case.id] = max(rows.get(line.case.id, ()), row, key=len)
    promises, differences = above.promises[:MOST], above.differences[:MOST]
    lines += _part(words, "promises", [_promise(words, today, *one) for one in promises], len(above.promises))
    lines += _part(
        words, "differences", [_difference(words, one) for one in differences], len(above.differences)
    )
    lines += _part(words, "tasks", [tasks.line(words, task) for task in above.tasks], len(above.tasks))
    rows |= {
        case.id: (Button(case.reference, f"o:{case.id}"),) for _, _, case in promises if case.id not in rows
    }
    last = (
        Button(words.plain("reminder.due.button"), "d:new"),
        Button(words.plain("reminder.queue.button"), "q:new"),
    )
    return Html("\n".join(lines)), (
        *rows.values(),
        *(tasks.buttons(words, task) for task in above.tasks),
        last,
    )


def _in_order(name: str, lines: list[Line]) -> list[Line]:
    """What several pools brought, as one list: by the date where there is one."""
    if name in ("late", "today", "unreachable", "week"):
        return sorted(
            lines, key=lambda line: (line.deadline.due_at, line.deadline.id) if line.deadline else ()
        )
    return sorted(lines, key=lambda line: (line.since or line.case.received_at, line.case.id))


def _part(words: Words, name: str, lines: Sequence[Html], total: int) -> list[Html]:
    if not total:
        return []
    more = total - len(lines)
    return [
        Html(""),
        words(f"digest.{name}.label"),
        *lines,
        *([words.plural("reminder.more", more)] if more else []),
    ]


def _promise(words: Words, today: date, broken: BrokenPromise, deadline: Deadline, case: Case) -> Html:
    """A day that somebody was promised, and what they were told when it had passed."""
    values = {
        "reference": case.reference,
        "what": deadline_name(words, deadline.kind),
        "day": words.day(broken.promised_on, today),
    }
    if not broken.told:
        return words("reminder.digest.promise.nobody", **values)
    if broken.new_on is None:
        return words("reminder.digest.promise.last", **values)
    return words("reminder.digest.promise", **values, new=words.day(broken.new_on, today))


def _difference(words: Words, line: dict[str, Any]) -> Html:
    what = deadline_name(words, line["deadline"])
    problem = words.plain(f"reminder.difference.{line['problem']}.name")
    return words("reminder.digest.difference", reference=line["reference"], what=what, problem=problem)
