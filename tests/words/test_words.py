"""How sentences, dates and lists come out, in English and in languages that work differently."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.catalogs import compile_catalogs
from handlers.words import LOCALES, Catalogs, Html, MissingWords, Words
from tests.words.entries import write_po

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 24)

ENGLISH = """
msgid "menu.greeting"
msgstr "<b>Hello {name}</b>"

msgid "menu.greeting.button"
msgstr "Greet {name}"

msgid "menu.days"
msgid_plural "menu.days"
msgstr[0] "{n} day left for {ref}"
msgstr[1] "{n} days left for {ref}"

msgid "menu.only_english"
msgstr "Only in English"
"""
POLISH = """
msgid "menu.greeting"
msgstr "<b>{name}, witaj</b>"

msgid "menu.days"
msgid_plural "menu.days"
msgstr[0] "{ref}: {n} dzień"
msgstr[1] "{ref}: {n} dni"
msgstr[2] "{ref}: {n} dni, wiele"

#, fuzzy
msgid "menu.only_english"
msgstr "Nie wiadomo"
"""
URDU = """
msgid "menu.greeting"
msgstr "<b>سلام {name}</b>"
"""


@pytest.fixture
def catalogs(tmp_path: Path) -> Catalogs:
    common = (LOCALES / "en" / "LC_MESSAGES" / "common.po").read_text(encoding="utf-8")
    write_po(tmp_path, "en", "menu", ENGLISH).with_name("common.po").write_text(common, encoding="utf-8")
    write_po(tmp_path, "pl", "menu", POLISH)
    write_po(
        tmp_path,
        "pl",
        "common",
        '\nmsgid "common.language.name"\nmsgstr "Polski"\n',
        headers='"X-Offered: yes\\n"\n',
    )
    write_po(tmp_path, "ur", "menu", URDU)
    compile_catalogs(tmp_path)
    return Catalogs.load(tmp_path)


@pytest.fixture
def english(catalogs: Catalogs) -> Words:
    return catalogs.words("en")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ng & Sons <b>", "<b>Hello Ng &amp; Sons &lt;b&gt;</b>"),  # what people type is escaped
        (Html("<i>you</i>"), "<b>Hello <i>you</i></b>"),  # what is HTML already stays
        ('O\'Neil "O"', '<b>Hello O\'Neil "O"</b>'),  # Telegram wants no escaped quotes
        ("{name} {0}", "<b>Hello {name} {0}</b>"),  # braces in a value are no placeholders
        (7, "<b>Hello 7</b>"),
    ],
)
def test_values_go_in_escaped(english: Words, value: object, expected: str) -> None:
    said = english("menu.greeting", name=value)
    assert said == expected
    assert isinstance(said, Html)


def test_buttons_are_plain_and_not_escaped(english: Words) -> None:
    assert english.plain("menu.greeting.button", name="Ng & Sons") == "Greet Ng & Sons"
    assert not isinstance(english.plain("menu.greeting.button", name="Ng"), Html)


def test_markup_has_no_place_on_a_button(english: Words) -> None:
    with pytest.raises(ValueError, match=r"menu\.greeting"):
        english.plain("menu.greeting", name="Ng")
    with pytest.raises(TypeError):
        english.plain("menu.greeting.button", name=Html("<b>Ng</b>"))


@pytest.mark.parametrize("value", [None, TODAY, 1.5, True, ["a"], b"a"])
def test_only_text_and_whole_numbers_go_in(english: Words, value: object) -> None:
    with pytest.raises(TypeError):
        english("menu.greeting", name=value)


def test_what_english_lacks_is_an_error_that_names_the_key(english: Words) -> None:
    for say in (english, english.plain, lambda key: english.plural(key, 2)):
        with pytest.raises(MissingWords, match=r"menu\.nowhere"):
            say("menu.nowhere")
    with pytest.raises(MissingWords, match=r"shop\.open"):
        english("shop.open")
    with pytest.raises(MissingWords, match=r"menu\.greeting wants a value for 'name'"):
        english("menu.greeting")


def test_has_knows_single_and_plural_keys(english: Words) -> None:
    assert english.has("menu.greeting")
    assert english.has("menu.days")
    assert not english.has("menu.nowhere")
    assert not english.has("shop.open")


@pytest.mark.parametrize(
    ("language", "n", "expected"),
    [
        ("en", 0, "0 days left for &lt;A&gt;"),
        ("en", 1, "1 day left for &lt;A&gt;"),
        ("en", 21, "21 days left for &lt;A&gt;"),
        ("pl", 1, "&lt;A&gt;: 1 dzień"),
        ("pl", 22, "&lt;A&gt;: 22 dni"),  # as after 2, not as after 1
        ("pl", 12, "&lt;A&gt;: 12 dni, wiele"),
        ("ur", 2, "\u2066&lt;A&gt;\u2069"),  # falls back to English, see below
    ],
)
def test_plurals_follow_the_rules_of_the_language(
    catalogs: Catalogs, language: str, n: int, expected: str
) -> None:
    assert expected in catalogs.words(language).plural("menu.days", n, ref="<A>")


def test_what_a_translation_lacks_is_said_in_english(catalogs: Catalogs) -> None:
    polish = catalogs.words("pl")
    assert polish("menu.greeting", name="Ala") == "<b>Ala, witaj</b>"
    assert polish("menu.only_english") == "Only in English"  # the translation is still doubtful
    assert polish.has("menu.only_english")


def test_an_unknown_language_is_english(catalogs: Catalogs) -> None:
    words = catalogs.words("tlh")
    assert words.language == "en"
    assert words("menu.only_english") == "Only in English"


def test_only_what_is_marked_complete_is_offered_english_first(catalogs: Catalogs) -> None:
    assert catalogs.languages == ("en", "pl", "ur")
    assert catalogs.offered() == ("en", "pl")
    assert [catalogs.name_of(language) for language in catalogs.offered()] == ["English", "Polski"]


def test_a_folder_without_english_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="words compile"):
        Catalogs.load(tmp_path)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("KM4P-X7RB", "\u2066KM4P-X7RB\u2069"),
        ("01632 960 100", "\u206601632 960 100\u2069"),  # no letters at all
        ("<b>", "\u2066&lt;b&gt;\u2069"),  # escaped first, then wrapped
        (Html("<code>A</code>"), "\u2066<code>A</code>\u2069"),
        ("آمنہ", "آمنہ"),  # runs from right to left by itself
        ("", ""),
    ],
)
def test_values_that_run_left_to_right_keep_their_order_in_urdu(
    catalogs: Catalogs, value: str, expected: str
) -> None:
    urdu = catalogs.words("ur")
    assert urdu.right_to_left
    assert urdu("menu.greeting", name=value) == f"<b>سلام {expected}</b>"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 26), "Thursday 26 November"),
        (date(2026, 1, 1), "Thursday 1 January"),  # past, the same year
        (date(2027, 1, 4), "Monday 4 January 2027"),
        (date(2025, 12, 31), "Wednesday 31 December 2025"),
    ],
)
def test_days_are_written_with_the_year_only_where_it_differs(
    english: Words, day: date, expected: str
) -> None:
    assert english.day(day, TODAY) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pl", "czwartek 26 listopada"),
        ("ro", "joi 26 noiembrie"),
        ("ur", "جمعرات 26 نومبر"),
        ("pa", "ਵੀਰਵਾਰ 26 ਨਵੰਬਰ"),
        ("uk", "четвер 26 листопада"),
    ],
)
def test_days_in_other_languages_have_ordinary_digits(tmp_path: Path, language: str, expected: str) -> None:
    write_po(tmp_path, "en", "menu", ENGLISH)
    write_po(tmp_path, language, "menu", "")
    compile_catalogs(tmp_path)
    assert Catalogs.load(tmp_path).words(language).day(date(2026, 11, 26), TODAY) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(9, 0), "9am"),
        (time(12, 0), "midday"),
        (time(12, 30), "12:30pm"),
        (time(22, 30), "10:30pm"),
    ],
)
def test_times_are_written_as_people_say_them(english: Words, moment: time, expected: str) -> None:
    assert english.time(moment) == expected


def test_times_in_polish_are_polish(catalogs: Catalogs) -> None:
    assert catalogs.words("pl").time(time(22, 30)) == "22:30"


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2026, 7, 1, 9, 30, tzinfo=UTC), "Wednesday 1 July at 10:30am"),  # summer time
        (datetime(2026, 12, 1, 9, 30, tzinfo=UTC), "Tuesday 1 December at 9:30am"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "Thursday 2 July at midnight"),  # the next day already
    ],
)
def test_moments_are_local(english: Words, instant: datetime, expected: str) -> None:
    assert english.moment(instant, LONDON, TODAY) == expected


def test_a_moment_without_a_zone_is_refused(english: Words) -> None:
    with pytest.raises(ValueError, match="zone"):
        english.moment(datetime(2026, 7, 1, 9, 30), LONDON, TODAY)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["noise"], "noise"),
        (["noise", "drugs"], "noise and drugs"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["{x}", "&"], "{x} and &"),  # plain text, to be escaped where it goes in
    ],
)
def test_lists_are_joined_with_and(english: Words, items: list[str], expected: str) -> None:
    assert english.listing(items) == expected
    assert not isinstance(english.listing(items), Html)


def test_a_list_with_html_escapes_its_other_items(english: Words) -> None:
    joined = english.listing(["<x>", Html("<b>y</b>")])
    assert joined == "&lt;x&gt; and <b>y</b>"
    assert isinstance(joined, Html)
