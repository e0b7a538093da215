"""The digest and the look ahead once, whatever ends a process: killed just before its commit, and just after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.crypto import Keyring, new_key_text
from tests.jobs.test_look_ahead import update_due
from tests.jobs.world import deliver, jobs_of, local
from tests.officers.world import ASHA, MONA, World, make_world
from tests.support import databases

# A process that does one tick, and ends itself like kill -9 around the commit of the transaction that wrote to
# the outbox.
TICK = """
import os, signal, sys
from datetime import datetime
from sqlalchemy import event
from bot.clock import MovableClock
from bot.jobs import Jobs
from storage.crypto import Keyring
from storage.database import Database
from tests.officers.world import make_service

url, keys, now, when = sys.argv[1:]
database = Database(url, Keyring.from_text(keys))
clock = MovableClock(datetime.fromisoformat(now))
wrote = []

def written(_conn, _cursor, statement, *_rest):
    if statement.startswith("INSERT INTO outbox"):
        wrote.append(statement)

def committing(connection):
    if wrote and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)

def released(_connection, _record):
    if wrote and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(database.engine, "before_cursor_execute", written)
event.listen(database.engine, "commit", committing)
event.listen(database.engine, "checkin", released)
Jobs(database, make_service(database.keyring, clock), clock).tick()
"""


def tick_and_die(world: World, keys: str, when: str) -> None:
    url = world.database.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", TICK, url, keys, world.clock.now().isoformat(), when],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == -9


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("day", "hour", "text"), [(24, 9, "Your cases on Tuesday"), (27, 14, "Next week, from Monday")]
)
def test_it_is_said_once(database_url: str, when: str, day: int, hour: int, text: str) -> None:
    keys = new_key_text(1)
    with databases.opened(database_url, Keyring.from_text(keys)) as database:
        world = make_world(database)
        world.report(district="redditch")
        update_due(world, ASHA, 1)
        world.clock.move_to(local(day, 8))
        if hour > 9:
            world.clock.move_to(local(day, 9))
            jobs_of(world).tick()
        deliver(world)
        world.clock.move_to(local(day, hour))
        tick_and_die(world, keys, when)
        for _ in range(2):
            jobs_of(world).tick()
        said = [one for one in deliver(world) if text in one.text]
        assert [one.to for one in said].count(ASHA) == 1
        assert [one.to for one in said].count(MONA) == (1 if hour > 9 else 0)
