"""One update, one transaction: twice is once, a fault loses nothing, and a dead database is told to Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event
from telegram import Update

from bot.process import Process
from bot.updates import NotCommitted
from casework.roles import Permission
from handlers.forms.engine import FormKit
from handlers.forms.flow import Answers, Form, Question, Receipt
from handlers.forms.kinds.text import ShortText
from handlers.home import show_menu
from handlers.routes import On
from handlers.turn import Turn
from handlers.words import Html
from storage.database import Database
from storage.models import Case, Dialog, Draft, Fault, OutboxMessage, Person, SeenUpdate
from tests.conversations.conftest import hurry
from tests.support import databases
from tests.support.service import Somebody, Town, a_town
from tests.support.stored import all_rows, count_rows, the_draft
from tests.support.walks import reports_up_to


@pytest.fixture
def any_database(database: Database) -> Database:
    """SQLite and PostgreSQL in turn."""
    if database.dialect == "sqlite":
        hurry(database)
    return database


@pytest.fixture
async def town(any_database: Database) -> AsyncIterator[Town]:
    """Where things may go wrong: nothing is checked afterwards."""
    async with a_town(any_database) as town:
        yield town


async def work_on(town: Town, *updates: Update) -> None:
    for update in updates:
        await town.process.application.process_update(update)


async def test_the_same_update_twice_has_its_effect_once(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "check")
    ada.phone.tap("Send report")
    updates = await town.waiting_updates()
    await work_on(town, *updates, *updates)
    await town.settle()
    await work_on(town, *updates)  # long after, too
    await town.settle()
    assert count_rows(town.database, Case) == 1
    assert len([message for message in ada.phone.bot_messages if "We have your report" in message.text]) == 1


@asynccontextmanager
async def another_process(town: Town) -> AsyncIterator[Process]:
    """A second process of the same service on the same database."""
    url = town.database.url
    with databases.opened(url) as database:
        parts = town.process.parts
        process = await Process.start(
            **{name: getattr(parts, name) for name in parts.__dataclass_fields__} | {"database": database}
        )
        try:
            yield process
        finally:
            await process.stop()


async def at_once(processes: tuple[Process, Process], updates: list[Update]) -> None:
    """Both processes work on all of them at the same time."""
    await asyncio.gather(
        *(process.application.process_update(update) for update in updates for process in processes)
    )


async def test_the_same_updates_at_once_on_two_processes_have_their_effect_once(
    postgres_database: Database,
) -> None:
    async with a_town(postgres_database) as town, another_process(town) as second:
        ada = town.resident()
        await ada.starts()
        await reports_up_to(ada, "check")
        ada.phone.tap("Send report")
        await at_once((town.process, second), await town.waiting_updates())
        await town.settle()
        assert count_rows(town.database, Case) == 1
        assert len([m for m in ada.phone.bot_messages if "We have your report" in m.text]) == 1
        assert count_rows(town.database, Fault) == 0


async def test_two_processes_work_on_one_chat_in_turn(postgres_database: Database) -> None:
    async with a_town(postgres_database) as town, another_process(town) as second:
        ada = town.resident()
        await ada.starts()
        await reports_up_to(ada, "what")
        said = [f"sentence {number}" for number in range(12)]
        for text in said:
            ada.phone.say(text)
        updates = await town.waiting_updates()
        processes = (town.process, second)
        await asyncio.gather(
            *(processes[n % 2].application.process_update(update) for n, update in enumerate(updates))
        )
        await town.settle()
        partial = the_draft(town.database).partial or {}
        assert sorted(partial["texts"]) == sorted(said)  # none was lost to the other
        assert count_rows(town.database, Fault) == 0


async def test_two_first_messages_of_a_new_chat_make_one_person(postgres_database: Database) -> None:
    async with a_town(postgres_database) as town, another_process(town) as second:
        ada = town.resident()
        ada.phone.start()
        ada.phone.say("hello")
        first, other = await town.waiting_updates()
        await asyncio.gather(
            town.process.application.process_update(first), second.application.process_update(other)
        )
        await town.settle()
        assert count_rows(town.database, Person) == count_rows(town.database, Dialog) == 1
        assert count_rows(town.database, Fault) == 0
        assert len(ada.phone.bot_messages) == 2


async def test_messages_of_one_chat_keep_their_order(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    said = [f"sentence {number}" for number in range(10)]
    for text in said:
        ada.phone.say(text)
    updates = await town.waiting_updates()
    await asyncio.gather(*(town.process.application.process_update(update) for update in updates))
    assert (the_draft(town.database).partial or {})["texts"] == said


async def test_one_chat_does_not_wait_for_another(town: Town) -> None:
    people = [town.resident(f"Person {number}") for number in range(6)]
    for person in people:
        person.phone.start()
    updates = await town.waiting_updates()
    await asyncio.gather(*(town.process.application.process_update(update) for update in updates))
    await town.settle()
    assert [len(person.phone.bot_messages) for person in people] == [1] * 6


class Broken(RuntimeError):
    """A fault of ours, on order."""


def fails(_turn: Turn, _answers: Answers) -> Receipt:
    raise Broken("the words of Ada Lovelace")


async def waits() -> None:
    await asyncio.sleep(0)


def broken_kit(finish: Callable[[Turn, Answers], Receipt]) -> FormKit:
    """A report with one question, whose sending goes wrong."""
    form = Form("report", Permission.REPORT, (Question("phone", ShortText()),), finish)
    return FormKit((form,), leave=show_menu)


async def test_a_fault_is_rolled_back_kept_and_told_and_the_next_message_works(
    town: Town, ada: Somebody
) -> None:
    await town.restart(kit=broken_kit(fails))
    await ada.says("/report", "07700 900123")
    ada.is_asked("check")
    before = the_draft(town.database)
    await ada.taps("Send report")
    (fault,) = all_rows(town.database, Fault)
    ada.reads("common.fault")
    ada.sees(fault.reference, "01527 64252")
    assert fault.error == "Broken"
    assert fault.body["callback_query"]["data"].endswith(":send:")
    assert "07700 900123" not in str(fault.body)  # the message under the button shows the answers
    after = the_draft(town.database)
    assert (after.place, after.answers, after.version) == (before.place, before.answers, before.version)
    assert count_rows(town.database, OutboxMessage) == 0
    await ada.says("change phone", "01632 960001")
    ada.is_asked("check")
    ada.sees("01632 960001")
    await town.restart(kit=broken_kit(lambda turn, answers: Receipt(Html(answers["phone"]))))
    await ada.says("send")
    ada.sees("01632 960001")


async def test_a_log_that_can_not_be_written_costs_no_apology(
    town: Town, ada: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_facts: Any) -> None:
        raise OSError("no space left on device")

    await town.restart(kit=broken_kit(fails))
    await ada.says("/report", "07700 900123")
    monkeypatch.setattr("bot.updates.log", SimpleNamespace(error=broken))
    await ada.taps("Send report")
    ada.reads("common.fault")
    assert count_rows(town.database, Fault) == 1


async def test_one_bad_update_does_not_come_back(town: Town, ada: Somebody) -> None:
    await town.restart(kit=broken_kit(fails))
    await ada.says("/report", "07700 900123")
    ada.phone.tap("Send report")
    updates = await town.waiting_updates()
    await work_on(town, *updates, *updates)
    assert count_rows(town.database, Fault) == 1


async def test_a_handler_that_waits_is_a_fault(town: Town, ada: Somebody) -> None:
    application = town.process.application
    handler = On(lambda turn: turn.incoming.text == "wait", lambda turn: None)

    async def callback(_update: object, _context: object) -> None:
        await waits()

    handler.callback = callback  # type: ignore[assignment]
    application.handlers[0].insert(0, handler)
    await ada.says("wait")
    (fault,) = all_rows(town.database, Fault)
    assert fault.error == "HandlerWaited"
    ada.reads("common.fault")


async def test_what_a_failed_handler_wrote_is_gone_and_so_is_what_it_said(town: Town, ada: Somebody) -> None:
    def half(turn: Turn) -> None:
        turn.person.language = "xx"
        turn.say(Html("This was never said."))
        turn.session.flush()
        raise Broken

    town.process.application.handlers[0].insert(0, On(lambda turn: turn.incoming.text == "half", half))
    await ada.says("half")
    ada.sees_nothing_of("never said")
    assert {person.language for person in all_rows(town.database, Person)} == {"en"}


async def test_a_database_that_does_not_commit_is_told_to_telegram(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "check")
    seen = count_rows(town.database, SeenUpdate)
    ada.phone.tap("Send report")
    (update,) = await town.waiting_updates()

    def refuse(_connection: Any) -> None:
        raise Broken("the disk is full")

    event.listen(town.database.engine, "commit", refuse)
    with pytest.raises(NotCommitted):
        await town.process.application.process_update(update)
    event.remove(town.database.engine, "commit", refuse)
    assert count_rows(town.database, Case) == 0
    assert count_rows(town.database, SeenUpdate) == seen
    await work_on(town, update)  # Telegram delivers it again
    await town.settle()
    ada.reads("report.sent")
    assert count_rows(town.database, Case) == 1


async def test_an_edit_of_an_open_answer_changes_it_and_keeps_both_versions(
    town: Town, ada: Somebody
) -> None:
    await reports_up_to(ada, "who")
    await ada.says("Ada Lovelance")
    await ada.edits(ada.said_last, "Ada Lovelace")
    ada.is_asked("report.phone")
    assert the_draft(town.database).answers["who"] == {"name": "Ada Lovelace"}


async def test_the_same_edit_twice_is_one_edit(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "what")
    await ada.says("Music.")
    ada.phone.edit(ada.said_last, "Loud music.")
    updates = await town.waiting_updates()
    await work_on(town, *updates, *updates)
    await ada.edits(ada.said_last, "Loud music.")  # an app may send an edit that changes nothing
    assert (the_draft(town.database).partial or {})["texts"] == ["Loud music."]


async def test_what_happens_in_groups_is_let_be(town: Town, ada: Somebody) -> None:
    town.world.add_group(-100_200, "Church Green Residents", [ada.phone.user_id])
    messages = len(ada.phone.bot_messages)
    ada.phone.say("/report", group=-100_200)
    await town.settle()
    assert count_rows(town.database, Draft) == 0
    assert len(ada.phone.bot_messages) == messages
    assert not [m for m in town.world.chats[-100_200].visible() if m.from_bot]


async def test_an_answer_to_a_tap_is_given_even_for_a_repeated_one(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "danger")
    ada.phone.tap("No, nobody is")
    updates = await town.waiting_updates()
    await work_on(town, *updates)
    town.clock.advance(timedelta(seconds=1))
    await work_on(town, *updates)
    await town.stop()
    assert town.world.call_counts["answercallbackquery"] >= 2
    assert all(press.answer is not None for press in town.world.presses.values())
