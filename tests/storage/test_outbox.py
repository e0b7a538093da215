"""The outbox gives rows out in order, to one taker at a time, and loses none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text, update

from storage import outbox
from storage.models import OutboxMessage
from tests.storage.rows import NOON, add_case, add_message
from tests.support.databases import opened

SOON = NOON + timedelta(seconds=10)
LEASE = timedelta(seconds=30)


def fill(database, *rows: tuple[str, int]) -> dict[str, int]:
    """Messages by their text, each with its chat; returns their ids."""
    with database.transaction() as session:
        return {message: add_message(session, message, chat) for message, chat in rows}


def take(database, now=NOON, **options) -> list[str]:
    """What a claim gets, as the messages' texts."""
    with database.transaction() as session:
        return [row.payload["text"] for row in outbox.claim(session, now, lease=LEASE, **options)]


def test_a_row_comes_back_as_it_was_written(database):
    with database.transaction() as session:
        case = add_case(session)
        row_id = add_message(
            session, "It was sent.", 7, handle="card", edit_handle="menu", receipts=[3, 4], case_id=case.id
        )
    with database.transaction() as session:
        (row,) = outbox.claim(session, NOON)
    assert row == outbox.Claimed(
        id=row_id,
        chat_key=7,
        method="sendMessage",
        payload={"chat_id": 7, "text": "It was sent."},
        handle="card",
        edit_handle="menu",
        attempts=1,
        receipts=(3, 4),
        case_id=case.id,
        created_at=NOON,
    )


def test_rows_of_all_chats_leave_oldest_first(database):
    fill(database, ("a1", 1), ("b1", 2), ("a2", 1), ("b2", 2))
    assert take(database) == ["a1", "b1", "a2", "b2"]


def test_one_chat_gets_three_at_a_time_and_the_rest_wait_for_those(database):
    ids = fill(database, *((f"a{number}", 1) for number in range(1, 6)), ("b1", 2))
    assert take(database) == ["a1", "a2", "a3", "b1"]
    assert take(database) == []
    with database.transaction() as session:
        outbox.delete_sent(session, [ids["a1"], ids["a2"], ids["a3"]])
    assert take(database) == ["a4", "a5"]


def test_a_limit_takes_the_oldest_and_keeps_each_chats_order(database):
    fill(database, ("a1", 1), ("a2", 1), ("b1", 2), ("c1", 3))
    assert take(database, limit=3) == ["a1", "a2", "b1"]
    assert take(database, limit=3) == ["c1"]


def test_a_claim_that_nobody_reported_back_is_given_out_again_in_order(database):
    fill(database, ("a1", 1), ("a2", 1))
    assert take(database) == ["a1", "a2"]
    assert take(database, NOON + LEASE - timedelta(seconds=1)) == []
    with database.transaction() as session:
        again = outbox.claim(session, NOON + LEASE)
    assert [(row.payload["text"], row.attempts) for row in again] == [("a1", 2), ("a2", 2)]


def test_later_rows_of_a_chat_wait_for_one_that_was_postponed(database):
    ids = fill(database, ("a1", 1), ("a2", 1), ("b1", 2))
    assert take(database) == ["a1", "a2", "b1"]
    with database.transaction() as session:
        outbox.postpone(session, ids["a1"], SOON, "timed out")
        outbox.release(session, [ids["a2"]])
        outbox.delete_sent(session, [ids["b1"]])
    assert take(database, NOON) == []
    assert take(database, SOON) == ["a1", "a2"]


def test_a_row_given_back_untried_counts_no_attempt(database):
    ids = fill(database, ("a1", 1))
    take(database)
    with database.transaction() as session:
        outbox.release(session, ids.values())
    with database.transaction() as session:
        assert [row.attempts for row in outbox.claim(session, NOON)] == [1]


def test_a_row_for_later_holds_back_what_was_written_after_it(database):
    with database.transaction() as session:
        add_message(session, "a1", 1)
        add_message(session, "a2", 1, not_before=SOON)
        add_message(session, "a3", 1)
    assert take(database) == ["a1"]


def test_a_buried_row_stays_for_an_operator_and_holds_up_nobody(database):
    ids = fill(database, ("a1", 1), ("a2", 1))
    with database.transaction() as session:
        outbox.bury(session, ids["a1"], "can't parse entities")
    assert take(database) == ["a2"]
    with database.reading() as session:
        buried = session.get_one(OutboxMessage, ids["a1"])
        assert (buried.dead, buried.error, buried.payload) == (True, "can't parse entities", {})


def test_a_chat_given_up_tells_which_reminders_were_lost_with_it(database):
    with database.transaction() as session:
        add_message(session, "a1", 1, receipts=[5])
        add_message(session, "a2", 1, receipts=[6, 7])
        add_message(session, "b1", 2, receipts=[8])
    with database.transaction() as session:
        assert sorted(outbox.bury_chat(session, 1, "blocked")) == [5, 6, 7]
    assert take(database) == ["b1"]


def test_what_a_buried_row_said_goes_unless_it_carries_reminders(database):
    with database.transaction() as session:
        alone = add_message(session, "to nobody", 1)
        reminding = add_message(session, "due today", 1, receipts=[5])
        other = add_message(session, "to another", 2)
    with database.transaction() as session:
        outbox.bury_chat(session, 1, "blocked")
    with database.reading() as session:
        kept = {row.id: row.payload.get("text") for row in session.scalars(select(OutboxMessage))}
    assert kept == {alone: None, reminding: "due today", other: "to another"}


