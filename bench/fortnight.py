"""A fortnight of one officer's work around Easter, played through the sandbox: ``python -m bench.fortnight``.

Sixty cases, two bank holidays, a week of leave, three restarts and a resident who blocks the bot. What the officer
got on each day, and what became of every date, goes into docs/fortnight.md; the same each time.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial

from bench.fortnight_ledger import (
    End,
    SentReminder,
    Story,
    by_day,
    open_without_next,
    sent_reminders,
    stories,
)
from bench.fortnight_people import Cast, blocks, comes, plans_leave, takes_back, works, writes_to_us
from bench.fortnight_plan import (
    FIRST,
    HOLIDAYS,
    LEAVE_FROM,
    LEAVE_UNTIL,
    MORNING_AFTER,
    Care,
    Coming,
    What,
    days,
    is_worked,
    plan,
)
from bench.office import LONDON, Office, Somebody, Told, an_office
from bot.settings import PROJECT
from casework.reminders import is_working_time
from casework.roles import Role
from handlers.officers import balance
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.history_check import Checked, Finding, check
from storage.migrations import upgrade
from storage.models import Fault

PAGE = PROJECT / "docs" / "fortnight.md"
DIGEST = "Your cases on"
LOOK_AHEAD = "Next week, from"
NIGHT, MORNING, NOON, AFTERNOON, CLOSED, EVENING = (
    time(5, 30),
    time(9),
    time(12, 30),
    time(14, 30),
    time(17, 30),
    time(20, 30),
)
SESSIONS = (time(9, 20), time(13, 30), time(16))
"""When the team sits down to it."""
RESTART_IN_A_REPORT, RESTART_BEFORE_DELIVERY, RESTART_WITH_A_TAP = (
    date(2027, 3, 23),
    date(2027, 3, 25),
    date(2027, 3, 31),
)
BLOCKS_ON = date(2027, 3, 24)

Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Day:
    """One day: who was in, what came, what they were told without asking, and what became of its dates."""

    on: date
    who: str
    new: int
    digests: int
    notices: int
    others: int
    deputy: int
    manager: int
    reminders: int
    ends: Counter[End]

    @property
    def messages(self) -> int:
        """All that the officer in charge of the work got without asking."""
        return self.digests + self.notices + self.others


@dataclass(frozen=True, slots=True)
class Fortnight:
    """How it went."""

    days: list[Day]
    cases: list[Coming]
    blocked: str
    """The reference of the case of whoever blocked the bot."""
    officer: list[Told]
    deputy: list[Told]
    manager: list[Told]
    stories: list[Story]
    reminders: list[SentReminder]
    outside_hours: list[SentReminder]
    without_next: list[str]
    differences: list[balance.Difference]
    faults: list[str]
    history: list[Finding]
    stopped_jobs: int
    refused: int
    restarts: int


async def play(database: Database) -> Fortnight:
    """Play it on this empty, migrated database."""
    async with an_office(database, datetime(2027, 3, 22, 7, 30, tzinfo=UTC)) as office:
        cast = await _open(office)
        for day in days():
            for at, act in sorted(_acts_of(cast, day), key=lambda one: one[0]):
                office.wait_until(day, at)
                await act()
        await office.until(MORNING_AFTER, NIGHT)
        await office.until(MORNING_AFTER, MORNING)
        return _told(cast)


async def _open(office: Office) -> Cast:
    """The team is there, and its messages of welcome are not counted."""
    cast = Cast(
        office,
        await office.staff("Jo Green", Role.OFFICER, "redditch"),
        await office.staff("Ben Cole", Role.OFFICER, "bromsgrove"),
        await office.staff("Mona Reid", Role.MANAGER),
        await office.staff("Omar Khan", Role.MEMBER, "redditch", ward="Central"),
        plan(),
    )
    for somebody in (cast.officer, cast.deputy, cast.manager):
        somebody.unasked.clear()
    return cast


def _acts_of(cast: Cast, day: date) -> list[tuple[time, Act]]:
    """What is done on a day, each with its hour."""
    office = cast.office

    async def look() -> None:
        await office.until(day, time())

    acts: list[tuple[time, Act]] = [(at, look) for at in (NIGHT, NOON, AFTERNOON, CLOSED, EVENING)]
    coming = [one for one in cast.cases if one.day == day]
    in_a_report = next((one for one in coming if one.what is What.REPORT), None)
    for one in coming:
        restart = day == RESTART_IN_A_REPORT and one is in_a_report
        acts.append((one.at, partial(comes, cast, one, restart=restart)))
    acts.append(
        (MORNING, partial(_restart_before_delivery, office) if day == RESTART_BEFORE_DELIVERY else look)
    )
    if is_worked(day):
        acts += [(at, partial(works, cast)) for at in SESSIONS]
    return [*acts, *_besides(cast, day)]


def _besides(cast: Cast, day: date) -> list[tuple[time, Act]]:
    """What happens once."""
    named = [one for one in cast.cases if one.what is What.REPORT]
    if day == FIRST:
        leave = partial(plans_leave, cast, "25 March 2027", "31 March 2027", "Ben Cole")
        return [(time(16, 30), leave)]
    if day == RESTART_IN_A_REPORT:
        writer = next(one for one in named if one.day == RESTART_IN_A_REPORT and one.care is Care.STEADY)
        return [(time(18), partial(writes_to_us, cast, writer))]
    if day == LEAVE_FROM:
        return [(time(12), partial(blocks, cast, _blocker(cast)))]
    if day == RESTART_WITH_A_TAP:
        # Contact with them is due before the fortnight is over, and nobody has had it.
        back = next(one for one in named if one.day == date(2027, 3, 30) and one.care is Care.STEADY)
        return [
            (time(12), partial(_restart_with_a_tap, cast)),
            (time(12, 5), partial(takes_back, cast, back)),
        ]
    return []


def _blocker(cast: Cast) -> Coming:
    """Whoever blocks the bot: a report of the day before, still open."""
    return next(
        one
        for one in cast.cases
        if one.what is What.REPORT and one.day == BLOCKS_ON and one.care is not Care.SETTLED
    )


async def _restart_before_delivery(office: Office) -> None:
    """The morning's messages are written, and the process ends before one of them has left."""
    await office.look()
    await office.restart()
    await office.settle()


