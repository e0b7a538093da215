"""What a case can be found by, and what somebody looks for, in the same terms: names by how they are spelled and
how they sound, streets, house numbers with their street, postcodes.

A term is matched as a whole or not at all, so that a keyed hash of it is all that needs to be stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import jellyfish

from casework.postcodes import find_postcode, read_postcode
from casework.references import Mistyped, Reference, find_reference, nearby_references

LONGEST = 200
"""Characters of what is looked for; the rest is left out."""
MOST_WORDS = 6
MOST_BEFORE_TYPE = 3


class TermKind(StrEnum):
    """What a term says of a case. Two kinds never match each other."""

    POSTCODE = "postcode"
    OUTWARD = "outward"
    NAME = "name"
    NAME_SOUND = "name_sound"
    STREET = "street"
    STREET_SOUND = "street_sound"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Term:
    """Something that a case has or has not."""

    kind: TermKind
    text: str


class SearchKind(StrEnum):
    """What somebody looked for, as the history of searches has it."""

    REFERENCE = "reference"
    POSTCODE = "postcode"
    OUTWARD = "outward"
    STREET = "street"
    WORDS = "words"
    NOTHING = "nothing"


AllOf = tuple[frozenset[Term], ...]
"""A case fits that has at least one term of each."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which cases are meant: those of a reference, or those that fit any of the ways to read the words.

    Cases with more of the `nearer` terms come first.
    """

    kind: SearchKind
    references: tuple[Reference, ...] = ()
    mistyped: bool = False
    any_of: tuple[AllOf, ...] = ()
    nearer: frozenset[Term] = frozenset()


@dataclass(frozen=True, slots=True)
class Street:
    """A street in an address: its whole name, the words that tell it from others, and the house."""

    name: str
    words: tuple[str, ...]
    house: str | None = None


_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = re.compile("['’‘`´]")
_WORD = re.compile(r"[^\W_]+")
_SEGMENT = re.compile(r"[,;\n]+")
_MAYBE_REFERENCE = re.compile(r"(?i)(?=.*[0-9])(?=.*[a-z])[a-z0-9]{7,9}")
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "rev", "sir", "lady"])
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "behind",
        "by",
        "corner",
        "end",
        "from",
        "in",
        "inside",
        "near",
        "next",
        "no",
        "number",
        "of",
        "off",
        "on",
        "opposite",
        "outside",
        "the",
        "to",
    ]
)
_ROOMS = frozenset(["apartment", "flat", "floor", "room", "unit"])
_ENDS = {
    **dict.fromkeys(("road", "rd"), "road"),
    **dict.fromkeys(("street", "st", "str"), "street"),
    **dict.fromkeys(("avenue", "ave", "av"), "avenue"),
    **dict.fromkeys(("close", "cl"), "close"),
    **dict.fromkeys(("drive", "drv", "dr"), "drive"),
    **dict.fromkeys(("lane", "ln"), "lane"),
    **dict.fromkeys(("crescent", "cres", "cresc"), "crescent"),
    **dict.fromkeys(("terrace", "terr", "ter"), "terrace"),
    **dict.fromkeys(("gardens", "gdns"), "gardens"),
    **dict.fromkeys(("grove", "grv"), "grove"),
    "way": "way",
    "walk": "walk",
}
"""Words that end the name of a street, with how they are written short."""
_MAY_END = {
    **{
        word: word
        for word in [
            "bank",
            "croft",
            "gate",
            "green",
            "hill",
            "house",
            "meadow",
            "mews",
            "parade",
            "park",
            "rise",
            "row",
            "vale",
            "view",
        ]
    },
    **dict.fromkeys(("court", "ct"), "court"),
    **dict.fromkeys(("place", "pl"), "place"),
    **dict.fromkeys(("square", "sq"), "square"),
}
"""Words that end the name of a street, or stand in it: Church Hill, and Church Hill Road."""
_TYPES = {**_ENDS, **_MAY_END}


def words_in(text: str) -> list[str]:
    """The words of a text: small letters without accents and apostrophes."""
    bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold()))
    letters = "".join(c for c in bare if not unicodedata.combining(c)).translate(_STROKES)
    return _WORD.findall(letters)


def terms_of(detail: Mapping[str, Any]) -> frozenset[Term]:
    """All terms of a case, from the answers that it keeps under ``name``, ``neighbour`` and ``where``."""
    where = detail.get("where") or {}
    address = where if isinstance(where, str) else str(where.get("text") or "")
    written = address if isinstance(where, str) else str(where.get("postcode") or address)
    neighbour = detail.get("neighbour")
    names = [detail.get("name"), neighbour.get("name") if isinstance(neighbour, Mapping) else None]
    return frozenset(
        [
            *(term for name in names if name for word in _name_words(str(name)) for term in _of_name(word)),
            *(term for street in streets_in(address) for term in _of_street(street)),
            *_of_postcode(written),
        ]
    )


def read_search(text: str) -> Search:
    """What somebody looks for: a reference, a postcode or its first half, a street, or the name of a person."""
    text = " ".join(text.split())[:LONGEST]
    reference = find_reference(text)
    if reference is not None and not isinstance(reference, Mistyped):
        return Search(SearchKind.REFERENCE, (reference,))
    outward = read_postcode(text)
    if outward is not None and not outward.is_full:
        return Search(SearchKind.OUTWARD, any_of=((frozenset({Term(TermKind.OUTWARD, outward.outward)}),),))
    streets = streets_in(text)
    nearer = frozenset(term for street in streets for term in _whole_street(street))
    postcode = find_postcode(text)
    if postcode is not None and postcode.is_full:
        full = frozenset({Term(TermKind.POSTCODE, postcode.text)})
        return Search(SearchKind.POSTCODE, any_of=((full,),), nearer=nearer)
    if reference is None and _MAYBE_REFERENCE.fullmatch(text):
        reference = Mistyped(text)
    return _read_words(text, streets, nearer, reference)


def _read_words(
    text: str, streets: tuple[Street, ...], nearer: frozenset[Term], mistyped: Mistyped | None
) -> Search:
    """Words may be a street or a name, and both are looked for; with a number it is no name."""
    names = [] if any(map(str.isdecimal, text)) else _name_words(text)[:MOST_WORDS]
    ways: list[AllOf] = [
        tuple(frozenset(_street_sounds(word)) for word in street.words[:MOST_WORDS]) for street in streets[:1]
    ]
    ways.append(tuple(frozenset(_name_sounds(word)) for word in names))
    nearby = nearby_references(mistyped.text) if mistyped is not None else ()
    any_of = tuple(way for way in ways if way)
    return Search(
        kind=_kind(text, nearby, any_of),
        references=nearby,
        mistyped=bool(nearby),
        any_of=any_of,
        nearer=nearer | {Term(TermKind.NAME, word) for word in names},
    )


def _kind(text: str, nearby: tuple[Reference, ...], any_of: tuple[AllOf, ...]) -> SearchKind:
    if nearby:
        return SearchKind.REFERENCE
    if not any_of:
        return SearchKind.NOTHING
    is_street = any(map(str.isdecimal, text)) or any(word in _TYPES for word in words_in(text)[1:])
    return SearchKind.STREET if is_street else SearchKind.WORDS


def streets_in(address: str) -> tuple[Street, ...]:
    """The streets in an address or a sentence; without any word such as Road, what its first part says."""
    parts = [_address_words(part) for part in _SEGMENT.split(_without_postcode(address))]
    found = [street for words in parts for street in _typed_streets(words)]
    if not found:
        found = [street for words in parts if (street := _bare_street(words)) is not None][:1]
    return tuple(dict.fromkeys(found))


def _without_postcode(address: str) -> str:
    postcode = find_postcode(address)
    if postcode is None or postcode.inward is None:
        return address
    return re.sub(rf"(?i){postcode.outward}[ .\-]{{0,2}}{postcode.inward}", " ", address)


def _address_words(part: str) -> list[str]:
    words = words_in(part)
    return [_saint_or_type(words, place) for place in range(len(words))]


def _saint_or_type(words: list[str], place: int) -> str:
    """The word in full; *St* before a name is a saint."""
    word = words[place]
    if word == "st" and (place == 0 or words[place - 1] in _SMALL or _is_number(words[place - 1])):
        return word
    return _TYPES.get(word, word)


def _typed_streets(words: list[str]) -> Iterator[Street]:
    for place, word in enumerate(words):
        followed = place + 1 < len(words) and words[place + 1] in _TYPES.values()
        if word not in _TYPES.values() or followed:
            continue
        start = place
        while start > 0 and place - start < MOST_BEFORE_TYPE and _belongs(words[start - 1]):
            start -= 1
        if start < place:
            house = words[start - 1] if start and _is_number(words[start - 1]) else None
            yield Street(" ".join(words[start : place + 1]), tuple(words[start:place]), house)


def _bare_street(words: list[str]) -> Street | None:
    kept = [word for word in words if _belongs(word)][:MOST_WORDS]
    house = next((word for word in words if _is_number(word)), None)
    return Street(" ".join(kept), tuple(kept), house) if kept else None


def _belongs(word: str) -> bool:
    return not (_is_number(word) or word in _SMALL or word in _ROOMS or word in _ENDS.values())


def _is_number(word: str) -> bool:
    return any(map(str.isdigit, word))


def _name_words(text: str) -> list[str]:
    """The words of a name without titles; initials only where there is nothing else."""
    words = [word for word in words_in(text) if word not in _TITLES and not _is_number(word)]
    return list(dict.fromkeys([word for word in words if len(word) > 1] or words))


def _of_name(word: str) -> Iterator[Term]:
    yield Term(TermKind.NAME, word)
    yield from _name_sounds(word)


def _name_sounds(word: str) -> Iterator[Term]:
    """Two ways of hearing a name: one finds Smyth for Smith, the other Shaun for Sean."""
    yield Term(TermKind.NAME_SOUND, f"metaphone {_metaphone(word)}")
    yield Term(TermKind.NAME_SOUND, f"nysiis {jellyfish.nysiis(word) if word.isascii() else word}")


def _of_street(street: Street) -> Iterator[Term]:
    yield from _whole_street(street)
    yield from (term for word in street.words for term in _street_sounds(word))


def _whole_street(street: Street) -> Iterator[Term]:
    yield Term(TermKind.STREET, street.name)
    if street.house is not None:
        yield Term(TermKind.ADDRESS, f"{street.house} {street.name}")


def _street_sounds(word: str) -> Iterable[Term]:
    return (Term(TermKind.STREET_SOUND, _metaphone(word)),)


def _of_postcode(written: str) -> Iterator[Term]:
    postcode = find_postcode(written)
    if postcode is not None:
        yield Term(TermKind.OUTWARD, postcode.outward)
        if postcode.is_full:
            yield Term(TermKind.POSTCODE, postcode.text)


def _metaphone(word: str) -> str:
    """How an English word sounds; a word of another script stands for itself."""
    return jellyfish.metaphone(word) or word if word.isascii() else word
