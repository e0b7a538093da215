"""Files as evidence: what waits to be fetched, what is kept, and how its bytes go. Bytes are `storage.vault`'s."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, and_, delete, event, literal, or_, select
from sqlalchemy.orm import Session

from storage.models import Case, FileState, Person, StoredFile
from storage.vault import BytesGone, Vault


class Which(StrEnum):
    """The bytes as they came, or the working copy: a smaller picture without metadata."""

    ORIGINAL = "original"
    COPY = "copy"


class Refusal(StrEnum):
    """Why a file is not kept."""

    SIZE = "size"  # more than a bot can fetch
    KIND = "kind"  # none of the kinds that we keep, whatever its name says
    PICTURE = "picture"  # a picture that can't be opened, or that is absurdly large
    METADATA = "metadata"  # what it says beside the picture can't be taken off, and may not be kept
    LOST = "lost"  # Telegram did not hand it over for too long


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A file to be fetched now. ``clean_only``: nothing may be kept but a picture without its metadata."""

    id: int
    file_id: str
    size: int | None
    attempts: int
    received_at: datetime
    clean_only: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found and kept of a file: its hash, its kind by content, its size, its names in the store."""

    sha256: bytes
    content_type: str
    size: int
    original: str | None
    copy: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in the store."""
        return tuple(name for name in (self.original, self.copy) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file as Telegram announced it, before anything of it was fetched."""

    kind: str
    file_id: str
    unique_hash: bytes
    size: int | None
    mime: str | None
    name: str | None
    caption: str | None


# Reading


def list_evidence(session: Session, case_id: int) -> Sequence[StoredFile]:
    """The files of a case in the order in which they came, those that are not here (yet) among them."""
    rows = select(StoredFile).where(StoredFile.case_id == case_id)
    return session.scalars(rows.order_by(StoredFile.received_at, StoredFile.id)).all()


def list_evidence_of_person(session: Session, person: Person) -> Sequence[StoredFile]:
    """The files that somebody sent or keeps. Those of their anonymous reports are nobody's."""
    theirs = StoredFile.person_id == person.id
    if person.chat_key is not None:
        theirs = or_(theirs, StoredFile.chat_key == person.chat_key)
    return session.scalars(
        select(StoredFile).where(theirs).order_by(StoredFile.received_at, StoredFile.id)
    ).all()


def find_file(session: Session, file_id: int) -> StoredFile | None:
    """The file of that number; None where there is none."""
    return session.get(StoredFile, file_id)


def open_bytes(vault: Vault, row: StoredFile, which: Which = Which.ORIGINAL) -> bytes:
    """Its bytes. BytesGone where that one is not kept (`is_kept`)."""
    name = name_of(row, which)
    if name is None:
        raise BytesGone(f"file {row.id} has no {which}")
    return vault.read(name)


def name_of(row: StoredFile, which: Which) -> str | None:
    """Its name in the store; None where that one is not kept."""
    return row.original if which is Which.ORIGINAL else row.copy


def is_kept(vault: Vault, row: StoredFile, which: Which) -> bool:
    """Whether these bytes are here."""
    name = name_of(row, which)
    return name is not None and vault.has(name)


def list_cases_to_add_to(session: Session, person_id: int, limit: int = 10) -> Sequence[Case]:
    """The person's own open cases, the newest first."""
    own = or_(Case.reporter_id == person_id, Case.referrer_id == person_id)
    return session.scalars(
        select(Case).where(Case.closed_at.is_(None), own).order_by(Case.id.desc()).limit(limit)
    ).all()


# Adding


def add_to_case(
    session: Session, case_id: int, files: Iterable[NewFile], *, chat_key: int, now: datetime
) -> int:
    """Add files to a case, to be fetched; those that it has already are left out. Returns how many are new."""
    known = set(session.scalars(select(StoredFile.file_unique_id_hash).where(StoredFile.case_id == case_id)))
    added = 0
    for new in files:
        if new.unique_hash in known:
            continue
        known.add(new.unique_hash)
        session.add(
            StoredFile(
                case_id=case_id,
                chat_key=chat_key,
                kind=new.kind,
                file_id=new.file_id,
                file_unique_id_hash=new.unique_hash,
                size=new.size,
                mime=new.mime,
                name=new.name,
                caption=new.caption,
                received_at=now,
            )
        )
        added += 1
    session.flush()
    return added


def keep_for_person(session: Session, draft_id: int, person_id: int) -> None:
    """Move the files of a sent draft to the person who keeps them without a case."""
    for row in session.scalars(select(StoredFile).where(StoredFile.draft_id == draft_id)):
        row.draft_id, row.person_id = None, person_id
    session.flush()


# Fetching

_OWNED = or_(
    StoredFile.draft_id.is_not(None), StoredFile.case_id.is_not(None), StoredFile.person_id.is_not(None)
)
_ORPHAN = and_(StoredFile.draft_id.is_(None), StoredFile.case_id.is_(None), StoredFile.person_id.is_(None))
_WAITING = StoredFile.state == literal(FileState.WAITING.value, String, literal_execute=True)


def claim_waiting(session: Session, now: datetime, *, limit: int, lease: timedelta) -> list[ToFetch]:
    """Take files that wait, the longest waiting first, for the length of ``lease``.

    Nothing but a clean picture may be kept of what was sent by somebody who must not be written to, or for a
    restricted case (NWCSP domain facts 5.4, rule 7).
    """
    rows = session.scalars(
        select(StoredFile)
        .where(
            _WAITING,
            _OWNED,
            or_(StoredFile.next_try_at.is_(None), StoredFile.next_try_at <= now),
            or_(StoredFile.claimed_until.is_(None), StoredFile.claimed_until <= now),
        )
        .order_by(StoredFile.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.claimed_until = now + lease
        row.attempts += 1
    session.flush()
    guarded = _guarded(session, [row.id for row in rows])
    return [
        ToFetch(row.id, row.file_id, row.size, row.attempts, row.received_at, row.id in guarded)
        for row in rows
    ]


def _guarded(session: Session, ids: Sequence[int]) -> set[int]:
    if not ids:
        return set()
    return set(
        session.scalars(
            select(StoredFile.id)
            .join(Case, Case.id == StoredFile.case_id, isouter=True)
            .join(Person, Person.chat_key == StoredFile.chat_key, isouter=True)
            .where(StoredFile.id.in_(ids), or_(Case.restricted, Person.silent))
        )
    )


def mark_stored(session: Session, file_id: int, fetched: Fetched, now: datetime) -> bool:
    """The bytes are in the store. False where the file is no longer wanted, or somebody was quicker.

    Telegram's own name for it is forgotten: nobody asks for it again.
    """
    row = _lock_waiting(session, file_id)
    if row is None:
        return False
    row.state, row.stored_at = FileState.STORED.value, now
    row.sha256, row.content_type, row.size = fetched.sha256, fetched.content_type, fetched.size
    row.original, row.copy = fetched.original, fetched.copy
    row.file_id, row.claimed_until, row.next_try_at = "", None, None
    return True


def mark_refused(session: Session, file_id: int, why: Refusal) -> StoredFile | None:
    """It will not be kept. The row, for whoever tells the person; None where it is no longer wanted."""
    row = _lock_waiting(session, file_id)
    if row is not None:
        row.state, row.refusal = FileState.REFUSED.value, why.value
        row.file_id, row.claimed_until, row.next_try_at = "", None, None
    return row


def postpone(session: Session, file_id: int, next_try_at: datetime) -> None:
    """It could not be had now."""
    row = _lock_waiting(session, file_id)
    if row is not None:
        row.claimed_until, row.next_try_at = None, next_try_at


def release_claims(session: Session) -> None:
    """Free what was claimed before a crash; only where no other process fetches."""
    for row in session.scalars(select(StoredFile).where(_WAITING, StoredFile.claimed_until.is_not(None))):
        row.claimed_until = None


def _lock_waiting(session: Session, file_id: int) -> StoredFile | None:
    return session.scalars(
        select(StoredFile).where(StoredFile.id == file_id, _WAITING, _OWNED).with_for_update()
    ).one_or_none()


# Removing


def remove_orphans(session: Session, vault: Vault, limit: int = 200) -> int:
    """Delete files with bytes that belong to nobody any more. Returns how many.

    Rows without bytes are the general sweep's (`storage.housekeeping`).
    """
    with_bytes = or_(StoredFile.original.is_not(None), StoredFile.copy.is_not(None))
    rows = session.scalars(
        select(StoredFile)
        .where(_ORPHAN, with_bytes)
        .order_by(StoredFile.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return _remove(session, vault, rows)


def remove_evidence(session: Session, vault: Vault, case_id: int) -> int:
    """Delete the files of a case with their bytes, when its time is over. Returns how many."""
    return _remove(session, vault, list_evidence(session, case_id))


def remove_files(session: Session, vault: Vault, rows: Sequence[StoredFile]) -> int:
    """Delete these files with their bytes. Returns how many."""
    return _remove(session, vault, rows)


def remove_strays(session: Session, vault: Vault, before: datetime) -> int:
    """Delete what was written to the store before an instant and is in no row: a crash left it. How many."""
    found = list(vault.names(before))
    if not found:
        return 0
    names = select(StoredFile.original).where(StoredFile.original.is_not(None))
    known = set(session.scalars(names)) | set(
        session.scalars(select(StoredFile.copy).where(StoredFile.copy.is_not(None)))
    )
    strays = [name for name in found if name not in known]
    for name in strays:
        vault.remove(name)
    return len(strays)


def _remove(session: Session, vault: Vault, rows: Sequence[StoredFile]) -> int:
    """Rows now, bytes once that is certain: a transaction that fails leaves both. A crash between leaves strays."""
    if not rows:
        return 0
    names = [name for row in rows for name in (row.original, row.copy) if name]
    session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in rows])))

    def unlink(done: Session) -> None:
        if not done.in_nested_transaction():  # a savepoint's end is no commit
            for name in names:
                vault.remove(name)

    event.listen(session, "after_commit", unlink)
    return len(rows)
