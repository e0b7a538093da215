"""What a report can be about: each plain label of the policy with the kinds of problem behind it, and whose
those are. Who acts in the end is `casework.routing`'s to say; the order on screen is the policy's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from casework.errors import UnknownKey
from casework.policy import Policy


class Group(StrEnum):
    """The police's own groups, exactly one a report (National Standard for Incident Recording)."""

    PERSONAL = "personal"
    NUISANCE = "nuisance"
    ENVIRONMENTAL = "environmental"


class Owner(StrEnum):
    """A row of the table of problems that somebody in particular looks after (NWCSP domain facts 3.3)."""

    CRIME = "crime"
    EXPLOITATION = "exploitation"
    HATE = "hate"
    STATUTORY_NUISANCE = "statutory_nuisance"
    FIRES = "fires"
    FIREWORKS = "fireworks"
    FLY_TIPPING = "fly_tipping"
    STREET_CARE = "street_care"
    ABANDONED_VEHICLE = "abandoned_vehicle"
    NEEDLES = "needles"
    DAMAGE = "damage"
    VEHICLES = "vehicles"
    BEGGING = "begging"
    ROUGH_SLEEPING = "rough_sleeping"
    DOORSTEP = "doorstep"
    PUBLIC_PLACE = "public_place"
    CIVIL_BOUNDARY = "civil_boundary"
    CIVIL_PRIVACY = "civil_privacy"
    ORDINARY = "ordinary"
    PARKING = "parking"
    HIGHWAYS = "highways"
    REPAIRS = "repairs"
    LOSING_HOME = "losing_home"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `owner` None: who acts depends on who holds the homes.

    `between_homes`: there are two homes to it, so it is worth asking who holds which. `offence`: it is a crime
    by itself, though landlords act on it too. `usually_not_asb`: it is explained kindly, and can be reported
    all the same (NWCSP domain facts 3.1).
    """

    key: str
    owner: Owner | None
    between_homes: bool = False
    offence: bool = False
    usually_not_asb: bool = False
    group: Group | None = None
    """None: the group of its label."""


def _kind(key: str, owner: Owner | None = None) -> Kind:
    return Kind(key, owner)


def _homes(key: str, owner: Owner | None = None) -> Kind:
    return Kind(key, owner, between_homes=True)


def _offence(key: str) -> Kind:
    return Kind(key, None, between_homes=True, offence=True)


def _ordinary(key: str, owner: Owner = Owner.ORDINARY, *, between_homes: bool = True) -> Kind:
    return Kind(key, owner, between_homes=between_homes, usually_not_asb=True)


# NWCSP domain facts 3.1, in its order (a proposal), with the owners of 3.3. Off-road bikes, racing and speeding
# are offences (Police Reform Act 2002 s.59, Road Traffic Acts); so is throwing fireworks in a street (Explosives
# Act 1875 s.80), kerb crawling (Sexual Offences Act 2003 s.51A), harassment (Protection from Harassment Act 1997
# s.2) and having drugs (Misuse of Drugs Act 1971 s.5).
_KINDS: tuple[Kind, ...] = (
    *(_homes(key, Owner.STATUTORY_NUISANCE) for key in ("music_party", "diy", "barking", "alarm")),
    *(_homes(key) for key in ("neighbour_dispute", "verbal_abuse")),
    *(_offence(key) for key in ("intimidation", "harassment", "drug_use")),
    *(_homes(key, Owner.CRIME) for key in ("threats", "violence")),
    _homes("hate_incident", Owner.HATE),
    _homes("drug_dealing", Owner.CRIME),
    *(_kind(key, Owner.PUBLIC_PLACE) for key in ("street_drinking", "rowdy_behaviour")),
    *(_kind(key, Owner.VEHICLES) for key in ("off_road_bikes", "speeding", "racing")),
    Kind("abandoned_vehicle", Owner.ABANDONED_VEHICLE, group=Group.ENVIRONMENTAL),
    _kind("vandalism", Owner.DAMAGE),
    _kind("graffiti", Owner.STREET_CARE),
    _kind("fly_tipping", Owner.FLY_TIPPING),
    _kind("litter", Owner.STREET_CARE),
    _homes("dog_nuisance", Owner.STREET_CARE),
    _homes("animal_nuisance", Owner.STATUTORY_NUISANCE),
    _kind("fireworks", Owner.FIREWORKS),
    _kind("fires", Owner.FIRES),
    _kind("begging", Owner.BEGGING),
    _kind("rough_sleeping", Owner.ROUGH_SLEEPING),
    _kind("sex_work", Owner.PUBLIC_PLACE),
    _kind("kerb_crawling", Owner.CRIME),
    *(_homes(key, Owner.EXPLOITATION) for key in ("cuckooing", "exploitation")),
    Kind("doorstep_trader", Owner.DOORSTEP, group=Group.PERSONAL),
    _homes("cctv_privacy", Owner.CIVIL_PRIVACY),
    _ordinary("boundary", Owner.CIVIL_BOUNDARY),
    *(_ordinary(key) for key in ("everyday_noise", "children_playing", "mowing", "cooking_smells")),
    _ordinary("parking", Owner.PARKING, between_homes=False),
    _kind("needles", Owner.NEEDLES),
    _homes("waste_smoke_smells_pests", Owner.STATUTORY_NUISANCE),
    _kind("street_lights_roads", Owner.HIGHWAYS),
    _kind("rented_repairs", Owner.REPAIRS),
    _kind("losing_home", Owner.LOSING_HOME),
    _kind("complaint_about_us", Owner.COMPLAINT),
)

# A label of which nobody has said more: whoever looks after what it mostly stands for.
_LABELS: tuple[Kind, ...] = (
    _homes("noise", Owner.STATUTORY_NUISANCE),
    _homes("neighbours"),
    _homes("threats", Owner.CRIME),
    _homes("hate", Owner.HATE),
    _offence("drugs"),
    _kind("groups", Owner.PUBLIC_PLACE),
    _kind("vehicles", Owner.VEHICLES),
    _kind("damage", Owner.DAMAGE),
    _kind("rubbish", Owner.STREET_CARE),
    _homes("animals", Owner.STATUTORY_NUISANCE),
    _kind("fires", Owner.FIRES),
    _kind("something_else"),
)

_BY_KEY = {kind.key: kind for kind in _KINDS}
_BY_LABEL = {kind.key: kind for kind in _LABELS}


def kind_of(category: str, sub_kind: str | None) -> Kind:
    """The kind of problem, by its label alone where nobody has said more. Raises UnknownKey."""
    key, kinds = (category, _BY_LABEL) if sub_kind is None else (sub_kind, _BY_KEY)
    if key not in kinds:
        raise UnknownKey("kind of problem", key)
    return kinds[key]


def group_of(category: str, sub_kind: str | None, policy: Policy) -> Group:
    """The police's group of a report. Raises UnknownKey."""
    return kind_of(category, sub_kind).group or Group(policy.category(category).group)


def between_homes(policy: Policy) -> tuple[str, ...]:
    """The labels that have two homes to them, by themselves or by something behind them."""
    return tuple(
        category.key
        for category in policy.categories
        if kind_of(category.key, None).between_homes
        or any(kind_of(category.key, sub_kind).between_homes for sub_kind in category.includes)
    )


def all_kinds(policy: Policy) -> Iterator[tuple[str, str | None]]:
    """Every label alone, then with each kind of problem behind it, in the policy's order."""
    for category in policy.categories:
        yield category.key, None
        for sub_kind in category.sub_kinds:
            yield category.key, sub_kind