def test_chats_that_must_wait_are_left_out(database):
    fill(database, ("a1", 1), ("b1", 2), ("c1", 3))
    assert take(database, exclude_chats={1, 3}) == ["b1"]


def test_a_second_row_under_the_same_key_isnt_written(database):
    with database.transaction() as session:
        assert add_message(session, "once", dedupe_key="case:42:new") is not None
        assert add_message(session, "twice", dedupe_key="case:42:new") is None
        assert add_message(session, "other", dedupe_key="case:43:new") is not None
        assert add_message(session, "no key") is not None
        assert add_message(session, "no key either") is not None
    assert take(database, limit=9)[:2] == ["once", "other"]


def test_a_row_that_doesnt_open_is_buried_and_the_others_leave(database):
    ids = fill(database, ("a1", 1), ("b1", 2), ("a2", 1))
    with database.transaction() as session:
        table = OutboxMessage.__table__
        session.execute(
            text("UPDATE outbox SET payload = :junk WHERE id = :row"), {"junk": b"junk", "row": ids["a1"]}
        )
        assert session.scalar(select(table.c.id).where(table.c.dead)) is None
    assert take(database) == ["b1", "a2"]
    with database.reading() as session:
        dead = session.execute(select(OutboxMessage.id, OutboxMessage.error).where(OutboxMessage.dead)).one()
    assert dead.id == ids["a1"]
    assert "outbox.payload" in dead.error


@pytest.mark.parametrize(
    ("not_before", "claimed_until", "due"),
    [
        (NOON, None, NOON),  # now
        (SOON, None, SOON),  # postponed
        (NOON, SOON, SOON),  # given out: when its lease ends
    ],
)
def test_when_to_look_again_is_told(database, not_before, claimed_until, due):
    ids = fill(database, ("a1", 1), ("a2", 1))
    with database.transaction() as session:
        first = update(OutboxMessage).where(OutboxMessage.id == ids["a1"])
        session.execute(first.values(not_before=not_before, claimed_until=claimed_until))
    with database.reading() as session:
        assert outbox.next_due_at(session) == due


def test_an_empty_outbox_has_nothing_to_look_for(database):
    with database.reading() as session:
        assert outbox.next_due_at(session) is None


def test_the_last_message_sent_under_a_handle_counts(database):
    with database.transaction() as session:
        outbox.record_sent(session, chat_key=1, handle="card", message_id=10, now=NOON)
        outbox.record_sent(session, chat_key=1, handle="card", message_id=11, now=SOON)
        outbox.record_sent(session, chat_key=2, handle="card", message_id=12, now=SOON)
        assert outbox.find_message_ids(session, [(1, "card"), (2, "card"), (3, "card")]) == {
            (1, "card"): 11,
            (2, "card"): 12,
        }
        assert outbox.find_message_ids(session, []) == {}


def test_two_takers_at_once_never_share_a_chat(postgres_url):
    """The first taker's limit ends in the middle of a chat; the second must not go on with that chat."""
    with opened(postgres_url) as first, opened(postgres_url) as second:
        fill(first, ("a1", 1), ("b1", 2), ("b2", 2), ("c1", 3))
        with first.transaction() as one, second.transaction() as two:
            mine = [row.payload["text"] for row in outbox.claim(one, NOON, limit=2)]
            theirs = [row.payload["text"] for row in outbox.claim(two, NOON, limit=9)]
        assert (mine, theirs) == (["a1", "b1"], ["c1"])
        assert take(second) == []


def test_a_taker_that_dies_leaves_its_rows_to_the_next(postgres_url):
    def claim_and_die(database) -> None:
        with database.transaction() as session:
            assert outbox.claim(session, NOON)
            raise ConnectionError

    with opened(postgres_url) as first, opened(postgres_url) as second:
        fill(first, ("a1", 1))
        with pytest.raises(ConnectionError):
            claim_and_die(first)
        assert take(second) == ["a1"]


def test_a_claim_finds_living_rows_by_their_indexes(database):
    """Rows that were given up stay for weeks; a claim must not read through them."""
    fill(database, *((f"m{chat}", chat) for chat in range(1, 40)))
    ran = []
    with database.transaction() as session:
        session.execute(text("UPDATE outbox SET dead = (id <= 30)"))
        if database.dialect == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))  # so short a table would be read whole
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *call: ran.append((call[2], call[3])))
        assert len(outbox.claim(session, NOON)) == 9
        heads, first_rows, _lease = ran
        explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
        for statement, values in (heads, first_rows):
            plan = str(connection.exec_driver_sql(explain + statement, values).all())
            assert "ix_outbox_live" in plan
            assert "SCAN outbox'" not in plan


def test_whoever_sends_hears_of_new_rows_once_they_are_committed(postgres_database):
    with postgres_database.own_connection() as connection:
        connection.execute(text("LISTEN outbox"))
        driver = connection.connection.dbapi_connection
        with postgres_database.transaction() as session:
            add_message(session, "a1")
            outbox.announce(session)
            assert list(driver.notifies(timeout=0)) == []
        (heard,) = driver.notifies(timeout=20, stop_after=1)
    assert heard.channel == "outbox"


def test_on_sqlite_there_is_nobody_else_to_tell(sqlite_database):
    with sqlite_database.transaction() as session:
        outbox.announce(session)
        add_message(session, "a1")
    assert take(sqlite_database) == ["a1"]
