"""Words of danger in what people write. The list is the policy's; what is said then is the conversation's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from casework.policy import Danger, Policy

_APOSTROPHES = re.compile(r"['’‘`´]")
_NOT_WORDS = re.compile(r"[\W_]+")
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o"})


def danger_in(text: str, policy: Policy) -> str | None:
    """The key of the kind of danger that a text speaks of, or None.

    Whole words and phrases in any case, with or without accents; of several, the kind that stands first in
    the policy.
    """
    pattern, kinds = _compiled(policy)
    found = {kinds[match] for match in pattern.findall(in_plain_words(text))}
    return next((danger.key for danger in policy.danger if danger.key in found), None)


def danger_of(key: str, policy: Policy) -> Danger:
    """The kind of danger, with the contacts to show for it."""
    return next(danger for danger in policy.danger if danger.key == key)


@lru_cache(maxsize=4)
def _compiled(policy: Policy) -> tuple[re.Pattern[str], dict[str, str]]:
    kinds: dict[str, str] = {}
    for danger in policy.danger:
        for phrases in danger.words.values():
            for phrase in phrases:
                kinds.setdefault(in_plain_words(phrase).strip(), danger.key)
    return phrases_pattern(kinds), kinds


def phrases_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the phrases, as whole words, in what `in_plain_words` gave; the longest first."""
    longest_first = sorted({in_plain_words(phrase).strip() for phrase in phrases}, key=len, reverse=True)
    inside = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"(?<= )(?:{inside})(?= )")


def in_plain_words(text: str) -> str:
    """Words in lower case without accents, each with a space before and after."""
    bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold())).translate(_STROKES)
    letters = "".join(character for character in bare if not unicodedata.combining(character))
    return f" {_NOT_WORDS.sub(' ', letters).strip()} "
