"""What is due is told to whoever has to act: everything for one person at one time in one message.

When that is, and that no other process does the same, is the jobs' business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.reminders import Audience, next_overdue
from handlers.keyboards import Button, Rows, columns
from handlers.officers.labels import deadline_line
from handlers.planning.snooze import reminder_rows
from handlers.turn import Recipient, Service, tell
from handlers.words import Html, Words
from storage import cases, reminders
from storage.models import Case, Deadline, Person, ReminderStatus
from storage.reminders import Claimed
from storage.team import Team

AT_ONCE = 1000
MOST_ROUNDS = 100
"""Claims in one transaction: each round of a long downtime adds the next day's stage of what is overdue."""
MOST_LINES = 10

Item = tuple[Deadline, Case]
"""Of each deadline, for each audience, and for who let it wait: the reminder that is told."""


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
    items: dict[int, Item] = field(default_factory=dict)  # by deadline id: two audiences of one make one line
    receipts: list[int] = field(default_factory=list)


_Latest = dict[tuple[int, str, int | None], Claimed]
_Keepers = dict[tuple[int | None, str | None], tuple[int, ...]]


def gather(
    session: Session,
    service: Service,
    team: Team,
    now: datetime,
    counts: Counts,
    *,
    only_receipts: bool = False,
) -> dict[int, Inbox]:
    """Claim all that is due and sort it by person. What no longer applies, or was overtaken, is skipped.

    Of the stages that a deadline missed while nobody was there to send them, only the last one is told. With
    ``only_receipts`` the message finds its lines by itself.
    """
    latest: _Latest = {}
    keepers: _Keepers = {}
    for _ in range(MOST_ROUNDS):
        claimed = reminders.claim_due(session, now, AT_ONCE)
        if not claimed:
            break
        _find_keepers(session, team, claimed, keepers)
        _sort_out(session, service, claimed, latest, now, counts)
    items = (
        {} if only_receipts else reminders.load_items(session, {one.deadline_id for one in latest.values()})
    )
    return _by_person(session, team, latest, keepers, items, now, counts)


def _find_keepers(session: Session, team: Team, claimed: list[Claimed], keepers: _Keepers) -> None:
    """Who looks after the cases of each owner and district that is new here; one case of each stands for all."""
    new = {(one.owner_id, one.district): one.case_id for one in claimed}
    unknown = {case_id: pool for pool, case_id in new.items() if pool not in keepers}
    for case in cases.list_by_ids(session, unknown) if unknown else ():
        keepers[unknown[case.id]] = tuple(person.id for person in team.caretakers(case))


def _sort_out(
    session: Session,
    service: Service,
    claimed: list[Claimed],
    latest: _Latest,
    now: datetime,
    counts: Counts,
) -> None:
    """Put what still applies into ``latest``, and plan what comes after it."""
    following, skipped = [], []
    for one in claimed:
        if one.why_not is not None:
            skipped.append((one.why_not, one.id))
            continue
        key = (one.deadline_id, one.audience, one.person_id)
        if key in latest:
            skipped.append(("overtaken", latest[key].id))
        latest[key] = one
        if one.audience == Audience.OWNER:
            planned = next_overdue(one.stage, one.at, service.policy, service.calendar)
            following += [(one, reminder) for reminder in planned]
    reminders.queue_all(session, [one.id for one in claimed if one.why_not is None])
    for reason in sorted({reason for reason, _ in skipped}):
        ids = [reminder_id for why, reminder_id in skipped if why == reason]
        reminders.end_all(session, ids, ReminderStatus.SKIPPED, now=now, reason=reason)
    counts.skipped += len(skipped)
    reminders.add_planned(session, following)


def _by_person(
    session: Session,
    team: Team,
    latest: _Latest,
    keepers: _Keepers,
    items: dict[int, Item],
    now: datetime,
    counts: Counts,
) -> dict[int, Inbox]:
    inboxes: dict[int, Inbox] = {}
    managers = tuple(person.id for person in team.all_managers())
    nobody = []
    for one in latest.values():
        to = managers if one.audience == Audience.MANAGER else keepers[one.owner_id, one.district]
        if one.person_id in team.people and one.person_id not in team.away:
            to = (one.person_id,)  # what somebody let wait comes to them alone, while they are there
        if not to:
            nobody.append(one.id)
        for person_id in to:
            inbox = inboxes.setdefault(person_id, Inbox(team.people[person_id]))
            inbox.receipts.append(one.id)
            if one.deadline_id in items:
                inbox.items[one.deadline_id] = items[one.deadline_id]
    reminders.end_all(session, nobody, ReminderStatus.FAILED, now=now, reason="nobody to tell")
    counts.failed += len(nobody)
    counts.queued += len(latest) - len(nobody)
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
    return words("reminder.one", reference=case.reference, what=what), (
        buttons,
        *reminder_rows(words, deadline, today),
    )


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
