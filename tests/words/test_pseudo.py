"""The pseudo-language keeps what code relies on, and changes what people read."""

import pytest

from handlers.words import Catalogs
from tests.words.checks import placeholders, tags
from tests.words.entries import project_entries
from tests.words.pseudo import PSEUDO, pseudo, pseudo_text


@pytest.mark.parametrize("entry", project_entries(), ids=lambda entry: f"{entry.language}-{entry.key}")
def test_placeholders_and_tags_stay(entry) -> None:
    for form in entry.forms:
        assert placeholders(pseudo_text(form)) == placeholders(form)
        assert tags(pseudo_text(form)) == tags(form)


def test_text_gets_brackets_accents_and_length() -> None:
    changed = pseudo_text("Report a <b>problem</b> in {place}, or /cancel")
    assert changed.startswith("⟦Répórt á <b>próblém</b> íñ {place}, ór /cancel~~")
    assert changed.endswith("~⟧")
    assert len(pseudo_text("a" * 100)) == 142


def test_the_pseudo_language_can_be_spoken_and_is_not_offered() -> None:
    catalogs = pseudo(Catalogs.load())
    words = catalogs.words(PSEUDO)
    assert words("common.moment", first="<", second="b").startswith("⟦&lt; át b")
    assert words.plain("kit.typed.yes") == catalogs.words("en").plain("kit.typed.yes")
    assert PSEUDO not in catalogs.offered()
    assert PSEUDO in catalogs.languages
