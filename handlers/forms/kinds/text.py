"""Answers in a person's own words, short or long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.forms.kinds.choice import fold, typed_words
from handlers.forms.kinds.kind import Asking, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.incoming import Incoming

SHORT = 200
"""A name in any script fits; so does a line of an address."""
LONG = 20_000
"""Five full Telegram messages: more is asked for in parts."""
DONE, REMOVE = "done", "remove"


def clean(text: str) -> str:
    """Without control characters and outer white space: what is stored and shown is what was meant."""
    kept = "".join(c for c in text if c in "\n\t" or c.isprintable() or c in "\u200c\u200d")
    return kept.strip()


@dataclass(frozen=True, slots=True)
class ShortText:
    """One line. ``suggest_sender`` offers the name that the person has in Telegram."""

    longest: int = SHORT
    suggest_sender: bool = False

    def screen(self, asking: Asking) -> Screen:
        """The suggestion, where there is one."""
        name = clean(asking.sender_name)[:30]
        if not self.suggest_sender or not name:
            return Screen()
        return Screen(options=((Option("sender", name),),))

    def press(self, asking: Asking, value: str) -> Outcome:
        """The suggested name."""
        if value != "sender" or not self.suggest_sender:
            return Problem("kit.problem.choice")
        return Taken(clean(asking.sender_name)[: self.longest])

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """The text, if it is one and fits."""
        text = clean(incoming.text or "")
        if not text:
            return Problem("kit.problem.text")
        if len(text) > self.longest:
            return Problem("kit.problem.long", {"most": str(self.longest)})
        return Taken(text)

    def reopen(self, value: Any) -> None:
        """A line is simply typed again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is complete."""

    def branch(self, value: Any) -> str:
        """Given is given."""
        return "given"

    def show(self, asking: Asking, value: Any) -> str:
        """As it was written."""
        return str(value)


@dataclass(frozen=True, slots=True)
class LongText:
    """As many messages as the person likes, joined, until *That's all*; with files where the question takes them."""

    longest: int = LONG
    files: bool = False

    def screen(self, asking: Asking) -> Screen:
        """What was kept so far, and the end button once there is something."""
        texts = self._texts(asking)
        if not texts and not asking.files:
            return Screen()
        note = asking.words.plural("kit.long.kept", len(texts) + asking.files)
        row = (Option(DONE, asking.words.plain("kit.long.done")),)
        remove = ((Option(REMOVE, asking.words.plain("kit.long.remove")),),) if texts else ()
        return Screen(text=note, options=(row, *remove))

    def press(self, asking: Asking, value: str) -> Outcome:
        """End, or take the last message back."""
        texts = self._texts(asking)
        if value == REMOVE and texts:
            return Partial({"texts": texts[:-1]}, keep=False)
        if value != DONE:
            return Problem("kit.problem.choice")
        return Taken("\n".join(texts)) if texts or asking.files else Problem("kit.problem.text")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """One more message of it."""
        text = clean(incoming.text or "")
        texts = self._texts(asking)
        if (texts or asking.files) and fold(text) in typed_words(asking.words, "done"):
            return self.press(asking, DONE)
        if not text:
            return Problem("kit.problem.text")
        if len(text) + sum(map(len, texts)) > self.longest:
            return Problem("kit.problem.too_much")
        return Partial({"texts": [*texts, text]})

    def reopen(self, value: Any) -> dict[str, Any]:
        """With what was written still there, to add to."""
        return {"texts": [value]} if value else {"texts": []}

    def settle(self, partial: dict[str, Any]) -> Any:
        """What was written so far."""
        return "\n".join(partial.get("texts", [])) or None

    def branch(self, value: Any) -> str:
        """Given is given."""
        return "given"

    def show(self, asking: Asking, value: Any) -> str:
        """The words."""
        return str(value)

    def _texts(self, asking: Asking) -> list[str]:
        return list((asking.partial or {}).get("texts", []))
