"""Every sentence of every catalog against every rule: a mistake here would reach people."""

import pytest

from bot.catalogs import compiled, key_of
from handlers.words import ENGLISH
from tests.words.checks import ENGLISH_WORDING, EVERY_LANGUAGE
from tests.words.entries import project_entries, project_files
from tests.words.exceptions import EXCEPTIONS, STAFF_DOMAINS
from tests.words.reading import grade, words
from tests.words.texts import domain_text

CHECKS = {**EVERY_LANGUAGE, **ENGLISH_WORDING}


def findings(check: str) -> dict[str, list[str]]:
    """What one check says about the project's catalogs, exceptions included."""
    found: dict[str, list[str]] = {}
    for entry in project_entries():
        if check in ENGLISH_WORDING and entry.language != ENGLISH:
            continue
        for problem in CHECKS[check](entry):
            found.setdefault(entry.key, []).append(f"{entry.language} {entry.key}: {problem}")
    return found


@pytest.mark.parametrize("check", CHECKS)
def test_every_sentence_keeps_to_the_rules(check: str) -> None:
    listed = {key for name, key in EXCEPTIONS if name == check}
    problems = [line for key, lines in findings(check).items() if key not in listed for line in lines]
    assert not problems, "\n" + "\n".join(problems)


@pytest.mark.parametrize(("check", "key"), EXCEPTIONS)
def test_every_exception_is_still_needed(check: str, key: str) -> None:
    assert key in findings(check)


def test_no_key_stands_in_two_places() -> None:
    keys = [(po.language, key_of(m)) for po in project_files() for m in po.messages]
    assert len(keys) == len(set(keys))


def test_every_key_begins_with_the_name_of_its_file() -> None:
    strangers = [
        key_of(m) for po in project_files() for m in po.messages if key_of(m).split(".")[0] != po.domain
    ]
    assert not strangers


def test_no_language_has_a_key_that_english_lacks() -> None:
    english = {entry.key for entry in project_entries() if entry.language == ENGLISH}
    assert not [entry for entry in project_entries() if entry.key not in english]


def test_an_offered_language_has_every_sentence_that_residents_read() -> None:
    offered = {
        po.language
        for po in project_files()
        if po.domain == "common" and po.headers.get("X-Offered") == "yes"
    }
    assert ENGLISH in offered
    wanted = {entry.key for entry in project_entries() if entry.language == ENGLISH and not entry.for_staff}
    for language in offered:
        there = {key_of(m) for po in project_files() if po.language == language for m in po.translated}
        assert wanted <= there, f"{language} lacks {sorted(wanted - there)}"


@pytest.mark.parametrize("po", project_files(), ids=lambda po: f"{po.language}-{po.domain}")
def test_the_compiled_catalog_is_up_to_date(po) -> None:
    target = po.path.with_suffix(".mo")
    assert target.exists(), "run: make words"
    assert target.read_bytes() == compiled(po), "run: make words"


def test_no_compiled_catalog_is_left_without_its_source() -> None:
    folder = project_files()[0].path.parents[2]
    assert {p.with_suffix(".po") for p in folder.rglob("*.mo")} <= {po.path for po in project_files()}


@pytest.mark.parametrize(
    "domain",
    [po.domain for po in project_files() if po.language == ENGLISH and po.domain not in STAFF_DOMAINS],
)
def test_a_child_of_ten_can_read_what_residents_read(domain: str) -> None:
    text = domain_text(domain)
    if len(words(text)) < 60:
        return  # the formula says nothing about so few words; their sentences are checked one by one
    assert grade(text) <= 5, f"grade {grade(text):.1f} for {domain}"
