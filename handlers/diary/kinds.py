"""Kinds of answer that only a diary has: a line with ready-made answers, and a time of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.diary import Band
from casework.when import InFuture, TwoReadings, Understood, understand
from handlers.forms.kinds.choice import find_choice, label_from_words, typed_words
from handlers.forms.kinds.choice import fold as fold_words
from handlers.forms.kinds.kind import Asking, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.forms.kinds.text import SHORT, clean
from handlers.forms.kinds.when import When, from_json, to_json
from handlers.incoming import Incoming

LONGEST = 40
"""Characters of a time."""


@dataclass(frozen=True, slots=True)
class IncidentWhen(When):
    """A day, and a time where one was said; what was not said is asked for next."""

    def branch(self, value: Any) -> str:
        """``timed``, ``part`` of the day, or ``day`` only."""
        if value.get("at"):
            return "timed"
        return "part" if value.get("part") else "day"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of their own, or one of the ready-made answers. The answer is ``{"pick"}`` or ``{"text"}``."""

    picks: tuple[str, ...]
    across: int = 2
    longest: int = SHORT

    def screen(self, asking: Asking) -> Screen:
        """The ready-made answers."""
        options = tuple(Option(pick, label_from_words(asking, pick)) for pick in self.picks)
        rows = tuple(options[at : at + self.across] for at in range(0, len(options), self.across))
        return Screen(options=rows)

    def press(self, asking: Asking, value: str) -> Outcome:
        """One of them."""
        return Taken({"pick": value}) if value in self.picks else Problem("kit.problem.choice")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A line; the words of a ready-made answer are that answer."""
        text = clean(incoming.text or "")
        if not text:
            return Problem("kit.problem.text")
        if len(text) > self.longest:
            return Problem("kit.problem.long", {"most": str(self.longest)})
        folded = fold_words(text)
        for pick in self.picks:
            if folded == fold_words(label_from_words(asking, pick)):
                return Taken({"pick": pick})
        return Taken({"text": text})

    def reopen(self, value: Any) -> None:
        """A line is simply typed again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is complete."""

    def branch(self, value: Any) -> str:
        """The ready-made answer, or ``text``."""
        return str(value.get("pick", "text"))

    def show(self, asking: Asking, value: Any) -> str:
        """The line."""
        return label_from_words(asking, value["pick"]) if "pick" in value else str(value["text"])


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time on the day of the answer ``when``; or one of ``picks``, such as a band of the day.

    The answer is ``{"at"}`` in UTC with ``approximate``, or ``{"pick"}``.
    """

    picks: tuple[str, ...]

    def screen(self, asking: Asking) -> Screen:
        """The ready-made answers; or the two times that what was typed can be."""
        readings = self._readings(asking)
        if readings:
            again = Option("again", asking.words.plain("kit.confirm.again"))
            rows = tuple((Option(str(n), self._clock(asking, one)),) for n, one in enumerate(readings))
            return Screen(text=asking.words("kit.when.which"), options=(*rows, (again,)))
        options = tuple(Option(pick, label_from_words(asking, pick)) for pick in self.picks)
        return Screen(options=tuple(options[at : at + 2] for at in range(0, len(options), 2)))

    def press(self, asking: Asking, value: str) -> Outcome:
        """A ready-made answer, or the reading that is right."""
        readings = self._readings(asking)
        if value == "again":
            return Partial({}, keep=False)
        if value.isdecimal() and int(value) < len(readings):
            return Taken(_kept(readings[int(value)]))
        return Taken({"pick": value}) if value in self.picks else Problem("kit.problem.choice")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A time as people type it, on the day of the incident."""
        text = clean(incoming.text or "")
        if self._readings(asking) and fold_words(text) in typed_words(asking.words, "no"):
            return self.press(asking, "again")
        pick = (
            find_choice(asking, text, self.picks, label_from_words) if text and not text.isdigit() else None
        )
        if pick is not None:
            return self.press(asking, pick)
        if not text or len(text) > LONGEST:
            return Problem("diary.problem.time")
        day = date.fromisoformat(asking.answers["when"]["day"])
        reading = understand(f"{day:%d/%m/%Y} {text}", asking.now, asking.calendar.zone)
        if isinstance(reading, TwoReadings) and _is_midnight(asking, reading):
            return Taken(_kept(reading.first))
        if isinstance(reading, TwoReadings):
            return Partial({"readings": [to_json(reading.first), to_json(reading.second)]})
        if isinstance(reading, InFuture):
            return Problem("diary.problem.time_ahead")
        if not isinstance(reading, Understood) or reading.at is None:
            return Problem("diary.problem.time")
        return Taken(_kept(reading))

    def reopen(self, value: Any) -> None:
        """A time is simply given again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is sure."""

    def branch(self, value: Any) -> str:
        """The ready-made answer, or ``timed``."""
        return str(value.get("pick", "timed"))

    def show(self, asking: Asking, value: Any) -> str:
        """The time, or the ready-made answer."""
        if "pick" in value:
            return label_from_words(asking, value["pick"])
        at = datetime.fromisoformat(value["at"]).astimezone(asking.calendar.zone)
        return asking.words.time(at.time())

    def _readings(self, asking: Asking) -> list[Understood]:
        return [from_json(one) for one in (asking.partial or {}).get("readings", [])]

    def _clock(self, asking: Asking, reading: Understood) -> str:
        if reading.at is None:
            return asking.words.day(reading.day, asking.calendar.local_day(asking.now))
        return asking.words.time(reading.at.astimezone(asking.calendar.zone).time())


def _is_midnight(asking: Asking, readings: TwoReadings) -> bool:
    """Whether both show the same on a clock: midnight of a day is taken as the end of it."""
    both = [
        one.at.astimezone(asking.calendar.zone).time() for one in (readings.first, readings.second) if one.at
    ]
    return len(set(both)) == 1


def _kept(reading: Understood) -> dict[str, Any]:
    return {"at": reading.at.isoformat() if reading.at else None, "approximate": reading.approximate}


def bands() -> tuple[str, ...]:
    """The bands as ready-made answers."""
    return tuple(band.value for band in Band)


__all__ = ["IncidentWhen", "Line", "TimeOfDay", "bands"]
