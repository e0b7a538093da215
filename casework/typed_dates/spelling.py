"""Brings a typed phrase into the one spelling that is read: lower case, no accents, figures, English."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from casework.typed_dates.words import FOREIGN, NUMBERS, SPELLED_OFTEN

# How like a word must be to one that we know, and how much more than to any other.
_CLOSE = 0.8
_MARGIN = 0.06


def in_english(text: str, language: str) -> str:
    """Lower case, no accents, plain digits, number words as digits, the language's words in English."""
    plain = _bare(text)
    for pattern, put in _SPELLINGS:
        plain = pattern.sub(put, plain)
    if language in FOREIGN:
        pattern, english = _dictionary(language)
        plain = pattern.sub(lambda found: english[found[0]], plain)
    words = [_respelled(word) for word in plain.split()]
    return " " + " ".join(words) + " "


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    kept = (c for c in decomposed if not unicodedata.combining(c))
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in kept)


@lru_cache(maxsize=8)
def _dictionary(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    english = {_bare(word): meaning for word, meaning in FOREIGN[language].items()}
    longest_first = sorted(english, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"), english


def _respelled(word: str) -> str:
    if word in NUMBERS:
        return str(NUMBERS[word])
    if len(word) < 6 or not word.isalpha():
        return word
    close = [(SequenceMatcher(None, word, known).ratio(), known) for known in SPELLED_OFTEN]
    (best, meant), (second, _) = sorted(close, reverse=True)[:2]
    return meant if best >= _CLOSE and best - second >= _MARGIN else word


_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ı": "i", "і": "i", "–": "-", "—": "-", "’": "'", "،": " "})
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b([ap])\.?\s?m\b\.?"), r"\1m"),
    (re.compile(r"o'?\s?clock"), " oclock "),
    (re.compile(r"(?<=\d)(st|nd|rd|th)\b"), ""),
    (re.compile(r"(?<=\d)\s?ish\b"), " about "),
    (re.compile(r"[,;!?()\"']|\.(?=\s|$)"), " "),
    (re.compile(r"\b(a )?couple (of )?"), " about 2 "),
    (re.compile(r"\b(a )?few (?=days|weeks|hours|minutes)"), " about 3 "),
    (re.compile(r"\bhalf an hour\b"), " 30 minutes "),
    (re.compile(r"\ban? (?=(minute|hour|day|week|fortnight|month|year)\b)"), " 1 "),
    (re.compile(r"\b1 fortnight\b|\bfortnight\b"), " 2 weeks "),
    (re.compile(r"\b(mid ?day|noon)\b"), " 12:00pm "),
)
