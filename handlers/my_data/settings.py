"""How quiet the bot is: what a message says before it is tapped, when it may come, reminders of drafts."""

from __future__ import annotations

from datetime import time

from handlers.keyboards import Button, Rows
from handlers.my_data.start import HANDLE, back_button
from handlers.turn import Turn
from handlers.words import Html
from storage.models import Person

Hours = tuple[time, time]
_OTHER_HOURS: tuple[Hours, ...] = ((time(22), time(7)), (time(18), time(10)), (time(0), time(0)))
"""Beside the policy's. The same time twice: messages may come at any time."""


def show(turn: Turn) -> None:
    """How it is set now, with a button to change each."""
    person = turn.person
    lines = [
        turn.words("my_data.settings.top"),
        turn.words("my_data.settings.discreet" if person.discreet else "my_data.settings.open"),
        _hours_line(turn),
        turn.words("my_data.settings.drafts_on" if person.draft_reminders else "my_data.settings.drafts_off"),
    ]
    turn.edit(HANDLE, Html("\n\n".join(lines)), _rows(turn), or_send=True)


def switch_discreet(turn: Turn) -> None:
    """Whether a message says what it is about before it is tapped."""
    turn.person.discreet = not turn.person.discreet
    show(turn)


def switch_draft_reminders(turn: Turn) -> None:
    """Whether they are reminded, once, of what they began."""
    turn.person.draft_reminders = not turn.person.draft_reminders
    show(turn)


def ask_hours(turn: Turn) -> None:
    """When no message should come."""
    rows = tuple(
        (Button(_hours_name(turn, hours), f"p:hours:{number}"),) for number, hours in enumerate(_hours(turn))
    )
    turn.edit(HANDLE, turn.words("my_data.settings.hours.ask"), (*rows, (_back(turn),)), or_send=True)


def choose_hours(turn: Turn, number: int | None) -> None:
    """One of the offered hours; a number that isn't offered changes nothing."""
    offered = _hours(turn)
    if number is not None and number < len(offered):
        turn.person.quiet_from, turn.person.quiet_to = offered[number] if number else (None, None)
    show(turn)


def hours_of(turn: Turn, person: Person) -> Hours:
    """The local times between which they are left in peace."""
    usual = turn.service.policy.privacy
    start = usual.quiet_from if person.quiet_from is None else person.quiet_from
    end = usual.quiet_to if person.quiet_to is None else person.quiet_to
    return start, end


def _hours(turn: Turn) -> tuple[Hours, ...]:
    usual = turn.service.policy.privacy
    return ((usual.quiet_from, usual.quiet_to), *_OTHER_HOURS)


def _hours_name(turn: Turn, hours: Hours) -> str:
    start, end = hours
    if start == end:
        return turn.words.plain("my_data.settings.hours.never.button")
    words = turn.words
    return words.plain("my_data.settings.hours.button", start=words.time(start), end=words.time(end))


def _hours_line(turn: Turn) -> Html:
    start, end = hours_of(turn, turn.person)
    if start == end:
        return turn.words("my_data.settings.always")
    return turn.words("my_data.settings.quiet", start=turn.words.time(start), end=turn.words.time(end))


def _rows(turn: Turn) -> Rows:
    plain, person = turn.words.plain, turn.person
    discreet = "my_data.settings.open.button" if person.discreet else "my_data.settings.discreet.button"
    drafts = "off" if person.draft_reminders else "on"
    return (
        (Button(plain(discreet), "p:discreet"),),
        (Button(plain("my_data.settings.quiet.button"), "p:quiet"),),
        (Button(plain(f"my_data.settings.drafts_{drafts}.button"), "p:drafts"),),
        (back_button(turn),),
    )


def _back(turn: Turn) -> Button:
    return Button(turn.words.plain("my_data.settings.back.button"), "p:settings")
