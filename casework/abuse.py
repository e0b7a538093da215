"""Abusive words in what people write to the team. What they wrote is kept as it is; it is only marked for staff."""

from __future__ import annotations

import re
from functools import lru_cache

from casework.danger import in_plain_words, phrases_pattern
from casework.policy import Policy


def is_abusive(text: str, policy: Policy) -> bool:
    """Whether a text holds one of the policy's abusive phrases, in any case, with or without accents."""
    return _compiled(policy).search(in_plain_words(text)) is not None


@lru_cache(maxsize=4)
def _compiled(policy: Policy) -> re.Pattern[str]:
    return phrases_pattern(phrase for phrases in policy.abuse.words.values() for phrase in phrases)
