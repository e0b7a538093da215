"""A tick with nothing to do looks into an index, not through a table that grows for years."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from storage import cases, reminders
from storage.cases import View
from tests.jobs.test_reminders import only_contact
from tests.jobs.world import local
from tests.officers.world import World

NOW = local(24, 9)


def plan(world: World, ask: Callable[[Session], object]) -> str:
    """How the database would go about the first query of ``ask``."""
    heard: list[tuple[str, object]] = []

    def note(_conn, _cursor, statement, parameters, *_rest) -> None:
        if statement.lstrip().startswith("SELECT"):
            heard.append((statement, parameters))

    with world.session() as session:
        event.listen(world.database.engine, "before_cursor_execute", note)
        ask(session)
        event.remove(world.database.engine, "before_cursor_execute", note)
        statement, parameters = heard[0]
        connection = session.connection()
        if world.database.dialect == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            return "\n".join(row[3] for row in rows)
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
        return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda s: reminders.is_any_due(s, NOW), "ix_reminder_planned"),
        (lambda s: reminders.claim_due(s, NOW, 10), "ix_reminder_planned"),
        (lambda s: reminders.list_unsent(s, NOW, NOW, 10), "ix_reminder_planned"),
        (lambda s: cases.list_due_by(s, NOW, 10), "ix_deadline_open"),
        (
            lambda s: cases.list_queue(s, View(1, frozenset({"redditch"})), offset=0, limit=10),
            "ix_case_record_open",
        ),
        (lambda s: cases.list_open_of_person(s, 1), "ix_case_record_"),
    ],
)
def test_the_index_is_used(world: World, ask: Callable[[Session], object], index: str) -> None:
    only_contact(world)
    found = plan(world, ask)
    assert index in found, found
