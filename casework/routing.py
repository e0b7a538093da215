"""Who acts on a report, and why: the rules of the partnership in their order, the first that fits decides.

Who owns a home is what the person said, never looked up. What people read about it is `route.po`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casework.categories import Kind, Owner, kind_of
from casework.places import tenures_in
from casework.policy import Policy
from casework.routing_tables import LEADS, Lead, Offer, offers_for

__all__ = ["RULES", "Facts", "Offer", "Route", "Rule", "expectation_values", "route", "support_by_home"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a report when it is decided who acts.

    `my_home` and `their_home` are the tenures that the person named; None, like `not_sure`, is not known.
    `unlawful`: what was told is a crime, though none is going on now. `lasting_harm`: unreasonable, going on,
    and bad for people's lives here, as a community protection notice needs (2014 Act s.43).
    """

    category: str
    sub_kind: str | None = None
    district: str | None = None
    my_home: str | None = None
    their_home: str | None = None
    danger_now: bool = False
    domestic_abuse: bool = False
    child_at_risk: bool = False
    adult_at_risk: bool = False
    hate: bool = False
    unlawful: bool = False
    statutory_nuisance: bool = False
    lasting_harm: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who leads and who supports (keys of the policy's agencies), and why.

    `expectation_key` + ".short" and ".whole" are the sentences. `stops_form`: the report isn't taken here.
    `rule` is the number of the rule that decided (NWCSP domain facts 3.2).
    """

    rule: int
    lead: str
    supporting: tuple[str, ...]
    reason_code: str
    hardest_case: bool = False
    stops_form: bool = False
    offers: tuple[Offer, ...] = ()

    @property
    def expectation_key(self) -> str:
        """Where the sentences stand that say what to expect."""
        return f"route.{self.reason_code}"

    def to_json(self) -> dict[str, Any]:
        """As plain values, to be kept with the report."""
        return {
            "rule": self.rule,
            "lead": self.lead,
            "supporting": list(self.supporting),
            "reason_code": self.reason_code,
            "hardest_case": self.hardest_case,
            "offers": [offer.value for offer in self.offers],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Route:
        """The route that `to_json` gave."""
        return cls(
            rule=data["rule"],
            lead=data["lead"],
            supporting=tuple(data["supporting"]),
            reason_code=data["reason_code"],
            hardest_case=data["hardest_case"],
            offers=tuple(Offer(value) for value in data["offers"]),
        )


class Tenure(StrEnum):
    """On what basis somebody holds a home, as far as it decides anything."""

    COUNCIL = "council_tenant"
    PROVIDER = "provider_tenant"
    PRIVATE = "private_tenant"
    OWNER = "owner_occupier"
    TEMPORARY = "temporary"
    NO_HOME = "no_home"


@dataclass(frozen=True, slots=True)
class _Known:
    """The facts, with tenures that exist in the district; None is not known, or doesn't matter."""

    facts: Facts
    kind: Kind
    mine: Tenure | None
    theirs: Tenure | None

    @property
    def unlawful(self) -> bool:
        return self.facts.unlawful or self.kind.offence


@dataclass(frozen=True, slots=True)
class _Decision:
    """The reason that a rule found; `LEADS` says who leads and supports for it."""

    reason: str
    hardest: bool = False


def route(facts: Facts, policy: Policy) -> Route:
    """Who acts on a report (NWCSP domain facts 3.2 and 3.3). Raises UnknownKey for a key of no entry."""
    known = _known(facts, policy)
    for number, rule in RULES:
        decision = rule(known)
        if decision is not None:
            return _route(number, decision, known)
    raise AssertionError("the last rule fits everything")  # pragma: no cover


def expectation_values(found: Route, district: str | None, policy: Policy) -> dict[str, str]:
    """The values of the sentences: names and numbers that people may be given.

    `phone` is the lead's, the team's where the lead has none that may be shown. `lead_first` begins a sentence.
    """
    lead = policy.agency(found.lead, district)
    shown = policy.shown(lead.contact) if lead.contact else ()
    team_phone = policy.phone_of(district).value
    return {
        "lead": lead.name,
        "lead_first": lead.name[:1].upper() + lead.name[1:],
        "phone": shown[0].value if shown else team_phone,
        "team": policy.team_of(district),
        "team_phone": team_phone,
        "emergency": policy.contact("emergency").value,
    }


def danger_or_crime_in_progress(known: _Known) -> _Decision | None:
    """Rule 1: danger or a crime going on now is for 999, before anything else (facts 3.2)."""
    return _Decision("danger_now") if known.facts.danger_now else None


def somebody_they_live_with(known: _Known) -> _Decision | None:
    """Rule 2: domestic abuse leaves this form at once; nobody is told and nothing is offered (facts 5.4)."""
    return _Decision("private_help") if known.facts.domestic_abuse else None


def child_or_adult_at_risk(known: _Known) -> _Decision | None:
    """Rule 3a: a child or an adult at risk is the county's to protect (facts 3.3; Care Act 2014 s.42)."""
    if known.facts.child_at_risk:
        return _Decision("child_at_risk")
    return _Decision("adult_at_risk") if known.facts.adult_at_risk else None


def hate(known: _Known) -> _Decision | None:
    """Rule 3b: hate if the victim or anybody takes it for hate; the police record it (facts 3.3)."""
    return _Decision("hate") if known.facts.hate or known.kind.owner is Owner.HATE else None


def has_an_owner(known: _Known) -> _Decision | None:
    """Rule 3c: problems that somebody in particular looks after, whoever holds the homes (facts 3.3).

    A crime that nobody in particular looks after, or that goes by an ordinary name, is for the police. So is a
    statutory nuisance that nobody looks after for Worcestershire Regulatory Services.
    """
    nobodys = known.kind.owner is None and not known.kind.between_homes
    if known.unlawful and (known.kind.owner is Owner.ORDINARY or nobodys):
        return _Decision("crime")
    if known.facts.statutory_nuisance and nobodys:
        return _Decision("statutory_nuisance")
    if known.kind.owner is None:
        return None
    return _Decision(known.kind.owner.value)


def they_hold_a_council_home(known: _Known) -> _Decision | None:
    """Rule 4: the person complained about is a council tenant; the tenancy gives powers (facts 3.2)."""
    return _Decision("their_council_home") if known.theirs is Tenure.COUNCIL else None


def they_hold_a_provider_home(known: _Known) -> _Decision | None:
    """Rule 5: they are a tenant of a registered provider, which leads; the team supports (facts 3.2)."""
    return _Decision("their_provider_home") if known.theirs is Tenure.PROVIDER else None


def i_hold_a_council_home(known: _Known) -> _Decision | None:
    """Rule 6: the complainant is a council tenant: no tenancy power over the other side (facts 3.2)."""
    return _Decision("my_council_home") if known.mine is Tenure.COUNCIL else None


def i_hold_a_provider_home(known: _Known) -> _Decision | None:
    """Rule 7: the complainant is a tenant of a registered provider, which supports (facts 3.2)."""
    return _Decision("my_provider_home") if known.mine is Tenure.PROVIDER else None


def they_rent_privately(known: _Known) -> _Decision | None:
    """Rule 8: they rent privately: community safety with the landlord; warning, notice (facts 3.2)."""
    return _Decision("their_private_rent") if known.theirs is Tenure.PRIVATE else None


def they_own_their_home(known: _Known) -> _Decision | None:
    """Rule 9: they own their home: illegal, a statutory nuisance, a notice's test, or none (facts 3.2).

    Written for two owner-occupiers; a private tenant, or somebody without a home, is no better placed, so it
    is theirs too. The hardest case is the one of two owners with nothing unlawful.
    """
    if known.theirs is not Tenure.OWNER or known.mine is None:
        return None
    if known.unlawful:
        return _Decision("owners_unlawful")
    if known.facts.statutory_nuisance:
        return _Decision("owners_statutory_nuisance")
    if known.facts.lasting_harm:
        return _Decision("owners_powers")
    return _Decision("owners_neither", hardest=known.mine is Tenure.OWNER)


def not_known(known: _Known) -> _Decision | None:
    """Rule 10: not known: the team finds out; nobody is asked for a neighbour's landlord (facts 3.2)."""
    return _Decision("not_known")


Rule = Callable[[_Known], _Decision | None]

# Note: the order is the law. The numbers are those of NWCSP domain facts 3.2.
RULES: tuple[tuple[int, Rule], ...] = (
    (1, danger_or_crime_in_progress),
    (2, somebody_they_live_with),
    (3, child_or_adult_at_risk),
    (3, hate),
    (3, has_an_owner),
    (4, they_hold_a_council_home),
    (5, they_hold_a_provider_home),
    (6, i_hold_a_council_home),
    (7, i_hold_a_provider_home),
    (8, they_rent_privately),
    (9, they_own_their_home),
    (10, not_known),
)


def _known(facts: Facts, policy: Policy) -> _Known:
    kind = kind_of(facts.category, facts.sub_kind)
    if not kind.between_homes:
        return _Known(facts, kind, None, None)
    exist = tenures_in(facts.district, policy)
    mine, theirs = (
        Tenure(home) if home in exist and home in list(Tenure) else None
        for home in (facts.my_home, facts.their_home)
    )
    return _Known(facts, kind, mine, theirs)


def _route(number: int, decision: _Decision, known: _Known) -> Route:
    leads = LEADS[decision.reason]
    facts = known.facts
    return Route(
        rule=number,
        lead=leads.agency,
        supporting=() if leads.alone else _supporting(leads, known),
        reason_code=decision.reason,
        hardest_case=decision.hardest,
        stops_form=leads.stops_form,
        offers=offers_for(
            decision.reason,
            repeated=facts.repeated,
            hardest=decision.hardest,
            talking_is_safe=not (facts.hate or known.unlawful),
        ),
    )


_LANDLORDS: dict[Tenure, str] = {Tenure.COUNCIL: "council_housing", Tenure.PROVIDER: "registered_provider"}


def support_by_home(theirs: str | None, mine: str | None) -> tuple[str, ...]:
    """Who supports whatever the rule: landlords that have duties, and advice for who has no lasting home.

    Of problems that have two homes to them, with tenures that exist in the district (facts 3.2, 6 and 7).
    """
    named = [_LANDLORDS[Tenure(home)] for home in (theirs, mine) if home in _LANDLORDS]
    if Tenure.NO_HOME in (mine, theirs) or theirs == Tenure.TEMPORARY:
        named.append("housing_options")
    return tuple(dict.fromkeys(named))


def _supporting(leads: Lead, known: _Known) -> tuple[str, ...]:
    """The rule's own, then those by home, then the police and the community safety team."""
    named = [*leads.supporting, *support_by_home(known.theirs, known.mine)]
    if known.unlawful or known.facts.hate:
        named.append("police")
    if not leads.not_ours:
        named.append("community_safety")
    return tuple(agency for agency in dict.fromkeys(named) if agency != leads.agency)
