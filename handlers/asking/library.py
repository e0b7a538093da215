"""All pages that can be found now: the project's own, and those that the team saved and a colleague has read."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from casework.pages import Page
from handlers.turn import Turn
from storage import enquiries
from storage.models import SavedPage
from storage.page_index import PageIndex, SmallWords, load_pages, load_small_words

PAGES = Path(__file__).resolve().parents[2] / "pages" / "en"
SAVED = "saved_"
_KEEP = 4
"""Indexes in memory: more than one only while a page has just been published, or in tests."""


@dataclass(frozen=True, slots=True)
class Library:
    """The pages by key, and the index over them."""

    pages: dict[str, Page]
    index: PageIndex


def library(turn: Turn) -> Library:
    """The pages as they are now: one small query, and a new index only where a saved page has changed."""
    stamps = enquiries.published_stamps(turn.session)
    with _lock:
        known = _libraries.get(stamps)
        if known is None:
            known = _made(turn)
            while len(_libraries) >= _KEEP:
                del _libraries[next(iter(_libraries))]
            _libraries[stamps] = known
    return known


def saved_as_page(turn: Turn, saved: SavedPage) -> Page:
    """A saved page as the search and the screens know pages."""
    day_of = turn.service.calendar.local_day
    return Page(
        key=f"{SAVED}{saved.id}",
        title=saved.title,
        asked=(saved.question,),
        written_on=day_of(saved.written_at),
        checked_on=day_of(saved.reviewed_at) if saved.reviewed_at else None,
        source="",
        body=saved.body,
        plain=True,
    )


@lru_cache(maxsize=1)
def project_pages() -> dict[str, Page]:
    """The pages that come with the project, read once."""
    return load_pages(PAGES)


@lru_cache(maxsize=1)
def small_words() -> SmallWords:
    """What the search knows of the language, read once."""
    return load_small_words(PAGES)


def _made(turn: Turn) -> Library:
    saved = [saved_as_page(turn, one) for one in enquiries.list_published(turn.session)]
    pages = {**project_pages(), **{page.key: page for page in saved}}
    return Library(pages, PageIndex(pages.values(), small_words()))


_lock = threading.Lock()
_libraries: dict[tuple[str, ...], Library] = {}
