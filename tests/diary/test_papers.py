"""The PDF and the picture: what is in them, that what people wrote stays text, that every script is printed."""

from __future__ import annotations

import io
import re
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.papers import registry
from bot.papers.diary import MAKERS
from bot.papers.paper import PaperGone
from bot.papers.typeset import FONTS, TEMPLATES, make_pdf, make_png, printable
from casework.diary import Happened
from storage import diary
from storage.models import FileState, StoredFile
from tests.diary.kit import REFERENCE, entries, has_case, it_happens_now, the_file, writes_in_full
from tests.support.service import Somebody, Town

URDU = "یہ بہت شور ہے اور بچے ڈر گئے۔"
PUNJABI = "ਬਹੁਤ ਰੌਲਾ ਸੀ ਅਤੇ ਬੱਚੇ ਡਰ ਗਏ।"


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", _unpacked(pdf)))


def _unpacked(pdf: bytes) -> bytes:
    """With the compressed parts opened, so that the structure can be read."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def data(words: str = "It was loud.", name: str = "Ada", entry_count: int = 1) -> dict:
    version = {"note": "Written on Monday.", "what": words, "facts": [["Who", words[:200]]]}
    entry = {"title": "Entry", "late": "", "versions": [version]}
    keys = "page evidence evidence_about evidence_none truth truth_text truth_name truth_signed truth_date"
    return {
        "lang": "en",
        "title": "Incident diary KM4P-X7RB",
        "author": name,
        "author_line": name,
        "facts": [["Case", "KM4P-X7RB"]],
        "about": "About",
        "entries": [entry] * entry_count,
        "files": [{"title": "1.1 Photo", "hash": "ab" * 32}],
        "words": {key: f"{key} {{n}} {{of}}" for key in keys.split()},
        "named": "",
    }


def test_the_pdf_is_tagged_and_has_a_title_and_a_language():
    pdf = make_pdf("diary", data())
    structure = _unpacked(pdf)
    assert pdf.startswith(b"%PDF-")
    assert re.search(rb"/Marked\s+true", structure)
    assert re.search(rb"/Lang\s*\(en\)", structure)
    assert b"pdfuaid" in structure  # says that it keeps to PDF/UA
    assert b"Incident diary KM4P-X7RB" in structure
    assert b"/StructTreeRoot" in structure


NASTY = {
    "markup": '#read("/etc/passwd") *bold* _it_ @ref $x^2$ <label> = Heading\n- item',
    "a script to run": '#import "@preview/x:1.0.0": y\n#panic("stop")',
    "every kind of bracket": "[(){}]\\ \\u{1F600} // comment /* */ ```raw```",
    "right to left": URDU,
    "Punjabi": PUNJABI,
    "mixed": f"{URDU} (Number 12) {PUNJABI} Łódź Україна",
    "emoji": "I cried 😭👨‍👩‍👧 all night 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "a script without a font": "你好 สวัสดี",
    "nothing to see": "\u200b\u200f\u2066",
    "one endless word": "a" * 3000,
    "control signs": "a\x07b\tc",
}


@pytest.mark.parametrize("what", NASTY)
def test_whatever_was_written_can_be_printed(what: str):
    """PDF/UA-1 refuses signs that no font has: so this fails where one gets through."""
    assert make_pdf("diary", data(NASTY[what], name=NASTY[what][:200])).startswith(b"%PDF-")


def test_what_was_written_stays_text(tmp_path: Path):
    """A template that reads a secret by itself shows the secret; what comes as data never does."""
    for name in ("diary.typ", "pattern.typ"):
        (tmp_path / name).write_bytes((TEMPLATES / name).read_bytes())
    (tmp_path / "secret.txt").write_text("swordfish " * 400)
    plain = pages_of(make_pdf("diary", data("x"), tmp_path))
    assert pages_of(make_pdf("diary", data('#read("secret.txt")'), tmp_path)) == plain
    leaky = (tmp_path / "diary.typ").read_text() + '\n#pagebreak()\n#read("secret.txt")'
    (tmp_path / "leaky.typ").write_text(leaky)
    assert pages_of(make_pdf("leaky", data("x"), tmp_path)) > plain


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path):
    (tmp_path / "bad.typ").write_text('#read("../../../../../../../../etc/passwd")')
    with pytest.raises(RuntimeError):
        make_pdf("bad", {}, tmp_path)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain", "plain"),
        ("Łódź, Україна", "Łódź, Україна"),
        (URDU, URDU),
        (PUNJABI, PUNJABI),
        ("sad 🙁", "sad [SLIGHTLY FROWNING FACE]"),
        ("你", "[CJK UNIFIED IDEOGRAPH-4F60]"),
        ("a\ufe0fb\x07", "ab"),
        ("\u06af\u200c\u06be", "\u06af\u200c\u06be"),  # Urdu needs the joiners
        ("\U000fffff", "[U+FFFFF]"),
    ],
)
def test_a_sign_without_a_font_is_printed_by_its_name(text, printed):
    assert printable(text) == printed


def test_a_long_diary_takes_the_pages_that_it_needs():
    words = "He shouted through the wall and kicked the door. " * 60
    assert pages_of(make_pdf("diary", data(words, entry_count=30))) > 20


def test_one_endless_word_is_broken_and_does_not_run_off_the_paper():
    short, endless = data("a" * 60), data("a" * 12_000)
    assert pages_of(make_pdf("diary", endless)) > pages_of(make_pdf("diary", short))


def test_the_fonts_come_with_their_licence():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()
    assert len(list(FONTS.glob("*.ttf"))) == 5


@pytest.mark.parametrize("kind", ["diary_case", "diary_person", "pattern_case", "pattern_person"])
def test_every_kind_of_paper_is_known_to_delivery(kind):
    assert registry.MAKERS[kind] is MAKERS[kind]


async def test_a_resident_gets_the_diary_as_a_pdf(town: Town, ada: Somebody) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await it_happens_now(ada)
    await ada.taps("My diary")
    await writes_in_full(ada)
    await ada.taps("My diary", "Get it as a PDF")
    ada.sees("Is what you wrote true", "1 entry", buttons=["Yes, all of it is true", "I will say so later"])
    await ada.taps("I will say so later")
    assert ada.last.data["document"]["file_name"] == f"diary-{REFERENCE}.pdf"
    assert ada.last.data["document"]["mime_type"] == "application/pdf"
    assert the_file(ada, town).startswith(b"%PDF-")
    assert [e.confirmed_at is None for e in entries(town)] == [True, False]
    await ada.says("/diary")
    await ada.taps("Get it as a PDF", "Yes, all of it is true")
    assert [e.confirmed_at is None for e in entries(town)] == [False, False]
    before = ada.actions
    await ada.says("/diary")
    await ada.taps("Get it as a PDF")  # nothing to ask any more
    assert ada.last.kind == "document"
    assert ada.actions - before == 2


async def test_a_diary_without_a_report_can_be_printed_too(town: Town, ada: Somebody) -> None:
    await ada.says("/diary")
    await it_happens_now(ada)
    await ada.taps("My diary", "Get it as a PDF", "Yes, all of it is true")
    assert ada.last.data["document"]["file_name"] == "diary-2026-11-24.pdf"
    await ada.says("/diary")
    await ada.taps("See the pattern")
    assert ada.last.kind == "photo"


async def test_the_pattern_is_a_picture_whose_caption_says_it_in_words(town: Town, ada: Somebody) -> None:
    case = has_case(town, ada)
    await ada.says("/diary")
    with town.database.transaction() as session:
        for days, hour in ((3, 23), (10, 23), (17, 22), (4, 9)):
            day = date(2026, 11, 24) - timedelta(days=days)
            starts = town.clock.now().replace(hour=hour) - timedelta(days=days)
            diary.add_entry(
                session,
                person_id=case.reporter_id,
                case_id=case.id,
                happened=Happened(day, starts),
                body={"answers": {"what": "noise"}},
                now=town.clock.now(),
            )
    await ada.says("/diary")
    await ada.taps("See the pattern")
    ada.sees("It happened 4 times, from Saturday 7 November to Saturday 21 November.")
    ada.sees("Most were at night: 2 of 4.", "Saturday had the most: 3.")
    picture = Image.open(io.BytesIO(the_file(ada, town)))
    assert picture.format == "PNG"
    assert picture.width + picture.height <= 10_000  # Bot API, sendPhoto
    assert max(picture.size) / min(picture.size) <= 20
    await ada.taps("The same as a list")
    ada.sees("Saturday: in the evening 1, at night 2", "Friday: in the morning 1")


def test_the_darker_a_cell_the_more_happened():
    rows = [{"name": f"Day {n}", "counts": [0, 0, 0, n]} for n in range(7)]
    bands = [{"name": "Band", "hours": "hours"}] * 4
    shown = {
        "lang": "en",
        "title": "T",
        "subtitle": "S",
        "bands": bands,
        "rows": rows,
        "most": 6,
        "note": "N",
    }
    picture = Image.open(io.BytesIO(make_png("pattern", shown))).convert("L")
    column = [picture.getpixel((picture.width - 45, y)) for y in range(picture.height)]
    shades = [shade for shade, before in zip(column[1:], column, strict=False) if shade == before]
    distinct = list(dict.fromkeys(shade for shade in shades if shades.count(shade) > 20))
    assert len(distinct) >= 5  # white and four steps
    assert distinct[0] > distinct[-1]


def test_there_is_no_paper_of_nothing(town_service):
    service, database = town_service
    with database.reading() as session:
        for kind, maker in MAKERS.items():
            with pytest.raises(PaperGone):
                maker(session, service, 404)
            assert kind in registry.MAKERS


@pytest.fixture
def town_service(sqlite_database):
    from bot.clock import MovableClock
    from tests.officers.world import MONDAY, make_service

    return make_service(sqlite_database.keyring, MovableClock(MONDAY)), sqlite_database


async def test_the_evidence_is_listed_with_its_hash(town: Town, ada: Somebody) -> None:
    from bot.papers.diary import _file, _numbered
    from bot.papers.diary_words import Tell

    has_case(town, ada)
    await ada.says("/diary")
    await ada.taps("It's happening now")
    await ada.sends(ada.phone.send_photo)
    await ada.taps("Very bad", "I felt ill")
    tell = Tell(town.process.service.words("en"), town.process.service.zone, town.clock.now())
    with town.database.transaction() as session:
        file = session.query(StoredFile).one()
        (entry,) = diary.list_entries(session, diary.Scope(case_id=file.case_id))
        ((label, found),) = _numbered([entry]).values()
        assert label == "1.1"
        assert _file(tell, label, found)["hash"] == "Not fetched yet"
        found.sha256, found.state = bytes(range(32)), FileState.STORED
        assert _file(tell, label, found)["hash"] == bytes(range(32)).hex()
        assert "Photo" in _file(tell, label, found)["title"]
