"""What the card offers where the person has no Telegram: their letters, and keying in a sheet of their diary."""

from __future__ import annotations

from casework.roles import Permission, may
from handlers.keyboards import Button
from handlers.phone_instead import has_no_chat
from handlers.turn import Turn
from storage.cases import Parties


def paper_buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """For officers; nothing for people with a chat, who keep their diary themselves."""
    case, person, plain = parties.case, parties.reporter, turn.words.plain
    if person is None or not has_no_chat(person) or not may(turn.actor.role, Permission.KEY_IN):
        return ()
    letters = (Button(plain("paper_bridge.letters.button"), f"g:letters:{case.id}"),)
    sheet = (Button(plain("paper_bridge.sheet.button"), f"g:sheet:{case.id}"),)
    return letters if case.closed_at is not None else (*letters, *sheet)
