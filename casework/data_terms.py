"""The terms in which personal data is declared: what it is, why it may be kept, who sees it, what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Topic(StrEnum):
    """What the notice calls it; people do not think in tables."""

    ACCOUNT = "account"
    DRAFTS = "drafts"
    REPORTS = "reports"
    FILES = "files"
    DIARY = "diary"
    HARM = "harm"
    WORK = "work"
    QUESTIONS = "questions"
    MESSAGES = "messages"
    REQUESTS = "requests"
    FAULTS = "faults"
    TEAM = "team"


class Basis(StrEnum):
    """Why the law lets us keep it.

    PUBLIC_TASK: UK GDPR Article 6(1)(e) with the Crime and Disorder Act 1998 and the Anti-social Behaviour,
    Crime and Policing Act 2014; for health and the like Article 9(2)(g), for what somebody is said to have
    done Article 10, both with the Data Protection Act 2018 Schedule 1. LEGAL_DUTY: Article 6(1)(c), answering
    for our own work and for people's rights (Articles 5(2) and 12).
    """

    PUBLIC_TASK = "public_task"
    LEGAL_DUTY = "legal_duty"


class Sees(StrEnum):
    """Who can read it."""

    NOBODY = "nobody"  # the program only
    DISTRICT = "district"  # officers of the case's district, and managers
    TEAM = "team"
    PARTNERS = "partners"  # police, landlords and others, as the notice says


class Owner(StrEnum):
    """To what a column points that says whose row it is."""

    PERSON = "person"
    CHAT = "chat"
    CASE = "case"
    DRAFT = "draft"


class Copy(StrEnum):
    """What of it goes into the copy that a person gets at once."""

    ALL = "all"
    PUBLIC = "public"  # only lines that the person may see anyway
    NONE = "none"  # on request: somebody has to read first what it says of others


class Erase(StrEnum):
    """What happens when a person asks for erasure. What belongs to a case stays with the case (Article 17(3))."""

    DELETE = "delete"
    LET_GO = "let_go"  # no longer anybody's; its bytes and then the row are removed by their own sweep
    BLANK = "blank"  # the row stays while something else needs it, and says nothing any more
    KEEP = "keep"


class WithCase(StrEnum):
    """What happens to a row when its case is deleted."""

    DELETE = "delete"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One table. ``kept`` is an entry of the policy's retention.

    `owners` are the columns by which rows belong to somebody; `staff` those that name who of the team acted.
    `left_out` are columns, or ``column.key`` inside JSON, that the copy leaves out: other people's data, what
    could endanger someone, and marks that only the program reads.
    """

    table: str
    topic: Topic
    basis: Basis
    seen_by: Sees
    kept: str
    also_kept: tuple[str, ...] = ()
    """Entries for what is kept for another time, such as what was sent without a name."""
    personal: tuple[str, ...] = ()
    owners: dict[str, Owner] = field(default_factory=dict)
    staff: tuple[str, ...] = ()
    copy: Copy = Copy.NONE
    left_out: tuple[str, ...] = ()
    erase: Erase = Erase.KEEP
    with_case: WithCase = WithCase.DELETE
