"""``/team``: who carries how much, what is late, and which days were kept; a table for a phone, and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from casework.cases import RiskBand
from casework.roles import Permission
from casework.workload import Load, load_weight
from handlers.keyboards import Button, Rows
from handlers.officers.access import allowed, number_in, refuse
from handlers.officers.queue import pager
from handlers.papers import PHOTO, send_paper
from handlers.turn import Service, Turn
from handlers.words import Html, Words, escape
from storage import workload

PAGE = 8
WIDTH = 28
"""Characters of a line that a phone 360 pixels wide shows without breaking it."""
SHORTEST_NAME = 8
HANDLE = "team"
PICTURE = "team_load"
"""The kind of paper; the id is the page."""

Kept = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A page of the team, the heaviest load first; of one officer it is the only row."""

    rows: Sequence[Load]
    number: int
    pages: int
    open: int
    late: int
    unowned: Load
    kept: Kept


def load_page(session: Session, service: Service, now: datetime, number: int) -> TeamPage:
    """The whole team, a page of it: three queries, however many officers there are."""
    weights = service.policy.workload
    loads = [load for load in workload.list_loads(session, now) if load.officer or load.open]
    loads.sort(key=lambda load: (-load_weight(load, weights), load.name.casefold(), load.person_id))
    unowned = workload.count_unowned(session, now)
    pages = max(1, -(-len(loads) // PAGE))
    number = min(number, pages - 1)
    return TeamPage(
        rows=loads[number * PAGE : (number + 1) * PAGE],
        number=number,
        pages=pages,
        open=sum(load.open for load in loads) + unowned.open,
        late=sum(load.late for load in loads) + unowned.late,
        unowned=unowned,
        kept=workload.count_kept(session, _since(service, now), now),
    )


def _since(service: Service, now: datetime) -> datetime:
    return now - timedelta(days=service.policy.workload.record_days.value)


def show_team(turn: Turn) -> None:
    """``/team``: all for a manager; an officer sees their own line."""
    if not allowed(turn, Permission.SEE_TEAM):
        refuse(turn)
    elif allowed(turn, Permission.HAND_OVER):
        _show_all(turn, 0)
    else:
        _show_own(turn)


def page_pressed(turn: Turn, parts: list[str]) -> None:
    """``t:p:<page>``: turn the page in place."""
    if allowed(turn, Permission.HAND_OVER):
        _show_all(turn, number_in(parts, 2) or 0, in_place=True)
    else:
        show_team(turn)


def picture_pressed(turn: Turn, parts: list[str]) -> None:
    """``t:pic:<page>``: the page as a picture, with all that is in it as its caption."""
    if not allowed(turn, Permission.HAND_OVER):
        refuse(turn)
        return
    page = load_page(turn.session, turn.service, turn.now, number_in(parts, 2) or 0)
    if not page.rows:
        _show_all(turn, 0)
        return
    lines = [turn.words("team_work.picture.caption"), *(_spoken(turn.words, load) for load in page.rows)]
    send_paper(turn, PHOTO, PICTURE, page.number, Html("\n".join(lines)))


def _spoken(words: Words, load: Load) -> Html:
    return words(
        "team_work.picture.line",
        name=shown_name(words, load),
        n=load.open,
        high=load.by_band[RiskBand.HIGH],
        medium=load.by_band[RiskBand.MEDIUM],
        standard=load.by_band[RiskBand.STANDARD],
        late=load.late,
    )


def shown_name(words: Words, load: Load) -> str:
    """The name, and that they have left where they have."""
    name = load.name or words.plain("team_work.no_name")
    return name if load.in_team else words.plain("team_work.left.label", name=name)


def _show_own(turn: Turn) -> None:
    found = workload.list_loads(turn.session, turn.now, person_id=turn.person.id)
    kept = workload.count_kept(
        turn.session, _since(turn.service, turn.now), turn.now, person_id=turn.person.id
    )
    lines = [_own_line(turn.words, load) for load in found]
    met, missed = kept.get(turn.person.id, (0, 0))
    days = turn.service.policy.workload.record_days.value
    lines.append(turn.words("team_work.own.kept", days=days, met=met, missed=missed))
    turn.say(Html("\n".join(lines)), ((Button(turn.words.plain("menu.queue.button"), "m:queue"),),))


def _own_line(words: Words, load: Load) -> Html:
    return words.plural(
        "team_work.own",
        load.open,
        high=load.by_band[RiskBand.HIGH],
        medium=load.by_band[RiskBand.MEDIUM],
        standard=load.by_band[RiskBand.STANDARD],
        late=load.late,
    )


def _show_all(turn: Turn, number: int, *, in_place: bool = False) -> None:
    page = load_page(turn.session, turn.service, turn.now, number)
    text, rows = _text(turn, page), _buttons(turn, page)
    if in_place:
        turn.edit(HANDLE, text, rows, or_send=True)
    else:
        turn.say(text, rows, handle=HANDLE)


def _text(turn: Turn, page: TeamPage) -> Html:
    words = turn.words
    lines = [words.plural("team_work.top", page.open, late=page.late)]
    if page.unowned.open:
        lines.append(words.plural("team_work.unowned", page.unowned.open, late=page.unowned.late))
    if page.pages > 1:
        lines.append(words("officer.page", number=page.number + 1, total=page.pages))
    if page.rows:
        days = turn.service.policy.workload.record_days.value
        bands = [load.by_band for load in page.rows]
        heads = [
            words.plain(f"team_work.column.{name}.label") for name in ("open", "high", "medium", "standard")
        ]
        heads.append(words.plain("team_work.column.late.label"))
        work = [
            [load.open, by[RiskBand.HIGH], by[RiskBand.MEDIUM], by[RiskBand.STANDARD], load.late]
            for load, by in zip(page.rows, bands, strict=True)
        ]
        record_heads = [words.plain(f"team_work.column.{name}.label") for name in ("met", "missed")]
        record = [list(page.kept.get(load.person_id, (0, 0))) for load in page.rows]
        names = [shown_name(words, load) for load in page.rows]
        lines += [
            table(names, heads, work),
            words("team_work.legend"),
            Html(""),
            words("team_work.record", days=days),
            table(names, record_heads, record),
        ]
    return Html("\n".join(lines))


def table(names: Sequence[str], heads: Sequence[str], rows: Sequence[Sequence[int]]) -> Html:
    """Names and numbers in columns, in letters of one width; no line is longer than a phone's."""
    cells = [list(heads), *([str(number) for number in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) + 1 for column in range(len(heads))]
    room = max(SHORTEST_NAME, WIDTH - sum(widths))
    first = min(room, max(len(name) for name in names))
    lines = [
        short_name(name, first).ljust(first)
        + "".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for name, row in zip(("", *names), cells, strict=True)
    ]
    return Html(f"<pre>{escape(chr(10).join(lines))}</pre>")


def short_name(name: str, room: int) -> str:
    """The name, else its first part and an initial, else as much of it as there is room for."""
    if len(name) <= room:
        return name
    first, _, rest = name.partition(" ")
    shorter = f"{first} {rest[:1]}".strip()
    return shorter if len(shorter) <= room else name[: room - 1] + "…"


def _buttons(turn: Turn, page: TeamPage) -> Rows:
    plain = turn.words.plain
    picture = (Button(plain("team_work.picture.button"), f"t:pic:{page.number}"),) if page.rows else ()
    return (
        pager(turn, "t:p", page.number, page.number + 1 < page.pages),
        picture,
        (
            Button(plain("team_work.handover.button"), "t:hand"),
            Button(plain("team_work.leaving.button"), "t:l"),
        ),
    )
