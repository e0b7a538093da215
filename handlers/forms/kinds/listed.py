"""One or some of a list that may be longer than a screen: page by page, by taps or by typing what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.forms.kinds.choice import DONE, find_label, fold, typed_words
from handlers.forms.kinds.kind import Asking, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.incoming import Incoming

PAGE = 8
_PAGE = "page."
_BETWEEN = re.compile(r"[,;\n]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """Any number of ``entries`` (value → label), at least one: taps switch them on and off, *Done* ends."""

    entries: Callable[[Asking], Mapping[str, str]]

    def screen(self, asking: Asking) -> Screen:
        """A page of them, a tick before those that are on."""
        partial, entries = asking.partial or {}, self.entries(asking)
        page, chosen = self._page(asking), partial.get("chosen", [])
        plain = asking.words.plain
        shown = tuple(
            (Option(value, plain("kit.several.on", label=label) if value in chosen else label),)
            for value, label in list(entries.items())[page * PAGE : (page + 1) * PAGE]
        )
        back = (Option(f"{_PAGE}{page - 1}", plain("officer.page.back.button")),) if page else ()
        more = (page + 1) * PAGE < len(entries)
        on = (Option(f"{_PAGE}{page + 1}", plain("officer.page.more.button")),) if more else ()
        return Screen(options=(*shown, (*back, *on), (Option(DONE, plain("kit.several.done")),)))

    def press(self, asking: Asking, value: str) -> Outcome:
        """Switch one, turn the page, or end."""
        chosen = list((asking.partial or {}).get("chosen", []))
        if value == DONE:
            known = self.entries(asking)
            kept = [one for one in chosen if one in known]
            return Taken(kept) if kept else Problem("kit.problem.several")
        if value.startswith(_PAGE):
            number = value.removeprefix(_PAGE)
            page = int(number) if number.isdecimal() and len(number) < 6 else 0
            return Partial({"chosen": chosen, "page": page}, keep=False)
        if value not in self.entries(asking):
            return Problem("kit.problem.choice")
        on = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
        return Partial({"chosen": on, "page": self._page(asking)})

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """Labels, or how they begin, with commas between: they are switched on. ``done`` ends."""
        typed, entries = incoming.text or "", self.entries(asking)
        if fold(typed) in typed_words(asking.words, "done"):
            return self.press(asking, DONE)
        found = [find_label(part, entries) for part in _BETWEEN.split(typed) if part.strip()]
        if not found or None in found:
            return Problem("kit.problem.choice")
        chosen = (asking.partial or {}).get("chosen", [])
        return Partial({"chosen": list(dict.fromkeys([*chosen, *found])), "page": self._page(asking)})

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
        entries = self.entries(asking)
        return ", ".join(entries.get(one, "") for one in value)

    def _page(self, asking: Asking) -> int:
        last = max(0, (len(self.entries(asking)) - 1) // PAGE)
        return min(int((asking.partial or {}).get("page", 0)), last)
