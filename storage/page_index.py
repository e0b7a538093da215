"""Finds the pages that answer a question: SQLite's full-text search over an index in memory, and runs of letters.

Words are stemmed, put right where they are misspelt, and looked for as their synonyms, too. Whether any page
answers is for the words to say; which come first, both say. What it was asked is not kept here.
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from casework.pages import Page, read_page
from storage.page_letters import LettersIndex

_COLUMNS = {"title": 8.0, "asked": 4.0, "keywords": 5.0, "body": 0.3}
"""How much a word counts by where it stands."""
_DISTINCT = "{title asked keywords} :"
"""Where a common word counts: in running text it stands by chance."""
_PHRASE_SHARE = 1.0
"""How much the best single way of asking counts, beside the page as a whole."""
_UNKNOWN, _COMMON, _ELSEWHERE = 3.0, 0.7, 13.0
"""What a word weighs that no page has: it may be what the question is about, or only a common word; a word of
what others deal with surely is what the question is about."""
_COMMON_SHARE = 0.5
"""How much of a match counts that is one of common words only."""
_ENOUGH, _ENOUGH_IF_SURE = 0.3, 0.2
"""The least share of a question, by the weight of its words, that the best page has to speak of; less will do
where it scores well."""
_LEAST_SCORE, _SURE_SCORE = 4.0, 15.0
"""Below the first the best page has a word or two in common with the question by chance."""
_NEARLY_ALL = 0.9
"""With so large a share any score will do."""
_SCORE_OF_COMMON = 6.0
"""What a page scores at least that has only the common words of a question which has others, too."""
_LETTERS_SHARE = 0.75
"""How much the letters say in the order of pages, beside the words' 1; the best page of each has all of it."""
_FEWEST_LETTERS = 5
"""Shorter words are not put right: too many others are one letter away."""
_SURE = 0.72
_POWER = 0.5
"""How much it counts that a page speaks of the whole question."""
_APOSTROPHES = re.compile("['’‘`´]")
_WORD = re.compile(r"[^\W_]+")
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o"})
_LONGEST_TEXT = 600
_MOST_WORDS = 30


@dataclass(frozen=True)
class SmallWords:
    """What the search knows of the language.

    ``empty`` words say nothing, ``common`` ones little; ``elsewhere`` are words of what others deal with. Words
    that stand ``together`` become another one, before anything else.
    """

    empty: frozenset[str]
    common: frozenset[str]
    elsewhere: frozenset[str]
    synonyms: Mapping[str, tuple[str, ...]]
    together: Mapping[str, str]

    def folded(self, text: str) -> str:
        """Small letters without accents and apostrophes, one space between words."""
        bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold()))
        letters = "".join(c for c in bare if not unicodedata.combining(c)).translate(_STROKES)
        plain = f" {' '.join(_WORD.findall(letters))} "
        return self._together.sub(lambda found: f" {self.together[found[1]]} ", plain)

    @cached_property
    def known(self) -> frozenset[str]:
        """Words that are no slip of the pen."""
        return self.common | self.elsewhere | self.synonyms.keys()

    @cached_property
    def _together(self) -> re.Pattern[str]:
        longest_first = sorted(self.together, key=len, reverse=True)
        return re.compile(f" ({'|'.join(map(re.escape, longest_first)) or '(?!)'})(?= )")


