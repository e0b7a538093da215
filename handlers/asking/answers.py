"""A resident asks: the best pages as buttons, the page itself, and the way to a person where no page helped."""

from __future__ import annotations

from casework.danger import danger_in
from casework.pages import Page, page_html
from casework.roles import Permission, may
from handlers import following
from handlers.asking.library import Library, library
from handlers.forms import pen
from handlers.forms.kinds.choice import find_label
from handlers.keyboards import Button, Row, Rows, columns
from handlers.safety import danger_text
from handlers.turn import Turn
from handlers.words import Html
from storage import enquiries
from storage.models import AskedOutcome

TOPICS = ("noise_music", "parking", "bins", "doorstep_callers", "case_review_what", "who_to_ring")
"""What is asked most, for those who would rather tap."""
OFFERED = 3
RELATED = 2
LONGEST_ASKED = 500
LONGEST_LABEL = 60
FEWEST_WORDS = 3
"""Words that mean something: with fewer, what was typed outside a conversation may be no question."""
_QUESTION_WORDS = frozenset(
    [
        "how",
        "what",
        "who",
        "whom",
        "where",
        "when",
        "why",
        "which",
        "can",
        "could",
        "may",
        "should",
        "shall",
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "will",
        "would",
        "am",
        "have",
        "has",
    ]
)


def ask(turn: Turn) -> None:
    """``/ask``: an open form is put aside; ``/ask bins`` answers at once."""
    if turn.draft is not None:
        pen.park(turn)
    if turn.incoming.command and turn.incoming.argument:
        _answer(turn, turn.incoming.argument, insist=True)
        return
    pages = library(turn).pages
    topics = tuple(_page_button(pages[key]) for key in TOPICS if key in pages)
    emergency = turn.service.policy.contact("emergency").value
    turn.remember(asking=True, asked=None, question=None, offered=list(TOPICS))
    turn.say(turn.words("asking.start", emergency=emergency), (*columns(topics, 1), _menu_row(turn)))


def offer_answers(turn: Turn, *, questions_only: bool = False) -> bool:
    """Answer what was typed outside every conversation. False where it is nothing to answer.

    ``questions_only``: only what reads like a question and has a page. Danger and references come first, and
    are others' business.
    """
    text = (turn.incoming.text or "").strip()
    if (
        not may(turn.actor.role, Permission.ASK)
        or not text
        or turn.incoming.command is not None
        or turn.incoming.edited
    ):
        return False
    if _typed_choice(turn, text):
        return True
    insist = bool(turn.screen.get("asking"))
    if questions_only and not insist and not _reads_like_a_question(text):
        return False
    return _answer(turn, text, insist=insist, pages_only=questions_only and not insist)


def _reads_like_a_question(text: str) -> bool:
    return text.endswith("?") or text.split(maxsplit=1)[0].casefold() in _QUESTION_WORDS


def _typed_choice(turn: Turn, text: str) -> bool:
    """The number or the title of a page that was just offered."""
    pages = library(turn).pages
    offered = [key for key in turn.screen.get("offered") or [] if key in pages]
    if text.isdecimal() and len(text) == 1 and 1 <= int(text) <= len(offered):
        show(turn, pages[offered[int(text) - 1]])
        return True
    found = find_label(text, {key: pages[key].title for key in offered})
    if found is not None:
        show(turn, pages[found])
    return found is not None


def _answer(turn: Turn, text: str, *, insist: bool, pages_only: bool = False) -> bool:
    if danger := danger_in(text, turn.service.policy):
        turn.say(danger_text(turn, danger, kept=False), (_menu_row(turn),))
        return True
    books = library(turn)
    found = books.index.search(text, OFFERED)
    if not found.hits and (pages_only or (found.words < FEWEST_WORDS and not insist)):
        return False
    pages = [hit.page for hit in found.hits]
    turn.remember(asking=None, asked=text[:LONGEST_ASKED], offered=[page.key for page in pages])
    _keep(turn, text, pages)
    if pages:
        _offer(turn, pages)
    else:
        turn.say(turn.words("asking.none"), (_team_row(turn), *_case_rows(turn), _menu_row(turn)))
    return True


def _keep(turn: Turn, text: str, pages: list[Page]) -> None:
    """Keep the question for whoever writes pages; not of those who must stay unseen, nor of private matters."""
    if turn.person.silent or any(page.private for page in pages):
        turn.remember(question=None)
        return
    outcome = AskedOutcome.OFFERED if pages else AskedOutcome.NO_PAGE
    kept = enquiries.keep_question(turn.session, text[:LONGEST_ASKED], outcome, turn.now)
    turn.remember(question=kept.id)


