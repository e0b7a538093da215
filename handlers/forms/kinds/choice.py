"""One of several, several of several, and yes or no: by tap, by number, by words, by a close spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from handlers.forms.kinds.kind import Asking, Labeller, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.incoming import Incoming
from handlers.words import Words

NUMBER_FROM = 4
"""From so many choices on each has its number, so that it can be typed (a wish of screen-reader users)."""
CLOSE = 80.0
CLEARLY_CLOSER = 8.0
DONE = "done"
_APOSTROPHES = re.compile("[’‘`´]")
_NUMBER = re.compile(r"(\d{1,2})[.)]?")
_NUMBER_BEFORE = re.compile(r"\d{1,2}[.)] (?=\S)")


def label_from_words(asking: Asking, value: str) -> str:
    """The label that the catalog has for this choice."""
    return asking.words.plain(f"{asking.prefix}.choice.{value}")


def fold(text: str) -> str:
    """As typed words are compared: case, white space, a phone's curly apostrophes and a last full stop aside."""
    return " ".join(_APOSTROPHES.sub("'", text.casefold()).split()).strip(" .!")


def typed_words(words: Words, name: str) -> tuple[str, ...]:
    """What people type for "yes", "back" and the like: a comma-separated list of the catalog, folded."""
    return tuple(fold(word) for word in words.plain(f"kit.typed.{name}").split(","))


def find_choice(asking: Asking, typed: str, values: tuple[str, ...], label: Labeller) -> str | None:
    """The choice that ``typed`` means: its number, its label, a word of it, or a close spelling of it."""
    folded = fold(typed)
    if number := _NUMBER.fullmatch(folded):
        position = int(number.group(1))
        return values[position - 1] if 1 <= position <= len(values) else None
    folded = _NUMBER_BEFORE.sub("", folded)  # "3. Threats", copied from the button
    labels = {value: label(asking, value) for value in values}
    for value in values:
        if asking.words.has(f"kit.typed.{value}") and folded in typed_words(asking.words, value):
            return value
    return find_label(folded, labels)


def find_label(typed: str, labels: Mapping[str, str]) -> str | None:
    """The key of the label that ``typed`` is, begins, or is a close spelling of; None where it may be two."""
    folded = fold(typed)
    plain = {key: fold(label) for key, label in labels.items()}
    for key, text in plain.items():
        if folded == text:
            return key
    starts = [key for key, text in plain.items() if len(folded) > 1 and text.startswith(folded)]
    return starts[0] if len(starts) == 1 else _closest(folded, plain)


def _closest(folded: str, labels: dict[str, str]) -> str | None:
    if len(folded) < 3:
        return None
    ranked = process.extract(folded, labels, scorer=fuzz.ratio, limit=2)
    if not ranked or ranked[0][1] < CLOSE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEARLY_CLOSER:
        return None
    return str(ranked[0][2])


def numbered(options: tuple[Option, ...], across: int) -> tuple[tuple[Option, ...], ...]:
    """The options in rows, with their numbers where there are many."""
    if len(options) >= NUMBER_FROM:
        options = tuple(Option(o.value, f"{n}. {o.label}") for n, o in enumerate(options, 1))
    return tuple(options[start : start + across] for start in range(0, len(options), across))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of ``values``, which may depend on what is known (the tenures of a district)."""

    values: tuple[str, ...] | Callable[[Asking], tuple[str, ...]]
    across: int = 2
    label: Labeller = label_from_words

    def values_for(self, asking: Asking) -> tuple[str, ...]:
        """The choices that exist in this case."""
        return self.values(asking) if callable(self.values) else self.values

    def screen(self, asking: Asking) -> Screen:
        """All choices as buttons."""
        options = tuple(Option(value, self.label(asking, value)) for value in self.values_for(asking))
        return Screen(options=numbered(options, self.across))

    def press(self, asking: Asking, value: str) -> Outcome:
        """The choice tapped; a value that isn't offered is refused (buttons can be forged)."""
        return Taken(value) if value in self.values_for(asking) else Problem("kit.problem.choice")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """The choice typed."""
        found = find_choice(asking, incoming.text or "", self.values_for(asking), self.label)
        return Taken(found) if found else Problem("kit.problem.choice")

    def reopen(self, value: Any) -> None:
        """A choice is simply made again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is complete."""

    def branch(self, value: Any) -> str:
        """The choice itself."""
        return str(value)

    def show(self, asking: Asking, value: Any) -> str:
        """Its label."""
        return self.label(asking, str(value))


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of ``values``, at least one: taps switch them on and off, *Done* ends."""

    values: tuple[str, ...] | Callable[[Asking], tuple[str, ...]]
    across: int = 1
    label: Labeller = label_from_words

    def values_for(self, asking: Asking) -> tuple[str, ...]:
        """The choices that exist in this case."""
        return self.values(asking) if callable(self.values) else self.values

    def screen(self, asking: Asking) -> Screen:
        """All choices, a tick before those that are on."""
        chosen = (asking.partial or {}).get("chosen", [])
        marked = tuple(
            Option(v, asking.words.plain("kit.several.on", label=text) if v in chosen else text)
            for v in self.values_for(asking)
            for text in [self.label(asking, v)]
        )
        done = Option(DONE, asking.words.plain("kit.several.done"))
        return Screen(options=(*numbered(marked, self.across), (done,)))

    def press(self, asking: Asking, value: str) -> Outcome:
        """Switch one, or end."""
        chosen = list((asking.partial or {}).get("chosen", []))
        if value == DONE:
            return Taken(chosen) if chosen else Problem("kit.problem.several")
        if value not in self.values_for(asking):
            return Problem("kit.problem.choice")
        return Partial({"chosen": [c for c in chosen if c != value] if value in chosen else [*chosen, value]})

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """``1, 3`` or the labels, with commas between: the whole answer at once. ``done`` ends, too."""
        typed = incoming.text or ""
        if fold(typed) in typed_words(asking.words, "done"):
            return self.press(asking, DONE)
        parts = [part for part in re.split(r"[,;\n]+|\band\b|(?<=\d)\s+(?=\d)", typed) if part.strip()]
        found = [find_choice(asking, part, self.values_for(asking), self.label) for part in parts]
        if not found or None in found:
            return Problem("kit.problem.choice")
        chosen = list((asking.partial or {}).get("chosen", []))
        return Taken(list(dict.fromkeys([*chosen, *found])))

    def reopen(self, value: Any) -> dict[str, Any]:
        """With what was chosen still on."""
        return {"chosen": list(value)}

    def settle(self, partial: dict[str, Any]) -> Any:
        """What is on so far."""
        return partial.get("chosen") or None

    def branch(self, value: Any) -> str:
        """All that were chosen count as one branch."""
        return "chosen" if value else "none"

    def show(self, asking: Asking, value: Any) -> str:
        """The labels, with commas."""
        return ", ".join(self.label(asking, str(one)) for one in value)


def yes_no(*, dont_know: bool = False) -> Choice:
    """Yes, no and, where that is a true answer, *I don't know*. Labels are full phrases of the question."""
    return Choice(("yes", "no", "unknown") if dont_know else ("yes", "no"), across=1)
