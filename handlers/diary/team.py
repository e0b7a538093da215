"""The officer's side of a diary: how much there is, the PDF, the pattern. Every opening is in the history."""

from __future__ import annotations

from collections.abc import Callable

from handlers.diary import screens
from handlers.diary.keeping import is_late_at_first
from handlers.keyboards import Button
from handlers.officers.access import case_to_open, number_in
from handlers.papers import DOCUMENT, PHOTO, send_paper
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, diary
from storage.cases import Parties
from storage.diary import Entry, Scope
from storage.models import Case

OPENED = "diary_opened"
CASE_BOOK, CASE_PATTERN = "team_diary", "pattern_case"
"""Kinds of paper; the id is the case's."""


def summary(turn: Turn, parts: list[str]) -> None:
    """``y:o:<case_id>``: how many entries, from when to when, how many late."""
    opened = _opened(turn, parts)
    if opened is None:
        return
    parties, entries = opened
    words, case = turn.words, parties.case
    incidents = [entry for entry in entries if not entry.is_quiet]
    lines = [words("diary_team.top", reference=case.reference, n=len(incidents))]
    if incidents:
        lines.append(screens.finding(words, turn.service, entries, turn))
    late = sum(1 for entry in incidents if is_late_at_first(turn.service, entry))
    quiet = len(entries) - len(incidents)
    unconfirmed = sum(1 for entry in incidents if entry.now.confirmed_at is None)
    lines.append(words("diary_team.counts", late=late, quiet=quiet, unconfirmed=unconfirmed))
    row = (
        Button(words.plain("diary_team.pdf.button"), f"y:opdf:{case.id}"),
        Button(words.plain("diary_team.pattern.button"), f"y:opat:{case.id}"),
    )
    card = (Button(words.plain("diary_team.card.button"), f"o:{case.id}"),)
    rows = (row, card) if incidents else (card,)
    turn.say(Html("\n".join(lines)), rows, protect=True, case_id=case.id)


def send_book(turn: Turn, parts: list[str]) -> None:
    """``y:opdf:<case_id>``: the PDF. It can be saved, since it may have to go into a court bundle."""
    opened = _opened(turn, parts)
    if opened is None:
        return
    case = opened[0].case
    _record(turn, case, "pdf")
    caption = turn.words("diary_team.caption", reference=case.reference)
    send_paper(turn, DOCUMENT, CASE_BOOK, case.id, caption, case_id=case.id)


def send_pattern(turn: Turn, parts: list[str]) -> None:
    """``y:opat:<case_id>``: the picture of the pattern."""
    opened = _opened(turn, parts)
    if opened is None:
        return
    parties, entries = opened
    case = parties.case
    if all(entry.is_quiet for entry in entries):
        summary(turn, parts)
        return
    _record(turn, case, "pattern")
    caption = screens.finding(turn.words, turn.service, entries, turn)
    send_paper(turn, PHOTO, CASE_PATTERN, case.id, caption, protect=True, case_id=case.id)


def _opened(turn: Turn, parts: list[str]) -> tuple[Parties, list[Entry]] | None:
    """The case with its entries, for whom it is theirs to open; None after saying why not."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return None
    return parties, diary.list_entries(turn.session, Scope(case_id=parties.case.id))


def _record(turn: Turn, case: Case, what: str) -> None:
    cases.record_event(
        turn.session, case_id=case.id, kind=OPENED, actor=turn.actor, now=turn.now, detail={"what": what}
    )


PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {
    "o": summary,
    "opdf": send_book,
    "opat": send_pattern,
}
"""By the second part of a button's data."""
