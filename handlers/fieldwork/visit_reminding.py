"""Both sides are reminded of a visit: the officer on the morning of the working day before, the resident the evening
before. The ledger says what was sent; a restart loses and repeats nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from casework.errors import BeyondCalendar
from casework.reminders import is_working_time
from casework.visits import VisitAudience
from handlers.fieldwork.visit_telling import moment, tell_reporter
from handlers.officers.labels import district_name
from handlers.officers.reminding import capped, case_buttons
from handlers.turn import Recipient, Service, tell
from handlers.words import Html
from storage import outbox, reminders, visits
from storage.models import Person, ReminderStatus
from storage.team import Team, load_team
from storage.visits import DueReminder

JOB = "visits"
AT_ONCE = 500


def remind(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Remind whoever is due; officers in working time only."""
    audiences = tuple(VisitAudience) if _at_work(service, now) else (VisitAudience.RESIDENT,)
    if not visits.is_any_due(session, now, audiences):
        return {}
    due = visits.claim_due(session, now, audiences, AT_ONCE)
    team = load_team(session, service.calendar.local_day(now))
    counts = {"skipped": 0, "residents": 0, "officers": 0}
    inboxes: dict[int, _Inbox] = {}
    for one in due:
        if (why := one.why_not(now)) is not None:
            reminders.end(one.reminder, ReminderStatus.SKIPPED, now=now, reason=why)
            counts["skipped"] += 1
        elif one.reminder.audience == VisitAudience.RESIDENT:
            counts["residents"] += _remind_resident(session, service, one, now)
        else:
            _sort(inboxes, team, one, now)
    for inbox in inboxes.values():
        counts["officers"] += _tell(session, service, inbox, now)
    session.flush()
    outbox.announce(session)
    return counts


def _at_work(service: Service, now: datetime) -> bool:
    """Whether the team is at work; not beyond the checked calendar, which the reminders tell the operator of."""
    try:
        return is_working_time(now, service.policy, service.calendar)
    except BeyondCalendar:
        return False


def _remind_resident(session: Session, service: Service, one: DueReminder, now: datetime) -> bool:
    told = tell_reporter(
        session, service, one.reporter, one.case, one.visit, "visits.told.reminder", now, visitor=one.visitor
    )
    status = ReminderStatus.SENT if told else ReminderStatus.SKIPPED
    reminders.end(one.reminder, status, now=now, reason=None if told else "not to be written to")
    return told


@dataclass(slots=True)
class _Inbox:
    """The visits that one officer is reminded of now, and by which rows."""

    person: Person
    due: list[DueReminder] = field(default_factory=list)


def _sort(inboxes: dict[int, _Inbox], team: Team, one: DueReminder, now: datetime) -> None:
    """To whoever goes there and whoever has the case."""
    to = _officers(team, one)
    if not to:
        reminders.end(one.reminder, ReminderStatus.FAILED, now=now, reason="nobody to tell")
        return
    reminders.end(one.reminder, ReminderStatus.QUEUED, now=now)
    for person in to:
        inboxes.setdefault(person.id, _Inbox(person)).due.append(one)


def _officers(team: Team, one: DueReminder) -> list[Person]:
    visitor = team.people.get(one.visit.visitor_id or 0)
    caretakers: Iterable[Person] = team.caretakers(one.case)
    if visitor is None or visitor.id in team.away:
        return list(caretakers)
    owner = [person for person in caretakers if person.id == one.case.owner_id and person is not visitor]
    return [visitor, *owner]


def _tell(session: Session, service: Service, inbox: _Inbox, now: datetime) -> bool:
    """One message with all the visits of one officer. False where the bot can't reach them."""
    to = Recipient.of(inbox.person)
    if to is None:
        return False
    words = service.words(to.language)
    ordered = sorted(inbox.due, key=lambda one: (one.visit.at, one.visit.id))
    lines = [
        words(
            "visits.reminder.line",
            reference=one.case.reference,
            district=district_name(words, service, one.case),
            when=moment(words, service, one.visit, now),
        )
        for one in ordered
    ]
    text = Html("\n".join([words.plural("visits.reminder.top", len(lines)), *capped(words, lines)]))
    receipts = [one.reminder.id for one in ordered]
    rows = case_buttons(one.case for one in ordered)
    case_id = ordered[0].case.id if len(ordered) == 1 else None
    tell(session, to, text, rows, now=now, case_id=case_id, receipts=receipts)
    return True
