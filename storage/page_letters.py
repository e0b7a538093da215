"""Finds pages by runs of letters: near to a question are ways of asking with the same pieces of words.

A slip of the pen, another ending or a word in two leaves most pieces as they were, so this finds what words
alone don't.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

_SHORTEST, _LONGEST = 3, 4
"""Letters of a piece; the ends of a word count as one."""
_BY_RANK = (1.0, 0.5, 0.35, 0.25, 0.2)
"""How much the best ways of asking of a page count, the best first."""


class LettersIndex:
    """Ways of asking with their pages, by pieces of words, weighed by TF-IDF and compared by cosine."""

    def __init__(self, phrases: Iterable[tuple[int, Sequence[str]]]) -> None:
        counted = [(page, _pieces(words)) for page, words in phrases]
        self._pages = [page for page, _ in counted]
        seen = Counter(piece for _, pieces in counted for piece in pieces)
        total = len(counted)
        self._rarity = {piece: math.log(1 + total / number) for piece, number in seen.items()}
        self._unknown = math.log(1 + total)
        self._rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, (_, pieces) in enumerate(counted):
            for piece, weight in self._weights(pieces).items():
                self._rows[piece].append((row, weight))

    def scores(self, words: Sequence[str]) -> dict[int, float]:
        """Page → how near its ways of asking are; 0 and more, pages with nothing in common left out."""
        near: dict[int, float] = defaultdict(float)
        for piece, weight in self._weights(_pieces(words)).items():
            for row, theirs in self._rows.get(piece, ()):
                near[row] += weight * theirs
        by_page: dict[int, list[float]] = defaultdict(list)
        for row, score in near.items():
            by_page[self._pages[row]].append(score)
        return {page: _together(scores) for page, scores in by_page.items()}

    def _weights(self, pieces: Counter[str]) -> dict[str, float]:
        """Weights of length one together."""
        weights = {
            piece: (1 + math.log(number)) * self._rarity.get(piece, self._unknown)
            for piece, number in pieces.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {piece: weight / length for piece, weight in weights.items()}


def _together(scores: list[float]) -> float:
    best = sorted(scores, reverse=True)
    return sum(share * score for share, score in zip(_BY_RANK, best, strict=False))


def _pieces(words: Sequence[str]) -> Counter[str]:
    """Runs of letters within words, and words that follow each other."""
    pieces: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            pieces.update(padded[start : start + size] for start in range(len(padded) - size + 1))
    pieces.update(f"{one}_{other}" for one, other in pairwise(words))
    return pieces
