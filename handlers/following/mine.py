"""*My reports*: every case of the person's own, five a page: where it stands, who has it, what comes by when.

Two queries for a page, however many cases there are.
"""

from __future__ import annotations

from handlers import expecting
from handlers.following import reviews, standing
from handlers.keyboards import Button, Rows, columns
from handlers.officers.access import number_in
from handlers.officers.queue import pager
from handlers.turn import Turn
from handlers.words import Html
from storage import following
from storage.following import OwnCase

PAGE = 5
LOOKED_AT = 50
"""The newest cases, which the first page loads: what was reported in the last months is among them."""
HANDLE = "mine"


def show_mine(turn: Turn) -> None:
    """``/cases``."""
    expecting.forget(turn)
    _show(turn, 0)


def page_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:list:<page>`` turns the page in place; without a page the first one comes in a new message."""
    page = number_in(parts, 2)
    expecting.forget(turn)
    _show(turn, page or 0, in_place=page is not None)


def _show(turn: Turn, page: int, *, in_place: bool = False) -> None:
    limit = PAGE + 1 if page else LOOKED_AT
    found = following.list_own(turn.session, turn.person.id, offset=page * PAGE, limit=limit)
    text, rows = _screen(turn, found, page)
    if in_place:
        turn.edit(HANDLE, text, rows, or_send=True)
    else:
        turn.say(text, rows, handle=HANDLE)


def _screen(turn: Turn, found: list[OwnCase], page: int) -> tuple[Html, Rows]:
    plain = turn.words.plain
    if not found:
        report = Button(plain("menu.report.button"), "m:report")
        return turn.words("following.list.empty"), ((report,),)
    shown, more = found[:PAGE], len(found) > PAGE
    standings = following.standings(turn.session, [one.case.id for one in found])
    blocks = ["\n".join(standing.lines(turn, one, standings[one.case.id])) for one in shown]
    rows = columns(tuple(Button(one.case.reference, f"k:open:{one.case.id}") for one in shown), 2)
    more_of_it = [event for one in found for event in standings[one.case.id].more]
    count = reviews.counted(turn, found, more_of_it) if page == 0 else []
    if count:
        blocks.append("\n".join(count))
        rows = (*rows, (reviews.button(turn),))
    text = "\n\n".join([turn.words("following.list.top"), *blocks])
    return Html(text), (*rows, pager(turn, "k:list", page, more))
