"""Districts, wards and tenures by the policy's data, and the nearest district to a point on the map. It all
works offline; who lives where, and who owns a home, is never looked up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import cos, hypot, radians
from typing import Any

from casework.policy import District, Policy, Ward
from casework.postcodes import DistrictHint, HintKind

_KM_A_DEGREE = 111.2
_FAR_KM = 12.0
_CLOSE_CALL = 1.5


def tenures_in(district: str | None, policy: Policy) -> tuple[str, ...]:
    """The tenures that exist in a district; all where the district is not known. Raises UnknownKey."""
    return policy.tenures if district is None else policy.district(district).tenures


def wards_in(district: str, on: date, policy: Policy) -> tuple[Ward, ...]:
    """The wards of a district on a local day, by name. Raises UnknownKey."""
    wards = policy.district(district).wards
    there = (w for w in wards if w.valid_from <= on and (w.valid_to is None or on <= w.valid_to))
    return tuple(sorted(there, key=lambda ward: ward.name))


def find_ward(name: str, on: date, policy: Policy) -> tuple[District, Ward] | None:
    """The ward of that name on a local day, in any case, with its district."""
    for district in policy.districts:
        for ward in wards_in(district.key, on, policy):
            if ward.name.casefold() == name.strip().casefold():
                return district, ward
    return None


def find_district(text: str, policy: Policy) -> District | None:
    """The district whose key, name, other name or place somebody typed, in any case."""
    wanted = " ".join(text.casefold().split())
    for district in policy.districts:
        names = (district.key, district.name, district.council, *district.aliases, *district.place_names)
        if wanted in (name.casefold() for name in names):
            return district
    return None


def same_place(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two answers to *where* name the same place: their words are alike, or their postcodes are."""
    if not one or not other:
        return False
    words = [
        " ".join(str(place.get("text") or "").casefold().replace(",", " ").split()) for place in (one, other)
    ]
    if words[0] and words[0] == words[1]:
        return True
    codes = ["".join(str(place.get("postcode") or "").casefold().split()) for place in (one, other)]
    return bool(codes[0]) and codes[0] == codes[1]


def district_near(latitude: float, longitude: float, policy: Policy) -> DistrictHint:
    """A hint from a shared location: the district of the nearest town or village.

    ASK where the nearest place of another council is hardly farther away, UNKNOWN far from all of them.
    """
    nearest: dict[str, tuple[float, DistrictHint]] = {}
    for place in policy.places:
        km = _km(latitude, longitude, place.latitude, place.longitude)
        owner = place.district or place.served_by or ""
        if owner not in nearest or km < nearest[owner][0]:
            kind = HintKind.SUGGEST if place.district else HintKind.OUT_OF_AREA
            nearest[owner] = (km, DistrictHint(kind, place.district, place.served_by))
    ranked = sorted(nearest.values(), key=lambda found: found[0])
    if not ranked or ranked[0][0] > _FAR_KM:
        return DistrictHint(HintKind.UNKNOWN)
    if len(ranked) > 1 and ranked[1][0] < ranked[0][0] * _CLOSE_CALL:
        return DistrictHint(HintKind.ASK)
    return ranked[0][1]


def _km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Distance on a flat map, good to a percent over the few miles that matter."""
    north = (other_latitude - latitude) * _KM_A_DEGREE
    east = (other_longitude - longitude) * _KM_A_DEGREE * cos(radians(latitude))
    return hypot(north, east)
