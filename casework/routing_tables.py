"""Who leads for each reason that a rule of `casework.routing` can find, and what is offered with it: as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Offer(StrEnum):
    """What a person can be offered besides."""

    DIARY = "diary"
    MEDIATION = "mediation"
    COMPLEX_CASES = "complex_cases"
    """The ASB and Complex Cases Group may look at it: an officer's to put forward."""
    CASE_REVIEW = "case_review"
    NOMINATED_NEIGHBOUR = "nominated_neighbour"
    HOME_SECURITY = "home_security"
    CRIMESTOPPERS = "crimestoppers"
    VICTIM_ADVICE = "victim_advice"


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads and supports for one reason, as keys of the policy's agencies.

    `alone`: nobody else is named. `not_ours`: the community safety team has no part, but an officer still
    reads the report. `stops_form`: the report isn't taken here.
    """

    agency: str
    supporting: tuple[str, ...] = ()
    alone: bool = False
    not_ours: bool = False
    stops_form: bool = False


_TEAM = "community_safety"

# NWCSP domain facts 3.2 and 3.3, in their order.
LEADS: dict[str, Lead] = {
    "danger_now": Lead("police_emergency", alone=True, stops_form=True),
    "private_help": Lead("private_help", alone=True, stops_form=True),
    "child_at_risk": Lead("children_services", ("police",)),
    "adult_at_risk": Lead("adult_services"),
    "hate": Lead("police"),
    "crime": Lead("police"),
    "exploitation": Lead("police", ("adult_services",)),
    "statutory_nuisance": Lead("regulatory_services"),
    "fires": Lead("regulatory_services", ("fire_service",)),
    "fireworks": Lead("police"),
    "fly_tipping": Lead("street_services", ("regulatory_services",)),
    "street_care": Lead("street_services"),
    "abandoned_vehicle": Lead("street_services"),
    "needles": Lead("street_services"),
    "damage": Lead("police", ("street_services",)),
    "vehicles": Lead("police"),
    "begging": Lead(_TEAM, ("police",)),
    "rough_sleeping": Lead("street_link", ("housing_options",)),
    "doorstep": Lead("trading_standards"),
    "public_place": Lead(_TEAM, ("police",)),
    "civil_boundary": Lead(_TEAM),
    "civil_privacy": Lead(_TEAM),
    "ordinary": Lead(_TEAM),
    "parking": Lead(_TEAM, ("county_highways", "police")),
    "highways": Lead("county_highways", not_ours=True),
    "repairs": Lead("private_sector_housing", not_ours=True),
    "losing_home": Lead("housing_options", not_ours=True),
    "complaint": Lead("complaints", not_ours=True),
    "their_council_home": Lead("council_housing"),
    "their_provider_home": Lead("registered_provider"),
    "my_council_home": Lead(_TEAM, ("council_housing",)),
    "my_provider_home": Lead(_TEAM, ("registered_provider",)),
    "their_private_rent": Lead(_TEAM, ("landlord", "private_sector_housing")),
    "owners_unlawful": Lead("police"),
    "owners_statutory_nuisance": Lead("regulatory_services"),
    "owners_powers": Lead(_TEAM),
    "owners_neither": Lead(_TEAM),
    "not_known": Lead(_TEAM),
}

_TENURE = (
    *("their_council_home", "their_provider_home", "my_council_home", "my_provider_home"),
    *("their_private_rent", "owners_powers", "owners_neither", "not_known"),
)
_DIARY = frozenset(
    {
        *_TENURE,
        *("hate", "crime", "exploitation", "statutory_nuisance", "fires", "vehicles", "public_place"),
        *("owners_unlawful", "owners_statutory_nuisance", "civil_privacy"),
    }
)
_MEDIATION = frozenset(
    {
        *_TENURE,
        "statutory_nuisance",
        "owners_statutory_nuisance",
        "civil_boundary",
        "civil_privacy",
        "ordinary",
    }
)
# No anti-social behaviour, or nothing of it is kept here: there is no response to review.
_NO_REVIEW = frozenset(
    {
        *("danger_now", "private_help", "child_at_risk", "adult_at_risk", "highways", "repairs"),
        *("losing_home", "complaint", "rough_sleeping"),
    }
)
_ALWAYS: dict[str, tuple[Offer, ...]] = {
    "hate": (Offer.HOME_SECURITY, Offer.VICTIM_ADVICE),
    "crime": (Offer.CRIMESTOPPERS, Offer.VICTIM_ADVICE),
    "exploitation": (Offer.CRIMESTOPPERS,),
    "damage": (Offer.CRIMESTOPPERS, Offer.VICTIM_ADVICE),
    "vehicles": (Offer.CRIMESTOPPERS,),
    "owners_unlawful": (Offer.CRIMESTOPPERS, Offer.VICTIM_ADVICE),
    "doorstep": (Offer.NOMINATED_NEIGHBOUR, Offer.VICTIM_ADVICE),
}


def offers_for(reason: str, *, repeated: bool, hardest: bool, talking_is_safe: bool) -> tuple[Offer, ...]:
    """What is offered besides, the most useful first.

    Mediation only where talking is safe: never after a crime or hate (NWCSP domain facts 1, "Mediation"). The
    ASB and Complex Cases Group for a hardest case that goes on (facts 3.2, rule 9), the ASB Case Review for
    whatever goes on (facts 2.5).
    """
    offered: list[Offer] = []
    if reason in _MEDIATION and talking_is_safe:
        offered.append(Offer.MEDIATION)
    if reason in _DIARY:
        offered.append(Offer.DIARY)
    offered += _ALWAYS.get(reason, ())
    if hardest and repeated:
        offered.append(Offer.COMPLEX_CASES)
    if repeated and reason not in _NO_REVIEW:
        offered.append(Offer.CASE_REVIEW)
    return tuple(offered)
