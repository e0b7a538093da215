"""Catches moves that lead nowhere, states that nobody can leave, and deadlines that nothing ends."""

import pytest

from casework.cases import (
    LIFECYCLES,
    CaseKind,
    DeadlineKind,
    Fact,
    apply_move,
    facts,
    find_move,
    first_status,
    is_open,
    moves_for,
    open_statuses,
)
from casework.errors import MoveNotAllowed
from casework.referrals import referrer_status
from casework.roles import Role

ASB, NNS = CaseKind.ASB_REPORT, CaseKind.NOMINATED_NEIGHBOUR
OWNED, ACKNOWLEDGED = facts(acknowledged=False, owned=True), facts(acknowledged=True, owned=False)
BOTH = OWNED | ACKNOWLEDGED


@pytest.mark.parametrize(
    ("kind", "status", "move", "known", "then"),
    [
        (ASB, "received", "acknowledge", (), "acknowledged"),
        (ASB, "acknowledged", "take", ACKNOWLEDGED, "assigned"),
        (ASB, "received", "take", (), "assigned"),  # taken before anybody answered
        (ASB, "assigned", "acknowledge", OWNED, "assigned"),  # and answered then, without losing its owner
        (ASB, "assigned", "contact_made", BOTH, "contacted"),
        (ASB, "assigned", "contact_made", OWNED, "contacted"),  # rung before the answer was sent
        (ASB, "contacted", "plan_actions", BOTH, "action_plan"),
        (ASB, "monitoring", "close", BOTH, "closed"),
        (ASB, "received", "close", (), "closed"),  # not anti-social behaviour at all
        (ASB, "closed", "reopen", BOTH, "reopened"),
        (ASB, "reopened", "take", ACKNOWLEDGED, "assigned"),
        (NNS, "referred", "acknowledge", (), "referred"),
        (NNS, "referred", "take", ACKNOWLEDGED, "referred"),
        (NNS, "referred", "contact_made", BOTH, "contacted"),
        (NNS, "contacted", "book_visit", BOTH, "visit_booked"),
        (NNS, "visit_booked", "enrol", BOTH, "enrolled"),
        (NNS, "review_due", "renew", BOTH, "enrolled"),
    ],
)
def test_a_move_leads_to_the_next_state(kind, status, move, known, then):
    assert apply_move(kind, status, move, Role.OFFICER, known) == then


@pytest.mark.parametrize(
    ("kind", "status", "move", "role", "known"),
    [
        (ASB, "received", "contact_made", Role.OFFICER, ()),  # nobody has it yet
        (ASB, "acknowledged", "acknowledge", Role.OFFICER, ACKNOWLEDGED),  # a second tap
        (ASB, "assigned", "acknowledge", Role.OFFICER, BOTH),  # taken after it was answered
        (ASB, "assigned", "take", Role.OFFICER, OWNED),  # a colleague was quicker
        (NNS, "referred", "take", Role.OFFICER, OWNED),
        (NNS, "referred", "contact_made", Role.OFFICER, ()),
        (ASB, "closed", "take", Role.OFFICER, ()),
        (ASB, "received", "acknowledge", Role.RESIDENT, ()),
        (ASB, "received", "take", Role.MEMBER, ()),
        (ASB, "received", "assign", Role.OFFICER, ()),  # the manager's
        (ASB, "nowhere", "take", Role.OFFICER, ()),
        (ASB, "received", "fly", Role.OFFICER, ()),
    ],
)
def test_an_impossible_move_is_refused_and_not_offered(kind, status, move, role, known):
    assert move not in [offered.name for offered in moves_for(kind, status, role, known)]
    with pytest.raises(MoveNotAllowed, match=move):
        apply_move(kind, status, move, role, known)


@pytest.mark.parametrize(
    ("kind", "status", "move", "ends"),
    [
        (ASB, "received", "acknowledge", {DeadlineKind.ACKNOWLEDGE}),
        (ASB, "received", "take", set()),
        (ASB, "assigned", "contact_made", set(DeadlineKind) - {DeadlineKind.VISIT, DeadlineKind.REVIEW}),
        (ASB, "assigned", "close", set(DeadlineKind)),
        (NNS, "visit_booked", "enrol", set(DeadlineKind)),
    ],
)
def test_a_move_ends_the_deadlines_that_it_meets(kind, status, move, ends):
    known = OWNED if status in ("assigned", "visit_booked") else ()
    assert set(find_move(kind, status, move, Role.OFFICER, known).ends) == ends


@pytest.mark.parametrize("kind", CaseKind)
def test_every_state_can_be_reached_and_an_open_one_left(kind):
    cycle = LIFECYCLES[kind]
    reached = {first_status(kind)}
    for _ in cycle.states:
        reached |= {m.target for m in cycle.moves for s in m.sources & reached if m.target}
    assert reached == set(cycle.states)
    for state in open_statuses(kind):
        assert any(state in m.sources and m.target not in (None, state) for m in cycle.moves), state


@pytest.mark.parametrize("kind", CaseKind)
def test_moves_name_only_states_that_exist(kind):
    cycle = LIFECYCLES[kind]
    for move in cycle.moves:
        assert move.sources <= set(cycle.states), move.name
        assert move.target is None or move.target in cycle.states, move.name
    assert cycle.resting < set(cycle.states)


@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.parametrize("known", [frozenset(), OWNED, ACKNOWLEDGED, BOTH])
def test_a_state_offers_each_move_once(kind, known):
    for state in LIFECYCLES[kind].states:
        names = [move.name for move in moves_for(kind, state, Role.MANAGER, known)]
        assert len(names) == len(set(names)), (state, names)


@pytest.mark.parametrize("kind", CaseKind)
def test_no_deadline_outlives_its_case(kind):
    for move in LIFECYCLES[kind].moves:
        if move.target and not is_open(kind, move.target) and any(is_open(kind, s) for s in move.sources):
            needed = set() if move.sources == {"review_due"} and move.name == "renew" else set(DeadlineKind)
            assert set(move.ends) == needed, move.name


def test_whoever_referred_sees_a_status_for_every_state_and_no_more():
    seen = {referrer_status(state) for state in LIFECYCLES[NNS].states}
    assert seen == {"received", "being_arranged", "enrolled", "not_taken_up"}


@pytest.mark.parametrize("kind", CaseKind)
def test_a_call_that_is_due_can_be_made_in_every_open_state(kind):
    due = facts(acknowledged=True, owned=True, call_due=True)
    for state in open_statuses(kind):
        move = find_move(kind, state, "phoned", Role.OFFICER, due)
        assert (move.target, move.ends) == (None, (DeadlineKind.PHONE,))
        assert "phoned" not in [m.name for m in moves_for(kind, state, Role.OFFICER, BOTH)]


def test_facts_are_what_holds():
    assert facts(acknowledged=False, owned=False) == frozenset()
    assert frozenset({Fact.ACKNOWLEDGED, Fact.OWNED}) == BOTH
