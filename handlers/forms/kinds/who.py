"""Who reports: their name, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.forms.kinds.choice import fold, typed_words
from handlers.forms.kinds.kind import Asking, Option, Outcome, Problem, Screen, Taken
from handlers.forms.kinds.text import SHORT, clean
from handlers.incoming import Incoming

SENDER, ANONYMOUS, ON_BEHALF = "sender", "anonymous", "on_behalf"


@dataclass(frozen=True, slots=True)
class NameOrAnonymous:
    """A name in any script, the one that Telegram shows, or none: ``{"name": …}``, None for anonymous.

    ``on_behalf``: also for somebody else, with the sender's own name: ``{"name": …, "on_behalf": True}``.
    """

    on_behalf: bool = False

    def screen(self, asking: Asking) -> Screen:
        """The name in Telegram, and staying anonymous, with equal weight."""
        name = clean(asking.sender_name)[:28]
        own = ((Option(SENDER, asking.words.plain("kit.who.sender", name=name)),),) if name else ()
        behalf = (
            ((Option(ON_BEHALF, asking.words.plain("kit.who.on_behalf")),),)
            if name and self.on_behalf
            else ()
        )
        return Screen(options=(*own, (Option(ANONYMOUS, asking.words.plain("kit.who.anonymous")),), *behalf))

    def press(self, asking: Asking, value: str) -> Outcome:
        """One of the two."""
        if value == SENDER and clean(asking.sender_name):
            return Taken({"name": clean(asking.sender_name)[:SHORT]})
        if value == ON_BEHALF and self.on_behalf and clean(asking.sender_name):
            return Taken({"name": clean(asking.sender_name)[:SHORT], ON_BEHALF: True})
        return Taken({"name": None}) if value == ANONYMOUS else Problem("kit.problem.choice")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A typed name; or "anonymous"."""
        text = clean(incoming.contact.name if incoming.contact else incoming.text or "")
        if not text:
            return Problem("kit.problem.name")
        if len(text) > SHORT:
            return Problem("kit.problem.long", {"most": str(SHORT)})
        if fold(text) in typed_words(asking.words, "anonymous"):
            return Taken({"name": None})
        return Taken({"name": text})

    def reopen(self, value: Any) -> None:
        """A name is simply given again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is complete."""

    def branch(self, value: Any) -> str:
        """``named``, ``on_behalf`` or ``anonymous``."""
        if value.get(ON_BEHALF):
            return ON_BEHALF
        return "named" if value["name"] else ANONYMOUS

    def show(self, asking: Asking, value: Any) -> str:
        """The name as it was typed."""
        if value.get(ON_BEHALF):
            return asking.words.plain("kit.who.shown_on_behalf", name=value["name"])
        return str(value["name"] or asking.words.plain("kit.who.shown_anonymous"))
