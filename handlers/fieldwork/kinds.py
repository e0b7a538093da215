"""Kinds of answer that look ahead: a day on which the team works, and a time on that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from casework.coming_days import (
    ComingDay,
    PastDay,
    next_working_days,
    on_a_working_day,
    read_coming_day,
    read_time,
)
from casework.errors import BeyondCalendar
from casework.working_days import SkippedDay, SkipReason, WorkingCalendar
from handlers.forms.kinds.kind import Asking, Option, Outcome, Problem, Screen, Taken
from handlers.forms.kinds.text import clean
from handlers.incoming import Incoming
from handlers.words import Words

OFFERED_DAYS = 6
OFFERED_HOURS = (9, 10, 11, 13, 14, 15, 16)
EARLIEST, LATEST = time(7), time(20)
"""When somebody may be called on at home."""


def why_not(words: Words, skipped: SkippedDay, today: date) -> str:
    """ "Friday 25 December is Christmas Day"."""
    day = words.day(skipped.day, today)
    if skipped.reason is SkipReason.WEEKEND:
        return words.plain("visits.day.weekend.label", day=day)
    return words.plain("visits.day.named.label", day=day, name=skipped.name)


@dataclass(frozen=True, slots=True)
class WorkingDayAhead:
    """A working day from today on: ``{"day"}``, and in ``asked`` what was meant where that is none."""

    def screen(self, asking: Asking) -> Screen:
        """The next working days; any other is typed."""
        today = asking.calendar.local_day(asking.now)
        try:
            days = next_working_days(asking.now, OFFERED_DAYS, asking.calendar)
        except BeyondCalendar:
            days = ()
        options = tuple(Option(day.isoformat(), asking.words.day(day, today)) for day in days)
        rows = tuple(options[at : at + 2] for at in range(0, len(options), 2))
        return Screen(note=asking.words("visits.day.hint"), options=rows)

    def press(self, asking: Asking, value: str) -> Outcome:
        """One of the days; an old button may name one that is over."""
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return Problem("kit.problem.choice")
        if day < asking.calendar.local_day(asking.now):
            return self._taken(asking, PastDay(day))
        try:
            return self._taken(asking, on_a_working_day(day, asking.calendar))
        except BeyondCalendar as error:
            return self._too_far(asking, error)

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A day as people type it."""
        try:
            return self._taken(
                asking, read_coming_day(clean(incoming.text or ""), asking.now, asking.calendar)
            )
        except BeyondCalendar as error:
            return self._too_far(asking, error)

    def _taken(self, asking: Asking, found: ComingDay | PastDay | None) -> Outcome:
        today = asking.calendar.local_day(asking.now)
        if found is None:
            return Problem("visits.problem.day")
        if isinstance(found, PastDay):
            return Problem("visits.problem.past", {"day": asking.words.day(found.day, today)})
        asked = found.instead_of.day.isoformat() if found.instead_of else None
        return Taken({"day": found.day.isoformat(), "asked": asked})

    def _too_far(self, asking: Asking, error: BeyondCalendar) -> Problem:
        today = asking.calendar.local_day(asking.now)
        return Problem("visits.problem.far", {"day": asking.words.day(error.verified_until, today)})

    def reopen(self, value: Any) -> None:
        """A day is simply given again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is complete."""

    def branch(self, value: Any) -> str:
        """Given is given."""
        return "given"

    def show(self, asking: Asking, value: Any) -> str:
        """The day, and why it is not the one that was meant."""
        today = asking.calendar.local_day(asking.now)
        day = asking.words.day(date.fromisoformat(value["day"]), today)
        why = moved_because(asking.words, value, asking.calendar, today)
        return day if why is None else asking.words.plain("visits.day.moved.label", day=day, why=why)


def moved_because(words: Words, value: dict[str, Any], calendar: WorkingCalendar, today: date) -> str | None:
    """Why the day is not the one that was meant; None where it is."""
    if not value.get("asked"):
        return None
    meant = on_a_working_day(date.fromisoformat(value["asked"]), calendar).instead_of
    return None if meant is None else why_not(words, meant, today)


@dataclass(frozen=True, slots=True)
class TimeAhead:
    """A time of the day that was answered as ``day``: ``HH:MM``, local."""

    def screen(self, asking: Asking) -> Screen:
        """The hours of a working day that are still to come."""
        free = [hour for hour in OFFERED_HOURS if not is_over(asking, time(hour))]
        options = tuple(Option(f"{hour:02}00", asking.words.time(time(hour))) for hour in free)
        return Screen(options=tuple(options[at : at + 3] for at in range(0, len(options), 3)))

    def press(self, asking: Asking, value: str) -> Outcome:
        """One of the hours."""
        if value not in {f"{hour:02}00" for hour in OFFERED_HOURS}:
            return Problem("kit.problem.choice")
        return self._taken(asking, time(int(value[:2])))

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """A time as people type it."""
        return self._taken(asking, read_time(clean(incoming.text or "")))

    def _taken(self, asking: Asking, clock: time | None) -> Outcome:
        if clock is None:
            return Problem("visits.problem.time")
        if not EARLIEST <= clock <= LATEST:
            first, last = asking.words.time(EARLIEST), asking.words.time(LATEST)
            return Problem("visits.problem.hours", {"first": first, "last": last})
        if is_over(asking, clock):
            return Problem("visits.problem.over", {"time": asking.words.time(clock)})
        return Taken(clock.isoformat("minutes"))

    def reopen(self, value: Any) -> None:
        """A time is simply given again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Nothing is an answer before it is complete."""

    def branch(self, value: Any) -> str:
        """Given is given."""
        return "given"

    def show(self, asking: Asking, value: Any) -> str:
        """The time as people say it."""
        return asking.words.time(time.fromisoformat(value))


def is_over(asking: Asking, clock: time) -> bool:
    """Whether that time of the chosen day has passed."""
    chosen = asking.answers.get("day")
    return chosen is not None and moment_of(asking, chosen, clock) <= asking.now


def moment_of(asking: Asking, chosen: dict[str, Any], clock: time) -> datetime:
    """The instant of a day and a time that were answered, in UTC."""
    return asking.calendar.at(date.fromisoformat(chosen["day"]), clock)
