"""The list of cases that belong to one: linked by an officer, or offered for one address or one person."""

from __future__ import annotations

from casework.linking import LinkKind
from handlers.fieldwork.current import back_row
from handlers.keyboards import Button, Row, Rows
from handlers.officers.access import sees
from handlers.officers.labels import district_name, kind_name, status_name
from handlers.officers.queue import pager
from handlers.turn import Turn
from handlers.words import Html
from storage import links
from storage.links import Related
from storage.models import Case

PAGE = 6


def show(turn: Turn, case: Case, page: int, *, above: Html | None = None) -> None:
    """A page of it; only cases that are theirs to open, so that a link to any other shows nowhere."""
    words = turn.words
    found = [one for one in links.list_related(turn.session, case.id) if sees(turn, one.case)]
    page = min(page, max(0, (len(found) - 1) // PAGE))
    shown = found[page * PAGE : (page + 1) * PAGE]
    key = "links.list.top" if found else "links.list.empty"
    lines = [*([above, Html("")] if above else []), words(key, reference=case.reference)]
    if any(one.kind is LinkKind.COUNTER for one in shown):
        lines.append(words("links.list.keep_apart"))
    lines += [Html(""), *(_line(turn, one) for one in shown)] if shown else []
    more = (page + 1) * PAGE < len(found)
    rows: Rows = (
        *(_buttons(turn, case, one) for one in shown),
        pager(turn, f"v:links:{case.id}", page, more),
        (Button(words.plain("links.link.button"), f"v:link:{case.id}"),),
        back_row(turn, case.id),
    )
    turn.say(Html("\n".join(lines)), rows, protect=True, case_id=case.id)


def list_button(turn: Turn, case_id: int) -> Button:
    """To the list."""
    return Button(turn.words.plain("links.list.button"), f"v:links:{case_id}")


def _line(turn: Turn, one: Related) -> Html:
    words, other = turn.words, one.case
    why = one.kind.value if one.kind is not None else one.same.value if one.same is not None else ""
    return words(
        "links.list.line",
        reference=other.reference,
        kind=kind_name(words, other),
        district=district_name(words, turn.service, other),
        status=status_name(words, other),
        why=words.plain(f"links.why.{why}.name"),
    )


def _buttons(turn: Turn, case: Case, one: Related) -> Row:
    """Open it, and link it or take the link away."""
    reference, plain = one.case.reference, turn.words.plain
    opens = Button(reference, f"o:{one.case.id}")
    if one.link_id is not None:
        return (opens, Button(plain("links.unlink.button"), f"v:unlink:{case.id}:{one.link_id}"))
    return (opens, Button(plain("links.take.button"), f"v:link:{case.id}:{one.case.id}"))
