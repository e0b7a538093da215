"""The card's second keyboard, for the less common acts: it takes the place of the first in the same message.

A module that has such acts offers a function of the turn and the case, and stands in `ENTRIES`. It checks for
itself, when its buttons come back, who pressed them and whether the case still is as it was.
"""

from __future__ import annotations

from collections.abc import Callable

from handlers.keyboards import Button, Rows, columns
from handlers.officers import assigning, card, notes, stages
from handlers.officers.access import case_to_open, number_in
from handlers.officers.fieldwork_buttons import link_buttons, risk_buttons, visit_buttons
from handlers.officers.history_buttons import history_buttons
from handlers.officers.paper_buttons import paper_buttons
from handlers.officers.queue import pager
from handlers.planning import room as planning
from handlers.turn import Turn
from storage.cases import Parties

PAGE = 12
"""Buttons at once: six rows, which stand on a small screen under the end of the card."""

Entry = Callable[[Turn, Parties], tuple[Button, ...]]

ENTRIES: tuple[Entry, ...] = (
    assigning.buttons,
    stages.buttons,
    notes.buttons,
    visit_buttons,
    risk_buttons,
    planning.card_buttons,
    link_buttons,
    history_buttons,
    paper_buttons,
)
"""What each module offers on the case now, in the order in which it is shown; nothing where it has nothing."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``h:more:<case_id>:<page>`` opens the second keyboard; ``h:card:<case_id>`` goes back to the first."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    shown = card.load(turn, parties)
    if parts[1] == "more":
        card.show(turn, shown, in_place=True, rows=rows(turn, parties, number_in(parts, 3) or 0))
    else:
        card.show(turn, shown, in_place=True)


def rows(turn: Turn, parties: Parties, page: int = 0) -> Rows:
    """A page of the second keyboard, with the way back to the first."""
    buttons = tuple(button for entry in ENTRIES for button in entry(turn, parties))
    first = min(page, max(0, (len(buttons) - 1) // PAGE)) * PAGE
    back = Button(turn.words.plain("officer_acts.back.button"), f"h:card:{parties.case.id}")
    return (
        *columns(buttons[first : first + PAGE], 2),
        pager(turn, f"h:more:{parties.case.id}", first // PAGE, first + PAGE < len(buttons)),
        (back,),
    )
