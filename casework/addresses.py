"""Whether two people wrote the same address: what is left of one when spelling does not count. It is hashed before
it is stored; where somebody lives is never looked up."""

from __future__ import annotations

import re
import unicodedata

from casework.postcodes import read_postcode

_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9OI][A-Z]{2}\b", re.I)
_NOT_WORDS = re.compile(r"[^\w\s]")
_NUMBERED = re.compile(r"^[a-z]?\d+[a-z]?$")
_SHORT_FORMS = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "close": "cl",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "crescent": "cres",
    "gardens": "gdns",
    "place": "pl",
    "square": "sq",
    "terrace": "ter",
    "apartment": "flat",
    "apt": "flat",
}
_FEWEST_LETTERS = 4


def address_key(text: str | None, postcode: str | None = None) -> str | None:
    """What two spellings of one address have in common; None for what is none, such as a postcode alone.

    With a whole postcode the numbers of the home are enough: a postcode covers about fifteen of them.
    """
    found = read_postcode(postcode) if postcode else None
    known = found.text if found is not None and found.is_full else None
    words = _words(text or "", known)
    numbers = [word for word in words if _NUMBERED.match(word)]
    if known and numbers:
        return f"{known}|{' '.join(numbers)}"
    plain = " ".join(words)
    if sum(map(str.isalpha, plain)) < _FEWEST_LETTERS:
        return None
    return f"{known}|{plain}" if known else plain


def _words(text: str, postcode: str | None) -> list[str]:
    """The words without case, accents, points and the postcode, the long forms of street names cut short."""
    if postcode:
        text = _POSTCODE.sub(" ", text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [_SHORT_FORMS.get(word, word) for word in _NOT_WORDS.sub(" ", folded).split()]
