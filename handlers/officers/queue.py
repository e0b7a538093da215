"""The queue: open cases that nobody has yet and one's own, ten a page; each opens its card.

It can be narrowed to some of them; a new queue begins with all.
"""

from __future__ import annotations

from casework.roles import Permission
from handlers.keyboards import Button, Rows, columns
from handlers.officers import narrowing
from handlers.officers.access import allowed, number_in, refuse, view_of
from handlers.officers.labels import district_name, due_phrase, kind_name, risk_name
from handlers.turn import Turn
from handlers.words import Html
from storage import cases
from storage.cases import QueueRow

PAGE = 10
HANDLE = "queue"


def show_queue(turn: Turn) -> None:
    """``/queue``."""
    narrowing.keep(turn, cases.EVERYTHING)
    _show(turn, 0)


def pressed(turn: Turn, parts: list[str]) -> None:
    """``q:<page>`` turns the page in place; ``q:back`` shows the page where they were in a new message."""
    page = number_in(parts, 1)
    if page is not None:
        _show(turn, page, in_place=True)
    elif parts[1:2] == ["back"]:
        _show(turn, int(turn.screen.get("queue_page", 0)))
    else:
        show_queue(turn)


def narrow_pressed(turn: Turn, parts: list[str]) -> None:
    """``s:f`` asks by what, ``s:f:<facet>`` to which, ``s:v:<facet>:<value>`` does it, ``s:all`` ends it."""
    if not allowed(turn, Permission.SEE_QUEUE):
        refuse(turn)
        return
    act, facet = parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else ""
    if act == "f":
        counts = cases.count_queue(turn.session, view_of(turn))
        known = facet in narrowing.FACETS
        screen = (
            narrowing.values_screen(turn, counts, facet) if known else narrowing.facets_screen(turn, counts)
        )
        turn.edit(HANDLE, *screen, or_send=True)
        return
    if act == "v":
        counts = cases.count_queue(turn.session, view_of(turn))
        narrowing.choose(turn, counts, facet, narrowing.choice_in(parts, 3))
    elif act == "all":
        narrowing.keep(turn, cases.EVERYTHING)
    _show(turn, 0, in_place=True)


def _show(turn: Turn, page: int, *, in_place: bool = False) -> None:
    if not allowed(turn, Permission.SEE_QUEUE):
        refuse(turn)
        return
    view = view_of(turn)
    only, counts = narrowing.chosen(turn), cases.count_queue(turn.session, view)
    total = sum(count.cases for count in counts if only.lets(count))
    pages = max(1, -(-total // PAGE))
    page = min(page, pages - 1)
    turn.remember(queue_page=page)
    rows = cases.list_queue(turn.session, view, only, offset=page * PAGE, limit=PAGE) if total else []
    text, buttons = _screen(turn, rows, total, page, pages)
    shown = narrowing.shown_line(turn, only)
    text, buttons = Html("\n".join([*shown, text])), (*buttons, narrowing.row_of(turn, only, counts))
    if in_place:
        turn.edit(HANDLE, text, buttons, or_send=True)
    else:
        turn.say(text, buttons, handle=HANDLE)


def _screen(turn: Turn, rows: list[QueueRow], total: int, page: int, pages: int) -> tuple[Html, Rows]:
    words = turn.words
    if not rows:
        return words("officer.queue.empty"), ()
    lines = [words.plural("officer.queue.top", total)]
    if pages > 1:
        lines.append(words("officer.page", number=page + 1, total=pages))
    for title, part in (
        ("officer.queue.nobodys.label", [row for row in rows if row.case.owner_id is None]),
        ("officer.queue.yours.label", [row for row in rows if row.case.owner_id is not None]),
    ):
        if part:
            lines += [Html(""), words(title), *(_line(turn, row) for row in part)]
    cards = tuple(Button(row.case.reference, f"o:{row.case.id}") for row in rows)
    return Html("\n".join(lines)), (*columns(cards, 2), pager(turn, "q", page, page + 1 < pages))


def _line(turn: Turn, row: QueueRow) -> Html:
    words, case = turn.words, row.case
    due = due_phrase(words, turn.service, row.due_on, turn.today) if row.due_on else None
    return words(
        "officer.queue.line",
        reference=case.reference,
        kind=kind_name(words, case),
        district=district_name(words, turn.service, case),
        risk=risk_name(words, case),
        due=due or words.plain("officer.queue.nothing_due"),
    )


def pager(turn: Turn, prefix: str, page: int, more: bool) -> tuple[Button, ...]:
    """Earlier and later, where there are such pages."""
    back = (Button(turn.words.plain("officer.page.back.button"), f"{prefix}:{page - 1}"),) if page else ()
    on = (Button(turn.words.plain("officer.page.more.button"), f"{prefix}:{page + 1}"),) if more else ()
    return (*back, *on)