async def _restart_with_a_tap(cast: Cast) -> None:
    """Somebody of the team taps, and the process ends before it has seen that."""
    cast.deputy.phone.say("/due")
    await cast.office.restart()
    await cast.office.settle(cast.deputy)


# How it went


def _told(cast: Cast) -> Fortnight:
    office, now = cast.office, cast.office.clock.now()
    service, database = office.process.service, office.process.database
    with database.reading() as session:
        ends, sent = stories(session), sent_reminders(session)
        without = open_without_next(session)
        differences = balance.find_differences(session, service, now, datetime(2027, 3, 1, tzinfo=UTC))
        faults = [fault.error for fault in session.query(Fault)]
    with database.snapshot() as session:
        history = list(check(session, Checked()))
    policy, calendar = service.policy, service.calendar
    return Fortnight(
        [_day(cast, day, by_day(ends), sent) for day in [*days(), MORNING_AFTER]],
        cast.cases,
        _blocker(cast).reference,
        cast.officer.unasked,
        cast.deputy.unasked,
        cast.manager.unasked,
        ends,
        sent,
        [one for one in sent if not is_working_time(one.at, policy, calendar)],
        without,
        differences,
        faults,
        history,
        office.stopped_jobs,
        office.refused + office.process.delivery.counts.alarms,
        office.restarts,
    )


def _day(cast: Cast, day: date, ends: dict[date, Counter[End]], sent: list[SentReminder]) -> Day:
    away = LEAVE_FROM <= day <= LEAVE_UNTIL
    got = _of(cast.deputy if away else cast.officer, day)
    digests = sum(one.text.startswith(DIGEST) for one in got)
    notices = sum(" · new " in one.text for one in got)
    return Day(
        day,
        "deputy" if away else "officer",
        sum(one.day == day for one in cast.cases),
        digests,
        notices,
        len(got) - digests - notices,
        len(_of(cast.deputy, day)),
        len(_of(cast.manager, day)),
        sum(one.at.astimezone(LONDON).date() == day for one in sent),
        ends.get(day, Counter()),
    )


def _of(somebody: Somebody, day: date) -> list[Told]:
    return [one for one in somebody.unasked if one.day == day]


def page(fortnight: Fortnight) -> str:
    """It as a Markdown page."""
    kinds = Counter(str(one.what) for one in fortnight.cases)
    ends = Counter(story.end for story in fortnight.stories)
    worked = [day for day in fortnight.days[:-1] if is_worked(day.on)]
    lines = [
        "# A fortnight of one officer's work",
        "",
        "Written by `python -m bench.fortnight`: the whole service, a moved clock, and people who tap and type.",
        "`tests/jobs/test_fortnight.py` plays the same and holds this page true.",
        "",
        f"{len(fortnight.cases)} cases in Redditch:",
        f"{', '.join(f'{kind} {n}' for kind, n in sorted(kinds.items()))}.",
        f"The officer is away from {LEAVE_FROM:%-d %B} to {LEAVE_UNTIL:%-d %B}, and a deputy stands in.",
        f"The process is restarted {fortnight.restarts} times: in the middle of a report, when the morning's",
        "messages are written and not yet sent, and with a message waiting. One resident blocks the bot. Some cases",
        "are left undone so that they escalate.",
        "",
        "| day | in | new cases | morning's message | new case | other | **messages** | to the manager "
        "| reminders sent | due | met | moved | case closed | late, escalated |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_row(day) for day in fortnight.days),
        "",
        "*Messages* are what whoever is in got without having done anything just then. A day off has no morning's",
        "message and no reminder; a new case is told when it comes. *Reminders sent* are all in the morning's",
        "messages, of whoever they are for.",
        "",
        f"Of {sum(ends.values())} dates that fell due, {ends[End.MET]} were met, {ends[End.MOVED]} were moved",
        f"with a reason, {ends[End.ENDED]} ended with their case, and {ends[End.ESCALATED]} were late: the manager",
        "read of each of these on the next working morning. On the fullest day there were",
        f"{max(day.messages for day in worked)} messages, and never more than",
        f"{max(day.messages - day.new for day in worked)} beside the new cases of the day.",
        "",
    ]
    return "\n".join(lines)


def _row(day: Day) -> str:
    who = day.who if is_worked(day.on) else HOLIDAYS.get(day.on, "weekend")
    ends = day.ends
    cells = (
        f"{day.on:%a %-d %B}",
        who,
        day.new,
        day.digests,
        day.notices,
        day.others,
        f"**{day.messages}**",
        day.manager,
        day.reminders,
        sum(ends.values()),
        ends[End.MET],
        ends[End.MOVED],
        ends[End.ENDED],
        ends[End.ESCALATED],
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    """Play, print, write the page."""
    with tempfile.TemporaryDirectory(prefix="fortnight-") as folder:
        database = Database(f"sqlite:///{folder}/fortnight.sqlite3", Keyring.from_text(new_key_text(1)))
        upgrade(database)
        try:
            written = page(asyncio.run(play(database)))
        finally:
            database.close()
    PAGE.write_text(written, encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
