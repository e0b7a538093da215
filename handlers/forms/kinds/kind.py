"""What every kind of answer can do: show its question, take what came, and read an answer back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from casework.policy import Policy
from casework.working_days import WorkingCalendar
from handlers.incoming import Incoming
from handlers.keyboards import ReplyKeyboard
from handlers.words import Html, Words


@dataclass(frozen=True, slots=True)
class Asking:
    """All that a kind may look at while it asks or takes one answer."""

    form: str
    key: str
    words: Words
    policy: Policy
    calendar: WorkingCalendar
    now: datetime  # aware, UTC
    answers: Mapping[str, Any]
    sender_name: str
    partial: dict[str, Any] | None = None
    files: int = 0  # how many files are with the draft so far

    @property
    def prefix(self) -> str:
        """Where this question's texts are."""
        return f"{self.form}.{self.key}"


@dataclass(frozen=True, slots=True)
class Option:
    """A button that answers: its value travels in the button, its label can be typed."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What a question shows besides its text: a line of its own, and the buttons in rows."""

    text: Html | None = None  # instead of the question's own text
    note: Html | None = None  # after it
    options: tuple[tuple[Option, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A whole answer."""

    value: Any


@dataclass(frozen=True, slots=True)
class Partial:
    """Part of an answer: kept with the draft; the question shows itself again with it."""

    state: dict[str, Any]
    keyboard: ReplyKeyboard | None = None  # a throw-away keyboard of the app (contact, location)
    keep: bool = True  # whether what came holds something the person told us (a tap on "no" does not)


@dataclass(frozen=True, slots=True)
class Problem:
    """What came can't be an answer. ``key`` names the one sentence that says how to put it right."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


Outcome = Taken | Partial | Problem


class Kind(Protocol):
    """A kind of answer. Values and partial states are JSON."""

    def screen(self, asking: Asking) -> Screen:
        """What to show for the question now."""
        ...

    def press(self, asking: Asking, value: str) -> Outcome:
        """A tap on one of the buttons that ``screen`` offered."""
        ...

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """Something typed or sent."""
        ...

    def reopen(self, value: Any) -> dict[str, Any] | None:
        """The partial state from which an answer given before is changed; None to begin anew."""
        ...

    def settle(self, partial: dict[str, Any]) -> Any:
        """The answer that a partial state already is; None where it is none yet."""
        ...

    def branch(self, value: Any) -> str:
        """The name of the branch that the answer opens."""
        ...

    def show(self, asking: Asking, value: Any) -> str:
        """The answer in words, plain text, as *Check your answers* lists it."""
        ...


Labeller = Callable[[Asking, str], str]
