"""Locks between processes: one at a time for each chat, and one leader."""

from __future__ import annotations

import threading
import time

from sqlalchemy import text

from storage.locks import lock_chat, try_lead
from storage.models import Dialog
from tests.storage.rows import NOON
from tests.support.databases import opened

PATIENCE = 20  # seconds, before a test is given up


def until(holds) -> None:
    """Wait until a condition holds."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.01)


def waiting_for_a_lock(database) -> int:
    with database.reading() as session:
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return session.execute(text(query)).scalar_one()


def test_a_second_process_waits_for_the_chat_and_reads_what_the_first_wrote(postgres_url):
    read = []
    with opened(postgres_url) as first, opened(postgres_url) as second:

        def work_on_the_same_chat() -> None:
            with second.transaction() as session:
                lock_chat(session, -5)
                read.append(session.get(Dialog, -5))

        other = threading.Thread(target=work_on_the_same_chat)
        with first.transaction() as session:
            lock_chat(session, -5)
            other.start()
            until(lambda: waiting_for_a_lock(first) == 1)
            session.add(Dialog(chat_key=-5, updated_at=NOON))
        other.join(PATIENCE)
    assert [dialog.chat_key for dialog in read] == [-5]


def test_another_chat_waits_for_nobody(postgres_url):
    with (
        opened(postgres_url) as first,
        opened(postgres_url) as second,
        first.transaction() as one,
        second.transaction() as two,
    ):
        lock_chat(one, 5)
        lock_chat(two, 6)


def test_on_sqlite_the_one_writer_is_lock_enough(sqlite_database):
    with sqlite_database.transaction() as session:
        lock_chat(session, 5)
        session.add(Dialog(chat_key=5, updated_at=NOON))
    with sqlite_database.reading() as session:
        assert session.get(Dialog, 5) is not None


def test_one_process_leads_until_its_connection_ends(postgres_url):
    with opened(postgres_url) as first, opened(postgres_url) as second, second.own_connection() as waiting:
        with first.own_connection() as leading:
            assert try_lead(leading)
            assert not try_lead(waiting)
        until(lambda: try_lead(waiting))


def test_the_one_process_on_sqlite_always_leads(sqlite_database):
    with sqlite_database.own_connection() as connection:
        assert try_lead(connection)


def test_no_chats_lock_keeps_a_leader_waiting(postgres_url):
    with opened(postgres_url) as database, database.transaction() as session:
        lock_chat(session, (77 << 32) + 1)  # the same bits as the leader's pair
        with database.own_connection() as connection:
            assert try_lead(connection)
