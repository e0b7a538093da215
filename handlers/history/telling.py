"""A line of history in words, as somebody outside the team can read it years later."""

from __future__ import annotations

from handlers.words import Words
from storage.models import CaseEvent, Person
from storage.people import display_name

STAFF = ("officer", "manager")
_TOLD = ("note", "text", "what", "done", "reason_text", "before", "after", "answer")
"""What people wrote, in the details of the lines that hold it."""


def who_acted(words: Words, event: CaseEvent, person: Person | None) -> str:
    """Staff by name and role, everybody else by what they are to the case."""
    role = words.plain(f"history.role.{event.actor_role}.name")
    name = display_name(person) if person is not None and event.actor_role in STAFF else ""
    return words.plain("history.staff.name", name=name, role=role) if name else role


def what_happened(words: Words, event: CaseEvent) -> str:
    """What was done, and from which state to which."""
    key = f"officer.event.{event.kind}.name"
    done = words.plain(key) if words.has(key) else event.kind.replace("_", " ")
    before, after = (_state(words, event.detail.get(place)) for place in ("from", "to"))
    if before and after and before != after:
        return words.plain("history.moved.name", what=done, before=before, after=after)
    return done


def what_was_written(event: CaseEvent) -> str:
    """What the line holds in people's own words; nothing where it only says that something was done."""
    parts = [event.detail.get(name) for name in _TOLD]
    return "\n".join(part for part in parts if isinstance(part, str) and _is_prose(part))


def _state(words: Words, state: object) -> str:
    key = f"officer.status.{state}.name"
    return words.plain(key) if isinstance(state, str) and words.has(key) else ""


def _is_prose(part: str) -> bool:
    """Not the name of one of several values, such as ``pdf`` or ``unable_to_contact``."""
    return " " in part or not (part.isascii() and part.islower() and part.replace("_", "").isalnum())
