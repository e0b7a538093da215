"""What managers are asked to look at for the program's own sake: raised once, in their digest until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from casework.errors import BeyondCalendar
from casework.reminders import is_working_time
from casework.roles import Permission
from casework.upkeep import TaskKind, figures_to_check, holidays_to_check
from handlers.keyboards import Button, Row, Rows
from handlers.officers.access import allowed, number_in, refuse
from handlers.turn import Service, Turn
from handlers.upkeep import change_lines
from handlers.upkeep.recalculating import Move
from handlers.words import Html, Words
from storage import reminders, upkeep
from storage.models import Person, UpkeepTask
from storage.people import display_name

JOB = "upkeep"
PRESS = "b"
PAGE = 10
_ACTS = {TaskKind.DATES: "recalculate", TaskKind.HOLIDAYS: "checked"}
"""What a manager can answer, by kind of task; the figures are confirmed in the policy file."""


def raise_due(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Once a working day, before the digest: what the calendar or the policy asks for."""
    today = service.calendar.local_day(now)
    try:
        if not is_working_time(now, service.policy, service.calendar) or _is_done(session, service, today):
            return {}
    except BeyondCalendar:
        return {}  # the reminders tell the operator
    if not reminders.claim_slot(session, JOB, today.isoformat(), now):
        return {}
    raised = 0
    began_at = upkeep.began_at(session)
    began_on = service.calendar.local_day(began_at) if began_at is not None else today
    year = holidays_to_check(today, began_on, service.policy)
    if year is not None:
        raised += upkeep.raise_task(session, TaskKind.HOLIDAYS, str(year), {"year": year}, now)
    return {"raised": raised + _look_at_figures(session, service, began_on, now)}


def _is_done(session: Session, service: Service, today: date) -> bool:
    last = reminders.last_slot_at(session, JOB)
    return last is not None and service.calendar.local_day(last) >= today


def _look_at_figures(session: Session, service: Service, began_on: date, now: datetime) -> bool:
    """One task for all that nobody has confirmed for the set time; it ends by itself when all are."""
    today = service.calendar.local_day(now)
    where = figures_to_check(today, began_on, service.policy)
    if not where:
        upkeep.end_tasks(session, TaskKind.FIGURES, now)
        return False
    body = {"where": list(where), "count": len(where)}
    known = upkeep.find_open(session, TaskKind.FIGURES)
    for task in known:
        task.body = body
    return not known and upkeep.raise_task(session, TaskKind.FIGURES, today.isoformat(), body, now)


# In the digest


def to_tell(tasks: Sequence[UpkeepTask], service: Service, now: datetime) -> list[UpkeepTask]:
    """Those that are a reason to write: new ones, and the others every so many days."""
    today = service.calendar.local_day(now)
    every = timedelta(days=service.policy.upkeep.remind_days.value)
    return [
        task
        for task in tasks
        if task.told_at is None or today - service.calendar.local_day(task.told_at) >= every
    ]


def line(words: Words, task: UpkeepTask) -> Html:
    """The task in one sentence."""
    if task.kind == TaskKind.HOLIDAYS:
        return words("upkeep.task.holidays", year=str(task.body["year"]))
    return words.plural(f"upkeep.task.{task.kind}", task.body.get("count", 0))


def buttons(words: Words, task: UpkeepTask) -> Row:
    """To look at it, and to answer it."""
    kind = TaskKind(task.kind)
    shown = Button(words.plain(f"upkeep.show.{kind.value}.button"), f"{PRESS}:show:{task.id}")
    act = _ACTS.get(kind)
    if act is None or task.asked_at is not None:
        return (shown,)
    return (shown, Button(words.plain(f"upkeep.{act}.button"), f"{PRESS}:{act}:{task.id}"))


# What a manager does


def pressed(turn: Turn, parts: list[str]) -> None:
    """``b:show:<task_id>`` with a page or without, ``b:recalculate:<task_id>``, ``b:checked:<task_id>``."""
    if not allowed(turn, Permission.UPKEEP):
        refuse(turn)
        return
    act, number = parts[1] if len(parts) > 1 else "", number_in(parts, 2)
    found = upkeep.lock_task(turn.session, number) if number is not None else None
    if found is None:
        turn.say(turn.words("upkeep.gone"))
        return
    task, done_by = found
    if task.done_at is not None:
        turn.say(_done_line(turn, task, done_by))
    elif act == "show":
        _show(turn, task, number_in(parts, 3))
    elif act == _ACTS.get(TaskKind(task.kind)):
        _answer(turn, task)
    else:
        turn.say(turn.words("upkeep.gone"))


def _answer(turn: Turn, task: UpkeepTask) -> None:
    if task.kind == TaskKind.HOLIDAYS:
        task.done_at, task.done_by = turn.now, turn.person.id
        turn.say(turn.words("upkeep.checked", year=str(task.body["year"])))
        return
    if task.asked_at is None:
        task.asked_at, task.done_by = turn.now, turn.person.id
    turn.say(turn.words("upkeep.on_its_way"))


def _done_line(turn: Turn, task: UpkeepTask, done_by: Person | None) -> Html:
    day = turn.words.day(turn.service.calendar.local_day(task.done_at or turn.now), turn.today)
    name = display_name(done_by) if done_by is not None else ""
    if not name:
        return turn.words("upkeep.done.nobody", day=day)
    return turn.words("upkeep.done", day=day, name=name)


def _show(turn: Turn, task: UpkeepTask, asked: int | None) -> None:
    """A page of its list; turned in place, shown first in a new message."""
    lines = _details(turn, task)
    last_page = max(len(lines) - 1, 0) // PAGE
    page = min(asked or 0, last_page)
    shown = lines[page * PAGE : (page + 1) * PAGE]
    head = [line(turn.words, task), *(_kept(turn.words, task.body) if page == 0 else [])]
    text = Html("\n".join([*head, Html(""), *shown]))
    rows: Rows = (_pager(turn.words, task, page, last_page), buttons(turn.words, task)[1:])
    handle = f"upkeep:{task.id}"
    if asked is None:
        turn.say(text, rows, handle=handle)
    else:
        turn.edit(handle, text, rows, or_send=True)


def _details(turn: Turn, task: UpkeepTask) -> list[Html]:
    words, today = turn.words, turn.today
    if task.kind == TaskKind.DATES:
        moves = [Move.from_json(data) for data in task.body["moves"]]
        lines = [change_lines.line(words, move, today) for move in moves]
        more = task.body["count"] - len(moves)
        return [*lines, words.plural("upkeep.more", more)] if more > 0 else lines
    if task.kind == TaskKind.FIGURES:
        return [words("upkeep.figure", where=where) for where in task.body["where"]]
    days = turn.service.calendar.days_off(task.body["year"])
    return [
        words("upkeep.day_off", day=words.day(day, today), name=name) for day, name in sorted(days.items())
    ] or [words("upkeep.no_days")]


def _kept(words: Words, body: dict[str, Any]) -> list[Html]:
    return [change_lines.kept_line(words, why, count) for why, count in sorted(body.get("kept", {}).items())]


def _pager(words: Words, task: UpkeepTask, page: int, last_page: int) -> Row:
    earlier = Button(words.plain("upkeep.earlier.button"), f"{PRESS}:show:{task.id}:{page - 1}")
    later = Button(words.plain("upkeep.later.button"), f"{PRESS}:show:{task.id}:{page + 1}")
    return (*((earlier,) if page else ()), *((later,) if page < last_page else ()))
