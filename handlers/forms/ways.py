"""What people type for the buttons that move them about in a form. Answers are the business of their kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.forms.flow import Form
from handlers.forms.kinds.choice import find_label, fold, typed_words
from handlers.words import Words

LONGEST = 30
"""Characters: whatever is longer is an answer."""


def way_meant(words: Words, word: str) -> str | None:
    """``back``, ``cancel``, ``later``, ``skip`` or ``keep``."""
    if not word or len(word) > LONGEST:
        return None
    names = ("back", "cancel", "later", "skip", "keep")
    return next((name for name in names if word in typed_words(words, name)), None)


def stop_meant(words: Words, word: str) -> str | None:
    """Which of the three ways after Cancel: by number, label or a word of it.

    "No" means go on. "Yes" is asked about again: there are two ways to stop.
    """
    for number, (name, action) in enumerate((("save", "xs"), ("delete", "xd"), ("go_on", "xg")), 1):
        if word in {str(number), fold(words.plain(f"kit.cancel.{name}")), *typed_words(words, name)}:
            return action
    if word in typed_words(words, "no"):
        return "xg"
    return "x" if word in {*typed_words(words, "yes"), *typed_words(words, "cancel")} else None


def resume_meant(words: Words, word: str) -> str | None:
    """Go on, start again or delete it."""
    for number, (name, action) in enumerate((("go_on", "go"), ("again", "new"), ("delete", "del")), 1):
        if word in {str(number), fold(words.plain(f"kit.resume.{name}")), *typed_words(words, name)}:
            return action
    return None


def change_meant(words: Words, form: Form, answers: Mapping[str, Any], word: str) -> str | None:
    """The answer to be changed, at *Check your answers*: "change where", "where", or a close spelling."""
    keys = [question.key for question in form.questions if question.key in answers]
    for name in ("change", "label"):
        found = find_label(word, {key: words.plain(f"{form.name}.{key}.{name}") for key in keys})
        if found is not None:
            return found
    return None
