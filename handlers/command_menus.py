"""What Telegram shows beside the typing box and before Start. What a role may do is checked elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from casework.roles import Permission, Role, may
from handlers.turn import Recipient, Service, Turn
from handlers.words import ENGLISH, Words
from storage import outbox

COMMANDS_OF_MENU: tuple[tuple[str, Permission | None], ...] = (
    ("start", None),
    ("queue", Permission.SEE_QUEUE),
    ("due", Permission.SEE_DUE),
    ("find", Permission.FIND),
    ("leave", Permission.OPEN_CASE),
    ("team", Permission.SEE_TEAM),
    ("handover", Permission.HAND_OVER),
    ("new", Permission.KEY_IN),
    ("refer", Permission.REFER),
    ("report", Permission.REPORT),
    ("cases", Permission.FOLLOW),
    ("diary", Permission.KEEP_DIARY),
    ("ask", Permission.ASK),
    ("questions", Permission.WRITE_PAGES),
    ("invite", Permission.INVITE),
    ("help", None),
    ("cancel", None),
    ("language", None),
    ("mydata", None),
    ("hide", None),
    ("privacy", None),
)
"""What Telegram's command menu shows, by what a role may do."""


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
    to = Recipient(turn.person.id, turn.incoming.chat_id, turn.chat_key, turn.words.language)
    set_menu_of(turn, to, role)


def set_menu_of(turn: Turn, to: Recipient, role: Role) -> None:
    """The same for somebody else than the person of the turn."""
    outbox.add(
        turn.session,
        chat_key=to.chat_key,
        method="setMyCommands",
        payload={
            "commands": [
                {"command": name, "description": description}
                for name, description in commands_for(role, turn.service.words(to.language)).items()
            ],
            "scope": {"type": "chat", "chat_id": to.chat_id},
        },
        now=turn.now,
    )


def facts(service: Service, words: Words) -> dict[str, str]:
    """Numbers, hours and places, from the policy: they stand in no catalog."""
    policy = service.policy
    return {
        "places": words.listing([district.name for district in policy.districts]),
        "emergency": policy.contact("emergency").value,
        "police": policy.contact("police_non_emergency").value,
        "phone": policy.phone_of(None).value,
        "days": words.plain("menu.working_week"),
        "opens": words.time(policy.team.opens),
        "closes": words.time(policy.team.closes),
        "agency": policy.partnership.short_name,
    }
