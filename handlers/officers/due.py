"""What is due: late, today, and until the end of the week; ten a page."""

from __future__ import annotations

from datetime import timedelta

from casework.deadlines import is_late
from casework.roles import Permission
from handlers.keyboards import Button, Rows, columns
from handlers.officers.access import allowed, number_in, refuse, view_of
from handlers.officers.labels import deadline_line
from handlers.officers.queue import pager
from handlers.turn import Turn
from handlers.words import Html
from storage import cases
from storage.models import Case, Deadline

PAGE = 10
HANDLE = "due"
_SECTIONS = ("late", "today", "week")

Item = tuple[Deadline, Case]


def show_due(turn: Turn) -> None:
    """``/due``."""
    _show(turn, 0)


def pressed(turn: Turn, parts: list[str]) -> None:
    """``d:<page>`` turns the page in place; anything else shows the first one in a new message."""
    page = number_in(parts, 1)
    _show(turn, page or 0, in_place=page is not None)


def _show(turn: Turn, page: int, *, in_place: bool = False) -> None:
    if not allowed(turn, Permission.SEE_DUE):
        refuse(turn)
        return
    sunday = turn.today + timedelta(days=6 - turn.today.weekday())
    found = cases.list_due(
        turn.session,
        view_of(turn),
        turn.service.calendar.end_of(sunday),
        all_owners=allowed(turn, Permission.ASSIGN),
        offset=page * PAGE,
        limit=PAGE + 1,
    )
    text, buttons = _screen(turn, found, page)
    if in_place:
        turn.edit(HANDLE, text, buttons, or_send=True)
    else:
        turn.say(text, buttons, handle=HANDLE)


def _screen(turn: Turn, found: list[Item], page: int) -> tuple[Html, Rows]:
    items, more = found[:PAGE], len(found) > PAGE
    if not items:
        return turn.words("officer.due.empty"), (pager(turn, "d", page, False),)
    lines: list[Html] = []
    for section in _SECTIONS:
        part = [item for item in items if _section(turn, item[0]) == section]
        if part:
            title = turn.words(f"officer.due.section.{section}.label")
            lines += [*([Html("")] if lines else []), title, *(_line(turn, item) for item in part)]
    ids = dict.fromkeys((case.id, case.reference) for _, case in items)
    cards = tuple(Button(reference, f"o:{case_id}") for case_id, reference in ids)
    return Html("\n".join(lines)), (*columns(cards, 2), pager(turn, "d", page, more))


def _section(turn: Turn, row: Deadline) -> str:
    if is_late(row.due_on, turn.today):
        return "late"
    return "today" if row.due_on == turn.today else "week"


def _line(turn: Turn, item: Item) -> Html:
    row, case = item
    what = deadline_line(turn.words, turn.service, row, turn.today)
    return turn.words("officer.line", reference=case.reference, what=what)
