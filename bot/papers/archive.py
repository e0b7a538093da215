"""The copy of somebody's own data: one archive with a file to read, the same for a program, and their files."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.papers.archive_words import sections
from bot.papers.paper import Paper, PaperGone
from bot.papers.typeset import make_pdf
from casework.data_declarations import of_topic, topics
from casework.data_terms import Copy, Topic
from handlers.evidence.showing import file_name
from handlers.my_data.start import LARGEST_PART, PARTS
from handlers.turn import Service
from handlers.words import Words
from storage import data_copy, evidence
from storage.evidence import Which
from storage.models import Person, StoredFile
from storage.vault import BytesGone

ZIP = "application/zip"


def copy_of_data(session: Session, service: Service, number: int) -> Paper:
    """Part ``number % PARTS`` of the copy of the person ``number // PARTS``; the first has more than files."""
    person = session.get(Person, number // PARTS)
    if person is None:
        raise PaperGone("nobody is known by that number")
    part = number % PARTS
    files = data_copy.list_file_parts(session, person, LARGEST_PART)
    if part >= len(files):
        raise PaperGone(f"there is no part {part}")
    now = service.clock.now()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        if part == 0:
            for name, content in _written(session, service, person, now):
                archive.writestr(name, content)
        for place, file in enumerate(files[part], 1):
            found = _bytes(service, person, file)
            if found is not None:
                mime = file.content_type or "application/octet-stream"
                name = f"files/{part + 1}-{place:03}-{file_name(session, file, mime)}"
                archive.writestr(zipfile.ZipInfo(name, _zip_time(file.received_at)), found)
    day = now.astimezone(service.zone).date().isoformat()
    end = f"-{part + 1}" if part else ""
    return Paper(f"my-data-{day}{end}.zip", held.getvalue(), ZIP)


MAKERS = {"my_data": copy_of_data}
"""``id`` is the person's times PARTS, and the number of the part."""


def _written(session: Session, service: Service, person: Person, now: datetime) -> list[tuple[str, bytes]]:
    """The data twice: for a program, and to read."""
    rows = data_copy.collect(session, person)
    words = service.words(person.language)
    plain = {
        "made_at": now.astimezone(UTC).isoformat(),
        "notice_version": service.policy.privacy.notice_version,
        "left_out": _left_out(words),
        "data": rows,
    }
    as_json = json.dumps(plain, ensure_ascii=False, indent=2).encode()
    return [("my-data.json", as_json), ("my-data.pdf", _pdf(service, words, rows, now))]


def _pdf(service: Service, words: Words, rows: dict[str, data_copy.Rows], now: datetime) -> bytes:
    local = now.astimezone(service.zone)
    title = words.plain("my_data.paper.title.label")
    today: date = local.date()
    data: dict[str, Any] = {
        "lang": words.language.partition("-")[0],
        "title": title,
        "made": words.plain("my_data.paper.made", when=words.moment(now, service.zone, today)),
        "about": [words.plain(f"my_data.paper.about.{line}") for line in ("what", "own_words", "files")],
        "left_out_title": words.plain("my_data.paper.left_out.label"),
        "left_out": _left_out(words),
        "sections": sections(words, service.zone, today, rows, _names(service)),
        "page": words.plain("my_data.paper.page.label", n="{n}", of="{of}"),
    }
    return make_pdf("my_data", data)


def _names(service: Service) -> dict[str, str]:
    """What districts and languages are called."""
    districts = {district.key: district.name for district in service.policy.districts}
    return districts | {one: service.catalogs.name_of(one) for one in service.catalogs.offered()}


def _left_out(words: Words) -> list[str]:
    """What a person does not get at once, and may ask for."""
    withheld = [topic for topic in topics() if all(one.copy is Copy.NONE for one in of_topic(topic))]
    named = [topic for topic in withheld if topic is Topic.HARM]
    lines = [words.plain("my_data.paper.left_out.others"), words.plain("my_data.paper.left_out.notes")]
    return [*lines, *(words.plain(f"my_data.paper.left_out.{topic.value}") for topic in named)]


def _bytes(service: Service, person: Person, file: StoredFile) -> bytes | None:
    """As it came. Of somebody who may be watched only the copy that says nothing of where it was taken."""
    order = (Which.COPY,) if person.silent else (Which.ORIGINAL, Which.COPY)
    for which in order:
        try:
            return evidence.open_bytes(service.vault, file, which)
        except BytesGone:
            continue
    return None


def _zip_time(at: datetime) -> tuple[int, int, int, int, int, int]:
    return (at.year, at.month, at.day, at.hour, at.minute, at.second)
