"""What translators write becomes what the bot reads, byte for byte the same each time."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from bot.catalogs import compile_catalogs, compiled, read_po_file
from tests.words.entries import write_po

BODY = """
msgid "menu.hello"
msgstr ""
"Dzień dobry, "
"{name}"

msgid "menu.days"
msgid_plural "menu.days"
msgstr[0] "{n} dzień"
msgstr[1] "{n} dni"
msgstr[2] "{n} dni"

#, fuzzy
msgid "menu.doubtful"
msgstr "Nie wiem"

msgid "menu.open"
msgstr ""

msgid "menu.half"
msgid_plural "menu.half"
msgstr[0] "tak"
msgstr[1] ""
msgstr[2] ""
"""


def read(path: Path) -> GNUTranslations:
    return GNUTranslations(BytesIO(compiled(read_po_file(path))))


def test_sentences_plurals_and_the_offer_come_through(tmp_path: Path) -> None:
    polish = read(write_po(tmp_path, "pl", "menu", BODY, headers='"X-Offered: yes\\n"\n'))
    assert polish.gettext("menu.hello") == "Dzień dobry, {name}"
    assert [polish.ngettext("menu.days", "menu.days", n) for n in (1, 2, 5)] == [
        "{n} dzień",
        "{n} dni",
        "{n} dni",
    ]
    assert polish.info()["x-offered"] == "yes"


@pytest.mark.parametrize("key", ["menu.doubtful", "menu.open", "menu.half"])
def test_what_is_doubtful_or_incomplete_is_left_out(tmp_path: Path, key: str) -> None:
    polish = read(write_po(tmp_path, "pl", "menu", BODY))
    assert polish.gettext(key) == key
    assert polish.ngettext(key, key, 1) == key


def test_compiling_twice_writes_once(tmp_path: Path) -> None:
    path = write_po(tmp_path, "pl", "menu", BODY)
    assert compile_catalogs(tmp_path) == (path.with_suffix(".mo"),)
    assert compile_catalogs(tmp_path) == ()


def test_a_date_in_the_header_does_not_change_the_result(tmp_path: Path) -> None:
    plain = compiled(read_po_file(write_po(tmp_path, "pl", "menu", BODY)))
    dated = write_po(tmp_path, "pl", "menu", BODY, headers='"PO-Revision-Date: 2026-11-24 09:00+0000\\n"\n')
    assert compiled(read_po_file(dated)) == plain


def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write_po(tmp_path, "pl", "menu", '\nmsgid "menu.hello"\nHello\n')
    with pytest.raises(PoFileError, match="on 8"):
        read_po_file(path)