@dataclass(frozen=True, slots=True)
class Hit:
    """A page with how well it fits; of two the higher is better."""

    page: Page
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best pages, the best first, and how many words of the question meant anything at all."""

    hits: tuple[Hit, ...]
    words: int


def load_pages(folder: Path) -> dict[str, Page]:
    """The pages in ``<folder>/*.md`` by key. Raises PageError."""
    return {
        path.stem: read_page(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.md"))
    }


def load_small_words(folder: Path) -> SmallWords:
    """``words.toml`` of the folder."""
    data = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
    synonyms = {word: tuple(others) for word, others in data["synonyms"].items()}
    empty, common, elsewhere = (frozenset(data[name].split()) for name in ("empty", "common", "elsewhere"))
    return SmallWords(empty, common, elsewhere, synonyms, data["together"])


def _good(score: float, share: float) -> bool:
    enough = _ENOUGH_IF_SURE if score >= _SURE_SCORE else _ENOUGH
    return share >= enough and (score >= _LEAST_SCORE or share >= _NEARLY_ALL)


def _joined(fit: dict[int, float], near: dict[int, float]) -> dict[int, float]:
    """What words and letters say together: for each the best page has all of its share."""
    most, nearest = max(fit.values()) or 1.0, max(near.values(), default=0.0) or 1.0
    return {
        place: fit.get(place, 0.0) / most + _LETTERS_SHARE * near.get(place, 0.0) / nearest
        for place in fit.keys() | near.keys()
    }


class PageIndex:
    """An index over some pages, built once. Safe to use from several threads."""

    def __init__(self, pages: Iterable[Page], small: SmallWords) -> None:
        self._pages = list(pages)
        self._small = small
        self._lock = threading.Lock()
        self._rows: dict[tuple[str, str], dict[int, float]] = {}
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._fill()
        self._vocabulary = self._known_words()
        self._letters = LettersIndex(
            (place, self._meaningful(text))
            for place, page in enumerate(self._pages)
            for text in (page.title, *page.asked, *page.keywords)
        )

    def search(self, text: str, limit: int = 3) -> Found:
        """The pages nearest to a question; none where no page speaks of enough of it."""
        words = self.content_words(text)
        if not words:
            return Found((), 0)
        with self._lock:
            fit = self._fit(words)
        if not fit:
            return Found((), len(words))
        near = self._letters.scores(words)
        both = _joined(fit, near)
        best = sorted(both, key=lambda place: (-both[place], place))[:limit]
        if len(best) == limit > 1:
            best[-1] = self._another(best, near)
        return Found(tuple(Hit(self._pages[place], both[place]) for place in best), len(words))

    @staticmethod
    def _another(best: list[int], near: dict[int, float]) -> int:
        """The last to be offered: where words and letters differ, what the letters say gets a place."""
        others = near.keys() - set(best[:-1])
        return max(others, key=lambda place: (near[place], -place), default=best[-1])

    def _fit(self, words: list[str]) -> dict[int, float]:
        """Place of page → how well it fits by its words; empty where the best speaks of too little of them."""
        terms = [self._meanings(word) for word in words]
        weights = [self._weight(term) for term in terms]
        scores: dict[int, float] = {}
        covered: dict[int, float] = {}
        telling: set[int] = set()  # places of pages that have more than common words of the question
        for term, weight in zip(terms, weights, strict=True):
            share = self._share(term)
            found = self._scores("page", term)
            for place, score in found.items():
                scores[place] = scores.get(place, 0.0) + score * share
                if term[0] not in self._small.elsewhere:
                    covered[place] = covered.get(place, 0.0) + weight
            if term[0] not in self._small.common:
                telling |= found.keys()
        for place, score in self._phrases(terms).items():
            scores[place] = scores.get(place, 0.0) + _PHRASE_SHARE * score
        spoken_of = {place: covered.get(place, 0.0) / sum(weights) for place in scores}
        fit = {place: score * spoken_of[place] ** _POWER for place, score in scores.items()}
        best = min(fit, key=lambda place: (-fit[place], place), default=None)
        if best is None or not _good(scores[best], spoken_of[best]):
            return {}
        only_common = best not in telling and not self._small.common.issuperset(words)
        return {} if only_common and scores[best] < _SCORE_OF_COMMON else fit

    def content_words(self, text: str) -> list[str]:
        """The words that mean something, each once, in order: small letters, without accents."""
        return list(dict.fromkeys(self._meaningful(text[:_LONGEST_TEXT])))[:_MOST_WORDS]

    def _meaningful(self, text: str) -> list[str]:
        words = self._small.folded(text).split()
        return [word for word in words if len(word) > 1 and word not in self._small.empty]

    # Words

    def _meanings(self, word: str) -> tuple[str, ...]:
        """The word and its synonyms; put right where it is no word that anybody knows."""
        if word not in self._small.known and not self._matches(word):
            word = self._put_right(word)
        return (word, *self._small.synonyms.get(word, ()))

    def _put_right(self, word: str) -> str:
        if len(word) < _FEWEST_LETTERS:
            return word
        found = process.extractOne(
            word, self._vocabulary, scorer=OSA.normalized_similarity, score_cutoff=_SURE
        )
        return str(found[0]) if found else word

    def _matches(self, word: str) -> bool:
        return bool(self._scores("page", (word,)))

    def _weight(self, term: tuple[str, ...]) -> float:
        """Rare words say more."""
        if term[0] in self._small.elsewhere:
            return _ELSEWHERE
        pages = len(self._scores("page", term))
        if not pages:
            return _COMMON if term[0] in self._small.common else _UNKNOWN
        return math.log(1 + (len(self._pages) - pages + 0.5) / (pages + 0.5))

    def _share(self, term: tuple[str, ...]) -> float:
        return _COMMON_SHARE if term[0] in self._small.common else 1.0

    # Rows

    def _scores(self, table: str, term: tuple[str, ...]) -> dict[int, float]:
        """Place of page → how well the term fits it: the best of its meanings."""
        best: dict[int, float] = {}
        for word in term:
            for place, score in self._rows_of(table, word).items():
                best[place] = max(best.get(place, 0.0), score)
        return best

    def _rows_of(self, table: str, word: str) -> dict[int, float]:
        if (table, word) not in self._rows:
            weights = ", ".join(str(weight) for weight in _COLUMNS.values())
            rows = self._connection.execute(
                f"SELECT rowid, -bm25({table}, {weights}) FROM {table} WHERE {table} MATCH ?",  # noqa: S608
                (f'{_DISTINCT} "{word}"' if word in self._small.common else f'"{word}"',),
            )
            self._rows[table, word] = dict(rows.fetchall())
        return self._rows[table, word]

    def _phrases(self, terms: list[tuple[str, ...]]) -> dict[int, float]:
        """Place of page → how well the best single way of asking fits."""
        phrases: dict[int, float] = {}
        for term in terms:
            best: dict[int, float] = {}
            for word in term:
                for row, score in self._phrase_rows(word).items():
                    best[row] = max(best.get(row, 0.0), score)
            for row, score in best.items():
                phrases[row] = phrases.get(row, 0.0) + score * self._share(term)
        found: dict[int, float] = {}
        for row, score in phrases.items():
            place = self._page_of_phrase[row]
            found[place] = max(found.get(place, 0.0), score)
        return found

    def _phrase_rows(self, word: str) -> dict[int, float]:
        if ("phrase", word) not in self._rows:
            rows = self._connection.execute(
                "SELECT rowid, -bm25(phrase) FROM phrase WHERE phrase MATCH ?", (f'"{word}"',)
            )
            self._rows["phrase", word] = dict(rows.fetchall())
        return self._rows["phrase", word]

    def _fill(self) -> None:
        columns = ", ".join(_COLUMNS)
        how = "tokenize = 'porter unicode61 remove_diacritics 2'"
        self._connection.execute(f"CREATE VIRTUAL TABLE page USING fts5({columns}, {how})")
        self._connection.execute(f"CREATE VIRTUAL TABLE phrase USING fts5(words, {how})")
        self._page_of_phrase: dict[int, int] = {}
        for place, page in enumerate(self._pages):
            texts = (page.title, "\n".join(page.asked), " ".join(page.keywords), page.words)
            self._connection.execute(
                "INSERT INTO page (rowid, title, asked, keywords, body) VALUES (?, ?, ?, ?, ?)",
                (place, *(self._small.folded(text) for text in texts)),
            )
            for phrase in (page.title, *page.asked):
                row = len(self._page_of_phrase)
                plain = self._small.folded(phrase)
                self._connection.execute("INSERT INTO phrase (rowid, words) VALUES (?, ?)", (row, plain))
                self._page_of_phrase[row] = place

    def _known_words(self) -> list[str]:
        texts = ["\n".join([page.title, *page.asked, *page.keywords, page.words]) for page in self._pages]
        known = {word for text in texts for word in self._small.folded(text).split()}
        known |= self._small.synonyms.keys() | self._small.common
        return sorted(word for word in known if len(word) >= _FEWEST_LETTERS)
