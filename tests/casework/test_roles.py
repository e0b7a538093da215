"""Catches somebody who can do, or see, what their role does not include."""

import pytest

from casework.errors import NotPermitted, NotYourCase
from casework.roles import Actor, Permission, Role, invitable_by, may, may_open, require, require_open

P = Permission
RESIDENTS = {P.REPORT, P.KEEP_DIARY, P.FOLLOW, P.ASK, P.MY_DATA}
NOT_FOR_STAFF = {P.KEEP_DIARY, P.FOLLOW, P.ASK}
MANAGERS_OWN = {
    P.ASSIGN,
    P.INVITE,
    P.SEE_FAULTS,
    P.HOLD_CASE,
    P.HAND_OVER,
    P.END_ACCESS,
    P.SEE_LOOKS,
    P.UPKEEP,
}
STAFF_ONLY = set(P) - RESIDENTS - {P.REFER}


@pytest.mark.parametrize(
    ("role", "permitted"),
    [
        (Role.RESIDENT, RESIDENTS),
        (Role.PARTNER, RESIDENTS),
        (Role.MEMBER, RESIDENTS | {P.REFER}),
        (Role.OFFICER, set(P) - MANAGERS_OWN - NOT_FOR_STAFF),
        (Role.MANAGER, set(P) - NOT_FOR_STAFF),
    ],
)
def test_a_role_permits_exactly_this(role, permitted):
    assert {permission for permission in P if may(role, permission)} == permitted


def test_what_is_not_permitted_is_refused_by_name():
    with pytest.raises(NotPermitted, match="member may not see_queue"):
        require(Role.MEMBER, P.SEE_QUEUE)
    require(Role.OFFICER, P.SEE_QUEUE)


def actor(role, *districts):
    return Actor(person_id=1, role=role, districts=frozenset(districts))


@pytest.mark.parametrize(
    ("who", "district", "opens"),
    [
        (actor(Role.OFFICER, "redditch"), "redditch", True),
        (actor(Role.OFFICER, "redditch"), "bromsgrove", False),
        (actor(Role.OFFICER, "redditch", "bromsgrove"), "bromsgrove", True),
        (actor(Role.OFFICER, "redditch"), None, True),  # the common queue
        (actor(Role.MANAGER), "wyre_forest", True),
        (actor(Role.MEMBER, "redditch"), "redditch", False),  # a councillor has no right to case files
        (actor(Role.MEMBER, "redditch"), None, False),
        (actor(Role.PARTNER), None, False),
        (actor(Role.RESIDENT), "redditch", False),
    ],
)
def test_who_may_open_a_case(who, district, opens):
    assert may_open(who, district) is opens
    if not opens:
        with pytest.raises((NotPermitted, NotYourCase)):
            require_open(who, district)


def test_an_officer_of_another_district_is_told_that_it_is_not_theirs():
    with pytest.raises(NotYourCase, match="bromsgrove"):
        require_open(actor(Role.OFFICER, "redditch"), "bromsgrove")


def test_only_a_manager_invites_and_nobody_is_invited_to_be_a_resident():
    assert invitable_by(Role.OFFICER) == ()
    assert set(invitable_by(Role.MANAGER)) == set(Role) - {Role.RESIDENT}
