"""On Friday, what is due next week by day: to each of the team, and to managers how much everybody has.

It is small, so nobody can turn it off; where nothing is due, nothing is said.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from casework.errors import BeyondCalendar
from casework.reminders import is_working_time
from casework.upkeep import look_aheads_of, share, week_after
from handlers.keyboards import Button, Rows, columns
from handlers.officers.pools import Parts, by_person, line_of
from handlers.turn import Recipient, Service, tell
from handlers.words import Html, Words
from storage import digest, outbox, reminders
from storage.models import Person
from storage.people import display_name
from storage.team import Team, load_team

JOB = "look_ahead"
MOST_OF_A_DAY = 4
ROOM = 12
"""Lines of one message."""
MOST_NAMES = 20


def tell_all(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Write the look aheads that come today, from the policy's hour on, each once."""
    try:
        coming = _coming(service, now)
    except BeyondCalendar:
        return {}  # the reminders tell the operator
    told = 0
    for friday in coming:
        slot = friday.isoformat()
        if not reminders.is_slot_done(session, JOB, slot) and reminders.claim_slot(session, JOB, slot, now):
            told += _tell_week(session, service, friday, now)
    if told:
        outbox.announce(session)
    return {"told": told}


def _coming(service: Service, now: datetime) -> tuple[date, ...]:
    policy, calendar = service.policy, service.calendar
    local = now.astimezone(calendar.zone)
    if local.time() < policy.upkeep.look_ahead_at or not is_working_time(now, policy, calendar):
        return ()
    return look_aheads_of(local.date(), policy, calendar)


def _tell_week(session: Session, service: Service, friday: date, now: datetime) -> int:
    calendar = service.calendar
    monday, sunday = week_after(friday)
    first, last = calendar.at(monday, time()), calendar.end_of(sunday)
    team = load_team(session, calendar.local_day(now))
    people = frozenset({*team.people, *team.away})  # the cases of who is away stay theirs
    found = by_person(team, digest.list_between(session, people, first, last, MOST_OF_A_DAY))
    owners: Counter[int | None] = Counter()
    for owner_id, _, _, count in digest.count_by_day(session, people, first, last):
        owners[owner_id] += count
    told, heads = 0, {person.id for person in team.all_managers()}  # or who stands in for them
    for person in team.people.values():
        above = owners if person.id in heads else Counter[int | None]()
        told += _tell(session, service, team, person, found.get(person.id, {}), above, monday, now)
    return told


def _tell(
    session: Session,
    service: Service,
    team: Team,
    person: Person,
    parts: Parts,
    owners: Counter[int | None],
    monday: date,
    now: datetime,
) -> bool:
    to = Recipient.of(person)
    if to is None or not (parts or owners):
        return False
    words, today = service.words(to.language), service.calendar.local_day(now)
    top = words("upkeep.ahead.top", day=words.day(monday, today))
    own, rows = _by_day(words, service, parts, today)
    text = Html("\n".join([top, *own, *_of_team(words, team, owners)]))
    key = f"ahead:{monday.isoformat()}:{to.person_id}"
    tell(session, to, text, rows, now=now, dedupe_key=key)
    return True


def _by_day(words: Words, service: Service, parts: Parts, today: date) -> tuple[list[Html], Rows]:
    """Each day with how much falls on it and the first of it; a button for each case that is named."""
    days = sorted(parts)
    rooms = share([len(parts[day].lines) for day in days], ROOM, most=MOST_OF_A_DAY, least=1)
    lines: list[Html] = []
    named: dict[int, Button] = {}
    for day, room in zip(days, rooms, strict=True):
        part = parts[day]
        some = part.lines[:room]
        title = words.plural(
            "upkeep.ahead.day.label", part.total, day=words.day(date.fromisoformat(day), today)
        )
        lines += [Html(""), title, *(line_of(words, service, line, today) for line in some)]
        if part.total > len(some):
            lines.append(words.plural("reminder.more", part.total - len(some)))
        named |= {line.case.id: Button(line.case.reference, f"o:{line.case.id}") for line in some}
    due = (Button(words.plain("reminder.due.button"), "d:new"),)
    return lines, (*columns(tuple(named.values()), 2), due)


def _of_team(words: Words, team: Team, owners: Counter[int | None]) -> list[Html]:
    """How much each of the team has, the most first, and what nobody has yet."""
    if not owners:
        return []
    lines = [Html(""), words("upkeep.ahead.team.label")]
    names = [(owner_id, count) for owner_id, count in owners.most_common() if owner_id is not None]
    for owner_id, count in names[:MOST_NAMES]:
        owner = team.people.get(owner_id)  # None: away, and the bot can't write to them
        name = (display_name(owner) if owner else None) or words.plain("officer.role.officer.name")
        lines.append(words("upkeep.ahead.person", name=name, count=count))
    if len(names) > MOST_NAMES:
        lines.append(words.plural("reminder.more", len(names) - MOST_NAMES))
    if owners[None]:
        lines.append(words("upkeep.ahead.nobody", count=owners[None]))
    return lines
