"""A case in a few words, as the team reads them: its kind, district, state, risk, and what is due by when."""

from __future__ import annotations

from datetime import date

from casework.deadlines import is_late, working_days_left
from handlers.planning.moved import with_moves
from handlers.turn import Service
from handlers.words import Words
from storage.models import Case, Deadline


def kind_name(words: Words, case: Case) -> str:
    """ "report" or "Nominated Neighbour referral"."""
    return words.plain(f"officer.kind.{case.kind}.name")


def district_name(words: Words, service: Service, case: Case) -> str:
    """The district's own name; "area not known" where nobody knows it yet."""
    if case.district is None:
        return words.plain("officer.district_unknown")
    return service.policy.district(case.district).name


def status_name(words: Words, case: Case) -> str:
    """The state as the team calls it."""
    return words.plain(f"officer.status.{case.status}.name")


def risk_name(words: Words, case: Case) -> str:
    """The risk band as the team calls it."""
    return words.plain(f"officer.risk.{case.risk}.name")


def deadline_name(words: Words, kind: str) -> str:
    """What has to be done: "first contact"."""
    return words.plain(f"officer.deadline.{kind}.name")


def due_phrase(words: Words, service: Service, due_on: date, today: date) -> str:
    """ "due today", "due Tuesday 24 November (1 working day left)", "due Monday 23 November, late"."""
    day = words.day(due_on, today)
    if due_on == today:
        return words.plain("officer.due.today", closes=words.time(service.policy.team.closes))
    if is_late(due_on, today):
        return words.plain("officer.due.late", day=day)
    left = working_days_left(due_on, today, service.calendar)
    return str(words.plural("officer.due.left.label", left, day=day))


def deadline_line(words: Words, service: Service, row: Deadline, today: date) -> str:
    """What has to be done and by when, in one line."""
    what = deadline_name(words, row.kind)
    line = words.plain("officer.due.line", what=what, due=due_phrase(words, service, row.due_on, today))
    return with_moves(words, row, line)
