"""``python -m bot verify-history`` as an operator types it, and the job that seals each night."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from bot.cli import main
from storage import faults
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.history_seal import seal
from storage.migrations import downgrade, upgrade
from storage.models import Case, CaseEvent, HistorySeal
from tests.storage.rows import NOON, add_case, add_event
from tests.support.databases import opened
from tests.support.service import a_town

KEY = new_key_text(1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
def operators(url: str, test_keyring: Keyring):
    from storage.crypto import use_keyring

    with opened(url, Keyring.from_text(KEY)) as database:
        upgrade(database)
        yield database
    use_keyring(test_keyring)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.configure_logs", lambda *_: None)
    for name, value in {"BOT_TOKEN": "1:x", "ENCRYPTION_KEYS": KEY, "DATABASE_URL": url}.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, ["verify-history", *arguments])


def test_a_whole_history_ends_with_status_0_and_the_code_of_its_seal(operators: Database, run) -> None:
    with operators.transaction() as session:
        add_event(session, add_case(session))
    first = run()
    assert first.exit_code == 0, first.output
    assert first.output.splitlines() == [
        "The history is whole: 1 rows of 1 cases.",
        "It was not sealed yet; that is done each night.",
    ]
    with operators.transaction() as session:
        seal(session, NOON)
    code = run().output.split()[-1].strip(".")
    assert run("--code", code).exit_code == 0
    other = run("--code", "0000-0000-0000-0000")
    assert other.exit_code == 1
    assert "There is no seal with the code" in other.output


def test_a_history_that_is_not_whole_ends_with_status_1_and_the_place(operators: Database, run) -> None:
    with operators.transaction() as session:
        case = add_case(session)
        for _ in range(3):
            add_event(session, case)
        seal(session, NOON)
        session.execute(text("DROP TRIGGER case_event_no_delete"))
        session.execute(text("DELETE FROM case_event WHERE seq = 3"))
    result = run()
    assert result.exit_code == 1
    assert "KM4P-X7RB: it ends at number 2, and went to number 3 when it was sealed." in result.output
    assert "1 findings in 2 rows" in result.output


def test_tables_of_another_version_are_refused(operators: Database, run) -> None:
    downgrade(operators, "0007")
    result = run()
    assert result.exit_code == 2
    assert "python -m bot migrate" in result.output


def test_what_was_there_before_is_chained_as_it_stands(operators: Database, run) -> None:
    with operators.transaction() as session:
        first, second = add_case(session), add_case(session, "HW3T-9QKE")
        for number in range(3):
            add_event(session, first, detail={"n": number})
            add_event(session, second, detail={"n": number})
    downgrade(operators, "0007")
    upgrade(operators)
    assert run().exit_code == 0
    with operators.transaction() as session:
        assert session.scalars(select(CaseEvent.seq).order_by(CaseEvent.id)).all() == [1, 1, 2, 2, 3, 3]
        add_event(session, session.get_one(Case, 1))
    assert run().output.startswith("The history is whole: 7 rows of 2 cases.")


def seals(database: Database) -> list[HistorySeal]:
    with database.reading() as session:
        return list(session.scalars(select(HistorySeal)))


def test_each_night_one_seal_is_made(sqlite_database: Database) -> None:
    async def nights() -> None:
        async with a_town(sqlite_database) as town:
            with town.database.transaction() as session:
                add_event(session, add_case(session))
            await town.until(date(2026, 11, 25), 1)
            before = len(seals(town.database))
            await town.until(date(2026, 11, 25), 3)
            await town.moves_on(minutes=5)
            assert len(seals(town.database)) == before + 1
            await town.until(date(2026, 11, 26), 3)
            assert len(seals(town.database)) == before + 2

    asyncio.run(nights())


def test_a_history_that_is_not_whole_is_no_secret_in_the_morning(sqlite_database: Database) -> None:
    async def night() -> None:
        async with a_town(sqlite_database) as town:
            with town.database.transaction() as session:
                case = add_case(session)
                add_event(session, case)
                add_event(session, case)
                seal(session, datetime(2026, 11, 24, 2, tzinfo=UTC))
                session.execute(text("DROP TRIGGER case_event_no_delete"))
                session.execute(text("DELETE FROM case_event WHERE seq = 1"))
                session.execute(text("DELETE FROM case_event WHERE seq = 2"))
                add_event(session, case)
            await town.until(date(2026, 11, 25), 3)
            with town.database.reading() as session:
                fault = faults.list_faults(session)[0]
            assert (fault.error, fault.body) == ("history_not_whole", {"cases": [1]})

    asyncio.run(night())
