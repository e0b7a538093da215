"""A diary on paper: a PDF that a court would accept, and the picture of its pattern."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from bot.papers.diary_words import Tell, facts_of, keyed_of, told_of
from bot.papers.paper import Paper, PaperGone
from bot.papers.typeset import make_pdf, make_png, printable
from casework.diary import FROM_HOUR, Band, pattern_of, until_hour
from handlers.diary.keeping import is_late_at_first
from handlers.turn import Service
from handlers.words import ENGLISH, Words
from storage import cases, diary, people
from storage.diary import Entry, Scope
from storage.models import Case, DiaryEntry, FileState, Person, StoredFile
from storage.people import display_name

PDF, PNG = "application/pdf", "image/png"
METHOD = "SHA-256"
FEW = 4
"""Fewer incidents than this in a cell are never the darkest: two of two are no pattern."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def case_book(session: Session, service: Service, case_id: int) -> Paper:
    """The diary of a case."""
    return large_book(session, service, case_id, scale=1)


def large_book(session: Session, service: Service, case_id: int, *, scale: float) -> Paper:
    """The diary of a case in so many times the usual size of type."""
    case = _case(session, case_id)
    entries = _entries(session, Scope(case_id=case_id))
    keeper = people.get_person(session, entries[0].now.person_id)
    return _book(session, service, entries, keeper, case, scale)


def own_book(session: Session, service: Service, person_id: int) -> Paper:
    """What a person wrote that is for no case yet."""
    entries = _entries(session, Scope(person_id=person_id))
    return _book(session, service, entries, people.get_person(session, person_id), None)


def case_pattern(session: Session, service: Service, case_id: int) -> Paper:
    """The picture of a case's diary, in the language of who keeps it."""
    entries = _entries(session, Scope(case_id=case_id))
    keeper = people.get_person(session, entries[0].now.person_id)
    return _picture(service, entries, service.words(keeper.language))


def own_pattern(session: Session, service: Service, person_id: int) -> Paper:
    """The picture of what is for no case yet."""
    entries = _entries(session, Scope(person_id=person_id))
    return _picture(service, entries, service.words(people.get_person(session, person_id).language))


MAKERS = {
    "diary_case": case_book,
    "team_diary": case_book,
    "diary_person": own_book,
    "pattern_case": case_pattern,
    "pattern_person": own_pattern,
}
"""By kind of paper; the ids are those of the case or of the person."""


def _case(session: Session, case_id: int) -> Case:
    case = cases.find_case(session, case_id)
    if case is None:
        raise PaperGone(f"no case {case_id}")
    return case


def _entries(session: Session, scope: Scope) -> list[Entry]:
    entries = diary.list_entries(session, scope)
    if not entries:
        raise PaperGone("no diary entries")
    return entries


def _book(
    session: Session,
    service: Service,
    entries: list[Entry],
    keeper: Person,
    case: Case | None,
    scale: float = 1,
) -> Paper:
    """In English: it is for the team and for courts here. What was written stays as it was written."""
    tell = Tell(service.words(ENGLISH), service.zone, service.clock.now())
    title = (
        tell.plain("diary_team.paper.title", reference=case.reference)
        if case is not None
        else tell.plain("diary_team.paper.title_own")
    )
    name = _name(session, keeper, case) or tell.plain("diary_team.paper.name_unknown")
    files = _numbered(entries)
    data: dict[str, Any] = {
        "lang": "en",
        "scale": scale,
        "title": title,
        "author": name,
        "author_line": name,
        "facts": _head(tell, service, entries, name, case),
        "about": tell.plain("diary_team.paper.about", hours=service.policy.diary.late_after_hours.value),
        "entries": [_entry(tell, service, n, entry, files) for n, entry in enumerate(entries, 1)],
        "files": [_file(tell, label, file) for label, file in files.values()],
        "words": _fixed(tell),
        "named": "",
    }
    if _has_named(data):
        data["named"] = tell.plain("diary_team.paper.named")
    end = case.reference if case is not None else tell.now.astimezone(service.zone).date().isoformat()
    return Paper(f"diary-{end}.pdf", make_pdf("diary", data), PDF)


