"""A pseudo-language, en-XA: English with accents, brackets and four tenths more length.

Conversations run in it show text that comes from no catalog, and labels that have no room to grow. It is made
in memory for tests and never offered to anybody.
"""

import re
from gettext import NullTranslations

from handlers.words import ENGLISH, Catalogs

PSEUDO = "en-XA"
_KEPT = re.compile(r"(\{\w*\}|<[^>]*>|&\w+;|(?<!\S)/[a-z]+)")
_ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")


def pseudo_text(text: str) -> str:
    """``text`` with accents, in brackets and longer; placeholders, tags and commands stay."""
    pieces = _KEPT.split(text)
    accented = "".join(p if i % 2 else p.translate(_ACCENTS) for i, p in enumerate(pieces))
    letters = sum(len(piece) for piece in pieces[::2])
    return f"⟦{accented}{'~' * max(1, round(letters * 0.4))}⟧"


class _Pseudo(NullTranslations):
    def __init__(self, english: NullTranslations) -> None:
        super().__init__()
        self._english = english

    def gettext(self, message: str) -> str:
        text = self._english.gettext(message)
        # What people may type is never shown, so it stays what it is.
        return text if text == message or ".typed." in message else pseudo_text(text)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        text = self._english.ngettext(msgid1, msgid2, n)
        return text if text == msgid1 else pseudo_text(text)


def pseudo(catalogs: Catalogs) -> Catalogs:
    """``catalogs`` with the pseudo-language added, not offered."""
    kept = {language: catalogs.domains(language) for language in catalogs.languages}
    english = catalogs.domains(ENGLISH)
    return Catalogs({**kept, PSEUDO: {name: _Pseudo(file) for name, file in english.items()}})
