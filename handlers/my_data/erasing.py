"""Deleting one's data: first what goes, what stays and why; then twice yes, in different words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.keyboards import Button
from handlers.my_data.start import HANDLE, back_button
from handlers.turn import Turn
from handlers.words import Html
from storage import data_rights, erasure, outbox
from storage.erasure import Kept
from storage.models import Case, Tombstone

ASKED_LATELY = timedelta(minutes=15)
"""An older button asks anew: a yes counts only near the question."""


def explain(turn: Turn) -> None:
    """What goes and what stays; for staff why it can't be done here."""
    if erasure.is_staff(turn.session, turn.person):
        ask = Button(turn.words.plain("my_data.ask.button"), "p:ask")
        turn.edit(HANDLE, turn.words("my_data.erase.staff"), ((ask,), (back_button(turn),)), or_send=True)
        return
    kept = erasure.kept_cases(turn.session, turn.person)
    parts = [turn.words("my_data.erase.top"), *_kept_lines(turn, kept)]
    turn.remember(erasing=turn.now.timestamp(), erasing_sure=None)
    rows = (
        (Button(turn.words.plain("my_data.erase.first.button"), "p:erase1"),),
        (Button(turn.words.plain("my_data.erase.keep.button"), "p:back"),),
    )
    turn.edit(HANDLE, Html("\n\n".join(parts)), rows, or_send=True)


def confirm(turn: Turn) -> None:
    """The second question."""
    if not _asked_lately(turn):
        explain(turn)
        return
    rows = (
        (Button(turn.words.plain("my_data.erase.stop.button"), "p:back"),),
        (Button(turn.words.plain("my_data.erase.second.button"), "p:erase2"),),
    )
    turn.remember(erasing_sure=True)
    turn.edit(HANDLE, turn.words("my_data.erase.sure"), rows, or_send=True)


def erase(turn: Turn) -> None:
    """Delete what can go, and say what stays."""
    if not _asked_lately(turn) or not turn.screen.get("erasing_sure"):
        explain(turn)
        return
    if erasure.is_staff(turn.session, turn.person):
        explain(turn)
        return
    # The words first: afterwards the person may be nobody any more.
    _take_buttons_away(turn)
    data_rights.delete_drafts(turn.session, turn.dialog)
    turn.draft, turn.dialog.screen = None, {}
    kept = erasure.erase(turn.session, turn.person, turn.now)
    month = data_rights.month_of(turn.today)
    turn.session.add(
        Tombstone(kind="erasure", received_in=month, closed_in=month, rule="asked", deleted_on=turn.today)
    )
    parts = [turn.words("my_data.erase.done"), *_kept_lines(turn, kept)]
    turn.say(Html("\n\n".join(parts)))


def _take_buttons_away(turn: Turn) -> None:
    """By the number of the message: what it is called is forgotten with the rest."""
    known = outbox.find_message_ids(turn.session, [(turn.chat_key, HANDLE)])
    for message_id in known.values():
        payload = {
            "chat_id": turn.incoming.chat_id,
            "message_id": message_id,
            "reply_markup": {"inline_keyboard": []},
        }
        outbox.add(
            turn.session,
            chat_key=turn.chat_key,
            method="editMessageReplyMarkup",
            payload=payload,
            now=turn.now,
        )


def _kept_lines(turn: Turn, kept: Kept) -> list[Html]:
    """What stays, and for what reason."""
    lines = []
    if kept.open:
        lines.append(turn.words("my_data.erase.open", references=_references(turn, kept.open)))
    if kept.closed:
        lines.append(turn.words("my_data.erase.closed", references=_references(turn, kept.closed)))
    return lines


def _references(turn: Turn, cases: Sequence[Case]) -> str:
    return turn.words.listing([case.reference for case in cases])


def _asked_lately(turn: Turn) -> bool:
    asked_at = float(turn.screen.get("erasing") or 0)
    return turn.now.timestamp() - asked_at < ASKED_LATELY.total_seconds()
