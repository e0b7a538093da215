"""A tick with nothing to do looks into an index, not through a table that grows for years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from storage import cases, digest, reminders
from storage.cases import View
from storage.models import Case
from tests.jobs.test_reminders import only_contact
from tests.jobs.world import local
from tests.officers.world import World

NOW = local(24, 9)


def years_of_closed_cases(world: World) -> None:
    """So many that no database can take reading them all for as cheap as an index."""
    table = Case.__table__
    with world.session() as session:
        row = session.execute(select(table)).mappings().one()
        closed = [
            {**{name: value for name, value in row.items() if name != "id"}, "reference": f"OLD-{number}"}
            | {"closed_at": NOW - timedelta(days=number), "reporter_id": None, "follow_token_hash": None}
            for number in range(1, 2001)
        ]
        session.execute(insert(table), closed)
        session.execute(text("ANALYZE"))


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
        (lambda s: list(digest.list_due(s, {1}, NOW.date(), NOW, 6)), "ix_deadline_open"),
        (lambda s: digest.list_late(s, NOW, 6), "ix_deadline_open"),
        (
            lambda s: cases.list_queue(s, View(1, frozenset({"redditch"})), offset=0, limit=10),
            "ix_case_record_open",
        ),
        (lambda s: cases.list_open_of_person(s, 1), "ix_case_record_"),
    ],
)
def test_the_index_is_used(world: World, ask: Callable[[Session], object], index: str) -> None:
    only_contact(world)
    years_of_closed_cases(world)
    found = plan(world, ask)
    assert index in found, found
