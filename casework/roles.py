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


_EVERYBODY = frozenset({Permission.REPORT})
_OFFICER = _EVERYBODY | {
    Permission.REFER,
    Permission.SEE_QUEUE,
    Permission.SEE_DUE,
    Permission.OPEN_CASE,
    Permission.ACKNOWLEDGE,
    Permission.TAKE,
    Permission.RECORD_CONTACT,
    Permission.MOVE_CASE,
}

_MAY: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: _EVERYBODY,
    Role.MEMBER: _EVERYBODY | {Permission.REFER},
    Role.PARTNER: _EVERYBODY,
    Role.OFFICER: _OFFICER,
    Role.MANAGER: _OFFICER | {Permission.ASSIGN, Permission.INVITE, Permission.SEE_FAULTS},
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


def invitable_by(role: Role) -> tuple[Role, ...]:
    """The roles to which somebody of this role may invite."""
    if not may(role, Permission.INVITE):
        return ()
    return (Role.MEMBER, Role.OFFICER, Role.MANAGER, Role.PARTNER)
