"""Catches a kind of problem that stands nowhere, or behind the wrong label."""

from itertools import combinations

import pytest

from casework.categories import Group, all_kinds, between_homes, group_of, kind_of
from casework.errors import PolicyError, UnknownKey
from casework.policy import parse_policy
from tests.casework.conftest import POLICY_FILE

POLICY = parse_policy(POLICY_FILE.read_text(encoding="utf-8"))


def test_the_labels_with_two_homes_to_them_are_these():
    assert between_homes(POLICY) == ("noise", "neighbours", "threats", "hate", "drugs", "animals")


def test_every_kind_behind_a_label_is_known_and_has_one_group():
    for category, sub_kind in all_kinds(POLICY):
        assert isinstance(group_of(category, sub_kind, POLICY), Group)
    assert group_of("vehicles", "abandoned_vehicle", POLICY) is Group.ENVIRONMENTAL
    assert group_of("something_else", "doorstep_trader", POLICY) is Group.PERSONAL
    assert group_of("something_else", None, POLICY) is Group.NUISANCE
    with pytest.raises(UnknownKey, match="martians"):
        kind_of("something_else", "martians")


def test_what_usually_is_not_anti_social_behaviour_is_marked():
    marked = {kind for _, kind in all_kinds(POLICY) if kind and kind_of("noise", kind).usually_not_asb}
    assert marked == {"everyday_noise", "children_playing", "mowing", "cooking_smells", "parking", "boundary"}


def test_no_kind_stands_behind_two_labels():
    kinds = [kind for _, kind in all_kinds(POLICY) if kind]
    assert all(one != other for one, other in combinations(kinds, 2))


WYRE_FOREST = 'districts = ["wyre_forest"]\ncontact = "wyre_forest_cs"'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # a second entry for the same district
        (WYRE_FOREST, 'districts = ["redditch"]', "twice for redditch"),
        (WYRE_FOREST, 'districts = ["narnia"]', "'narnia' is not one of districts"),
        ('contact = "streetlink"', 'contact = "owl"', "'owl' is not one of contacts"),
        # nobody is left for a district that is not known
        (
            'name = "your district council"',
            'name = "it"\ndistricts = ["redditch"]',
            "'street_services' needs an entry",
        ),
    ],
)
def test_an_agency_that_cannot_be_found_is_refused(policy_text, old, new, said):
    assert policy_text.count(old) == 1
    with pytest.raises(PolicyError, match=said):
        parse_policy(policy_text.replace(old, new))
