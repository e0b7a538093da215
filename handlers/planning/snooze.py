"""Letting a reminder wait: until later today or tomorrow morning, so often and no longer than the day it is about.

What waits is a line of the reminders' ledger like any other, for the one person who asked for it.
"""

from __future__ import annotations

from datetime import date

from casework.deadlines import is_late
from casework.errors import BeyondCalendar
from casework.snoozing import Snooze, snoozes
from handlers.keyboards import Button, Rows
from handlers.officers.access import case_to_open, number_in
from handlers.officers.labels import deadline_line
from handlers.officers.notices import open_row
from handlers.turn import Service, Turn
from handlers.words import Words
from storage import cases, deadlines, reminders
from storage.cases import Parties
from storage.models import Case, Deadline


def buttons(turn: Turn, parties: Parties) -> tuple[Button, ...]:
    """What the card's second keyboard offers."""
    if parties.case.closed_at is not None:
        return ()
    return (Button(turn.words.plain("dates.snooze.button"), f"j:remind:{parties.case.id}"),)


def reminder_rows(words: Words, deadline: Deadline, today: date) -> Rows:
    """Under a reminder of one thing: nothing once it is late."""
    return () if is_late(deadline.due_on, today) else (_row(words, deadline),)


def _row(words: Words, deadline: Deadline) -> tuple[Button, ...]:
    return tuple(
        Button(words.plain(f"dates.snooze.{wait}.button"), f"j:{wait}:{deadline.id}")
        for wait in ("later", "tomorrow")
    )


def ask_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:remind:<case_id>``: when do they want to hear of what is due next?"""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    case, words = parties.case, turn.words
    row = next(iter(deadlines.list_open(turn.session, case.id)), None)
    if row is None:
        turn.say(words("dates.none", reference=case.reference), open_row(words, case))
        return
    taken = reminders.count_snoozes(turn.session, row.id)
    found = _choices(turn.service, row, taken, turn)
    if not found:
        _refuse(turn, case, row)
        return
    text = words(
        "dates.snooze.ask",
        reference=case.reference,
        what=deadline_line(words, turn.service, row, turn.today),
    )
    offered = tuple(
        Button(words.plain(f"dates.snooze.{one.wait.value}.button"), f"j:{one.wait.value}:{row.id}")
        for one in found
    )
    turn.say(text, (offered, *open_row(words, case)), case_id=case.id)


def wait_pressed(turn: Turn, parts: list[str]) -> None:
    """``j:later:<deadline_id>`` and ``j:tomorrow:<deadline_id>``; a second tap says again until when it waits."""
    number = number_in(parts, 2)
    row = deadlines.find_deadline(turn.session, number) if number is not None else None
    if row is not None:
        cases.lock_case(turn.session, row.case_id)
    parties = case_to_open(turn, row.case_id if row is not None else None)
    if parties is None or row is None:
        return
    case = parties.case
    turn.session.refresh(row)
    if row.ended_at is not None or case.closed_at is not None:
        turn.say(turn.words("dates.snooze.ended", reference=case.reference), open_row(turn.words, case))
        return
    waiting = reminders.waiting_snooze(turn.session, row.id, turn.person.id)
    if waiting is None:
        taken = reminders.count_snoozes(turn.session, row.id)
        chosen = next((one for one in _choices(turn.service, row, taken, turn) if one.wait == parts[1]), None)
        if chosen is None:
            _refuse(turn, case, row)
            return
        waiting = reminders.add_snooze(
            turn.session, row, number=taken + 1, at=chosen.at, person_id=turn.person.id
        )
    when = turn.words.moment(waiting.at, turn.service.zone, turn.today)
    text = turn.words("dates.snooze.done", reference=case.reference, when=when)
    turn.say(text, open_row(turn.words, case), case_id=case.id)


def _choices(service: Service, row: Deadline, taken: int, turn: Turn) -> tuple[Snooze, ...]:
    try:
        return snoozes(row.due_on, taken, turn.now, service.policy, service.calendar)
    except BeyondCalendar:
        return ()


def _refuse(turn: Turn, case: Case, row: Deadline) -> None:
    if is_late(row.due_on, turn.today):
        text = turn.words("dates.snooze.late", reference=case.reference)
    else:
        day = turn.words.day(row.due_on, turn.today)
        text = turn.words("dates.snooze.over", reference=case.reference, day=day)
    turn.say(text, open_row(turn.words, case), case_id=case.id)
