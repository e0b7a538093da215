"""A telephone number, typed or shared; kept as it was typed, and never corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casework.telephone import read_telephone
from handlers.forms.kinds.kind import Asking, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.incoming import Incoming
from handlers.keyboards import ReplyKeyboard

SHARE = "share"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number. ``own``: it is the person's, so Telegram's button may share it."""

    own: bool = True

    def screen(self, asking: Asking) -> Screen:
        """The button that shares the person's own number."""
        if not self.own:
            return Screen()
        return Screen(options=((Option(SHARE, asking.words.plain("kit.phone.share")),),))

    def press(self, asking: Asking, value: str) -> Outcome:
        """Bring up Telegram's own button."""
        if value != SHARE or not self.own:
            return Problem("kit.problem.choice")
        return Partial({}, ReplyKeyboard("contact", "kit.phone.keyboard", "kit.phone.send"), keep=False)

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A typed number, or the sender's own contact card: anybody can send somebody else's."""
        if incoming.contact is not None:
            if self.own and not incoming.contact.own:
                return Problem("kit.problem.contact")
            typed = incoming.contact.phone
        else:
            typed = incoming.text or ""
        number = read_telephone(typed)
        if number is None:
            return Problem("kit.problem.phone")
        return Taken({"typed": number.typed, "e164": number.e164})

    def reopen(self, value: Any) -> None:
        """A number is simply typed again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is complete."""

    def branch(self, value: Any) -> str:
        """Given is given."""
        return "given"

    def show(self, asking: Asking, value: Any) -> str:
        """As it was typed."""
        return str(value["typed"])
