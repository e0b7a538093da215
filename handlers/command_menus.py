"""What Telegram shows beside the typing box and before Start. What a role may do is checked elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from casework.roles import Role, may
from handlers.home import COMMANDS_OF_MENU, facts
from handlers.turn import Service, Turn
from handlers.words import ENGLISH, Words
from storage import outbox


@dataclass(frozen=True, slots=True)
class Front:
    """What everybody sees of the bot in one language; None as language code stands for all others."""

    language_code: str | None
    commands: dict[str, str]
    description: str
    short_description: str


def commands_for(role: Role, words: Words) -> dict[str, str]:
    """The commands of a role with their descriptions."""
    return {
        name: words.plain(f"menu.command.{name}")
        for name, permission in COMMANDS_OF_MENU
        if permission is None or may(role, permission)
    }


def menus_for_everybody(service: Service) -> list[Front]:
    """One for each language that is offered; English for all others."""
    fronts: list[Front] = []
    for language in service.catalogs.offered():
        words = service.words(language)
        known = facts(service, words)
        fronts.append(
            Front(
                None if language == ENGLISH else language,
                commands_for(Role.RESIDENT, words),
                words.plain("menu.bot.description", **known),
                words.plain("menu.bot.about", **known),
            )
        )
    return fronts


def set_menu_of_chat(turn: Turn, role: Role) -> None:
    """Show this person the commands of their new role: in their chat only, sent like every message."""
    outbox.add(
        turn.session,
        chat_key=turn.chat_key,
        method="setMyCommands",
        payload={
            "commands": [
                {"command": name, "description": description}
                for name, description in commands_for(role, turn.words).items()
            ],
            "scope": {"type": "chat", "chat_id": turn.incoming.chat_id},
        },
        now=turn.now,
    )
