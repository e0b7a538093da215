"""The entries of a policy file, each frozen, with its own small rules."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from casework.cases import RiskBand

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
OutwardCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")]


class Entry(BaseModel):
    """Anything in the file: frozen, and nothing may stand in it that the program doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Entry):
    """Something that has a source, and that a named officer has confirmed or not yet."""

    source: Text
    verified: bool = False
    verified_on: date | None = None
    verified_by: Text | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Sourced:
        if self.verified and self.verified_on is None:
            raise ValueError("verified = true needs verified_on, the day on which it was checked")
        return self

    def needs_check(self, today: date, good_for_days: int) -> bool:
        """Whether nobody has confirmed it within the last `good_for_days` days."""
        if not self.verified or self.verified_on is None:
            return True
        return today - self.verified_on > timedelta(days=good_for_days)


class Figure(Sourced):
    """One number; the name of its key says the unit."""

    value: Annotated[int, Field(ge=0, le=3660)]


class Unverified(Entry):
    """A figure, number or list in the file that a named officer still has to confirm."""

    where: str
    source: str
    verified_on: date | None = None
    """When somebody last did."""


class Partnership(Entry):
    """Who runs this service."""

    name: Text
    short_name: Text
    police_force: Text


class Weekday(StrEnum):
    """Days in the order of `date.weekday()`."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Team(Entry):
    """The community safety team: when it reads messages (local time), and its public telephone."""

    name: Text
    contact: Key
    opens: time
    closes: time
    days: tuple[Weekday, ...]

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Team:
        if self.opens >= self.closes:
            raise ValueError("opens must be earlier than closes")
        return self

    def works_on(self, day: date) -> bool:
        """Whether the team's week includes that day of the week."""
        return tuple(Weekday)[day.weekday()] in self.days


class Contact(Sourced):
    """A telephone number or address that can be given to people.

    `basis` says how good the source is: knowledge and old_page are never shown before somebody has verified
    them (NWCSP domain facts, "How to read the marks").
    """

    key: Key
    label: Text
    value: Text
    hours: Text | None = None
    cost: Text | None = None
    note: Text | None = None
    basis: Literal["standard", "page", "old_page", "knowledge"]

    @property
    def may_be_shown(self) -> bool:
        """Whether residents may be given it."""
        return self.verified or self.basis in ("standard", "page")


class Ward(Entry):
    """An electoral area; the dates are those between which it exists, `valid_to` included."""

    name: Text
    valid_from: date
    valid_to: date | None = None
    verified: bool = False


class District(Entry):
    """One district or borough. Its duties are its own, even where a team is shared."""

    key: Key
    name: Text
    council: Text
    gss: Text
    aliases: tuple[Text, ...] = ()
    team: Text
    contact: Key
    tenures: tuple[Key, ...]
    place_names: tuple[Text, ...] = ()
    wards_source: Text
    wards: tuple[Ward, ...]


class Outward(Sourced):
    """What the first half of a postcode hints at. Never more than a hint."""

    codes: Annotated[tuple[OutwardCode, ...], Field(min_length=1)]
    place: Text
    hint: Literal["suggest", "ask", "out_of_area"]
    district: Key | None = None
    also: tuple[Text, ...] = ()
    served_by: Text | None = None

    @model_validator(mode="after")
    def _says_where(self) -> Outward:
        if self.hint == "suggest" and self.district is None:
            raise ValueError('hint = "suggest" needs a district')
        if self.hint == "out_of_area" and self.served_by is None:
            raise ValueError('hint = "out_of_area" needs served_by')
        return self


class Place(Entry):
    """The middle of a town or village; `served_by` names the council where it is none of ours."""

    name: Text
    latitude: Annotated[float, Field(ge=49, le=61)]
    longitude: Annotated[float, Field(ge=-9, le=2)]
    district: Key | None = None
    served_by: Text | None = None

    @model_validator(mode="after")
    def _belongs_somewhere(self) -> Place:
        if (self.district is None) == (self.served_by is None):
            raise ValueError("a place needs a district or served_by, and not both")
        return self


class Category(Entry):
    """A kind of anti-social behaviour that a person can choose; `group` is the police's own."""

    key: Key
    group: Literal["personal", "nuisance", "environmental"]
    includes: tuple[Key, ...] = ()
    ordinary: tuple[Key, ...] = ()
    """What people also choose this for and what usually isn't anti-social behaviour."""
    elsewhere: tuple[Key, ...] = ()
    """What is no anti-social behaviour, and has somebody else who looks after it."""

    @property
    def sub_kinds(self) -> tuple[str, ...]:
        """Everything that a person can choose within it."""
        return (*self.includes, *self.elsewhere, *self.ordinary)


class Timescale(Entry):
    """Working days from receipt by which something is done for one kind of case."""

    acknowledge_wd: Figure
    contact_wd: dict[RiskBand, Figure]
    visit_wd: Figure | None = None

    @model_validator(mode="after")
    def _every_band(self) -> Timescale:
        missing = [band.value for band in RiskBand if band not in self.contact_wd]
        if missing:
            raise ValueError(f"contact_wd needs a figure for: {', '.join(missing)}")
        return self


class Enquiries(Entry):
    """Questions of residents: working days until an officer's answer, and how long what was asked is kept."""

    answer_wd: Figure
    questions_days: Figure


