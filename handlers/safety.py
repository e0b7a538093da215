"""What a person in danger reads: 999 first, then who else helps."""

from __future__ import annotations

from casework.policy import Contact
from handlers.turn import Turn
from handlers.words import Html

EMERGENCY = "emergency"
SILENT = "silent_999"


def danger_text(turn: Turn, kind: str, *, kept: bool = True) -> Html:
    """999, how to call without speaking, and who else helps in this kind of danger. Numbers are policy.

    ``kept``: whether there is an open form that holds what was said.
    """
    policy = turn.service.policy
    emergency = policy.contact(EMERGENCY).value
    press = policy.contact(SILENT).value
    parts = [
        turn.words("safety.call", emergency=emergency),
        turn.words("safety.silent", emergency=emergency, press=press),
    ]
    listed = next((danger.contacts for danger in policy.danger if danger.key == kind), ())
    parts += [
        contact_line(turn, contact)
        for contact in policy.shown(*listed)
        if contact.key not in (EMERGENCY, SILENT)
    ]
    parts.append(turn.words("safety.not_watched" if kept else "safety.not_kept"))
    return Html("\n".join(parts))


def numbers(turn: Turn) -> dict[str, str]:
    """The numbers that residents may be given, by their keys: what a sentence may name."""
    return {contact.key: contact.value for contact in turn.service.policy.contacts if contact.may_be_shown}


def contact_line(turn: Turn, contact: Contact) -> Html:
    """Who, the number, and when they answer."""
    if contact.hours:
        return turn.words(
            "safety.contact.hours", who=contact.label, number=contact.value, hours=contact.hours
        )
    return turn.words("safety.contact.line", who=contact.label, number=contact.value)
