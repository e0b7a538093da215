"""Drafts: what a person has answered so far, the words they used, and the files they sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage.dialects import table_of
from storage.models import Draft, FileState, Heard, StoredFile

_UNCHANGED: Any = object()
_KEEP_WORDS = insert(table_of(Heard))


def new_draft(
    session: Session, *, chat_key: int, form: str, place: str, now: datetime, life: timedelta
) -> Draft:
    """An empty draft that lives for ``life``."""
    draft = Draft(
        chat_key=chat_key, form=form, place=place, started_at=now, updated_at=now, expires_at=now + life
    )
    session.add(draft)
    session.flush()
    return draft


def change(
    draft: Draft,
    *,
    now: datetime,
    place: str | None = None,
    answers: dict[str, Any] | None = None,
    partial: dict[str, Any] | None = _UNCHANGED,
) -> None:
    """Change what is given; every change makes a new version, so that older buttons are known as old.

    A draft lives on from its last change for as long as it was given at first.
    """
    life = draft.expires_at - draft.updated_at
    if place is not None:
        draft.place = place
    if answers is not None:
        draft.answers = answers
    if partial is not _UNCHANGED:
        draft.partial = partial
    draft.version += 1
    draft.updated_at, draft.expires_at = now, now + life


def find_draft(session: Session, chat_key: int, form: str, now: datetime) -> Draft | None:
    """The newest living draft of this form in this chat."""
    return session.scalars(
        select(Draft)
        .where(Draft.chat_key == chat_key, Draft.form == form, Draft.expires_at > now)
        .order_by(Draft.id.desc())
        .limit(1)
    ).one_or_none()


def list_drafts(session: Session, chat_key: int, now: datetime) -> Sequence[Draft]:
    """All living drafts of this chat, newest first."""
    return session.scalars(
        select(Draft).where(Draft.chat_key == chat_key, Draft.expires_at > now).order_by(Draft.id.desc())
    ).all()


def get_waiting(session: Session, chat_key: int, draft_id: int, now: datetime) -> Draft | None:
    """The draft of this number, if it is this chat's and still alive: a number can be guessed."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.chat_key != chat_key or draft.expires_at <= now:
        return None
    return draft


def delete_draft(session: Session, draft: Draft) -> None:
    """Delete it with the words heard for it; its files lose their owner and are removed by the sweep."""
    session.flush()
    session.execute(delete(Draft).where(Draft.id == draft.id))
    session.expunge(draft)


def delete_form(session: Session, chat_key: int, form: str) -> None:
    """Delete what this chat has of this form (a fresh start)."""
    session.flush()
    session.execute(
        delete(Draft)
        .where(Draft.chat_key == chat_key, Draft.form == form)
        .execution_options(synchronize_session="fetch")
    )


def delete_expired(session: Session, now: datetime) -> int:
    """Delete drafts past their time; returns how many."""
    gone = session.scalars(delete(Draft).where(Draft.expires_at <= now).returning(Draft.id)).all()
    return len(gone)


def keep_words(
    session: Session,
    *,
    chat_key: int,
    message_id: int,
    draft_id: int | None,
    question: str | None,
    text: str,
    now: datetime,
    case_id: int | None = None,
    version: int = 0,
) -> None:
    """Keep what was typed, as it was typed, beside the answer that was made of it."""
    values = {
        "chat_key": chat_key,
        "message_id": message_id,
        "version": version,
        "draft_id": draft_id,
        "case_id": case_id,
        "question": question,
        "body": {"text": text},
        "at": now,
    }
    session.connection().execute(_KEEP_WORDS, values)


def list_versions(session: Session, chat_key: int, message_id: int) -> Sequence[Heard]:
    """What was heard in this message, first version first."""
    return session.scalars(
        select(Heard)
        .where(Heard.chat_key == chat_key, Heard.message_id == message_id)
        .order_by(Heard.version)
    ).all()


def count_files(session: Session, draft_id: int) -> int:
    """How many files are with the draft, those left out that could not be kept."""
    kept = StoredFile.state != FileState.REFUSED.value
    counted = select(func.count()).select_from(StoredFile).where(StoredFile.draft_id == draft_id, kept)
    return session.scalar(counted) or 0


def add_file(
    session: Session,
    *,
    draft_id: int,
    chat_key: int,
    kind: str,
    file_id: str,
    unique_hash: bytes,
    size: int | None,
    mime: str | None,
    name: str | None,
    now: datetime,
) -> bool:
    """Keep the file with the draft; False where the same file is there already."""
    same = select(StoredFile.id).where(
        StoredFile.draft_id == draft_id, StoredFile.file_unique_id_hash == unique_hash
    )
    if session.scalar(same) is not None:
        return False
    session.add(
        StoredFile(
            draft_id=draft_id,
            chat_key=chat_key,
            kind=kind,
            file_id=file_id,
            file_unique_id_hash=unique_hash,
            size=size,
            mime=mime,
            name=name,
            received_at=now,
        )
    )
    session.flush()
    return True


def give_to_case(session: Session, draft: Draft, case_id: int, *, anonymous: bool = False) -> None:
    """Move the words and the files of a sent draft to its case.

    Of an anonymous report the words as typed are not kept apart, and nothing names the chat (the case's own
    detail holds the answers).
    """
    session.flush()
    files = update(StoredFile).where(StoredFile.draft_id == draft.id)
    if anonymous:
        session.execute(delete(Heard).where(Heard.draft_id == draft.id))
        _unname_files(session, draft.id)
        session.execute(files.values(case_id=case_id, draft_id=None, chat_key=None))
        return
    session.execute(update(Heard).where(Heard.draft_id == draft.id).values(case_id=case_id, draft_id=None))
    session.execute(files.values(case_id=case_id, draft_id=None))


def _unname_files(session: Session, draft_id: int) -> None:
    """Take off what would lead from an anonymous report's files to a chat or to another report.

    That is the instant, which rows of the chat share, and the hash, which is the same wherever the file is sent.
    """
    for row in session.scalars(select(StoredFile).where(StoredFile.draft_id == draft_id)):
        row.received_at = row.received_at.replace(minute=0, second=0, microsecond=0)
        row.stored_at = row.stored_at and row.received_at
        row.file_unique_id_hash = b""
    session.flush()
