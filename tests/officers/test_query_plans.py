"""How the databases go about an officer's day with thousands of cases: by an index, never through a whole table."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bench.caseload import MORNING, NIGHT, NOW, Asker, make_service
from bench.caseload_rows import Size, fill
from bot.clock import MovableClock
from bot.jobs import Jobs
from storage.database import Database
from tests.support import databases

SIZE = Size(officers=12, open=800, closed=15_000)
WATCHED = "case_record|deadline|reminder|case_event|search_term|asb_report|case_search"
_WHOLE = {
    "sqlite": re.compile(rf"SCAN ({WATCHED})(_\d+)?( USING.*)?$"),
    "postgresql": re.compile(rf"Seq Scan on ({WATCHED})\b"),
}
_SMALL = ("ix_case_record_unowned", "ix_reminder_planned", "ix_reminder_queued")
"""Partial indexes that may be read whole: they hold only what waits for somebody."""
_OPEN = ("ix_case_record_open_owner", "ix_case_record_open_district", "ix_deadline_open")
"""Once a morning what is open is looked through."""


class Watched:
    """One filled database, its service, and how it goes about things."""

    def __init__(self, database: Database) -> None:
        clock = MovableClock(NOW)
        self.database = database
        self.service = make_service(database.keyring, clock)
        self.caseload = fill(database, self.service, SIZE, NOW, random.Random(7))
        self.asker = Asker(database, self.service, self.caseload, random.Random(7))
        self.jobs = Jobs(database, self.service, clock)

    def whole(self, heard: list[tuple[str, object]], *allowed: str) -> list[str]:
        """What reads a whole table, of what was heard."""
        found = []
        for statement, parameters in heard:
            lines = self._plan(statement, parameters)
            for line in lines:
                small = any(name in line for name in (*_SMALL, *allowed))
                if _WHOLE[self.database.dialect].search(line) and not small:
                    found.append(f"{line.strip()} in {' '.join(statement.split())}")
        return found

    def _plan(self, statement: str, parameters: object) -> list[str]:
        given = parameters[0] if isinstance(parameters, list) else parameters
        explain = "EXPLAIN QUERY PLAN" if self.database.dialect == "sqlite" else "EXPLAIN"
        with self.database.engine.connect() as connection:
            if self.database.dialect == "postgresql":
                # As on any solid-state disk. Its default is for a disk with heads, where a table as small as
                # a test's is better read whole.
                connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")
            rows = connection.exec_driver_sql(f"{explain} {statement}", given).all()  # type: ignore[arg-type]
        return [str(row[-1]) for row in rows]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def watched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        url = databases.sqlite_copy(template, tmp_path_factory.mktemp("plans"))
        with databases.opened(url) as database:
            yield Watched(database)
        return
    server = request.getfixturevalue("postgres_server")
    with server.migrated() as url, databases.opened(url) as database:
        yield Watched(database)


ACTS = (
    "/queue",
    "/queue, a later page",
    "/queue, manager",
    "/due",
    "/due, a later page",
    "/due, manager",
    "a card",
    "/find, name",
    "/find, name misspelt",
    "/find, last name only",
    "/find, street",
    "/find, postcode",
    "/find, half a postcode",
    "/find, reference",
    "/find, reference mistyped",
    "/find, manager",
)


def asked(heard: list[tuple[str, object]]) -> list[tuple[str, object]]:
    return [one for one in heard if one[0].lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE"))]


def test_every_act_that_is_measured_is_watched(watched: Watched) -> None:
    assert tuple(watched.asker.acts()) == ACTS


@pytest.mark.parametrize("act", ACTS)
def test_an_act_reads_no_table_whole_and_takes_few_queries(watched: Watched, act: str) -> None:
    watched.asker.heard.clear()
    watched.asker.acts()[act]()
    heard = asked(watched.asker.heard)
    assert watched.whole(heard) == []
    # One more for the card, which is loaded whole: the person and their place come first.
    most = 4 + (act in ("a card", "/find, reference")) + (act == "/find, reference")
    assert 0 < watched.asker.selects() <= most


@pytest.mark.parametrize("at", [NOW, NIGHT + timedelta(days=1)], ids=["by day", "by night"])
def test_a_tick_with_nothing_to_do_reads_no_table_whole(watched: Watched, at) -> None:
    watched.jobs.tick(MORNING + (at - NOW if at > NOW else timedelta()))
    watched.jobs.tick(at)
    watched.asker.heard.clear()
    watched.jobs.tick(at + timedelta(seconds=20))
    heard = asked(watched.asker.heard)
    assert heard
    assert watched.whole(heard) == []


def test_the_morning_digest_reads_what_is_open_and_not_what_is_closed(watched: Watched) -> None:
    later = MORNING + timedelta(days=2)
    watched.asker.heard.clear()
    counts = watched.jobs.send_due_reminders(later)
    assert counts["messages"] > 0
    heard = asked(watched.asker.heard)
    assert watched.whole(heard, *_OPEN) == []
