"""Open dates after a change of the policy or the bank holidays: noticed at start, shown and done on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot.application import make_service
from bot.settings import Settings, SettingsError
from casework.clock import Clock
from casework.policy import parse_policy
from casework.recalculation import Basis
from casework.roles import Actor, Role
from casework.upkeep import TaskKind
from handlers.turn import Service
from handlers.upkeep import change_lines, recalculating
from handlers.words import ENGLISH, Catalogs
from storage import upkeep
from storage.database import Database
from storage.migrations import current_revision, head_revision
from storage.team import load_team

log = structlog.get_logger(__name__)

MOST_SHOWN = 100
"""Dates that a manager can look at in the chat; the command shows all."""


def compare(database: Database, service: Service, now: datetime) -> dict[str, int]:
    """Whether the dates were worked out with what holds now. If not, a manager is asked; or nothing would move.

    The first start of all takes the dates as they are.
    """
    present = Basis.of(service.policy, service.calendar)
    with database.reading() as session:
        last = upkeep.last_basis(session)
    if last is None:
        with database.transaction() as session:
            upkeep.follow_basis(session, 0, present, 0, now)
        return {}
    basis_id, before = last
    if before.fingerprint == present.fingerprint:
        with database.transaction() as session:
            upkeep.end_tasks(session, TaskKind.DATES, now)
        return {}
    with database.reading() as session:
        found = recalculating.preview(session, service, before, now, most=MOST_SHOWN)
    if found.count == 0:
        apply(database, service, now)
        return {}
    body = {
        "count": found.count,
        "kept": {kept.value: count for kept, count in found.kept.items()},
        "moves": [move.to_json() for move in found.first],
        "fingerprint": present.fingerprint,
    }
    with database.transaction() as session:
        upkeep.replace_dates_task(session, f"{basis_id}:{present.fingerprint[:16]}", body, now)
    log.warning("dates_would_move", dates=found.count)
    return {"would_move": found.count}


def carry_out(database: Database, service: Service, now: datetime) -> dict[str, int]:
    """Do the recalculation that a manager asked for, where one did and this process knows the same figures."""
    with database.reading() as session:
        task = upkeep.find_asked(session)
    if task is None or task.body.get("fingerprint") != fingerprint(service):
        return {}
    return {"moved": apply(database, service, now, Actor(task.done_by, Role.MANAGER))}


def apply(database: Database, service: Service, now: datetime, actor: Actor | None = None) -> int:
    """Work all open dates out anew, a transaction a batch, and tell their owners. Returns how many moved."""
    with database.reading() as session:
        last = upkeep.last_basis(session)
    if last is None:
        with database.transaction() as session:
            upkeep.follow_basis(session, 0, Basis.of(service.policy, service.calendar), 0, now)
        return 0
    basis_id, before = last
    if before.fingerprint == fingerprint(service):
        return 0
    after: int | None = 0
    while after is not None:
        with database.transaction() as session:
            after, _ = recalculating.do_batch(session, service, before, after, actor, now)
    with database.transaction() as session:
        team = load_team(session, service.calendar.local_day(now))
        moved = recalculating.finish(session, service, team, basis_id, actor, now)
        if moved is not None:
            upkeep.end_tasks(session, TaskKind.DATES, now)
    if moved:
        log.info("dates_recalculated", dates=moved)
    return moved or 0


def fingerprint(service: Service) -> str:
    """What dates are worked out with now, in short."""
    return Basis.of(service.policy, service.calendar).fingerprint


def run_recalculate(settings: Settings, database: Database, clock: Clock, *, really: bool) -> Iterator[str]:
    """Lines for the operator: every date that moves, or how many did.

    SettingsError where the tables are not up to date.
    """
    if current_revision(database) != head_revision():
        raise SettingsError("The tables are not up to date; run: python -m bot migrate")
    service = make_service(
        policy=parse_policy(settings.policy_file.read_text(encoding="utf-8")),
        clock=clock,
        catalogs=Catalogs.load(),
        database=database,
        zone=settings.zone,
        bot_username="",
    )
    if really:
        yield f"Dates moved: {apply(database, service, clock.now())}."
        return
    with database.reading() as session:
        yield from _shown(session, service, clock.now())


def _shown(session: Session, service: Service, now: datetime) -> Iterator[str]:
    last = upkeep.last_basis(session)
    if last is None:
        yield "The bot has never run with this database: there is nothing to compare with."
        return
    words, today = service.words(ENGLISH), service.calendar.local_day(now)
    moved = 0
    kept: dict[str, int] = {}
    for one in recalculating.each_change(session, service, last[1], now):
        if isinstance(one, recalculating.Move):
            moved += 1
            yield change_lines.plain_line(words, one, today)
        else:
            kept[one.value] = kept.get(one.value, 0) + 1
    for why, count in sorted(kept.items()):
        yield change_lines.kept_line(words, why, count)
    if moved:
        yield f"Dates that would move: {moved}. To move them: python -m bot recalculate --apply"
    else:
        yield "No date would move."