class Following(Entry):
    """What a resident can count on while they follow a case; "wd" are working days.

    `contact_try_days` and `contact_try_ways`: after how many days and ways of trying they count as out of reach.
    """

    answer_wd: Figure
    update_wd: Figure
    apology_wd: Figure
    apologies: Figure
    chased_after: Figure
    reopen_days: Figure
    contact_try_days: Figure
    contact_try_ways: Figure


class Visits(Entry):
    """Visits to a home: how long one is in a calendar, and when the resident is reminded on the day before."""

    source: Text
    minutes: Annotated[int, Field(ge=5, le=480)]
    resident_reminder_at: time


class Planning(Entry):
    """How far an officer may move a day alone, and how often a reminder can wait; "wd" are working days."""

    most_moves: Figure
    """So many moves of one day; the next one is for the manager to agree."""
    farthest_wd: Figure
    """So far ahead of today."""
    promise_wd: Figure
    """So long after the day that somebody was promised first."""
    most_snoozes: Figure
    snooze_hours: Figure


class DiaryFacts(Entry):
    """The incident diary: from when an entry counts as late, and how often a person is asked for more."""

    late_after_hours: Figure
    ask_every_days: Figure


class HistoryFacts(Entry):
    """What is marked in a case's timeline: a time in which nobody did anything for longer than this."""

    gap_days: Figure


class Reminders(Entry):
    """When the team is reminded; times are local, "wd" are working days."""

    source: Text
    morning: time
    before_wd: tuple[Annotated[int, Field(ge=1, le=60)], ...]
    manager_from_overdue_wd: Annotated[int, Field(ge=1)]
    digest_at: time
    phone_within_wd: Figure


class Workload(Entry):
    """What an open case weighs when work is shared out, and how far back the team's record looks."""

    weight: dict[RiskBand, Figure]
    overdue: Figure
    """Added while something on the case is late."""
    record_days: Figure

    @model_validator(mode="after")
    def _every_band(self) -> Workload:
        missing = [band.value for band in RiskBand if band not in self.weight]
        if missing:
            raise ValueError(f"weight needs a figure for: {', '.join(missing)}")
        return self


class Upkeep(Entry):
    """What the team is told on certain days, and from when a case counts as silent; "wd" are working days."""

    source: Text
    unanswered_wd: Figure
    quiet_wd: Figure
    look_ahead_day: Weekday
    look_ahead_at: time
    holidays_month: Annotated[int, Field(ge=1, le=12)]
    holidays_day: Annotated[int, Field(ge=1, le=28)]
    remind_days: Figure


class Lifetimes(Entry):
    """How long things are kept that are not yet, or no longer, a case."""

    draft_days: Figure
    invitation_days: Figure
    verification_days: Figure


class PaceRules(Entry):
    """From when on somebody sends more than anybody reads."""

    messages_a_minute: Figure


class Retention(Figure):
    """How long something is kept; `value` counts in `unit`, from the event named in `after`."""

    what: Key
    unit: Literal["days", "months", "years"]
    after: Key


class NamedDay(Entry):
    """A single day with the name that people know it by."""

    day: date
    name: Text


class Closure(Entry):
    """Days, both included, on which the offices are shut.

    They remain working days for deadlines unless `counts_as_working` is false.
    """

    first: date
    last: date
    name: Text
    counts_as_working: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Closure:
        if self.last < self.first:
            raise ValueError("last must not be before first")
        return self


class CalendarFacts(Entry):
    """What the partnership adds to the bank holidays, and how far somebody has checked them."""

    zone: Text
    source: Text
    verified_until: date
    extra_bank_holidays: tuple[NamedDay, ...] = ()
    not_bank_holidays: tuple[NamedDay, ...] = ()
    office_closures: tuple[Closure, ...] = ()
    late_receipt_cutoff: time | None = None


class Danger(Sourced):
    """Words of one kind of danger, by language, and the contacts to show for it, the most urgent first."""

    key: Key
    contacts: Annotated[tuple[Key, ...], Field(min_length=1)]
    words: dict[str, tuple[Text, ...]]


class Abuse(Sourced):
    """Phrases that mark a message to the team as abusive, by language. The person is never told."""

    words: dict[str, tuple[Text, ...]]


class Limits(Entry):
    """Longest texts that are taken, in characters."""

    name: Annotated[int, Field(ge=1)]
    line: Annotated[int, Field(ge=1)]
    story: Annotated[int, Field(ge=1)]
    note: Annotated[int, Field(ge=1)]


class EvidenceLimits(Entry):
    """What is taken of files: how large one may be, how many come with one report, and how large a picture is.

    ``megabytes`` are of 2**20 bytes.
    """

    megabytes: Figure
    files: Figure
    megapixels: Figure

    @property
    def most_bytes(self) -> int:
        """The largest file in bytes."""
        return self.megabytes.value * 2**20

    @property
    def most_pixels(self) -> int:
        """The largest picture in pixels."""
        return self.megapixels.value * 1_000_000


class Privacy(Entry):
    """Which privacy notice people are shown now, and when they are left in peace (local times)."""

    notice_version: Text
    source: Text
    quiet_from: time
    quiet_to: time
    quiet_source: Text
