"""Telephone numbers as people type them. Whether anybody answers is not looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST_CHARACTERS = 40
_NUMBERLIKE = re.compile(r"[\d+][\d\s().\-/+]*\d")


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number as typed, and in the international form (+44…) for dialling and comparing."""

    typed: str
    e164: str


def read_telephone(text: str, region: str = "GB") -> Telephone | None:
    """The number in a text, or None. Possible numbers are taken, valid or not.

    Numbers kept for drama and test lines are possible and never valid, and a new range is possible before any
    library knows it.
    """
    import phonenumbers  # here, because it takes 0.1 s

    typed = text.strip()
    found = _NUMBERLIKE.search(typed[:_MOST_CHARACTERS])
    if found is None:
        return None
    try:
        number = phonenumbers.parse(found[0], region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return Telephone(typed, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
