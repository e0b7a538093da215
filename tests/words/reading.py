"""How hard a text is to read: sentences, syllables and the Flesch-Kincaid grade.

Counted here and not by a library: the ones at hand fetch a dictionary from the network at their first use.
"""

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[ ,.:]\d+)*", re.UNICODE)
_END = re.compile(r"[.!?:](?=\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^aeiouytd]ed|[^aeiouy][^aeiouylsxzcg]es|[^aeiouyl]e|[aeiouy]le)$")
_TWO_SOUNDS = re.compile(r"(?<![ctsg])i[ao](?!n|u)|(?<=[^t])ea$|eo(?!u)|ui(?=n)|u[ae](?=l|t)|[aeo]ing|creat")


def sentences(text: str) -> list[str]:
    """The sentences of ``text``; a line break ends one too."""
    return [part.strip() for part in _END.split(text) if part.strip()]


def words(text: str) -> list[str]:
    """The words of ``text``; a number is one."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Spoken syllables by the spelling; right for nine words in ten, one off in the others."""
    word = word.lower().replace("'", "").replace("’", "")
    if "-" in word:
        return sum(map(syllables, filter(None, word.split("-"))))
    count = len(_VOWELS.findall(word)) + len(_TWO_SOUNDS.findall(word))
    if _SILENT_END.search(word):
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """Flesch-Kincaid: the school year (American) that reads it with ease."""
    counted = words(text)
    if not counted:
        return 0.0
    per_sentence = len(counted) / len(sentences(text))
    per_word = sum(map(syllables, counted)) / len(counted)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59
