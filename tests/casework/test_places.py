"""Catches a home placed in the wrong district, and tenures or wards that do not exist there."""

from datetime import date

import pytest

from casework.errors import UnknownKey
from casework.places import district_near, find_district, find_ward, same_place, tenures_in, wards_in
from casework.policy import parse_policy
from casework.postcodes import HintKind

TODAY = date(2026, 11, 24)


def test_council_homes_are_offered_only_where_there_are_some(policy):
    assert "council_tenant" in tenures_in("redditch", policy)
    assert "council_tenant" not in tenures_in("bromsgrove", policy)
    assert "council_tenant" not in tenures_in("wyre_forest", policy)


def test_all_tenures_are_offered_while_the_district_is_unknown(policy):
    assert tenures_in(None, policy) == policy.tenures


def test_nobody_has_to_know_the_tenure(policy):
    assert all("not_sure" in tenures_in(district.key, policy) for district in policy.districts)


@pytest.mark.parametrize(("district", "count"), [("redditch", 9), ("bromsgrove", 30), ("wyre_forest", 12)])
def test_a_district_has_its_wards(policy, district, count):
    names = [ward.name for ward in wards_in(district, TODAY, policy)]
    assert len(names) == count
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("on", "there"),
    [
        (date(2024, 5, 1), False),  # the day before its first
        (date(2024, 5, 2), True),
        (date(2027, 5, 5), True),  # its last
        (date(2027, 5, 6), False),
    ],
)
def test_a_ward_exists_between_its_dates(policy_text, on, there):
    dated = parse_policy(
        policy_text.replace(
            'name = "Winyates", valid_from = 2024-05-02',
            'name = "Winyates", valid_from = 2024-05-02, valid_to = 2027-05-05',
        )
    )
    assert ("Winyates" in [ward.name for ward in wards_in("redditch", on, dated)]) is there


def test_a_ward_is_found_by_its_name(policy):
    district, ward = find_ward(" lickey hills ", TODAY, policy)
    assert (district.key, ward.name) == ("bromsgrove", "Lickey Hills")
    assert find_ward("Narnia", TODAY, policy) is None


@pytest.mark.parametrize(
    ("typed", "district"),
    [
        ("Redditch", "redditch"),
        ("bromsgrove district council", "bromsgrove"),
        ("  church   HILL ", "redditch"),  # an old ward's name, still used
        ("kidderminster", "wyre_forest"),
        ("wyre forest", "wyre_forest"),
    ],
)
def test_a_district_is_known_by_its_names_and_places(policy, typed, district):
    assert find_district(typed, policy).key == district


def test_an_unknown_place_has_no_district(policy):
    assert find_district("Narnia", policy) is None
    with pytest.raises(UnknownKey):
        tenures_in("narnia", policy)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "kind", "district"),
    [
        ("Redditch, the Kingfisher centre", 52.306, -1.940, HintKind.SUGGEST, "redditch"),
        ("Bromsgrove, the High Street", 52.335, -2.059, HintKind.SUGGEST, "bromsgrove"),
        ("Kidderminster, the town hall", 52.387, -2.248, HintKind.SUGGEST, "wyre_forest"),
        ("Bewdley, the bridge", 52.376, -2.313, HintKind.SUGGEST, "wyre_forest"),
        ("Rednal, between Rubery and Longbridge", 52.396, -1.998, HintKind.ASK, None),
        ("Droitwich", 52.267, -2.151, HintKind.OUT_OF_AREA, None),
        ("London", 51.507, -0.128, HintKind.UNKNOWN, None),
        ("the other side of the world", -37.8, 144.9, HintKind.UNKNOWN, None),
    ],
)
def test_a_shared_location_hints_at_the_district_of_the_nearest_place(
    policy, place, latitude, longitude, kind, district
):
    hint = district_near(latitude, longitude, policy)
    assert (hint.kind, hint.district) == (kind, district), place
    assert (hint.served_by is not None) == (kind is HintKind.OUT_OF_AREA)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"text": "12 High Street, B97 4AA"}, {"text": "12 high street  b97 4aa"}, True),
        ({"text": "the lane", "postcode": "B97 4AA"}, {"text": "by the shops", "postcode": "b974aa"}, True),
        ({"text": "the lane", "postcode": "B97 4AA"}, {"text": "the lane", "postcode": "B98 7DE"}, True),
        ({"text": "the lane", "postcode": "B97 4AA"}, {"text": "by the shops", "postcode": "B98 7DE"}, False),
        ({"text": "the lane", "postcode": None}, {"text": "by the shops", "postcode": None}, False),
        ({"text": None, "location": [52.3, -1.9]}, {"text": None, "location": [52.3, -1.9]}, False),
        ({"text": "the lane"}, {}, False),
        (None, None, False),
    ],
)
def test_two_answers_name_the_same_place_by_their_words_or_their_postcode(one, other, same):
    assert same_place(one, other) is same
    assert same_place(other, one) is same
