"""Somebody who sends faster than anybody reads: what they send is kept, and they are told so once.

Presses, commands and edits are done as ever, and words of danger are answered at once.
"""

from __future__ import annotations

from casework.danger import danger_in
from handlers import expecting, following
from handlers.forms import answering
from handlers.forms.engine import FormKit
from handlers.forms.files import keep_file
from handlers.turn import Turn
from storage import drafts


def is_flood(turn: Turn) -> bool:
    """Whether this message is one too many of its minute. Counts it: to be asked once for each message."""
    incoming = turn.incoming
    if (
        incoming.press is not None
        or incoming.edited
        or incoming.command is not None
        or incoming.blocked is not None
    ):
        return False
    sent = turn.service.pace.count(turn.chat_key, turn.now)
    if sent <= turn.service.policy.pace.messages_a_minute.value:
        return False
    return danger_in(incoming.text or "", turn.service.policy) is None


def keep(turn: Turn, kit: FormKit) -> None:
    """Keep what came where it belongs, and say nothing but the one sentence."""
    form = kit.forms.get(turn.draft.form) if turn.draft is not None else None
    if turn.draft is not None and form is not None:
        if turn.incoming.file is not None:
            keep_file(turn, form, turn.draft)
        answering.keep_more(turn, turn.draft)
    elif expecting.takes(turn):
        following.said(turn)
        return
    elif turn.incoming.text and turn.incoming.message_id is not None:
        drafts.keep_words(
            turn.session,
            chat_key=turn.chat_key,
            message_id=turn.incoming.message_id,
            draft_id=None,
            question=None,
            text=turn.incoming.text,
            now=turn.now,
        )
    if turn.now.timestamp() >= turn.screen.get("slowed_until", 0):
        turn.remember(slowed_until=turn.now.timestamp() + 60)
        turn.say(turn.words("kit.slow_down"))
