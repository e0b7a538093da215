"""Stored files as papers that delivery sends: the working copy, or the bytes as they came."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from bot.papers.paper import Paper, PaperGone
from handlers.evidence.showing import file_name
from handlers.turn import Service
from storage import evidence
from storage.evidence import Which
from storage.vault import BytesGone

Maker = Callable[[Session, Service, int], Paper]


def _make(which: Which, session: Session, service: Service, file_id: int) -> Paper:
    """The bytes of a stored file, opened. PaperGone where they are not kept (any more)."""
    row = evidence.find_file(session, file_id)
    if row is None:
        raise PaperGone(f"there is no file {file_id}")
    try:
        content = evidence.open_bytes(service.vault, row, which)
    except BytesGone as error:
        raise PaperGone(str(error)) from None
    mime = "image/jpeg" if which is Which.COPY else row.content_type or "application/octet-stream"
    return Paper(file_name(session, row, mime), content, mime)


MAKERS: dict[str, Maker] = {f"evidence_{which.value}": partial(_make, which) for which in Which}
"""``id`` is the stored file's."""
