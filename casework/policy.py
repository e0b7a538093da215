"""The partnership's own facts, typed: what `policy/*.toml` says. Reading the text and naming the line of a
mistake is `casework.policy_file`'s."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, Field

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.errors import PolicyError, UnknownKey
from casework.policy_entries import (
    Abuse,
    CalendarFacts,
    Category,
    Closure,
    Contact,
    Danger,
    DiaryFacts,
    District,
    Enquiries,
    Entry,
    EvidenceLimits,
    Figure,
    Following,
    HistoryFacts,
    Key,
    Lifetimes,
    Limits,
    NamedDay,
    Outward,
    PaceRules,
    Partnership,
    Place,
    Planning,
    Privacy,
    Reminders,
    Retention,
    Sourced,
    Team,
    Timescale,
    Unverified,
    Upkeep,
    Visits,
    Ward,
    Weekday,
    Workload,
)
from casework.policy_rules import Agency, ReviewRules, RiskRules

__all__ = [
    "Agency",
    "CalendarFacts",
    "Category",
    "Closure",
    "Contact",
    "Danger",
    "DiaryFacts",
    "District",
    "Enquiries",
    "EvidenceLimits",
    "Figure",
    "Following",
    "Lifetimes",
    "Limits",
    "NamedDay",
    "Outward",
    "Partnership",
    "Place",
    "Planning",
    "Policy",
    "PolicyError",
    "Privacy",
    "Reminders",
    "Retention",
    "ReviewRules",
    "RiskRules",
    "Team",
    "Timescale",
    "Unverified",
    "Upkeep",
    "Visits",
    "Ward",
    "Weekday",
    "Workload",
    "parse_policy",
]


class Policy(Entry):
    """Everything in the file. `digest` changes with every change of the file."""

    digest: str
    partnership: Partnership
    team: Team
    privacy: Privacy
    limits: Limits
    evidence: EvidenceLimits
    lifetimes: Lifetimes
    pace: PaceRules
    enquiries: Enquiries
    following: Following
    visits: Visits
    planning: Planning
    diary: DiaryFacts
    history: HistoryFacts
    reminders: Reminders
    workload: Workload
    upkeep: Upkeep
    calendar: CalendarFacts
    tenures: tuple[Key, ...]
    nns_reasons: tuple[Key, ...]
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=12)]
    timescales: dict[CaseKind, Timescale]
    agencies: tuple[Agency, ...]
    risk: RiskRules
    case_review: ReviewRules
    districts: Annotated[tuple[District, ...], Field(min_length=1)]
    outward: tuple[Outward, ...]
    places: tuple[Place, ...] = ()
    contacts: tuple[Contact, ...]
    retention: tuple[Retention, ...]
    danger: tuple[Danger, ...]
    abuse: Abuse

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def _districts(self) -> dict[str, District]:
        return {district.key: district for district in self.districts}

    @cached_property
    def _contacts(self) -> dict[str, Contact]:
        return {contact.key: contact for contact in self.contacts}

    def district(self, key: str) -> District:
        """The district of that key. Raises UnknownKey."""
        if key not in self._districts:
            raise UnknownKey("district", key)
        return self._districts[key]

    def contact(self, key: str) -> Contact:
        """The contact of that key, whether or not it may be shown. Raises UnknownKey."""
        if key not in self._contacts:
            raise UnknownKey("contact", key)
        return self._contacts[key]

    def shown(self, *keys: str) -> tuple[Contact, ...]:
        """Those of the contacts that residents may be given, in the order asked for."""
        return tuple(contact for contact in map(self.contact, keys) if contact.may_be_shown)

    def category(self, key: str) -> Category:
        """The category of that key. Raises UnknownKey."""
        for category in self.categories:
            if category.key == key:
                return category
        raise UnknownKey("category", key)

    def agency(self, key: str, district: str | None) -> Agency:
        """Who acts under that key in a district; the entry for everywhere where none is known.

        Raises UnknownKey.
        """
        named = [agency for agency in self.agencies if agency.key == key]
        for agency in sorted(named, key=lambda found: not found.districts):
            if not agency.districts or district in agency.districts:
                return agency
        raise UnknownKey("agency", key)

    def team_of(self, district: str | None) -> str:
        """The name of the team that looks after a district; the partnership's where none is known."""
        return self.team.name if district is None else self.district(district).team

    def phone_of(self, district: str | None) -> Contact:
        """The public telephone of the team that looks after a district."""
        return self.contact(self.team.contact if district is None else self.district(district).contact)

    def working_days(self, kind: CaseKind, deadline: DeadlineKind, risk: RiskBand) -> int | None:
        """Working days from receipt for a deadline of a kind of case; None where the kind has none of these.

        PHONE counts from the day on which the bot found that it cannot reach the person, REVIEW from the last
        time that somebody looked at the whole case.
        """
        if deadline is DeadlineKind.PHONE:
            return self.reminders.phone_within_wd.value
        if deadline is DeadlineKind.REVIEW:
            return self.risk.review_wd[risk].value
        if kind is CaseKind.DATA_REQUEST:
            return None  # counted in months: `casework.data_requests`
        if kind is CaseKind.ENQUIRY:
            return self.enquiries.answer_wd.value if deadline is DeadlineKind.ANSWER else None
        times = self.timescales[kind]
        match deadline:
            case DeadlineKind.ACKNOWLEDGE:
                return times.acknowledge_wd.value
            case DeadlineKind.CONTACT:
                return times.contact_wd[risk].value
            case DeadlineKind.VISIT:
                return None if times.visit_wd is None else times.visit_wd.value
            case _:
                return None

    def unverified(self, today: date) -> tuple[Unverified, ...]:
        """What a named officer should confirm, or confirm again, in the order of the file's sections."""
        days = self.lifetimes.verification_days.value
        return tuple(
            Unverified(where=where, source=entry.source, verified_on=entry.verified_on)
            for where, entry in _sourced(self, "")
            if entry.needs_check(today, days)
        )


def parse_policy(text: str) -> Policy:
    """The policy in a TOML text. Raises PolicyError, with one line for each problem."""
    from casework.policy_file import read

    return read(text)


def _sourced(value: object, where: str) -> Iterator[tuple[str, Sourced]]:
    if isinstance(value, Sourced):
        yield where, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _sourced(getattr(value, name), f"{where}.{name}" if where else name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _sourced(item, f"{where}.{key}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _sourced(item, f"{where}.{_label(item, index)}")


def _label(item: object, index: int) -> str:
    for name in ("key", "what", "place", "name"):
        label = getattr(item, name, None)
        if isinstance(label, str):
            return label
    return str(index + 1)
