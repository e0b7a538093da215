"""What is due is told to whoever has to act: everything for one person at one time in one message.

When that is, and that no other process does the same, is the jobs' business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.deadlines import is_late
from casework.reminders import Audience, next_overdue
from handlers.keyboards import Button, Rows, columns
from handlers.officers.labels import deadline_line
from handlers.turn import Recipient, Service, tell
from handlers.words import Html, Words
from storage import reminders
from storage.models import Case, Deadline, Person, ReminderStatus
from storage.reminders import Due
from storage.team import Team

AT_ONCE = 1000
MOST_ROUNDS = 100
"""Claims in one transaction: each round of a long downtime adds the next day's stage of what is overdue."""
MOST_LINES = 10

Item = tuple[Deadline, Case]


@dataclass(slots=True)
class Counts:
    """What became of the reminders that were due, and how many messages were written."""

    queued: int = 0
    skipped: int = 0
    failed: int = 0
    messages: int = 0


@dataclass(slots=True)
class Inbox:
    """What one person is to be told now, and which reminders are told with it."""

    person: Person
    items: dict[int, Item] = field(default_factory=dict)  # by deadline id
    receipts: list[int] = field(default_factory=list)

    def add(self, due: Due) -> None:
        """Put a reminder in; two audiences of one deadline make one line."""
        self.items[due.deadline.id] = (due.deadline, due.case)
        self.receipts.append(due.reminder.id)


def gather(session: Session, service: Service, team: Team, now: datetime, counts: Counts) -> dict[int, Inbox]:
    """Claim all that is due and sort it by person. What no longer applies, or was overtaken, is skipped.

    Of the stages that a deadline missed while nobody was there to send them, only the last one is told.
    """
    latest: dict[tuple[int, str], Due] = {}
    for _ in range(MOST_ROUNDS):
        claimed = reminders.claim_due(session, now, AT_ONCE)
        if not claimed:
            break
        _sort_out(session, service, claimed, latest, now, counts)
    return _by_person(team, latest.values(), now, counts)


def _sort_out(
    session: Session,
    service: Service,
    claimed: list[Due],
    latest: dict[tuple[int, str], Due],
    now: datetime,
    counts: Counts,
) -> None:
    following = []
    for due in claimed:
        reminder = due.reminder
        if not due.applies:
            reminders.end(reminder, ReminderStatus.SKIPPED, now=now, reason=_why_not(due))
            counts.skipped += 1
            continue
        key = (due.deadline.id, reminder.audience)
        if key in latest:
            reminders.end(latest[key].reminder, ReminderStatus.SKIPPED, now=now, reason="overtaken")
            counts.skipped += 1
        latest[key] = due
        reminders.end(reminder, ReminderStatus.QUEUED, now=now)
        if reminder.audience == Audience.OWNER:
            planned = next_overdue(reminder.stage, reminder.at, service.policy, service.calendar)
            following += [(due.deadline, one) for one in planned]
    session.flush()
    reminders.add_planned(session, following)


def _why_not(due: Due) -> str:
    return "deadline ended" if due.deadline.ended_at is not None else "case closed"


def _by_person(team: Team, due: Iterable[Due], now: datetime, counts: Counts) -> dict[int, Inbox]:
    inboxes: dict[int, Inbox] = {}
    for one in due:
        to = team.all_managers() if one.reminder.audience == Audience.MANAGER else team.caretakers(one.case)
        if not to:
            reminders.end(one.reminder, ReminderStatus.FAILED, now=now, reason="nobody to tell")
            counts.failed += 1
            continue
        counts.queued += 1
        for person in to:
            inboxes.setdefault(person.id, Inbox(person)).add(one)
    return inboxes


def tell_inbox(session: Session, service: Service, inbox: Inbox, now: datetime) -> bool:
    """Write the one message with all that is in it. False where the bot can't reach the person."""
    to = Recipient.of(inbox.person)
    if to is None:
        return False
    words, today = service.words(to.language), service.calendar.local_day(now)
    items = sorted(inbox.items.values(), key=lambda item: (item[0].due_at, item[0].id))
    text, rows = (
        _one(words, service, items[0], today) if len(items) == 1 else _several(words, service, items, today)
    )
    case_id = items[0][1].id if len(items) == 1 else None
    tell(session, to, text, rows, now=now, case_id=case_id, receipts=inbox.receipts)
    return True


def _one(words: Words, service: Service, item: Item, today: date) -> tuple[Html, Rows]:
    deadline, case = item
    what = deadline_line(words, service, deadline, today)
    buttons = (
        Button(words.plain("officer.open.button"), f"o:{case.id}"),
        Button(words.plain("officer.why.button"), f"w:{deadline.id}"),
    )
    return words("reminder.one", reference=case.reference, what=what), (buttons,)


def _several(words: Words, service: Service, items: list[Item], today: date) -> tuple[Html, Rows]:
    lines = [words.plural("reminder.several", len(items)), *item_lines(words, service, items, today)]
    due = (Button(words.plain("reminder.due.button"), "d:new"),)
    return Html("\n".join(lines)), (*case_buttons(case for _, case in items), due)


def item_lines(words: Words, service: Service, items: list[Item], today: date) -> list[Html]:
    """A line an item, ten at most, and how many more there are."""
    lines = [
        words("officer.line", reference=case.reference, what=deadline_line(words, service, deadline, today))
        for deadline, case in items
    ]
    return capped(words, lines)


def capped(words: Words, lines: list[Html]) -> list[Html]:
    """The first ten lines, and how many more there are."""
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], words.plural("reminder.more", more)]


def case_buttons(cases: Iterable[Case]) -> Rows:
    """A button for each case, ten at most, two in a row."""
    known = list(dict.fromkeys((case.id, case.reference) for case in cases))[:MOST_LINES]
    return columns(tuple(Button(reference, f"o:{case_id}") for case_id, reference in known), 2)


def late_first(items: Iterable[Item], today: date) -> tuple[list[Item], list[Item], list[Item]]:
    """What is late, what is due today, and what comes later."""
    ordered = sorted(items, key=lambda item: (item[0].due_at, item[0].id))
    late = [item for item in ordered if is_late(item[0].due_on, today)]
    now = [item for item in ordered if item[0].due_on == today]
    return late, now, [item for item in ordered if item[0].due_on > today]
