"""Who may do what: the one table of permissions, and which cases a person may open."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from casework.errors import NotPermitted, NotYourCase


class Role(StrEnum):
    """What somebody is to the partnership. Everybody is a resident until they accept an invitation."""

    RESIDENT = "resident"
    MEMBER = "member"
    OFFICER = "officer"
    MANAGER = "manager"
    PARTNER = "partner"


class Permission(StrEnum):
    """One thing that a person can do here."""

    REPORT = "report"
    FOLLOW = "follow"
    KEEP_DIARY = "keep_diary"
    REFER = "refer"
    SEE_QUEUE = "see_queue"
    SEE_DUE = "see_due"
    OPEN_CASE = "open_case"
    ACKNOWLEDGE = "acknowledge"
    TAKE = "take"
    ASSIGN = "assign"
    RECORD_CONTACT = "record_contact"
    MOVE_CASE = "move_case"
    INVITE = "invite"
    SEE_FAULTS = "see_faults"
    ASK = "ask"
    WRITE_PAGES = "write_pages"
    FIND = "find"
    MY_DATA = "my_data"
    HOLD_CASE = "hold_case"
    SEE_LOOKS = "see_looks"
    SEE_TEAM = "see_team"
    HAND_OVER = "hand_over"
    END_ACCESS = "end_access"
    UPKEEP = "upkeep"
    KEY_IN = "key_in"


_EVERYBODY = frozenset({Permission.REPORT, Permission.MY_DATA})
_OFFICER = _EVERYBODY | {
    Permission.REFER,
    Permission.SEE_QUEUE,
    Permission.SEE_DUE,
    Permission.FIND,
    Permission.OPEN_CASE,
    Permission.ACKNOWLEDGE,
    Permission.TAKE,
    Permission.RECORD_CONTACT,
    Permission.MOVE_CASE,
    Permission.WRITE_PAGES,
    Permission.SEE_TEAM,
    Permission.KEY_IN,
}

_MAY: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: _EVERYBODY | {Permission.ASK, Permission.FOLLOW, Permission.KEEP_DIARY},
    Role.MEMBER: _EVERYBODY | {Permission.REFER, Permission.ASK, Permission.FOLLOW, Permission.KEEP_DIARY},
    Role.PARTNER: _EVERYBODY | {Permission.ASK, Permission.FOLLOW, Permission.KEEP_DIARY},
    Role.OFFICER: _OFFICER,
    Role.MANAGER: _OFFICER
    | {
        Permission.ASSIGN,
        Permission.INVITE,
        Permission.SEE_FAULTS,
        Permission.HOLD_CASE,
        Permission.SEE_LOOKS,
        Permission.HAND_OVER,
        Permission.END_ACCESS,
        Permission.UPKEEP,
    },
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in the role in which they act, and the districts of that role.

    A manager's districts do not narrow what they see. `ward` is a Member's.
    """

    person_id: int | None
    role: Role = Role.RESIDENT
    districts: frozenset[str] = field(default_factory=frozenset)
    ward: str | None = None


def may(role: Role, permission: Permission) -> bool:
    """Whether the role includes the permission."""
    return permission in _MAY[role]


def require(role: Role, permission: Permission) -> None:
    """Raise NotPermitted unless the role includes the permission."""
    if not may(role, permission):
        raise NotPermitted(role.value, permission.value)


def may_open(actor: Actor, case_district: str | None) -> bool:
    """Whether the actor may open the detail of a case.

    Officers open the cases of their districts, and those whose district nobody knows yet (the common queue).
    Managers open all. Members have no right to case files (NWCSP domain facts 1, "Member").
    """
    if not may(actor.role, Permission.OPEN_CASE):
        return False
    if actor.role is Role.MANAGER or case_district is None:
        return True
    return case_district in actor.districts


def require_open(actor: Actor, case_district: str | None) -> None:
    """Raise NotPermitted or NotYourCase unless the actor may open the case."""
    require(actor.role, Permission.OPEN_CASE)
    if not may_open(actor, case_district):
        raise NotYourCase(actor.role.value, case_district)


def may_print_timeline(actor: Actor, owner_id: int | None) -> bool:
    """Whether the actor may have the whole timeline of a case on paper: whose case it is, and managers."""
    if may(actor.role, Permission.SEE_LOOKS):
        return True
    return may(actor.role, Permission.OPEN_CASE) and owner_id is not None and actor.person_id == owner_id


def may_publish(actor: Actor, author_id: int) -> bool:
    """Whether the actor may let others read a page that somebody made of an answer.

    A second reader looks for names and mistakes; a manager needs none.
    """
    if not may(actor.role, Permission.WRITE_PAGES):
        return False
    return actor.role is Role.MANAGER or actor.person_id != author_id


def invitable_by(role: Role) -> tuple[Role, ...]:
    """The roles to which somebody of this role may invite."""
    if not may(role, Permission.INVITE):
        return ()
    return (Role.MEMBER, Role.OFFICER, Role.MANAGER, Role.PARTNER)
