"""A person and their own data: notice, copy, correction, erasure, discretion; and what is deleted by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers import privacy
from handlers.forms.flow import Form
from handlers.my_data import (
    changing,
    discretion,
    draft_reminders,
    erasing,
    hiding,
    holding,
    housekeeping,
    requests,
    settings,
    start,
)
from handlers.my_data.opening import begin
from handlers.officers.access import number_in
from handlers.turn import Service, Turn

__all__ = ["COMMANDS", "DAILY", "FORMS", "PRESSES", "pressed"]

FORMS: tuple[Form, ...] = (changing.CHANGE, requests.ASK)
COMMANDS: dict[str, Callable[[Turn], None]] = {
    "mydata": start.show,
    "hide": hiding.clear_chat,
    "hold": holding.hold,
    "unhold": holding.release,
}

_ACTS: dict[str, Callable[[Turn], None]] = {
    "back": start.back,
    "copy": start.ask_copy,
    "send": start.send_copy,
    "change": lambda turn: begin(turn, changing.CHANGE),
    "ask": lambda turn: begin(turn, requests.ASK),
    "settings": settings.show,
    "discreet": settings.switch_discreet,
    "drafts": settings.switch_draft_reminders,
    "quiet": settings.ask_hours,
    "erase": erasing.explain,
    "erase1": erasing.confirm,
    "erase2": erasing.erase,
    "notice": privacy.show,
    "nodrafts": draft_reminders.stop,
    "start": start.show,
}


def pressed(turn: Turn, parts: list[str]) -> None:
    """``p:<act>``, with a number where it is about one of several."""
    act = parts[1] if len(parts) > 1 else ""
    if act == discretion.SHOW:
        discretion.show(turn, number_in(parts, 2))
    elif act == "hours":
        settings.choose_hours(turn, number_in(parts, 2))
    elif act == "req":
        requests.act(turn, parts)
    else:
        _ACTS.get(act, start.show)(turn)


PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {discretion.PRESS: pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {
    "notices": discretion.send_waiting,
    "begun": draft_reminders.remind,
    "retention": housekeeping.at_night,
}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""
