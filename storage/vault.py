"""Where the bytes of files lie: encrypted, each in a file of its own, outside the database.

Which file is whose is `storage.evidence`'s to know. A stored file is AES-256-GCM as a whole, bound to its
name, so that one put in another's place does not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from storage.crypto import KEY_ID_BYTES, Keyring

_UNFINISHED = ".part"


class BytesGone(LookupError):
    """The store has no file of that name."""


class NoVault(RuntimeError):
    """Bytes were to be kept, and nobody said where."""


@dataclass(frozen=True, slots=True)
class Vault:
    """A folder of encrypted files under names of its own making. Synchronous: for worker threads."""

    folder: Path | None
    keyring: Keyring

    def write(self, content: bytes, at: datetime) -> str:
        """Keep the bytes; the name under which they are found. ``at``: when, for `names`.

        The file is whole or not there: it gets its name only once all of it is on the disk. NoVault.
        """
        name = uuid4().hex
        self._put(name, self.keyring.encrypt(content, _context(name)), at)
        return name

    def read(self, name: str) -> bytes:
        """The bytes as they were given. BytesGone; WrongKey where they don't open."""
        return self.keyring.decrypt(self._sealed(name), _context(name))

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return self.folder is not None and self._path(name).is_file()

    def remove(self, name: str) -> None:
        """Delete it; nothing happens where it is gone."""
        if self.folder is not None:
            self._path(name).unlink(missing_ok=True)

    def names(self, before: datetime) -> Iterator[str]:
        """Every file that was written before an instant, unfinished ones (which no name finds) among them."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("??/*")):
            try:
                written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except FileNotFoundError:  # removed meanwhile
                continue
            if written < before:
                yield path.name

    def reencrypt(self) -> int:
        """Put every file under the newest key; how many were moved. Safe to stop and to run again."""
        moved = 0
        for name in self.names(datetime.max.replace(tzinfo=UTC)):
            if not name.endswith(_UNFINISHED):
                with suppress(BytesGone, FileNotFoundError):  # removed meanwhile
                    moved += self._move_to_newest(name)
        return moved

    def _move_to_newest(self, name: str) -> bool:
        sealed = self._sealed(name)
        if sealed[:KEY_ID_BYTES] == self.keyring.newest_prefix:
            return False
        written = datetime.fromtimestamp(self._path(name).stat().st_mtime, UTC)
        plain = self.keyring.decrypt(sealed, _context(name))
        self._put(name, self.keyring.encrypt(plain, _context(name)), written)
        return True

    def _sealed(self, name: str) -> bytes:
        if not self.has(name):
            raise BytesGone(f"the store has no file {name}")
        return self._path(name).read_bytes()

    def _put(self, name: str, sealed: bytes, at: datetime) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_name(name + _UNFINISHED)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.utime(unfinished, (at.timestamp(), at.timestamp()))
        unfinished.replace(path)
        _sync_folder(path.parent)

    def _path(self, name: str) -> Path:
        if self.folder is None:
            raise NoVault("there is no folder for evidence: set DATA_DIR")
        return self.folder / name[:2] / name


def vault_in(data_dir: Path, keyring: Keyring) -> Vault:
    """The store of a bot whose data lies in this folder."""
    return Vault(data_dir / "evidence", keyring)


NO_VAULT = Vault(None, Keyring(()))
"""Keeps nothing: where only words are worked with."""


def _context(name: str) -> bytes:
    return b"evidence/" + name.encode()


def _sync_folder(folder: Path) -> None:
    """The new name is on the disk, too: the row that speaks of it is committed right after."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
