"""Catalogs of languages that the project does not have yet, for tests of how a language is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations

from handlers.words import ENGLISH, Catalogs
from tests.support.service import the_words


def with_sentences(sentences: Mapping[str, str]) -> Catalogs:
    """The project's English with some sentences more, or other ones."""
    domains = dict(the_words().domains())
    for domain in {key.partition(".")[0] for key in sentences}:
        domains[domain] = _Over(sentences, domains[domain])
    return Catalogs({ENGLISH: domains})


class _Over(NullTranslations):
    def __init__(self, sentences: Mapping[str, str], under: NullTranslations) -> None:
        super().__init__()
        self._sentences = sentences
        self._under = under

    def gettext(self, message: str) -> str:
        return self._sentences.get(message) or self._under.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._under.ngettext(msgid1, msgid2, n)


class _Some(NullTranslations):
    """A few sentences; what it lacks falls back to English."""

    def __init__(self, sentences: Mapping[str, str], *, offered: bool) -> None:
        super().__init__()
        self._sentences = sentences
        self._offered = offered

    def gettext(self, message: str) -> str:
        return self._sentences.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._sentences.get(msgid1, msgid1)

    def info(self) -> dict[str, str]:
        return {"x-offered": "yes" if self._offered else "no"}


def with_language(
    language: str, name: str, sentences: Mapping[str, str], *, offered: bool = True
) -> Catalogs:
    """The project's English, and ``language`` with these sentences only."""
    every = {"common.language.name": name, **sentences}
    domains = {key.partition(".")[0] for key in every}
    some = _Some(every, offered=offered)
    return Catalogs({ENGLISH: the_words().domains(), language: dict.fromkeys(domains, some)})
