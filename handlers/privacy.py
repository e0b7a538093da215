"""The privacy notice: the short one before the first personal question, and the page behind ``/privacy``."""

from __future__ import annotations

from handlers.command_menus import facts
from handlers.turn import Turn


def show(turn: Turn) -> None:
    """Who we are, what we keep and why, for how long, and whom to ask (UK GDPR Articles 13 and 14)."""
    turn.say(
        turn.words(
            "privacy.page",
            draft_days=str(turn.service.policy.lifetimes.draft_days.value),
            version=turn.service.policy.privacy.notice_version,
            **facts(turn.service, turn.words),
        )
    )
