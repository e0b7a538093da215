"""The pages: they can be read, say only what the policy lets them say, and are within a child's reach."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from casework.pages import Page, PageError, check_page, page_html, read_page
from handlers.asking.library import PAGES
from storage.page_index import load_pages
from tests.support.service import the_policy
from tests.words.checks import (
    BLAMING,
    NOT_OURS,
    SENTENCE_WORDS,
    TEXT_LENGTH,
    UNKEPT,
    Entry,
    telegrams_html,
    tidy,
)
from tests.words.exceptions import CAPITALS
from tests.words.reading import grade, sentences, words

POLICY = the_policy()
ALL = load_pages(PAGES)
DISTRICTS = (None, *(district.key for district in POLICY.districts))
MOST_WORDS = 200
GRADE = 8
REVIEW_NAME = "ASB Case Review"
NAMES = CAPITALS | {"CCTV", "MP", "NHS", "NSPCC", "PIN", "LGBT", "ASB"}

# (word, page): why this page may say it.
ALLOWED = {
    ("community trigger", "case_review_what"): "the name that people search for, said once",
}

EVERY = pytest.mark.parametrize("page", ALL.values(), ids=list(ALL))


def shown(page: Page) -> list[str]:
    """As people of each district read it."""
    districts = DISTRICTS if page.needs_district else (None,)
    return [page_html(page, district, POLICY) for district in districts]


def plain(text: str) -> str:
    """Without markup, a bullet being the end of a sentence."""
    return re.sub(r"<[^>]*>|^[•\d]+\.? ", "", text, flags=re.MULTILINE)


def test_there_are_at_least_fifty() -> None:
    assert len(ALL) >= 50


@EVERY
def test_a_page_names_only_what_there_is(page: Page) -> None:
    check_page(page, ALL, POLICY)


@EVERY
def test_a_page_fits_a_screen(page: Page) -> None:
    for text in shown(page):
        assert len(words(plain(text))) <= MOST_WORDS
        assert len(text) < TEXT_LENGTH - 300


@EVERY
def test_a_page_is_easy_to_read(page: Page) -> None:
    for text in shown(page):
        assert grade(plain(text)) <= GRADE
        long = [one for one in sentences(plain(text)) if len(words(one)) > SENTENCE_WORDS]
        assert not long


@EVERY
def test_a_page_blames_nobody_and_promises_nothing(page: Page) -> None:
    text = plain("\n".join([page.title, *shown(page)])).replace(REVIEW_NAME, "review")
    said = [
        word
        for word in (*BLAMING, *UNKEPT, *NOT_OURS, "community trigger")
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        and (word, page.key) not in ALLOWED
    ]
    assert not said
    shouted = [word for word in re.findall(r"\b[A-Z]{2,}\b", text) if word not in NAMES]
    assert not shouted


@EVERY
def test_a_page_is_what_telegram_takes(page: Page) -> None:
    for text in shown(page):
        entry = Entry("en", f"page.{page.key}", (text,), (text,))
        assert not [*telegrams_html(entry), *tidy(entry)]
        assert "{{" not in text
        assert "**" not in text


@EVERY
def test_numbers_and_years_come_from_the_policy(page: Page) -> None:
    assert not re.findall(r"\d{3,}", page.words)


def test_what_nobody_has_verified_is_left_out_with_its_line() -> None:
    page = _page("Call us.\n- Here: {{contact:victim_support}}.\n- There: {{contact:samaritans}}.")
    assert not POLICY.contact("victim_support").may_be_shown
    assert page_html(page, None, POLICY) == "Call us.\n• There: 116 123."


def test_values_and_text_are_escaped_and_bold_is_bold() -> None:
    page = _page("**Bold** <b>not</b> & {{council}}")
    assert (
        page_html(page, "redditch", POLICY)
        == "<b>Bold</b> &lt;b&gt;not&lt;/b&gt; &amp; Redditch Borough Council"
    )


def test_a_page_of_the_team_stays_as_it_was_written() -> None:
    page = replace(_page("**Bold** <b> {{council}}"), plain=True)
    assert page_html(page, None, POLICY) == "**Bold** &lt;b&gt; {{council}}"


def test_each_district_reads_its_own_lines() -> None:
    page = _page("All.\n\n## redditch\nR.\n\n## elsewhere\nE.\n")
    assert [page_html(page, district, POLICY) for district in ("redditch", "bromsgrove", None)] == [
        "All.\n\nR.",
        "All.\n\nE.",
        "All.\n\nE.",
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{{contact:nobody}}", "contact:nobody"),
        ("{{moon}}", "moon"),
        ("## mars\nText.", "mars"),
        ("## redditch\nText.", "elsewhere"),
    ],
)
def test_a_page_that_names_what_is_not_there_is_refused(body: str, why: str) -> None:
    with pytest.raises(PageError, match=why):
        check_page(_page(body), {}, POLICY)


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "+++\ntitle = 'x'\n",  # not closed
        "+++\ntitle = \n+++\nText.",  # no TOML
        "+++\ntitle = 'x'\n+++\nText.",  # keys missing
        "+++\ntitle='x'\nasked=['y']\nsource='z'\nwritten_on=2026-11-22\nmoon=1\n+++\nText.",
        "+++\ntitle='x'\nasked=['y']\nsource='z'\nwritten_on=2026-11-22\nchecked_on=2026-11-21\n+++\nText.",
    ],
)
def test_a_page_that_cannot_be_read_says_which(text: str) -> None:
    with pytest.raises(PageError, match=r"^some_page: "):
        read_page("some_page", text)


def _page(body: str) -> Page:
    head = "+++\ntitle = 'T'\nasked = ['q']\nsource = 's'\nwritten_on = 2026-11-22\n+++\n"
    page = read_page("some_page", f"{head}\n{body}")
    assert (page.written_on, page.checked_on) == (date(2026, 11, 22), None)
    return page
