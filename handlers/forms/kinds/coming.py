"""A day that lies ahead: by a tap or typed, and read back. A weekend or bank holiday is said to be one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework.coming import understand_coming
from casework.errors import BeyondCalendar
from handlers.forms.kinds.choice import find_choice, fold, typed_words
from handlers.forms.kinds.kind import Asking, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.incoming import Incoming

QUICK = {"today": 0, "tomorrow": 1, "week": 7, "fortnight": 14}
AGAIN = "again"


def day_of(value: dict[str, Any]) -> date:
    """The day of an answer."""
    return date.fromisoformat(value["day"])


def _today(asking: Asking) -> date:
    return asking.calendar.local_day(asking.now)


@dataclass(frozen=True, slots=True)
class Coming:
    """One day, from ``earliest`` on. ``working``: one that doesn't count is taken as the next that does."""

    quick: tuple[str, ...] = ("tomorrow", "week", "fortnight")
    working: bool = True
    earliest: Callable[[Asking], date] = _today

    def screen(self, asking: Asking) -> Screen:
        """The quick answers; or what was understood, to be confirmed."""
        days = self._days(asking)
        if not days:
            options = tuple(Option(name, _quick_label(asking, name)) for name in self.quick)
            return Screen(note=asking.words("dates.day.hint"), options=(options,))
        again = (Option(AGAIN, asking.words.plain("kit.confirm.again")),)
        if len(days) > 1:
            rows = tuple((Option(str(n), _spoken(asking, day)),) for n, day in enumerate(days))
            return Screen(text=asking.words("dates.day.which"), options=(*rows, again))
        taken, key = self._taken(asking, days[0]), "dates.day.confirm"
        values = {"day": _spoken(asking, days[0])}
        if taken != days[0]:
            key, values = "dates.day.confirm.shifted", {**values, "working": _spoken(asking, taken)}
        yes = (Option("0", asking.words.plain("kit.confirm.yes")),)
        return Screen(text=asking.words(key, **values), options=(yes, again))

    def press(self, asking: Asking, value: str) -> Outcome:
        """A quick answer, the day that was read back, or the one of two that is right."""
        days = self._days(asking)
        if value == AGAIN:
            return Partial({}, keep=False)
        if value.isdecimal() and int(value) < len(days):
            chosen = days[int(value)]
            return self._one(asking, chosen) if len(days) > 1 else self._answer(asking, chosen)
        if value in self.quick:
            return self._one(asking, _today(asking) + timedelta(days=QUICK[value]))
        return Problem("kit.problem.choice")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A day as people type it, or yes and no to what was read back."""
        text = (incoming.text or "").strip()
        days, folded = self._days(asking), fold(text)
        if len(days) == 1 and folded in typed_words(asking.words, "yes"):
            return self.press(asking, "0")
        if days and folded in typed_words(asking.words, "no"):
            return self.press(asking, AGAIN)
        quick = find_choice(asking, text, self.quick, _quick_label) if not folded.isdecimal() else None
        found = understand_coming(text, _today(asking))
        if not found and quick:
            return self.press(asking, quick)
        fitting = [day for day in found if day >= self.earliest(asking)]
        if len(fitting) > 1:
            return Partial({"days": [day.isoformat() for day in fitting]})
        if not found:
            return Problem("dates.day.problem")
        return self._checked(asking, fitting[0] if fitting else found[0])

    def reopen(self, value: Any) -> None:
        """A day is simply given again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it was confirmed."""

    def branch(self, value: Any) -> str:
        """Given is given."""
        return "given"

    def show(self, asking: Asking, value: Any) -> str:
        """The day with its weekday."""
        return _spoken(asking, day_of(value))

    def _one(self, asking: Asking, day: date) -> Outcome:
        """A day that was tapped: asked about only where another is taken in its place."""
        checked = self._checked(asking, day)
        if isinstance(checked, Problem) or self._taken(asking, day) != day:
            return checked
        return self._answer(asking, day)

    def _checked(self, asking: Asking, day: date) -> Outcome:
        """The day to be confirmed; the one sentence that says what is not right with it."""
        earliest = self.earliest(asking)
        if day < earliest:
            values = {"day": _spoken(asking, day), "earliest": _spoken(asking, earliest)}
            return Problem("dates.day.past" if day < _today(asking) else "dates.day.early", values)
        try:
            self._taken(asking, day)
        except BeyondCalendar:
            return Problem("dates.day.too_far")
        return Partial({"days": [day.isoformat()]})

    def _answer(self, asking: Asking, day: date) -> Outcome:
        return Taken({"day": self._taken(asking, day).isoformat()})

    def _taken(self, asking: Asking, day: date) -> date:
        """The day itself where it counts or need not. Raises BeyondCalendar."""
        if not self.working:
            asking.calendar.is_working_day(day)
            return day
        return asking.calendar.next_working_day(day)

    def _days(self, asking: Asking) -> list[date]:
        return [date.fromisoformat(one) for one in (asking.partial or {}).get("days", [])]


def _quick_label(asking: Asking, name: str) -> str:
    return asking.words.plain(f"dates.day.{name}")


def _spoken(asking: Asking, day: date) -> str:
    return asking.words.day(day, _today(asking))
