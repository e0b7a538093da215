"""References of cases: eight characters without look-alikes or vowels, the last a check character, as in
KM4P-X7RB. The same shape for every kind of case, so that a locked screen tells nothing. Chance comes from
the caller."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NewType

Reference = NewType("Reference", str)
"""A reference whose check character is right, in the form KM4P-X7RB."""

ALPHABET = "34679BCDFGHJKMNPQRTVWXY"
LENGTH = 8

# The sum of each character's place in the alphabet times its weight is 0 modulo 23. As 23 is prime, weights
# that are not 0 catch every single wrong character, and weights that differ every two that changed places.
_WEIGHTS = (4, 5, 6, 7, 8, 9, 10, 11)
_VALUE = {character: value for value, character in enumerate(ALPHABET)}

_DASHES = r"[\s\-‐‑‒–—−_.]"
_GROUPED = re.compile(rf"(?<![A-Z0-9])([A-Z0-9]{{4}}){_DASHES}{{0,3}}([A-Z0-9]{{4}})(?![A-Z0-9])")
_CUT = re.compile(r"([A-Z0-9]{3,5})-([A-Z0-9]{3,5})")
_SPELLED = re.compile(rf"(?:[A-Z0-9]{_DASHES}+){{7}}[A-Z0-9]")
_MOST_STRANGE = 2
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Mistyped:
    """Something that looks like a reference, of which a character must be wrong."""

    text: str


def new_reference(choose: Callable[[str], str]) -> Reference:
    """A new reference. `choose` picks one character of a text, and must not be guessable.

    With less than two letters it could be taken for a telephone number: then it is chosen again.
    """
    while True:
        body = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
        plain = body + _check_character(body)
        if sum(map(str.isalpha, plain)) >= _FEWEST_LETTERS:
            return _formatted(plain)


def read_reference(text: str) -> Reference | Mistyped | None:
    """What a text that should be a reference is: in any case, with or without spaces and dashes."""
    plain = re.sub(_DASHES, "", text).upper()
    if _is_right(plain):
        return _formatted(plain)
    return Mistyped(text.strip()) if _looks_like_one(text.strip().upper(), plain) else None


def find_reference(text: str) -> Reference | Mistyped | None:
    """The reference in a sentence, if there is one; a right one before a mistyped one."""
    whole = read_reference(text)
    if whole is not None:
        return whole
    mistyped: Mistyped | None = None
    upper = text.upper()
    for start in range(len(upper)):
        found = _GROUPED.match(upper, start)
        if found is None:
            continue
        read = read_reference(found[0])
        if isinstance(read, Mistyped):
            mistyped = mistyped or Mistyped(text[found.start() : found.end()])
        elif read is not None:
            return read
    return mistyped


def nearby_references(text: str) -> tuple[Reference, ...]:
    """The references that are one slip away: a wrong character or two strange ones, two that changed places,
    one too many, one too few."""
    plain = re.sub(_DASHES, "", text).upper()
    if not LENGTH - 1 <= len(plain) <= LENGTH + 1:
        return ()
    strange = [place for place, character in enumerate(plain) if character not in _VALUE]
    if len(strange) > _MOST_STRANGE:
        return ()
    tried = _replaced(plain, strange) if strange else _slips(plain)
    return tuple(_formatted(one) for one in dict.fromkeys(tried) if one != plain and _is_right(one))


def _replaced(plain: str, places: list[int]) -> Iterator[str]:
    """Every text with something of the alphabet at these places."""
    if not places:
        yield plain
        return
    first, *rest = places
    for character in ALPHABET:
        yield from _replaced(plain[:first] + character + plain[first + 1 :], rest)


def _slips(plain: str) -> Iterator[str]:
    for place in range(len(plain)):
        yield from _replaced(plain, [place])
        yield plain[:place] + plain[place + 1 :]
        yield plain[:place] + plain[place : place + 2][::-1] + plain[place + 2 :]
    for place in range(len(plain) + 1):
        yield from (plain[:place] + character + plain[place:] for character in ALPHABET)


def _formatted(plain: str) -> Reference:
    return Reference(f"{plain[:4]}-{plain[4:]}")


def _sum(plain: str) -> int:
    return sum(weight * _VALUE[character] for weight, character in zip(_WEIGHTS, plain, strict=False))


def _check_character(body: str) -> str:
    return next(character for character in ALPHABET if _sum(body + character) % len(ALPHABET) == 0)


def _is_right(plain: str) -> bool:
    well_formed = len(plain) == LENGTH and all(character in _VALUE for character in plain)
    return well_formed and _sum(plain) % len(ALPHABET) == 0


def _looks_like_one(text: str, plain: str) -> bool:
    """Few characters outside the alphabet, a letter, and a digit or a dash: not an ordinary pair of words."""
    if not (_GROUPED.fullmatch(text) or _CUT.fullmatch(text) or _SPELLED.fullmatch(text)):
        return False
    strange = sum(character not in _VALUE for character in plain)
    if strange > _MOST_STRANGE or not any(map(str.isalpha, plain)):
        return False
    return strange == 0 or any(map(str.isdigit, plain)) or "-" in text
