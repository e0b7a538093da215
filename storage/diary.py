"""Diary entries: written once, corrected by a further version, read as whole entries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from casework.diary import Band, Happened
from storage.models import Case, Diary, DiaryEntry, DiaryFile, EntryKind, Person, StoredFile


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with all its versions, the first first, and the files of each in the order they came."""

    versions: tuple[DiaryEntry, ...]
    files: tuple[StoredFile, ...] = field(default=())

    @property
    def id(self) -> int:
        """The first version's id, which stays the entry's."""
        return self.versions[0].id

    @property
    def now(self) -> DiaryEntry:
        """What the person says now."""
        return self.versions[-1]

    @property
    def entered_at(self) -> datetime:
        """When it was first written."""
        return self.versions[0].entered_at

    @property
    def is_quiet(self) -> bool:
        """Whether it says that nothing happened."""
        return self.now.kind == EntryKind.QUIET

    @property
    def happened(self) -> Happened:
        """When it was, by its last version."""
        return happened_of(self.now)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose entries, or which case's; of a person without a case only those that no case has."""

    case_id: int | None = None
    person_id: int | None = None


def happened_of(version: DiaryEntry) -> Happened:
    """When it was, as a rule takes it."""
    band = Band(version.band) if version.band else None
    return Happened(version.happened_on, version.starts_at, version.ends_at, band)


def add_entry(
    session: Session,
    *,
    person_id: int,
    case_id: int | None,
    happened: Happened,
    body: dict[str, Any],
    now: datetime,
    approximate: bool = False,
    confirmed: bool = False,
    kind: EntryKind = EntryKind.INCIDENT,
    corrects: Entry | None = None,
) -> DiaryEntry:
    """Write an entry, or a further version of one. Its id is set."""
    added = DiaryEntry(
        person_id=person_id,
        case_id=case_id,
        first_id=corrects.id if corrects else None,
        version=corrects.now.version + 1 if corrects else 1,
        kind=kind.value,
        entered_at=now,
        happened_on=happened.day,
        starts_at=happened.starts_at,
        ends_at=happened.ends_at,
        band=happened.band.value if happened.band else None,
        approximate=approximate,
        confirmed_at=now if confirmed else None,
        body=body,
    )
    session.add(added)
    session.flush()
    return added


def keep_files(session: Session, entry: DiaryEntry, draft_id: int) -> int:
    """Give the files of a draft to an entry, and to its case if it has one. Returns how many.

    Before the draft is sent: afterwards nobody knows which files were its.
    """
    session.flush()
    ids = session.scalars(
        select(StoredFile.id).where(StoredFile.draft_id == draft_id).order_by(StoredFile.id)
    ).all()
    if not ids:
        return 0
    session.add_all(DiaryFile(entry_id=entry.id, file_id=one) for one in ids)
    session.execute(
        update(StoredFile)
        .where(StoredFile.id.in_(ids))
        .values(person_id=entry.person_id, case_id=entry.case_id, draft_id=None)
    )
    return len(ids)


def list_entries(session: Session, scope: Scope) -> list[Entry]:
    """Whole entries in the order in which they happened, two queries for all."""
    versions = session.scalars(select(DiaryEntry).where(_within(scope)).order_by(DiaryEntry.id)).all()
    return _in_order(_whole(session, versions))


def find_entry(session: Session, entry_id: int, person_id: int) -> Entry | None:
    """The entry whose first version this is, if it is this person's: an id can be guessed."""
    versions = session.scalars(
        select(DiaryEntry)
        .where(
            or_(DiaryEntry.id == entry_id, DiaryEntry.first_id == entry_id),
            DiaryEntry.person_id == person_id,
        )
        .order_by(DiaryEntry.id)
    ).all()
    if not versions or versions[0].id != entry_id or versions[0].first_id is not None:
        return None
    return _whole(session, versions)[0]


def count_entries(session: Session, scope: Scope) -> int:
    """How many entries there are, each counted once however often it was corrected."""
    firsts = select(func.count()).select_from(DiaryEntry).where(_within(scope), DiaryEntry.first_id.is_(None))
    return session.scalar(firsts) or 0


