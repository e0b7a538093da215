"""Keys and code agree: nothing is asked for that no catalog has, and nothing is kept that nobody asks for."""

from pathlib import Path

from handlers.words import ENGLISH
from tests.words.entries import project_entries, project_sources
from tests.words.exceptions import GENERATED_KEYS
from tests.words.sources import asked_for


def defined() -> set[str]:
    return {entry.key for entry in project_entries() if entry.language == ENGLISH}


def generated() -> set[str]:
    return {key for family in GENERATED_KEYS for key in family()}


def test_every_key_that_the_code_spells_out_has_words() -> None:
    sources = project_sources()
    missing = sorted(sources.keys - defined())
    assert not missing, "\n".join(f"{sources.places[key]}: {key}" for key in missing)


def test_every_key_that_forms_put_together_has_words() -> None:
    assert not sorted(generated() - defined())


def test_every_sentence_is_asked_for_somewhere() -> None:
    sources, put_together = project_sources(), generated()
    unused = sorted(key for key in defined() if key not in put_together and not sources.covers(key))
    assert not unused, "\n".join(unused)


def test_keys_are_found_in_calls_tables_and_formatted_strings(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(
        '''
"""A docstring that speaks of menu.start is no use of it... menu.docstring"""
say(words("menu.start", name="menu"))
LABELS = {"a": "menu.help.button"}
words.plain("menu.label")
words.plain(key)
words(f"menu.help.{role}")
other("shop.open")
'''
    )
    found = asked_for({"menu"}, (tmp_path,))
    assert found.keys == {"menu.start", "menu.help.button", "menu.label"}
    assert found.plain == {"menu.label"}
    assert found.covers("menu.help.officer")
    assert not found.covers("menu.other.officer")
    assert found.places["menu.start"] == "sample.py:3"