def _offer(turn: Turn, pages: list[Page]) -> None:
    lines = [turn.words("asking.found")]
    for number, page in enumerate(pages, 1):
        lines.append(
            turn.words("asking.found.line", number=number, title=page.title, about=_about(turn, page))
        )
    buttons = tuple((_page_button(page),) for page in pages)
    turn.say(Html("\n\n".join(lines)), (*buttons, _team_row(turn), *_case_rows(turn), _menu_row(turn)))


def _about(turn: Turn, page: Page) -> Html:
    """When it was written or checked, and where it comes from."""
    checked = page.checked_on is not None
    day = turn.words.day(page.checked_on or page.written_on, turn.today)
    if page.plain:
        return turn.words("asking.checked.team" if checked else "asking.written.team", day=day)
    return turn.words("asking.checked" if checked else "asking.written", day=day, source=page.source)


def show_pressed(turn: Turn, key: str) -> None:
    """A page by its key; a key that is gone or forged gets the start of asking."""
    page = library(turn).pages.get(key)
    if page is None:
        ask(turn)
        return
    show(turn, page)


def show(turn: Turn, page: Page) -> None:
    """The page as people of this person's district read it."""
    district = district_of(turn) if page.needs_district else None
    text = page_html(page, district, turn.service.policy)
    parts = [turn.words("asking.page.title", title=page.title), Html(text), _about(turn, page)]
    turn.remember(asking=None, offered=list(page.related))
    turn.say(Html("\n\n".join(parts)), _page_rows(turn, page, district))


def _page_rows(turn: Turn, page: Page, district: str | None) -> Rows:
    """What can be done from a page. A private one offers nothing that would be kept."""
    if page.private:
        return (_menu_row(turn),)
    plain = turn.words.plain
    pages = library(turn).pages
    areas = tuple(Button(area.name, f"a:d:{page.key}:{area.key}") for area in turn.service.policy.districts)
    related = tuple((_page_button(pages[key]),) for key in page.related[:RELATED] if key in pages)
    return (
        areas if page.needs_district and district is None else (),
        *related,
        (Button(plain("asking.not_helped.button"), f"a:n:{page.key}"),),
        (Button(plain("menu.report.button"), "m:report"), Button(plain("asking.team.button"), "a:t")),
        _menu_row(turn),
    )


def district_pressed(turn: Turn, key: str, district: str) -> None:
    """The person's district: asked once, and known from then on."""
    if any(area.key == district for area in turn.service.policy.districts):
        turn.person.profile = {**turn.person.profile, "area": district}
    show_pressed(turn, key)


def district_of(turn: Turn) -> str | None:
    """Where the person lives, as they said, or where their last report was; None where neither is known."""
    said = turn.person.profile.get("area")
    return str(said) if said else enquiries.last_district(turn.session, turn.person.id)


def not_helped_pressed(turn: Turn, key: str) -> None:
    """It did not help: a person does. The page that was no answer is kept with the question."""
    books = library(turn)
    page = books.pages.get(key)
    question = turn.screen.get("question")
    if question is not None and page is not None:
        enquiries.mark_not_helped(turn.session, int(question), key)
    others = _others(turn, books, key)
    turn.remember(tried=key, offered=[other.key for other in others])
    buttons = tuple((_page_button(other),) for other in others)
    turn.say(turn.words("asking.not_helped"), (_team_row(turn), *buttons, _menu_row(turn)))


def _others(turn: Turn, books: Library, key: str) -> list[Page]:
    asked = turn.screen.get("asked")
    found = books.index.search(asked, OFFERED).hits if asked else ()
    return [hit.page for hit in found if hit.page.key != key]


def _page_button(page: Page) -> Button:
    return Button(page.title[:LONGEST_LABEL], f"a:p:{page.key}")


def _team_row(turn: Turn) -> Row:
    return (Button(turn.words.plain("asking.team.button"), "a:t"),)


def _menu_row(turn: Turn) -> Row:
    return (Button(turn.words.plain("asking.menu.button"), "m:menu"),)


def _case_rows(turn: Turn) -> Rows:
    """What was typed may also be for an officer who has their case."""
    return following.message_rows(turn) if turn.incoming.command is None else ()