def _name(session: Session, keeper: Person, case: Case | None) -> str:
    """As they gave it with the report; else as they are known."""
    detail = cases.detail_of(session, case) if case is not None else None
    given = (detail.detail or {}).get("name") if detail is not None else None
    return str(given or display_name(keeper))


def _head(
    tell: Tell, service: Service, entries: list[Entry], name: str, case: Case | None
) -> list[list[str]]:
    incidents = [entry for entry in entries if not entry.is_quiet]
    late = sum(1 for entry in incidents if is_late_at_first(service, entry))
    first, last = tell.day(entries[0].happened.day), tell.day(_last_day(entries))
    rows = [
        [tell.plain("diary_team.paper.by.label"), name],
        [
            tell.plain("diary_team.paper.period.label"),
            tell.plain("diary_team.paper.period", first=first, last=last),
        ],
        [
            tell.plain("diary_team.paper.count.label"),
            tell.plain("diary_team.paper.count", n=len(incidents), late=late),
        ],
        [tell.plain("diary_team.paper.made.label"), tell.moment(tell.now)],
        [
            tell.plain("diary_team.paper.team.label"),
            service.policy.team_of(case.district if case is not None else None),
        ],
    ]
    if case is not None:
        rows.insert(0, [tell.plain("diary_team.paper.case.label"), case.reference])
    return rows


def _last_day(entries: list[Entry]) -> date:
    """Of a week in which nothing happened the day on which that was said."""
    return max(
        date.fromisoformat(entry.now.body["until"]) if entry.is_quiet else entry.happened.day
        for entry in entries
    )


Files = dict[int, tuple[str, StoredFile]]


def _numbered(entries: list[Entry]) -> Files:
    """The files by id, numbered by their entry: 3.1, 3.2 …"""
    return {
        file.id: (f"{number}.{place}", file)
        for number, entry in enumerate(entries, 1)
        for place, file in enumerate(entry.files, 1)
    }


def _entry(tell: Tell, service: Service, number: int, entry: Entry, files: Files) -> dict[str, Any]:
    if entry.is_quiet:
        return _quiet(tell, number, entry)
    late = ""
    if is_late_at_first(service, entry):
        gap = entry.entered_at - diary.happened_of(entry.versions[0]).over_by(service.zone)
        late = tell.plain("diary_team.paper.late", after=tell.length(gap))
    return {
        "title": tell.plain("diary_team.paper.entry", number=number, when=tell.when(entry.now)),
        "late": late,
        "versions": [_version(tell, entry, version, files) for version in entry.versions],
    }


def _quiet(tell: Tell, number: int, entry: Entry) -> dict[str, Any]:
    first, last = entry.happened.day, date.fromisoformat(entry.now.body["until"])
    line = tell.plain(
        "diary_team.paper.quiet.line",
        first=tell.day(first),
        last=tell.day(last),
        said=tell.moment(entry.entered_at),
    )
    return {
        "title": tell.plain(
            "diary_team.paper.entry", number=number, when=tell.plain("diary_team.paper.quiet")
        ),
        "late": "",
        "versions": [{"note": line, "what": "", "facts": []}],
    }


def _version(tell: Tell, entry: Entry, version: DiaryEntry, files: Files) -> dict[str, Any]:
    note = _note(tell, version, among=len(entry.versions))
    confirmed = (
        tell.plain("diary_team.paper.confirmed", when=tell.moment(version.confirmed_at))
        if version.confirmed_at
        else tell.plain("diary_team.paper.unconfirmed")
    )
    facts = [*facts_of(tell, version), *keyed_of(tell, version)]
    if version is entry.now and entry.files:
        facts.append(
            [
                tell.plain("diary_team.paper.exhibits.label"),
                ", ".join(files[file.id][0] for file in entry.files),
            ]
        )
    return {"note": f"{note}. {confirmed}.", "what": told_of(tell, version), "facts": facts}


