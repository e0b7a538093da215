"""A small, lifelike, wholly invented caseload: played through the real conversations, over the past week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import MovableClock
from bot.sandbox.person import Person
from bot.sandbox.pump import Pump
from bot.sandbox.world import Telegram
from casework.roles import Role
from storage.invitations import create_invitation

TAP, SAY = "tap", "say"
Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """Who did what, so many working days before the demo begins, at which local hour; what the officer did then."""

    days_ago: int
    hour: int
    name: str
    steps: tuple[Step, ...]
    officer: tuple[Step, ...] = ()


ACKNOWLEDGED: tuple[Step, ...] = ((TAP, "Open case"), (TAP, "Acknowledge"))
TAKEN: tuple[Step, ...] = (*ACKNOWLEDGED, (TAP, "Take it"))
CONTACTED: tuple[Step, ...] = (*TAKEN, (TAP, "Contact made"))


def _report(
    categories: tuple[str, ...], where: str, district: str, what: str, *rest: Step
) -> tuple[Step, ...]:
    return (
        (TAP, "Report a problem"),
        (TAP, "No, nobody is"),
        *((TAP, category) for category in categories),
        (SAY, where),
        (TAP, district),
        (SAY, what),
        (TAP, "That's all"),
        *rest,
        (TAP, "Send report"),
    )


STORIES: tuple[Story, ...] = (
    Story(
        4,
        11,
        "Priya Nair",
        _report(
            ("Noise",),
            "B98 7DY",
            "Yes",
            "A drill from the flat above from six in the morning. I work nights and can't rest.",
            (TAP, "Most days or nights"),
            (TAP, "Housing association"),
            (TAP, "I don't know"),
            (TAP, "Use my name"),
            (SAY, "01632 960111"),
            (TAP, "Yes, but leave no message"),
        ),
        CONTACTED,
    ),
    Story(
        2,
        15,
        "Tom Whitlock",
        _report(
            ("Rubbish", "Rubbish dumped", "I don't know"),
            "Alley behind the shops, B60 2AA",
            "Yes",
            "Mattresses and bags again. Rats have come into the yard.",
            (TAP, "Most weeks"),
            (TAP, "Stay anonymous"),
        ),
        TAKEN,
    ),
    Story(
        1,
        10,
        "Grace Adeyemi",
        _report(
            ("Neighbours", "Shouting, insults"),
            "14 Brook Lane",
            "Redditch",
            "He shouts over the fence when my children are in the garden. They will not go out now.",
            (TAP, "Now and then"),
            (TAP, "Yesterday"),
            (TAP, "My household"),
            (TAP, "They do"),
            (TAP, "Use my name"),
            (TAP, "Skip"),
        ),
    ),
)

REFERRAL: tuple[Step, ...] = (
    (SAY, "/refer"),
    (TAP, "Yes, they told me"),
    (SAY, "Elsie Moore"),
    (SAY, "3 Church Walk, B97 4BD"),
    (TAP, "Yes"),
    (SAY, "01632 960222"),
    (TAP, "Morning"),
    (TAP, "Older person"),
    (TAP, "Worried about callers"),
    (TAP, "Done"),
    (TAP, "No, not yet"),
    (TAP, "Yes, there was"),
    (TAP, "Skip"),
    (TAP, "Send referral"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The four people of the page."""

    resident: Person
    member: Person
    officer: Person
    manager: Person


def make_cast(world: Telegram) -> Cast:
    """Invented people with invented numbers."""
    return Cast(
        resident=Person(world, 9_000_000_001, "Asha Patel", phone="+447700900101"),
        member=Person(world, 9_000_000_002, "Omar Khan"),
        officer=Person(world, 9_000_000_003, "Jo Green"),
        manager=Person(world, 9_000_000_004, "Sam Reid"),
    )


async def seed(world: Telegram, pump: Pump, clock: MovableClock, cast: Cast, begins_at: datetime) -> None:
    """Play the past week up to ``begins_at`` (aware), reminders included."""
    await welcome_staff(pump, cast)
    calendar = pump.process.service.calendar
    last_day = calendar.local_day(begins_at)
    moments = sorted(
        [(calendar.subtract(last_day, story.days_ago), story.hour, story) for story in STORIES],
        key=lambda moment: (moment[0], moment[1]),
    )
    for number, (day, hour, story) in enumerate(moments):
        await _go_to(pump, clock, datetime(day.year, day.month, day.day, hour, tzinfo=calendar.zone))
        person = Person(world, 9_000_000_100 + number, story.name)
        person.start()
        await pump.settle()
        await _play(pump, person, story.steps)
        await _play(pump, cast.officer, story.officer)
        if number == 0:
            await _play(pump, cast.member, REFERRAL)
            await _play(pump, cast.officer, ACKNOWLEDGED)
    await _go_to(pump, clock, begins_at)


async def welcome_staff(pump: Pump, cast: Cast) -> None:
    """The manager, the officer and the Member follow their invitations."""
    service, database = pump.process.service, pump.process.database
    people = (
        (cast.manager, Role.MANAGER, (), None),
        (cast.officer, Role.OFFICER, ("redditch", "bromsgrove"), None),
        (cast.member, Role.MEMBER, ("redditch",), "Central"),
    )
    for person, role, districts, ward in people:
        with database.transaction() as session:
            token = create_invitation(
                session,
                database.keyring,
                role=role,
                now=service.clock.now(),
                life=timedelta(days=7),
                districts=districts,
                ward=ward,
                name=person.name,
            )
        person.start(f"i_{token}")
        await pump.settle()


async def _go_to(pump: Pump, clock: MovableClock, moment: datetime) -> None:
    """Morning by morning, so that the days in between have their reminders and digests."""
    calendar = pump.process.service.calendar
    while True:
        day = calendar.add(calendar.local_day(clock.now()), 1)
        morning = datetime(day.year, day.month, day.day, 9, 1, tzinfo=calendar.zone).astimezone(UTC)
        if morning >= moment:
            break
        clock.move_to(morning)
        await pump.tick()
    if moment > clock.now():
        clock.move_to(moment.astimezone(UTC))
    await pump.tick()


async def _play(pump: Pump, person: Person, steps: tuple[Step, ...]) -> None:
    for kind, what in steps:
        if kind == TAP:
            person.tap(what)
        else:
            person.say(what)
        await pump.settle()
