"""What a person does with their diary: the command, and every button of it (``y:…``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework.diary import pattern_of
from casework.roles import may
from handlers import home
from handlers.diary import screens, team
from handlers.diary.forms import FULL, NOW
from handlers.diary.keeping import ask_every, nothing_happened
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, CHECK, Answers, applicable, next_place
from handlers.keyboards import Button
from handlers.officers.access import number_in
from handlers.papers import DOCUMENT, PHOTO, send_paper
from handlers.turn import Turn
from storage import diary
from storage.diary import Entry
from storage.models import Case, Diary

KIT = FormKit((NOW, FULL), leave=home.show_menu)
CASE_BOOK, OWN_BOOK = "diary_case", "diary_person"
CASE_PATTERN, OWN_PATTERN = "pattern_case", "pattern_person"
"""Kinds of paper; their ids are those of the case, or of the person."""


def show(turn: Turn) -> None:
    """``/diary``: the front page; with several cases first for which."""
    if not may(turn.actor.role, NOW.permission):
        turn.say(turn.words("diary.not_allowed", phone=turn.service.policy.phone_of(None).value))
        return
    KIT.park(turn)
    kept, cases = _opened(turn)
    if kept.case_id is None and len(cases) > 1 and not turn.screen.get("diary_loose"):
        screens.choose(turn, cases)
        return
    _front(turn, kept, cases)


def pressed(turn: Turn, parts: list[str]) -> None:
    """``y:<what>:…``"""
    what = parts[1] if len(parts) > 1 else ""
    if what in team.PRESSES:
        team.PRESSES[what](turn, parts)
    elif what in _PRESSES:
        _PRESSES[what](turn, parts)
    else:
        show(turn)


def _opened(turn: Turn) -> tuple[Diary, list[Case]]:
    """The diary and the open cases it can be for. A case that was closed since is let go; a lone one is taken."""
    kept = diary.get_diary(turn.session, turn.person.id, turn.now)
    cases = list(diary.list_open_cases(turn.session, turn.person.id))
    if kept.case_id is not None and kept.case_id not in {case.id for case in cases}:
        kept.case_id = None
    if kept.case_id is None and len(cases) == 1 and not turn.screen.get("diary_loose"):
        kept.case_id = cases[0].id
    turn.session.flush()
    return kept, cases


def _front(turn: Turn, kept: Diary, cases: list[Case]) -> None:
    case = next((one for one in cases if one.id == kept.case_id), None)
    entries = diary.count_entries(turn.session, screens.scope_of(kept))
    loose = screens.count_loose(turn) if case is not None else 0
    screens.front(turn, kept, case, cases=len(cases), entries=entries, loose=loose)


def _home(turn: Turn, _parts: list[str]) -> None:
    show(turn)


def _now(turn: Turn, _parts: list[str]) -> None:
    kept, _ = _opened(turn)
    KIT.begin(turn, NOW, {ABOUT: {"case": kept.case_id}})


def _full(turn: Turn, _parts: list[str]) -> None:
    kept, _ = _opened(turn)
    KIT.begin(turn, FULL, {ABOUT: {"case": kept.case_id}})


def _choose(turn: Turn, _parts: list[str]) -> None:
    _, cases = _opened(turn)
    screens.choose(turn, cases)


def _case(turn: Turn, parts: list[str]) -> None:
    kept, cases = _opened(turn)
    chosen = number_in(parts, 2)
    kept.case_id = chosen if chosen in {case.id for case in cases} else None
    turn.remember(diary_loose=True if kept.case_id is None else None)
    turn.session.flush()
    _front(turn, kept, cases)


def _give(turn: Turn, parts: list[str]) -> None:
    """Entries that were written without a case go to this one."""
    kept, cases = _opened(turn)
    case = next((one for one in cases if one.id == number_in(parts, 2)), None)
    if case is not None:
        given = diary.give_to_case(turn.session, turn.person.id, case.id)
        turn.say(turn.words.plural("diary.given", given, reference=case.reference))
    _front(turn, kept, cases)


def _list(turn: Turn, parts: list[str]) -> None:
    entries = _entries(turn)
    if entries:
        screens.entry_list(turn, entries, number_in(parts, 2) or 0)
    else:
        show(turn)


def _entries(turn: Turn) -> list[Entry]:
    kept, _ = _opened(turn)
    mine = diary.list_entries(turn.session, screens.scope_of(kept))
    return [entry for entry in mine if entry.now.person_id == turn.person.id]


def _entry(turn: Turn, parts: list[str]) -> Entry | None:
    number = number_in(parts, 2)
    found = diary.find_entry(turn.session, number, turn.person.id) if number is not None else None
    if found is None:
        turn.say(turn.words("diary.not_yours"))
    return found


def _open_entry(turn: Turn, parts: list[str]) -> None:
    if (entry := _entry(turn, parts)) is not None:
        screens.one_entry(turn, entry)


def _fix(turn: Turn, parts: list[str]) -> None:
    """A correction: the same form with what was answered, at *Check your answers*."""
    entry = _entry(turn, parts)
    if entry is None or entry.is_quiet:
        return
    answers: Answers = {key: value for key, value in entry.now.body["answers"].items() if key != "true"}
    answers[ABOUT] = {"corrects": entry.id}
    while (place := next_place(FULL, answers)) != CHECK:
        answers[place] = None
    known = {question.key for question in applicable(FULL, answers)} | {ABOUT}
    KIT.begin(turn, FULL, {key: value for key, value in answers.items() if key in known})


def _true(turn: Turn, parts: list[str]) -> None:
    entry = _entry(turn, parts)
    if entry is None:
        return
    for version in entry.versions:
        version.confirmed_at = version.confirmed_at or turn.now
    turn.say(turn.words("diary.confirmed"), ((Button(turn.words.plain("diary.home.button"), "y:home"),),))


def _pattern(turn: Turn, _parts: list[str]) -> None:
    kept, _ = _opened(turn)
    entries = _entries(turn)
    if not any(not entry.is_quiet for entry in entries):
        show(turn)
        return
    caption = screens.finding(turn.words, turn.service, entries, turn)
    row = (
        Button(turn.words.plain("diary.table.button"), "y:table"),
        Button(turn.words.plain("diary.home.button"), "y:home"),
    )
    kind, number = _paper(kept, CASE_PATTERN, OWN_PATTERN)
    send_paper(turn, PHOTO, kind, number, caption, (row,), case_id=kept.case_id)


def _table(turn: Turn, _parts: list[str]) -> None:
    incidents = [entry.happened for entry in _entries(turn) if not entry.is_quiet]
    turn.say(screens.table(turn.words, pattern_of(incidents, turn.service.zone)))


def _pdf(turn: Turn, parts: list[str]) -> None:
    """The diary as a PDF; first whether all of it is true, where that was not said yet."""
    kept, _ = _opened(turn)
    scope = screens.scope_of(kept)
    entries = _entries(turn)
    if not entries:
        show(turn)
        return
    answer = parts[2] if len(parts) > 2 else ""
    unconfirmed = sum(1 for entry in entries if not entry.is_quiet and entry.now.confirmed_at is None)
    if unconfirmed and answer not in ("yes", "no"):
        screens.confirm_first(turn, unconfirmed)
        return
    if answer == "yes":
        diary.confirm(turn.session, scope, turn.person.id, turn.now)
    kind, number = _paper(kept, CASE_BOOK, OWN_BOOK)
    send_paper(turn, DOCUMENT, kind, number, turn.words("diary.pdf.caption"), case_id=kept.case_id)


def _paper(kept: Diary, of_case: str, of_person: str) -> tuple[str, int]:
    if kept.case_id is not None:
        return of_case, kept.case_id
    return of_person, kept.person_id


def _weekly(turn: Turn, parts: list[str]) -> None:
    """Turn the weekly question on or off."""
    kept, cases = _opened(turn)
    on = parts[2:3] == ["on"]
    kept.ask_at = turn.now + ask_every(turn.service) if on else None
    turn.say(turn.words("diary.ask.on" if on else "diary.ask.off"))
    _front(turn, kept, cases)


def _nothing(turn: Turn, _parts: list[str]) -> None:
    """Nothing happened: kept once a day, however often it is tapped."""
    kept, _ = _opened(turn)
    latest = diary.list_entries(turn.session, screens.scope_of(kept))
    if not any(e.is_quiet and turn.service.calendar.local_day(e.entered_at) == turn.today for e in latest):
        nothing_happened(turn, kept)
    turn.say(turn.words("diary.quiet.thanks"))


_PRESSES: dict[str, Callable[[Turn, list[str]], Any]] = {
    "home": _home,
    "now": _now,
    "full": _full,
    "choose": _choose,
    "case": _case,
    "give": _give,
    "list": _list,
    "e": _open_entry,
    "fix": _fix,
    "true": _true,
    "pattern": _pattern,
    "table": _table,
    "pdf": _pdf,
    "ask": _weekly,
    "none": _nothing,
}

__all__ = ["KIT", "pressed", "show"]
