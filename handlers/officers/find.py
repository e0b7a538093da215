"""Finding cases by reference, street, postcode or a person's name, however they are spelled.

A result says nothing that names anybody; what a case says is behind its card, and every opening is recorded.
Every search is, too, with what was looked for encrypted.
"""

from __future__ import annotations

from typing import Any

from casework.roles import Permission
from casework.searching import LONGEST, Search, SearchKind, read_search
from handlers import expecting
from handlers.forms import ways
from handlers.forms.kinds.choice import fold
from handlers.forms.kinds.text import clean
from handlers.keyboards import Button, Row, Rows, columns
from handlers.officers import card, narrowing, queue
from handlers.officers.access import allowed, number_in, queue_row, refuse, view_of
from handlers.officers.labels import district_name, kind_name, risk_name, status_name
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, search
from storage.models import Case
from storage.search import LOOKED_THROUGH, Matches

FIND = "find"
HANDLE = "find"
PAGE = 8


def show_find(turn: Turn) -> None:
    """``/find`` asks what to look for; ``/find Oak Road`` looks at once."""
    if not allowed(turn, Permission.FIND):
        refuse(turn)
    elif turn.incoming.command is not None and turn.incoming.argument:
        _look(turn, turn.incoming.argument)
    else:
        expecting.expect(turn, FIND, 0)
        turn.say(turn.words("find.ask"), (queue_row(turn),))


def said(turn: Turn, _expects: dict[str, Any]) -> None:
    """What was typed after ``/find``."""
    expecting.forget(turn)
    if not allowed(turn, Permission.FIND):
        refuse(turn)
    elif ways.way_meant(turn.words, fold(turn.incoming.text or "")) in ("back", "cancel"):
        queue.show_queue(turn)
    else:
        _look(turn, turn.incoming.text or "")


def pressed(turn: Turn, parts: list[str]) -> None:
    """``s:p:<page>`` turns the page of what was found, ``s:new`` asks anew; the rest narrows the queue."""
    act = parts[1] if len(parts) > 1 else ""
    if act == "p":
        _turn_page(turn, number_in(parts, 2) or 0)
    elif act == "new":
        show_find(turn)
    else:
        queue.narrow_pressed(turn, parts)


def _look(turn: Turn, typed: str) -> None:
    text = clean(typed)[:LONGEST]
    meant = read_search(text)
    if meant.kind is SearchKind.REFERENCE and not meant.mistyped:
        _open_reference(turn, meant, text)
        return
    found = _found(turn, meant, 0)
    _record(turn, meant, text, found.total)
    turn.remember(found=text if found.total else None)
    turn.say(*_screen(turn, meant, found, 0), handle=HANDLE)


def _open_reference(turn: Turn, meant: Search, text: str) -> None:
    case = cases.find_by_reference(turn.session, meant.references[0])
    _record(turn, meant, text, 0 if case is None else 1)
    if case is None:
        turn.say(turn.words("find.nothing.reference", reference=meant.references[0]), (_again(turn),))
    else:
        card.open_card(turn, case.id)


def _turn_page(turn: Turn, page: int) -> None:
    """Look again, since what was found may have changed; it is the same search, so it is not recorded again."""
    text = turn.screen.get("found")
    if not allowed(turn, Permission.FIND) or not text:
        show_find(turn)
        return
    meant = read_search(text)
    found = _found(turn, meant, page)
    if page and not found.page:
        page, found = 0, _found(turn, meant, 0)
    turn.edit(HANDLE, *_screen(turn, meant, found, page), or_send=True)


def _found(turn: Turn, meant: Search, page: int) -> Matches:
    return search.find_cases(
        turn.session, turn.service.keyring, meant, view_of(turn), offset=page * PAGE, limit=PAGE
    )


def _record(turn: Turn, meant: Search, text: str, found: int) -> None:
    search.record_search(
        turn.session, actor=turn.actor, kind=meant.kind.value, text=text, found=found, now=turn.now
    )


def _screen(turn: Turn, meant: Search, found: Matches, page: int) -> tuple[Html, Rows]:
    words = turn.words
    if not found.page:
        return words("find.nothing"), (_again(turn),)
    pages = -(-found.total // PAGE)
    lines = [words("find.mistyped")] if meant.mistyped else []
    lines.append(words.plural("find.top", found.total))
    if found.capped:
        lines.append(words("find.capped", most=LOOKED_THROUGH))
    if pages > 1:
        lines.append(words("officer.page", number=page + 1, total=pages))
    lines += [Html(""), *(_line(turn, match.case) for match in found.page)]
    cards = tuple(Button(match.case.reference, f"o:{match.case.id}") for match in found.page)
    turning = queue.pager(turn, f"{narrowing.PRESS}:p", page, page + 1 < pages)
    return Html("\n".join(lines)), (*columns(cards, 2), turning, _again(turn))


def _line(turn: Turn, case: Case) -> Html:
    words = turn.words
    return words(
        "find.line",
        reference=case.reference,
        kind=kind_name(words, case),
        district=district_name(words, turn.service, case),
        status=status_name(words, case),
        risk=risk_name(words, case),
        day=words.day(turn.service.calendar.local_day(case.received_at), turn.today),
    )


def _again(turn: Turn) -> Row:
    again = Button(turn.words.plain("find.again.button"), f"{narrowing.PRESS}:new")
    return (again, *queue_row(turn))
