"""Files that people sent or the bot uploaded: ids, sizes, bytes and download links. The oldest go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.limits import DOWNLOAD_BYTES, FILE_LINK_SECONDS

_FOLDERS = {
    "photo": ("photos", "jpg"),
    "document": ("documents", "bin"),
    "video": ("videos", "mp4"),
    "video_note": ("video_notes", "mp4"),
    "voice": ("voice", "oga"),
    "animation": ("animations", "mp4"),
    "sticker": ("stickers", "webp"),
}


@dataclass(slots=True)
class StoredFile:
    """One file. ``size`` may be more than the bytes kept, so that a test can have a huge video."""

    file_id: str
    unique_id: str
    kind: str
    size: int
    content: bytes
    path: str
    details: dict[str, Any]  # width, height, duration, file_name, mime_type
    link_until: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The fields that every kind of file has, with its details."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": self.size,
            **self.details,
        }


class FileStore:
    """The last ``keep`` files."""

    def __init__(self, now: Callable[[], float], *, keep: int = 2000) -> None:
        self._now = now
        self._keep = keep
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._by_path: dict[str, StoredFile] = {}
        self._count = 0

    def add(self, kind: str, content: bytes, *, size: int | None = None, **details: Any) -> StoredFile:
        """Keep a new file. ``size`` in bytes where it should be said to be larger than it is."""
        self._count += 1
        folder, ending = _FOLDERS[kind]
        name = details.get("file_name") or ""
        if kind == "document" and "." in name:
            ending = name.rsplit(".", 1)[1]
        file = StoredFile(
            file_id=f"AgACAgQAAxkBAAI{kind.upper().replace('_', '')}{self._count:08d}",
            unique_id=f"AQAD{self._count:010d}",
            kind=kind,
            size=len(content) if size is None else size,
            content=content,
            path=f"{folder}/file_{self._count}.{ending}",
            details=details,
        )
        self._files[file.file_id] = file
        self._by_path[file.path] = file
        if len(self._files) > self._keep:
            _, oldest = self._files.popitem(last=False)
            del self._by_path[oldest.path]
        return file

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id, if it is still kept."""
        return self._files.get(file_id)

    def link(self, file_id: str) -> dict[str, Any]:
        """What getFile answers; the path in it can be downloaded for an hour."""
        file = self._files.get(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if file.size > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        file.link_until = self._now() + FILE_LINK_SECONDS
        return {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "file_size": file.size,
            "file_path": file.path,
        }

    def download(self, path: str) -> bytes | None:
        """The bytes behind a link that is still good."""
        file = self._by_path.get(path)
        return file.content if file and file.link_until > self._now() else None
