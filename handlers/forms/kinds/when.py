"""When something happened: now, today, yesterday by a tap; anything else typed, and read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casework.when import InFuture, PartOfDay, TwoReadings, Understood, understand
from handlers.forms.kinds.choice import find_choice, fold, typed_words
from handlers.forms.kinds.kind import Asking, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.incoming import Incoming
from handlers.words import Html

LONGEST = 200
QUICK = ("now", "today", "yesterday")
SURELY_MEANT = 5
"""Letters: "yes" begins like yesterday, and a number is not one of the buttons here."""


def to_json(moment: Understood) -> dict[str, Any]:
    """As it is kept with the draft: the local day, the instant in UTC where one was given, and how sure."""
    return {
        "day": moment.day.isoformat(),
        "at": moment.at.isoformat() if moment.at else None,
        "approximate": moment.approximate,
        "part": moment.part.value if moment.part else None,
    }


def from_json(value: dict[str, Any]) -> Understood:
    """What ``to_json`` kept."""
    at = datetime.fromisoformat(value["at"]) if value["at"] else None
    part = PartOfDay(value["part"]) if value.get("part") else None
    return Understood(date.fromisoformat(value["day"]), at, bool(value["approximate"]), part)


@dataclass(frozen=True, slots=True)
class When:
    """A day, with a time where one was given; *approximate* is kept as such."""

    def screen(self, asking: Asking) -> Screen:
        """The quick answers; or what was understood, to be confirmed."""
        readings = self._readings(asking)
        if not readings:
            options = tuple(Option(v, asking.words.plain(f"kit.when.{v}")) for v in QUICK)
            return Screen(note=asking.words("kit.when.hint"), options=(options,))
        if len(readings) == 1:
            text = asking.words("kit.when.confirm", when=spoken(asking, readings[0]))
            return Screen(
                text=text,
                options=(
                    (Option("0", asking.words.plain("kit.confirm.yes")),),
                    (Option("again", asking.words.plain("kit.confirm.again")),),
                ),
            )
        rows = tuple((Option(str(n), str(spoken(asking, one))),) for n, one in enumerate(readings))
        again = (Option("again", asking.words.plain("kit.confirm.again")),)
        return Screen(text=asking.words("kit.when.which"), options=(*rows, again))

    def press(self, asking: Asking, value: str) -> Outcome:
        """A quick answer, or the reading that is right."""
        readings = self._readings(asking)
        if value == "again":
            return Partial({}, keep=False)
        if value.isdigit() and int(value) < len(readings):
            return Taken(to_json(readings[int(value)]))
        today = asking.calendar.local_day(asking.now)
        if value == "now":
            return Taken(to_json(Understood(today, asking.now)))
        if value in QUICK:
            day = today - timedelta(days=QUICK.index(value) - 1)
            return Taken(to_json(Understood(day, approximate=True)))
        return Problem("kit.problem.choice")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A date as people type it. What has not happened yet is asked for again."""
        text = (incoming.text or "").strip()
        if (shown := self._shown_typed(asking, text)) is not None:
            return self.press(asking, shown)
        quick = find_choice(asking, text, QUICK, lambda a, v: a.words.plain(f"kit.when.{v}"))
        if quick and self._is_all_of_it(asking, quick, text):
            return self.press(asking, quick)
        if not text or len(text) > LONGEST:
            return Problem("kit.problem.when")
        reading = understand(text, asking.now, asking.calendar.zone)
        if isinstance(reading, Understood):
            return Partial({"readings": [to_json(reading)]})
        if isinstance(reading, TwoReadings):
            return Partial({"readings": [to_json(reading.first), to_json(reading.second)]})
        if isinstance(reading, InFuture):
            today = asking.calendar.local_day(asking.now)
            return Problem("kit.problem.future", {"today": asking.words.day(today, today)})
        return Problem("kit.problem.when")

    def _is_all_of_it(self, asking: Asking, quick: str, text: str) -> bool:
        """Whether the text is the button's words and no more: "yesterday 9pm" says more than *Yesterday*."""
        label = fold(asking.words.plain(f"kit.when.{quick}"))
        return SURELY_MEANT <= len(fold(text)) <= len(label) + 1

    def _shown_typed(self, asking: Asking, text: str) -> str | None:
        """The reading that was chosen by its number or by "yes"; *again* for "no"."""
        readings, folded = self._readings(asking), fold(text)
        if len(readings) == 1 and folded in typed_words(asking.words, "yes"):
            return "0"
        if readings and folded in typed_words(asking.words, "no"):
            return "again"
        values = (*(str(n) for n in range(len(readings))), "again")
        number = int(folded) if readings and folded.isdecimal() and len(folded) == 1 else 0
        return values[number - 1] if 1 <= number <= len(values) else None

    def reopen(self, value: Any) -> None:
        """A date is simply given again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it was confirmed."""

    def branch(self, value: Any) -> str:
        """Given is given."""
        return "given"

    def show(self, asking: Asking, value: Any) -> str:
        """The day with its weekday, and the time where one was given."""
        return str(spoken(asking, from_json(value)))

    def _readings(self, asking: Asking) -> list[Understood]:
        return [from_json(one) for one in (asking.partial or {}).get("readings", [])]


def spoken(asking: Asking, moment: Understood) -> Html:
    """``Tuesday 17 November, about 10pm``."""
    today = asking.calendar.local_day(asking.now)
    day = asking.words.day(moment.day, today)
    if moment.part is not None:
        return asking.words(f"kit.when.part.{moment.part.value}", day=day)
    if moment.at is None:
        return Html(day)
    clock = asking.words.time(moment.at.astimezone(asking.calendar.zone).time())
    key = "kit.when.about" if moment.approximate else "kit.when.exact"
    return asking.words(key, day=day, time=clock)
