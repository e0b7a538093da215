"""What this package brings: its forms, commands, buttons and jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.forms.flow import Form
from handlers.keyboards import Button
from handlers.planning import leave, leave_form, moving, returning, reviews, snooze
from handlers.turn import Service, Turn
from storage.cases import Parties

_ACTS: dict[str, Callable[[Turn, list[str]], None]] = {
    "dates": moving.choose_pressed,
    "move": moving.move_pressed,
    "agree": moving.decide_pressed,
    "keep": moving.decide_pressed,
    "rev": reviews.pressed,
    "remind": snooze.ask_pressed,
    "later": snooze.wait_pressed,
    "tomorrow": snooze.wait_pressed,
    "who": leave.who_pressed,
    "plan": leave.plan_pressed,
    "change": leave.change_pressed,
    "end": leave.end_pressed,
    "work": leave.work_pressed,
}
"""Buttons by the second part of their data."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``j:<act>:…``. A forged act shows the leave, and changes nothing."""
    act = _ACTS.get(parts[1]) if len(parts) > 1 else None
    if act is None:
        leave.show(turn)
    else:
        act(turn, parts)


def card_buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """What the card's second keyboard offers."""
    offers = (reviews.buttons, moving.buttons, snooze.buttons)
    return tuple(button for offer in offers for button in offer(turn, parties))


FORMS: tuple[Form, ...] = (moving.MOVE, reviews.REVIEWED, leave_form.LEAVE)
COMMANDS: dict[str, Callable[[Turn], None]] = {"leave": leave.show}
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {"j": pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {
    returning.JOB: returning.welcome_back,
}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""
