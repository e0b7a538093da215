"""Catches a report that goes to the wrong hands, or that tells somebody "not us" and nothing else."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.categories import all_kinds
from casework.errors import UnknownKey
from casework.policy import parse_policy
from casework.routing import RULES, Facts, Route, expectation_values, route
from casework.routing_tables import LEADS, Offer
from handlers.words import ENGLISH, Catalogs
from tests.casework.conftest import POLICY_FILE

POLICY = parse_policy(POLICY_FILE.read_text(encoding="utf-8"))
CATALOGS = Catalogs.load()
WORDS = CATALOGS.words(ENGLISH)
COUNCIL, PROVIDER, PRIVATE, OWNER = "council_tenant", "provider_tenant", "private_tenant", "owner_occupier"


def quarrel(**facts):
    """A quarrel between neighbours in Redditch."""
    return Facts(
        **{"category": "neighbours", "sub_kind": "neighbour_dispute", "district": "redditch", **facts}
    )


@pytest.mark.parametrize(
    ("facts", "rule", "lead", "supporting", "reason"),
    [
        # 1: danger, or a crime going on, whatever else is said
        (quarrel(danger_now=True, their_home=COUNCIL), 1, "police_emergency", (), "danger_now"),
        # 2: somebody they live with; nobody else is told
        (quarrel(domestic_abuse=True, their_home=COUNCIL), 2, "private_help", (), "private_help"),
        # 3: whoever has to protect
        (
            quarrel(child_at_risk=True),
            3,
            "children_services",
            ("police", "community_safety"),
            "child_at_risk",
        ),
        (quarrel(adult_at_risk=True), 3, "adult_services", ("community_safety",), "adult_at_risk"),
        # 3: hate, chosen as the problem or perceived in another
        (Facts(category="hate", district="redditch"), 3, "police", ("community_safety",), "hate"),
        (quarrel(hate=True, my_home=COUNCIL), 3, "police", ("council_housing", "community_safety"), "hate"),
        # 3: problems with an owner of their own; a landlord supports
        (
            Facts(category="noise", district="redditch", their_home=COUNCIL),
            3,
            "regulatory_services",
            ("council_housing", "community_safety"),
            "statutory_nuisance",
        ),
        (
            Facts(category="rubbish", sub_kind="fly_tipping", district="wyre_forest"),
            3,
            "street_services",
            ("regulatory_services", "community_safety"),
            "fly_tipping",
        ),
        (
            Facts(category="vehicles", sub_kind="off_road_bikes"),
            3,
            "police",
            ("community_safety",),
            "vehicles",
        ),
        (Facts(category="something_else", sub_kind="begging"), 3, "community_safety", ("police",), "begging"),
        (
            Facts(category="something_else", sub_kind="rough_sleeping"),
            3,
            "street_link",
            ("housing_options", "community_safety"),
            "rough_sleeping",
        ),
        (
            Facts(category="something_else", sub_kind="doorstep_trader"),
            3,
            "trading_standards",
            ("community_safety",),
            "doorstep",
        ),
        (Facts(category="threats", sub_kind="violence"), 3, "police", ("community_safety",), "crime"),
        # 3: not ours at all, but somebody's
        (
            Facts(category="something_else", sub_kind="street_lights_roads"),
            3,
            "county_highways",
            (),
            "highways",
        ),
        # 3: usually not anti-social behaviour; with a crime in it, it is the police's
        (Facts(category="noise", sub_kind="mowing"), 3, "community_safety", (), "ordinary"),
        (
            Facts(category="noise", sub_kind="mowing", unlawful=True),
            3,
            "police",
            ("community_safety",),
            "crime",
        ),
        # 4 and 5: their landlord has powers
        (
            quarrel(their_home=COUNCIL, my_home=OWNER),
            4,
            "council_housing",
            ("community_safety",),
            "their_council_home",
        ),
        (
            quarrel(their_home=PROVIDER, my_home=OWNER),
            5,
            "registered_provider",
            ("community_safety",),
            "their_provider_home",
        ),
        # 4 before 6: both sides rent from the council
        (
            quarrel(their_home=COUNCIL, my_home=COUNCIL),
            4,
            "council_housing",
            ("community_safety",),
            "their_council_home",
        ),
        # 5 before 6: their housing association leads, the council supports its tenant
        (
            quarrel(their_home=PROVIDER, my_home=COUNCIL),
            5,
            "registered_provider",
            ("council_housing", "community_safety"),
            "their_provider_home",
        ),
        # 6 and 7: only the complainant has a landlord
        (
            quarrel(their_home=OWNER, my_home=COUNCIL),
            6,
            "community_safety",
            ("council_housing",),
            "my_council_home",
        ),
        (
            quarrel(their_home=PRIVATE, my_home=PROVIDER),
            7,
            "community_safety",
            ("registered_provider",),
            "my_provider_home",
        ),
        # 8: a private landlord can be asked
        (
            quarrel(their_home=PRIVATE, my_home=OWNER),
            8,
            "community_safety",
            ("landlord", "private_sector_housing"),
            "their_private_rent",
        ),
        # 9: both own: a crime, a statutory nuisance, the test of a notice, or none, in this order
        (
            quarrel(their_home=OWNER, my_home=OWNER, unlawful=True, statutory_nuisance=True),
            9,
            "police",
            ("community_safety",),
            "owners_unlawful",
        ),
        (
            quarrel(their_home=OWNER, my_home=OWNER, statutory_nuisance=True, lasting_harm=True),
            9,
            "regulatory_services",
            ("community_safety",),
            "owners_statutory_nuisance",
        ),
        (
            quarrel(their_home=OWNER, my_home=OWNER, lasting_harm=True),
            9,
            "community_safety",
            (),
            "owners_powers",
        ),
        (quarrel(their_home=OWNER, my_home=OWNER), 9, "community_safety", (), "owners_neither"),
        # 9: having drugs is a crime without anybody saying so
        (
            Facts(category="drugs", sub_kind="drug_use", their_home=OWNER, my_home=OWNER),
            9,
            "police",
            ("community_safety",),
            "owners_unlawful",
        ),
        # 10: nobody knows
        (quarrel(), 10, "community_safety", (), "not_known"),
        (quarrel(their_home="not_sure", my_home=OWNER), 10, "community_safety", (), "not_known"),
        (quarrel(their_home=OWNER), 10, "community_safety", (), "not_known"),
        (Facts(category="something_else"), 10, "community_safety", (), "not_known"),
        # 10: somebody without a lasting home
        (
            quarrel(their_home="temporary", my_home=OWNER),
            10,
            "community_safety",
            ("housing_options",),
            "not_known",
        ),
        # a crime, or smoke and smells, under "something else" has an owner all the same
        (Facts(category="something_else", unlawful=True), 3, "police", ("community_safety",), "crime"),
        (
            Facts(category="something_else", statutory_nuisance=True),
            3,
            "regulatory_services",
            ("community_safety",),
            "statutory_nuisance",
        ),
    ],
)
def test_a_report_goes_where_the_rules_say(facts, rule, lead, supporting, reason):
    found = route(facts, POLICY)
    assert (found.rule, found.lead, found.supporting, found.reason_code) == (rule, lead, supporting, reason)


@pytest.mark.parametrize("district", ["bromsgrove", "wyre_forest"])
def test_a_council_home_where_there_are_none_is_not_known(district):
    assert route(quarrel(district=district, their_home=COUNCIL), POLICY).reason_code == "not_known"
    assert route(quarrel(district=None, their_home=COUNCIL), POLICY).reason_code == "their_council_home"


def test_the_hardest_case_is_two_owners_and_nothing_unlawful():
    hard = route(quarrel(their_home=OWNER, my_home=OWNER), POLICY)
    assert hard.hardest_case
    assert hard.offers == (Offer.MEDIATION, Offer.DIARY)
    again = route(quarrel(their_home=OWNER, my_home=OWNER, repeated=True), POLICY)
    assert again.offers == (Offer.MEDIATION, Offer.DIARY, Offer.COMPLEX_CASES, Offer.CASE_REVIEW)
    # a private tenant is no better placed, but the case is not the one that is put to the group
    tenant = route(quarrel(their_home=OWNER, my_home=PRIVATE, repeated=True), POLICY)
    assert tenant.reason_code == "owners_neither"
    assert not tenant.hardest_case
    assert Offer.COMPLEX_CASES not in tenant.offers


def test_the_honest_answer_names_mediation_the_diary_the_group_and_the_powers():
    told = WORDS(
        "route.owners_neither.whole",
        **expectation_values(route(quarrel(their_home=OWNER, my_home=OWNER), POLICY), "redditch", POLICY),
    )
    for part in (
        "both sides own",
        "nobody here can order",
        "in the middle",
        "diary",
        "group",
        "An officer reads",
    ):
        assert part in told


@pytest.mark.parametrize(
    "facts",
    [
        # after a crime, hate or fear nobody is asked to sit down together
        quarrel(their_home=PRIVATE, unlawful=True),
        quarrel(their_home=PRIVATE, hate=True),
        Facts(category="threats", sub_kind="intimidation", their_home=PRIVATE),
        Facts(category="threats", sub_kind="violence"),
        Facts(category="drugs", their_home=PRIVATE),
    ],
)
def test_nobody_is_sent_to_mediation_after_a_crime_or_hate(facts):
    assert Offer.MEDIATION not in route(facts, POLICY).offers


def test_a_doorstep_caller_brings_the_offer_of_the_neighbour_scheme():
    found = route(Facts(category="something_else", sub_kind="doorstep_trader"), POLICY)
    assert found.offers == (Offer.NOMINATED_NEIGHBOUR, Offer.VICTIM_ADVICE)


HOMES = st.sampled_from([None, *POLICY.tenures])
ANY_FACTS = st.builds(
    lambda kind, **rest: Facts(category=kind[0], sub_kind=kind[1], **rest),
    st.sampled_from(list(all_kinds(POLICY))),
    district=st.sampled_from([None, *(district.key for district in POLICY.districts)]),
    my_home=HOMES,
    their_home=HOMES,
    **{
        name: st.booleans()
        for name in (
            *("danger_now", "domestic_abuse", "child_at_risk", "adult_at_risk", "hate", "unlawful"),
            *("statutory_nuisance", "lasting_harm", "repeated"),
        )
    },
)


@settings(max_examples=400)
@given(ANY_FACTS)
def test_whatever_is_told_somebody_leads_and_there_are_sentences_for_it(facts):
    found = route(facts, POLICY)
    assert found.lead not in found.supporting
    assert len(set(found.supporting)) == len(found.supporting)
    values = expectation_values(found, facts.district, POLICY)
    for agency in found.supporting:
        assert POLICY.agency(agency, facts.district).name
    for part in ("short", "whole"):
        assert WORDS(f"{found.expectation_key}.{part}", **values)


@settings(max_examples=300)
@given(ANY_FACTS)
def test_danger_comes_first_and_the_people_they_live_with_second(facts):
    found = route(facts, POLICY)
    if facts.danger_now:
        assert (found.rule, found.lead, found.stops_form) == (1, "police_emergency", True)
    elif facts.domestic_abuse:
        assert (found.rule, found.supporting, found.offers, found.stops_form) == (2, (), (), True)
    else:
        assert found.rule >= 3
        assert not found.stops_form


@settings(max_examples=200)
@given(ANY_FACTS)
def test_who_leads_never_depends_on_how_often_it_was_reported(facts):
    once, again = (route(replace(facts, repeated=repeated), POLICY) for repeated in (False, True))
    assert replace(once, offers=()) == replace(again, offers=())
    assert set(once.offers) <= set(again.offers)


@settings(max_examples=100)
@given(ANY_FACTS)
def test_a_stored_route_is_read_back_as_it_was(facts):
    found = route(facts, POLICY)
    assert Route.from_json(found.to_json()) == replace(found, stops_form=False)


def test_every_reason_in_the_table_can_be_found_and_no_other():
    found = Counter()
    for category, sub_kind in all_kinds(POLICY):
        for home, mine in (
            (COUNCIL, OWNER),
            (PROVIDER, OWNER),
            (PRIVATE, OWNER),
            (OWNER, OWNER),
            (None, None),
        ):
            asked = Facts(category=category, sub_kind=sub_kind, their_home=home, my_home=mine)
            found[route(asked, POLICY).reason_code] += 1
    one_fact = ("danger_now", "domestic_abuse", "child_at_risk", "adult_at_risk")
    owners = ("unlawful", "statutory_nuisance", "lasting_harm")
    others = [quarrel(**{name: True}) for name in one_fact]
    others += [quarrel(their_home=OWNER, my_home=OWNER, **{name: True}) for name in owners]
    others += [quarrel(my_home=COUNCIL), quarrel(my_home=PROVIDER)]
    found.update(route(facts, POLICY).reason_code for facts in others)
    assert set(found) == set(LEADS)


def test_every_agency_that_can_lead_or_support_is_in_the_policy():
    named = {agency for lead in LEADS.values() for agency in (lead.agency, *lead.supporting)}
    for agency in named | {"community_safety", "police", "council_housing", "registered_provider"}:
        for district in (None, "redditch", "bromsgrove", "wyre_forest"):
            assert POLICY.agency(agency, district).name
    with pytest.raises(UnknownKey, match="narnia"):
        POLICY.agency("narnia", None)


@pytest.mark.parametrize("reason", LEADS)
def test_nobody_is_told_not_us_without_who_and_what_the_officer_still_does(reason):
    """The whole sentence names a number to call or somebody who acts, and the officer unless it stops here."""
    told = CATALOGS.template(ENGLISH, f"route.{reason}.whole")
    assert re.search(r"officer|police|\{phone\}|\{lead(_first)?\}|\{emergency\}", told)
    if not LEADS[reason].stops_form:
        assert "fficer" in told
    elif reason == "private_help":
        assert "{phone}" in told


def test_what_is_said_to_somebody_who_lives_with_them_names_neither_abuse_nor_police():
    for part in ("short", "whole"):
        told = CATALOGS.template(ENGLISH, f"route.private_help.{part}").lower()
        assert not re.search(r"abuse|violen|police|partner|sanctuary", told)


def test_an_unconfirmed_number_is_not_given_and_the_teams_is():
    found = route(Facts(category="rubbish", sub_kind="litter", district="wyre_forest"), POLICY)
    values = expectation_values(found, "wyre_forest", POLICY)
    assert values["lead"] == "Wyre Forest District Council"
    assert values["phone"] == POLICY.contact("wyre_forest_cs").value
    unknown = expectation_values(found, None, POLICY)
    assert (unknown["lead"], unknown["lead_first"]) == ("your district council", "Your district council")


def test_the_rules_stand_in_the_order_of_their_numbers():
    numbers = [number for number, _ in RULES]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 11))
