"""``python -m bot retention``: what an operator reads, and that a dry run changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.retention import run_retention
from bot.settings import GivenSettings, SettingsError
from storage.models import Case, StoredFile, Tombstone
from storage.vault import vault_in
from tests.my_data.rows import add_report
from tests.storage.rows import NOON
from tests.support.databases import opened

SETTINGS = GivenSettings(bot_token="1:a", encryption_keys="1:" + "A" * 43 + "=")
CLOCK = MovableClock(NOON)
LONG_AGO = datetime(2020, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def full(database):
    with database.transaction() as session:
        for number in range(60):
            add_report(session, None, f"C{number:03}", status="closed", closed_at=LONG_AGO)
        add_report(session, None, "KM4P-X7RB")
    return database


def test_a_dry_run_names_each_case_and_deletes_none(full) -> None:
    lines = run_retention(SETTINGS, full, CLOCK, dry_run=True)
    assert len(lines) == 60
    assert lines[0] == "would delete C000 (asb_report)"
    with full.reading() as session:
        assert len(session.scalars(select(Case)).all()) == 61


def test_all_that_is_over_goes_however_many_there_are(full) -> None:
    assert run_retention(SETTINGS, full, CLOCK, dry_run=False) == ["deleted 60 (asb_report)"]
    assert run_retention(SETTINGS, full, CLOCK, dry_run=False) == []
    with full.reading() as session:
        assert [case.reference for case in session.scalars(select(Case))] == ["KM4P-X7RB"]
        assert len(session.scalars(select(Tombstone)).all()) == 60


def test_the_files_of_a_case_go_with_it_bytes_and_all_and_others_stay(full, tmp_path) -> None:
    vault = vault_in(tmp_path, full.keyring)
    gone, kept = vault.write(b"gone", NOON), vault.write(b"kept", NOON)
    with full.transaction() as session:
        cases = {case.reference: case.id for case in session.scalars(select(Case))}
        for reference, name in (("C007", gone), ("KM4P-X7RB", kept)):
            session.add(
                StoredFile(
                    case_id=cases[reference],
                    kind="photo",
                    file_id="",
                    file_unique_id_hash=name.encode(),
                    state="stored",
                    original=name,
                    received_at=NOON,
                )
            )
    run_retention(SETTINGS.model_copy(update={"data_dir": tmp_path}), full, CLOCK, dry_run=True)
    assert vault.has(gone)
    run_retention(SETTINGS.model_copy(update={"data_dir": tmp_path}), full, CLOCK, dry_run=False)
    assert (vault.has(gone), vault.has(kept)) == (False, True)
    with full.reading() as session:
        assert [row.original for row in session.scalars(select(StoredFile))] == [kept]


def test_old_tables_are_left_alone(tmp_path) -> None:
    with (
        opened(f"sqlite:///{tmp_path / 'empty.db'}") as database,
        pytest.raises(SettingsError, match="python -m bot migrate"),
    ):
        run_retention(SETTINGS, database, CLOCK, dry_run=False)
