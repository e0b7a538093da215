"""The catalogs of the project as entries for the checks."""

from functools import cache
from pathlib import Path

from bot.catalogs import PoFile, forms, key_of, po_files
from handlers.words import ENGLISH
from tests.words.checks import Entry
from tests.words.sources import AskedFor, asked_for


@cache
def project_files() -> tuple[PoFile, ...]:
    """Every .po file of the project."""
    return po_files()


@cache
def project_sources() -> AskedFor:
    """What the program asks for."""
    return asked_for({po.domain for po in project_files() if po.language == ENGLISH})


def entries_of(files: tuple[PoFile, ...], sources: AskedFor | None = None) -> list[Entry]:
    """Each message beside its English one; one that English lacks stands beside itself."""
    english = {key_of(m): forms(m) for po in files if po.language == ENGLISH for m in po.messages}
    return [
        Entry(
            language=po.language,
            key=key_of(message),
            forms=forms(message),
            english=english.get(key_of(message), forms(message)),
            fuzzy=message.fuzzy,
            plain=sources is not None and key_of(message) in sources.plain,
        )
        for po in files
        for message in po.messages
    ]


@cache
def project_entries() -> tuple[Entry, ...]:
    """Every entry of every language of the project."""
    return tuple(entries_of(project_files(), project_sources()))


def write_po(folder: Path, language: str, domain: str, body: str, headers: str = "") -> Path:
    """A small catalog for a test: ``body`` is what follows the header."""
    path = folder / language / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    plurals = {
        "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    }.get(language, "nplurals=2; plural=(n != 1);")
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Language: {language}\\n"\n"Plural-Forms: {plurals}\\n"\n{headers}\n{body}',
        encoding="utf-8",
    )
    return path
