"""The store of bytes: encrypted, whole or not there, and readable under old keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.crypto import Keyring, WrongKey, new_key_text
from storage.vault import NO_VAULT, BytesGone, NoVault, Vault

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
OLD_KEY, NEW_KEY = new_key_text(1), new_key_text(2)
SECRET = b"a letter that nobody else may read" * 10


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "evidence", Keyring.from_text(OLD_KEY))


def the_only_file(vault: Vault) -> Path:
    assert vault.folder is not None
    (path,) = (path for path in vault.folder.rglob("*") if path.is_file())
    return path


def test_what_is_kept_comes_back_and_is_not_readable_on_the_disk(vault: Vault) -> None:
    name = vault.write(SECRET, NOW)
    assert vault.read(name) == SECRET
    path = the_only_file(vault)
    assert path.parent.name == name[:2]
    assert SECRET[:16] not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0  # nobody else on the machine
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_same_bytes_lie_there_differently_each_time(vault: Vault) -> None:
    one, two = vault.write(SECRET, NOW), vault.write(SECRET, NOW)
    assert vault.folder is not None
    assert (vault.folder / one[:2] / one).read_bytes() != (vault.folder / two[:2] / two).read_bytes()


def test_a_file_in_anothers_place_does_not_open(vault: Vault) -> None:
    one, two = vault.write(b"one", NOW), vault.write(b"two", NOW)
    assert vault.folder is not None
    (vault.folder / one[:2] / one).rename(vault.folder / two[:2] / two)
    with pytest.raises(WrongKey):
        vault.read(two)


def test_a_damaged_file_does_not_open(vault: Vault) -> None:
    name = vault.write(SECRET, NOW)
    path = the_only_file(vault)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(WrongKey):
        vault.read(name)


def test_what_is_removed_is_gone(vault: Vault) -> None:
    name = vault.write(SECRET, NOW)
    assert vault.has(name)
    vault.remove(name)
    vault.remove(name)
    assert not vault.has(name)
    with pytest.raises(BytesGone):
        vault.read(name)


def test_names_are_told_by_when_they_were_written(vault: Vault) -> None:
    old, new = vault.write(b"old", NOW - timedelta(days=2)), vault.write(b"new", NOW)
    assert set(vault.names(NOW - timedelta(days=1))) == {old}
    assert set(vault.names(NOW + timedelta(seconds=1))) == {old, new}


def test_a_write_that_breaks_off_leaves_no_file_of_that_name(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_descriptor: int) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", break_off)
        with pytest.raises(OSError, match="full"):
            vault.write(SECRET, NOW)
    assert the_only_file(vault).name.endswith(".part")
    (unfinished,) = vault.names(datetime.max.replace(tzinfo=UTC))
    vault.remove(unfinished)
    assert list(vault.names(datetime.max.replace(tzinfo=UTC))) == []


def test_files_move_to_a_new_key_and_are_read_under_either(vault: Vault) -> None:
    name = vault.write(SECRET, NOW)
    both = Vault(vault.folder, Keyring.from_text(f"{NEW_KEY},{OLD_KEY}"))
    assert both.read(name) == SECRET
    assert both.reencrypt() == 1
    assert both.reencrypt() == 0
    assert both.read(name) == SECRET
    assert Vault(vault.folder, Keyring.from_text(NEW_KEY)).read(name) == SECRET
    with pytest.raises(WrongKey):
        vault.read(name)
    assert list(both.names(NOW + timedelta(seconds=1))) == [name]  # it is as old as it was


def test_without_a_folder_nothing_is_kept() -> None:
    assert not NO_VAULT.has("0" * 32)
    assert list(NO_VAULT.names(NOW)) == []
    with pytest.raises(NoVault):
        Vault(None, Keyring.from_text(OLD_KEY)).write(b"a", NOW)
