"""Who carries how much, who gets the next case, and how one officer's work is split."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import RiskBand
from casework.errors import PolicyError
from casework.policy import parse_policy
from casework.workload import (
    Load,
    Piece,
    case_weight,
    lightest_first,
    load_weight,
    share_out,
    suggest_owner,
)

S, M, H = RiskBand.STANDARD, RiskBand.MEDIUM, RiskBand.HIGH
MONDAY, TUESDAY = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
DISTRICTS = ("redditch", "bromsgrove", "wyre_forest")


@pytest.fixture
def weights(policy):
    return policy.workload


def officer(person_id: int, name: str = "", *, late: int = 0, districts=("redditch",), **facts) -> Load:
    bands = {band: facts.pop(band.value, 0) for band in RiskBand}
    return Load(person_id, name or f"Officer {person_id}", bands, late, frozenset(districts), **facts)


def piece(case_id: int, band: RiskBand = S, district: str | None = "redditch", **facts) -> Piece:
    return Piece(case_id, band, facts.get("late", False), district, facts.get("reporter"))


@pytest.mark.parametrize(
    ("load", "weight"),
    [
        (officer(1), 0),
        (officer(1, standard=3), 3),
        (officer(1, medium=3), 6),
        (officer(1, high=3), 12),  # one at high risk is as much as four at standard risk
        (officer(1, standard=1, medium=1, high=1), 7),
        (officer(1, standard=2, late=1), 4),  # what is late has to be done first
    ],
)
def test_a_load_weighs_by_risk_and_by_what_is_late(weights, load, weight):
    assert load_weight(load, weights) == weight


def test_a_load_weighs_what_its_cases_weigh(weights):
    whole = officer(1, standard=1, medium=1, high=1, late=1)
    parts = [case_weight(S, weights), case_weight(M, weights, late=True), case_weight(H, weights)]
    assert load_weight(whole, weights) == sum(parts)


@pytest.mark.parametrize(
    ("loads", "away", "wanted"),
    [
        # fewer cases, but heavier
        ([officer(1, high=2), officer(2, standard=6)], (), 2),
        # equal weight: who was given one longest ago, and before both who never was
        ([officer(1, last_given_at=TUESDAY), officer(2, last_given_at=MONDAY)], (), 2),
        ([officer(1, last_given_at=MONDAY), officer(2)], (), 2),
        # equal in that, too: by name
        ([officer(1, "Zoë"), officer(2, "asha")], (), 2),
        # away, out of reach, of another district
        ([officer(1), officer(2, high=9)], {1}, 2),
        ([officer(1, reachable=False), officer(2, high=9)], (), 2),
        ([officer(1, districts=("wyre_forest",)), officer(2, high=9)], (), 2),
        # an officer of every district
        ([officer(1, districts=(None,)), officer(2, high=9)], (), 1),
        # a manager only where there is no officer
        ([officer(1, manager=True, officer=False, districts=()), officer(2, high=9)], (), 2),
        ([officer(1, manager=True, officer=False, districts=()), officer(2)], {2}, 1),
        # nobody
        ([officer(1)], {1}, None),
        ([], (), None),
        # who has left and still owns cases
        ([officer(1, officer=False)], (), None),
    ],
)
def test_the_lightest_officer_of_the_district_is_suggested(weights, loads, away, wanted):
    found = suggest_owner(loads, weights, district="redditch", away=away)
    assert (found.person_id if found else None) == wanted


def test_a_case_of_no_known_district_can_go_to_every_officer(weights):
    loads = [officer(1, districts=("wyre_forest",), medium=1), officer(2), officer(3, officer=False)]
    assert [load.person_id for load in lightest_first(loads, weights, district=None)] == [2, 1]


def test_the_heaviest_cases_are_dealt_first_so_that_the_loads_come_out_even(weights):
    pieces = [piece(1, S), piece(2, S), piece(3, S), piece(4, S), piece(5, H)]
    shares = share_out(pieces, [officer(1), officer(2)], weights)
    assert Counter(shares.given.values()) == {1: 1, 2: 4}
    assert shares.given[5] == 1


def test_who_carries_much_already_gets_less(weights):
    shares = share_out([piece(n) for n in range(4)], [officer(1, standard=4), officer(2)], weights)
    assert set(shares.given.values()) == {2}


def test_one_persons_cases_stay_with_one_officer(weights):
    pieces = [piece(n, reporter=7) for n in range(4)] + [piece(9)]
    shares = share_out(pieces, [officer(1), officer(2)], weights)
    assert len({shares.given[n] for n in range(4)}) == 1
    assert shares.given[9] != shares.given[0]


def test_they_are_split_only_where_nobody_works_in_all_their_districts(weights):
    pieces = [piece(1, reporter=7), piece(2, district="wyre_forest", reporter=7)]
    receivers = [officer(1), officer(2, districts=("wyre_forest",))]
    assert share_out(pieces, receivers, weights).given == {1: 1, 2: 2}


def test_what_nobody_may_open_is_left(weights):
    shares = share_out([piece(1), piece(2, district="wyre_forest")], [officer(1)], weights)
    assert (shares.given, shares.left) == ({1: 1}, (2,))


LOADS = st.lists(
    st.builds(
        officer,
        st.integers(1, 9),
        standard=st.integers(0, 9),
        high=st.integers(0, 5),
        late=st.integers(0, 3),
        districts=st.sets(st.sampled_from(DISTRICTS), min_size=1),
    ),
    unique_by=lambda load: load.person_id,
    max_size=5,
)
PIECES = st.lists(
    st.builds(
        Piece,
        st.integers(1, 10_000),
        st.sampled_from(RiskBand),
        st.booleans(),
        st.sampled_from((*DISTRICTS, None)),
        st.none() | st.integers(1, 5),
    ),
    unique_by=lambda one: one.case_id,
    max_size=40,
)


@given(pieces=PIECES, receivers=LOADS, data=st.data())
def test_every_case_is_given_once_to_somebody_who_may_open_it_or_left(policy, pieces, receivers, data):
    weights = policy.workload
    shares = share_out(pieces, receivers, weights)
    assert sorted([*shares.given, *shares.left]) == sorted(one.case_id for one in pieces)
    by_id = {load.person_id: load for load in receivers}
    for one in pieces:
        to = shares.given.get(one.case_id)
        if to is None:
            assert not any(load.covers(one.district) for load in receivers)
        else:
            assert by_id[to].covers(one.district)
    again = share_out(data.draw(st.permutations(pieces)), data.draw(st.permutations(receivers)), weights)
    assert again == shares


@given(pieces=PIECES, people=st.integers(1, 6))
def test_where_all_begin_alike_nobody_gets_more_than_a_bundle_above_anybody(policy, pieces, people):
    weights = policy.workload
    receivers = [officer(n, districts=(None,)) for n in range(1, people + 1)]
    shares = share_out(pieces, receivers, weights)
    got, bundles = Counter({load.person_id: 0 for load in receivers}), Counter()
    for one in pieces:
        weight = case_weight(one.band, weights, late=one.late)
        got[shares.given[one.case_id]] += weight
        bundles[one.reporter_id or f"case {one.case_id}"] += weight
    assert max(got.values()) - min(got.values()) <= max(bundles.values(), default=0)


@given(loads=LOADS, data=st.data())
def test_the_suggestion_does_not_hang_on_the_order_of_the_team(policy, loads, data):
    weights = policy.workload
    found = suggest_owner(loads, weights, district="redditch")
    assert suggest_owner(data.draw(st.permutations(loads)), weights, district="redditch") == found
    if found is not None:
        able = [load for load in loads if load.covers("redditch")]
        assert load_weight(found, weights) == min(load_weight(load, weights) for load in able)


def test_a_policy_without_the_weight_of_a_band_is_refused(policy_text):
    line = next(line for line in policy_text.splitlines() if line.startswith("high = { value = 4"))
    with pytest.raises(PolicyError, match="weight needs a figure for: high"):
        parse_policy(policy_text.replace(line, ""))