def _note(tell: Tell, version: DiaryEntry, *, among: int) -> str:
    """When it was written; of several versions, which this is."""
    when = tell.moment(version.entered_at)
    if version.version > 1:
        return tell.plain("diary_team.paper.version.later", when=when, version=version.version)
    if among > 1:
        return tell.plain("diary_team.paper.version.first", when=when)
    return tell.plain("diary_team.paper.written", when=when)


def _file(tell: Tell, label: str, file: StoredFile) -> dict[str, str]:
    kind = tell.named("kind", file.kind)
    parts = [f"{label}  {kind}", tell.moment(file.received_at)]
    if file.size is not None:
        parts.append(tell.plain("diary_team.paper.evidence.bytes", n=file.size))
    known = file.sha256.hex() if file.sha256 else ""
    state = "refused" if file.state == FileState.REFUSED else "waiting"
    return {"title": ", ".join(parts), "hash": known or tell.named("evidence", state)}


def _fixed(tell: Tell) -> dict[str, str]:
    """The statement of truth is that of the Civil Procedure Rules, Practice Direction 22, 2.2."""
    return {
        "page": tell.plain("diary_team.paper.page", n="{n}", of="{of}"),
        "evidence": tell.plain("diary_team.paper.evidence"),
        "evidence_about": tell.plain("diary_team.paper.evidence.about", method=METHOD),
        "evidence_none": tell.plain("diary_team.paper.evidence.none"),
        "truth": tell.plain("diary_team.paper.truth"),
        "truth_text": tell.plain("diary_team.paper.truth.text"),
        "truth_name": tell.plain("diary_team.paper.truth.name"),
        "truth_signed": tell.plain("diary_team.paper.truth.signed"),
        "truth_date": tell.plain("diary_team.paper.truth.date"),
    }


def _has_named(value: Any) -> bool:
    """Whether some sign stands in it by its name."""
    if isinstance(value, str):
        return "[" in printable(value) and printable(value).count("[") > value.count("[")
    if isinstance(value, dict):
        return any(_has_named(item) for item in value.values())
    return isinstance(value, list) and any(_has_named(item) for item in value)


def _picture(service: Service, entries: Sequence[Entry], words: Words) -> Paper:
    incidents = [entry.happened for entry in entries if not entry.is_quiet]
    if not incidents:
        raise PaperGone("no incidents")
    pattern = pattern_of(incidents, service.zone)
    days = sorted(happened.day for happened in incidents)
    today = service.calendar.local_day(service.clock.now())
    span = words.plain(
        "diary.pattern.hours.label", first=words.day(days[0], today), last=words.day(days[-1], today)
    )
    note = words.plain("diary.pattern.night.label")
    if pattern.untimed:
        note = f"{note} {words.plural('diary.pattern.untimed', pattern.untimed)}"
    data = {
        "lang": words.language.partition("-")[0],
        "title": words.plain("diary.pattern.top.label"),
        "subtitle": span,
        "bands": [
            {"name": words.plain(f"diary.band.{band.value}.label"), "hours": _hours(words, band)}
            for band in Band
        ],
        "rows": [
            {
                "name": words.plain(f"diary.weekday.{day}.name"),
                "counts": [pattern.counts[number, band] for band in Band],
            }
            for number, day in enumerate(WEEKDAYS)
        ],
        "most": max(FEW, *pattern.counts.values()) if pattern.counts else FEW,
        "note": note,
    }
    return Paper("pattern.png", make_png("pattern", data), PNG)


def _hours(words: Words, band: Band) -> str:
    first, last = words.time(time(FROM_HOUR[band])), words.time(time(until_hour(band)))
    return words.plain("diary.pattern.hours.label", first=first, last=last)
