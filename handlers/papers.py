"""Sending a file that is made, or fetched, when it is sent: a row of the outbox that names it."""

from __future__ import annotations

from typing import Any

from handlers.keyboards import Rows, inline_markup
from handlers.turn import Turn
from handlers.words import Html
from storage import outbox

PHOTO, DOCUMENT = "sendPhoto", "sendDocument"


def send_paper(
    turn: Turn,
    method: str,
    kind: str,
    paper_id: int,
    caption: Html,
    buttons: Rows = (),
    *,
    protect: bool = False,
    case_id: int | None = None,
) -> None:
    """Send the paper of this kind and id to the person of the turn. The kinds are in ``bot.papers.registry``."""
    payload: dict[str, Any] = {
        "chat_id": turn.incoming.chat_id,
        "caption": str(caption),
        "parse_mode": "HTML",
        "upload": {"paper": kind, "id": paper_id},
    }
    if buttons:
        payload["reply_markup"] = inline_markup(buttons)
    if protect:
        payload["protect_content"] = True
    outbox.add(
        turn.session,
        chat_key=turn.chat_key,
        method=method,
        payload=payload,
        now=turn.now,
        case_id=case_id,
    )
