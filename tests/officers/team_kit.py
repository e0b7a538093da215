"""Commands and taps of the team's work, played straight on turns; and cases that somebody owns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select

from casework.cases import RiskBand
from handlers import workload
from handlers.intake import Received
from storage.database import Database
from storage.models import Case, CaseEvent
from tests.officers.world import ADA, Said, World


def command(world: World, chat_id: int, name: str) -> Said:
    """The one answer to a command."""
    world.hush()
    with world.turn(chat_id) as turn:
        workload.COMMANDS[name](turn)
    (said,) = world.said(chat_id)
    return said


def press(world: World, chat_id: int, data: str) -> list[Said]:
    """Everything that is said, to anybody, after a tap."""
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        workload.pressed(turn, data.split(":"))
    return world.said()


def give(world: World, chat_id: int, *cases: Case) -> None:
    """Make the person own the cases, from now on."""
    person_id = world.person_id(chat_id)
    with world.session() as session:
        for case in session.scalars(select(Case).where(Case.id.in_([one.id for one in cases]))):
            case.give_to(person_id, world.clock.now())


def owned(
    world: World, owner: int, risk: RiskBand = RiskBand.MEDIUM, *, by: int = ADA, **facts: Any
) -> Received:
    """A case that came in and is the owner's."""
    received = world.report(by, risk=risk, **facts)
    give(world, owner, received.case)
    return received


def owner_of(world: World, case: Case) -> int | None:
    return world.case(case.id).owner_id


def history(world: World, case: Case) -> list[CaseEvent]:
    with world.session() as session:
        return list(
            session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id))
        )


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    statements: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