def confirm(session: Session, scope: Scope, person_id: int, now: datetime) -> int:
    """The person confirms that what they wrote there is true. Returns how many versions that is new for."""
    unconfirmed = (_within(scope), DiaryEntry.person_id == person_id, DiaryEntry.confirmed_at.is_(None))
    return len(
        session.execute(
            update(DiaryEntry).where(*unconfirmed).values(confirmed_at=now).returning(DiaryEntry.id)
        ).all()
    )


def give_to_case(session: Session, person_id: int, case_id: int) -> int:
    """Give the person's entries that no case has to this one, with their files. Returns how many entries."""
    session.flush()
    loose = (DiaryEntry.person_id == person_id, DiaryEntry.case_id.is_(None))
    given = session.execute(
        update(DiaryEntry).where(*loose).values(case_id=case_id).returning(DiaryEntry.id, DiaryEntry.first_id)
    ).all()
    ids = [row.id for row in given]
    if ids:
        session.execute(
            update(StoredFile)
            .where(
                StoredFile.id.in_(select(DiaryFile.file_id).where(DiaryFile.entry_id.in_(ids))),
                StoredFile.case_id.is_(None),
            )
            .values(case_id=case_id)
        )
    return sum(1 for row in given if row.first_id is None)


# The diary itself: one a person.


def find_diary(session: Session, person_id: int) -> Diary | None:
    """The person's diary; None before its first use."""
    return session.get(Diary, person_id)


def get_diary(session: Session, person_id: int, now: datetime) -> Diary:
    """The person's diary, begun now where there was none."""
    diary = find_diary(session, person_id)
    if diary is None:
        diary = Diary(person_id=person_id, heard_at=now)
        session.add(diary)
        session.flush()
    return diary


def list_open_cases(session: Session, person_id: int) -> Sequence[Case]:
    """Open cases that the person reported, the latest first."""
    return session.scalars(
        select(Case)
        .where(Case.reporter_id == person_id, Case.closed_at.is_(None), Case.kind == "asb_report")
        .order_by(Case.id.desc())
    ).all()


def list_to_ask(session: Session, now: datetime, limit: int) -> list[tuple[Diary, Person, Case | None]]:
    """Diaries whose weekly question is due, with their person and case, the longest due first."""
    rows = session.execute(
        select(Diary, Person, Case)
        .join(Person, Person.id == Diary.person_id)
        .join(Case, Case.id == Diary.case_id, isouter=True)
        .where(Diary.ask_at <= now)
        .order_by(Diary.ask_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Diary)
    ).all()
    return [(diary, person, case) for diary, person, case in rows]


def is_any_to_ask(session: Session, now: datetime) -> bool:
    """Whether a weekly question is due at all."""
    return session.scalar(select(Diary.person_id).where(Diary.ask_at <= now).limit(1)) is not None


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.case_id is not None:
        return DiaryEntry.case_id == scope.case_id
    return (DiaryEntry.person_id == scope.person_id) & DiaryEntry.case_id.is_(None)


def _whole(session: Session, versions: Sequence[DiaryEntry]) -> list[Entry]:
    chains: dict[int, list[DiaryEntry]] = {}
    for version in versions:
        chains.setdefault(version.first_id or version.id, []).append(version)
    files = _files_of(session, [version.id for version in versions])
    return [
        Entry(tuple(chain), tuple(file for version in chain for file in files.get(version.id, ())))
        for chain in chains.values()
    ]


def _files_of(session: Session, entry_ids: Collection[int]) -> dict[int, list[StoredFile]]:
    if not entry_ids:
        return {}
    rows = session.execute(
        select(DiaryFile.entry_id, StoredFile)
        .join(StoredFile, StoredFile.id == DiaryFile.file_id)
        .where(DiaryFile.entry_id.in_(entry_ids))
        .order_by(StoredFile.id)
    )
    found: dict[int, list[StoredFile]] = {}
    for entry_id, file in rows:
        found.setdefault(entry_id, []).append(file)
    return found


def _in_order(entries: list[Entry]) -> list[Entry]:
    """By day, then by time; of a day those without a time last, as they were written."""

    def place(entry: Entry) -> tuple[date, bool, datetime]:
        starts = entry.happened.starts_at
        return entry.happened.day, starts is None, starts or entry.entered_at

    return sorted(entries, key=place)
