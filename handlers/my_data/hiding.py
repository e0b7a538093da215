"""``/hide``: take away what Telegram lets the bot take away, keep no draft, and say so in a line that tells nothing.

What it can't take away is said as well: nobody is promised that no trace stays (NWCSP domain facts 5.4, rule 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from handlers.turn import Turn
from storage import data_rights, outbox

IN_ONE_CALL = 100
"""Bot API, deleteMessages."""
ONE_BY_ONE = 100
"""Messages of two days ago may be too old, each for itself; so many of them are tried, the newest first."""


def clear_chat(turn: Turn, *, quietly: bool = False) -> None:
    """Delete the messages of the last two days, the person's own among them, and every draft.

    ``quietly``: whoever asks for it says the line that stays.
    """
    data_rights.delete_drafts(turn.session, turn.dialog)
    turn.draft, turn.dialog.screen = None, {}
    today = data_rights.start_of_day(turn.now)
    found = data_rights.take_recent(turn.session, turn.chat_key)
    own = [turn.incoming.message_id] if turn.incoming.message_id else []
    young = [message for message, day in found if day >= today - timedelta(days=1)]
    older = [message for message, day in found if day == today - timedelta(days=2)]
    ids = sorted({*young, *own}, reverse=True)
    for start in range(0, len(ids), IN_ONE_CALL):
        _call(turn, "deleteMessages", message_ids=ids[start : start + IN_ONE_CALL])
    for message in sorted(older, reverse=True)[:ONE_BY_ONE]:
        _call(turn, "deleteMessage", message_id=message)
    if not quietly:
        turn.say(turn.words("my_data.hidden"))


def _call(turn: Turn, method: str, **parameters: int | Sequence[int]) -> None:
    payload: dict[str, Any] = {"chat_id": turn.incoming.chat_id, **parameters}
    outbox.add(turn.session, chat_key=turn.chat_key, method=method, payload=payload, now=turn.now)
