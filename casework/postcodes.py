"""Postcodes as people type them, and what the first half hints at. A hint only: people confirm their
district, and nobody is turned away because of a postcode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from casework.policy import Policy

_FULL = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
_OUTWARD = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")
_INSIDE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ .\-]{0,2}[0-9OoIi][A-Za-z]{2}(?![A-Za-z0-9])"
)
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1"})


@dataclass(frozen=True, slots=True)
class Postcode:
    """A whole postcode, or the first half alone."""

    outward: str
    inward: str | None = None

    @property
    def is_full(self) -> bool:
        """Whether both halves are known."""
        return self.inward is not None

    @property
    def text(self) -> str:
        """Upper case, one space between the halves."""
        return f"{self.outward} {self.inward}" if self.inward else self.outward


class HintKind(StrEnum):
    """What to do with a hint: suggest the district, ask, name who else serves it, or know nothing."""

    SUGGEST = "suggest"
    ASK = "ask"
    OUT_OF_AREA = "out_of_area"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DistrictHint:
    """Where something probably is. `district` is set for SUGGEST, `served_by` for OUT_OF_AREA."""

    kind: HintKind
    district: str | None = None
    served_by: str | None = None


def read_postcode(text: str) -> Postcode | None:
    """The postcode that a text is, in any case, spacing or with dots; letters O and I pass for 0 and 1."""
    plain = re.sub(r"[\s.\-]", "", text).upper()
    if len(plain) >= 5:
        mended = plain[:-3] + plain[-3].translate(_LOOK_ALIKES) + plain[-2:]
        full = _FULL.match(mended)
        return Postcode(full[1], full[2]) if full else None
    return Postcode(plain) if _OUTWARD.match(plain) else None


def find_postcode(text: str) -> Postcode | None:
    """The last whole postcode in an address or sentence; failing that, what `read_postcode` makes of it."""
    found = _INSIDE.findall(text)
    return read_postcode(found[-1] if found else text)


def district_hint(outward: str, policy: Policy) -> DistrictHint:
    """What the policy knows of the first half of a postcode."""
    for entry in policy.outward:
        if outward.upper() in entry.codes:
            kind = HintKind(entry.hint)
            return DistrictHint(
                kind,
                district=entry.district if kind is HintKind.SUGGEST else None,
                served_by=entry.served_by if kind is HintKind.OUT_OF_AREA else None,
            )
    return DistrictHint(HintKind.UNKNOWN)
