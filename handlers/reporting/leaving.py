"""The way out of a report about somebody close: nothing is kept, and nothing is sent unasked ever after.

Domestic abuse is not for this chat, which stays on a telephone that others may see (NWCSP domain facts 5.4).
"""

from __future__ import annotations

from handlers.keyboards import Button
from handlers.keyed_in import keyed_in
from handlers.my_data.hiding import clear_chat
from handlers.safety import EMERGENCY, SILENT, contact_line
from handlers.turn import Turn
from handlers.words import Html
from storage import data_rights

HELP = ("worcs_da", "national_da", "mens_line", "galop")
"""Who answers, by the policy's keys; only numbers that may be shown are."""


def leave_without_trace(turn: Turn) -> None:
    """Delete the draft, be silent from now on, and say who can help. No word of it names what it is about."""
    if turn.draft is not None and keyed_in(turn.draft.answers) is not None:
        leave_for_somebody_else(turn)
        return
    data_rights.delete_drafts(turn.session, turn.dialog)
    turn.draft, turn.dialog.screen = None, {}
    turn.person.silent = True
    policy = turn.service.policy
    lines = [
        turn.words("leaving.who_helps"),
        *(contact_line(turn, contact) for contact in policy.shown(*HELP)),
        turn.words(
            "leaving.danger",
            emergency=policy.contact(EMERGENCY).value,
            press=policy.contact(SILENT).value,
        ),
        turn.words("leaving.nothing_kept"),
    ]
    clear_chat(turn, quietly=True)
    turn.say(Html("\n".join(lines)), ((Button(turn.words.plain("leaving.button"), "x:leave"),),))


def leave_for_somebody_else(turn: Turn) -> None:
    """An officer keyed it in: the person's words are not kept, and the officer is told who can help."""
    data_rights.delete_drafts(turn.session, turn.dialog)
    turn.draft, turn.dialog.screen = None, {}
    policy = turn.service.policy
    lines = [
        turn.words("paper_bridge.someone_close"),
        *(contact_line(turn, contact) for contact in policy.shown(*HELP)),
    ]
    turn.say(Html("\n".join(lines)))


def leave_quickly(turn: Turn) -> None:
    """Take the rest away as well; what stays is a line about nothing."""
    clear_chat(turn)
