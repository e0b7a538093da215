"""The morning's one message to each of the team: late, today, coming, new, out of reach. Nothing, no message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.deadlines import is_late
from handlers.keyboards import Button, Rows
from handlers.officers.labels import deadline_name, district_name, kind_name, risk_name
from handlers.officers.reminding import Inbox, capped, case_buttons, item_lines, late_first
from handlers.turn import Recipient, Service, tell
from handlers.words import Html, Words
from storage import cases, following, reminders
from storage.models import BrokenPromise, Case, Deadline
from storage.team import Team

MOST_ROWS = 5000
"""Deadlines and cases that are looked at for one morning."""


Broken = tuple[BrokenPromise, Deadline, Case]


@dataclass(slots=True)
class Morning:
    """What one person reads this morning."""

    inbox: Inbox
    fresh: list[Case] = field(default_factory=list)
    unreachable: list[Case] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    promises: list[Broken] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.inbox.items or self.fresh or self.unreachable or self.differences or self.promises)


def tell_all(
    session: Session, service: Service, team: Team, inboxes: dict[int, Inbox], since: datetime, now: datetime
) -> int:
    """Write the digests; the reminders of this morning are in them. Returns how many there are.

    ``since``: what came in, or was found to differ, after that instant is new.
    """
    mornings = {
        person.id: Morning(inboxes.get(person.id) or Inbox(person)) for person in team.people.values()
    }
    _add_deadlines(session, service, team, mornings, now)
    _add_cases(session, team, mornings, since)
    _add_differences(session, team, mornings, since)
    for person_id in team.managers:
        mornings[person_id].promises = following.list_broken(session, since, MOST_ROWS)
    told = 0
    for morning in mornings.values():
        to = Recipient.of(morning.inbox.person)
        if to is None or morning.is_empty:
            continue
        words, today = service.words(to.language), service.calendar.local_day(now)
        text, rows = _digest(words, service, morning, today)
        key = f"digest:{today.isoformat()}:{to.person_id}"
        tell(session, to, text, rows, now=now, receipts=morning.inbox.receipts, dedupe_key=key)
        told += 1
    return told


def _add_deadlines(
    session: Session, service: Service, team: Team, mornings: dict[int, Morning], now: datetime
) -> None:
    """What is late or due today, to whoever has the case; what is late to the managers too."""
    today = service.calendar.local_day(now)
    for deadline, case in cases.list_due_by(session, service.calendar.end_of(today), MOST_ROWS):
        to = {person.id for person in team.caretakers(case)}
        if is_late(deadline.due_on, today):
            to |= team.managers
        for person_id in to:
            mornings[person_id].inbox.items[deadline.id] = (deadline, case)


def _add_cases(session: Session, team: Team, mornings: dict[int, Morning], since: datetime) -> None:
    listed = {
        person_id: {case.id for _, case in morning.inbox.items.values()}
        for person_id, morning in mornings.items()
    }
    for case, call_due in cases.list_for_digest(session, since, MOST_ROWS):
        for person in team.caretakers(case):
            morning = mornings[person.id]
            if case.id in listed[person.id]:
                continue  # it has a line of its own already, with its day
            if call_due:
                morning.unreachable.append(case)
            else:
                morning.fresh.append(case)


def _add_differences(session: Session, team: Team, mornings: dict[int, Morning], since: datetime) -> None:
    """What several nights found alike is said once."""
    lines = [line for fault in reminders.list_differences(session, since) for line in fault.body["reminders"]]
    found = list({tuple(sorted(line.items())): line for line in lines}.values())
    for person_id in team.managers:
        mornings[person_id].differences = found


def _digest(words: Words, service: Service, morning: Morning, today: date) -> tuple[Html, Rows]:
    late, now, coming = late_first(morning.inbox.items.values(), today)
    sections = (
        ("late", item_lines(words, service, late, today)),
        ("today", item_lines(words, service, now, today)),
        ("coming", item_lines(words, service, coming, today)),
        ("new", _case_lines(words, service, morning.fresh)),
        ("unreachable", _case_lines(words, service, morning.unreachable)),
        ("promises", capped(words, [_promise(words, today, *one) for one in morning.promises])),
        ("differences", capped(words, [_difference(words, line) for line in morning.differences])),
    )
    lines = [words("reminder.digest.top", day=words.day(today, today))]
    for name, part in sections:
        if part:
            lines += [Html(""), words(f"reminder.digest.{name}.label"), *part]
    listed = [case for _, case in (*late, *now, *coming)]
    last = (
        Button(words.plain("reminder.due.button"), "d:new"),
        Button(words.plain("reminder.queue.button"), "q:new"),
    )
    promised = [case for _, _, case in morning.promises]
    buttons = case_buttons([*listed, *morning.fresh, *morning.unreachable, *promised])
    return Html("\n".join(lines)), (*buttons, last)


def _case_lines(words: Words, service: Service, found: list[Case]) -> list[Html]:
    lines = [
        words(
            "reminder.digest.case",
            reference=case.reference,
            kind=kind_name(words, case),
            district=district_name(words, service, case),
            risk=risk_name(words, case),
        )
        for case in found
    ]
    return capped(words, lines)


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
