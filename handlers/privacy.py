"""The privacy notice: the short one before the first personal question, and the whole of it behind ``/privacy``.

What there is, for how long and who sees it comes from the declarations and the policy, so that it says what the
program does (UK GDPR Articles 13 and 14; NWCSP domain facts 8.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from casework.data_declarations import of_topic, topics
from casework.data_terms import Basis, Declaration, Owner, Sees, Topic
from casework.policy import Retention
from casework.retention import deletable_from, retention_of
from handlers.command_menus import facts
from handlers.keyboards import Button
from handlers.turn import Service, Turn
from handlers.words import Html, Words

LONGEST_TEXT = 4000
"""Characters with markup; Telegram takes 4096 without (Bot API, sendMessage)."""

_AT_THE_START = ("privacy.top", "privacy.who", "privacy.why")
_AT_THE_END = (
    "privacy.special",
    "privacy.from",
    "privacy.decides",
    "privacy.telegram",
    "privacy.other_ways",
    "privacy.rights",
    "privacy.complain",
    "privacy.version",
)
_ANY_DAY = date(2025, 1, 1)
"""To compare periods of different units."""
_NOT_FOR_RESIDENTS = frozenset({Topic.TEAM})


def show(turn: Turn) -> None:
    """The notice, in as many messages as it takes; the last has the button to one's own data."""
    pages = notice_pages(turn.service, turn.words)
    for page in pages[:-1]:
        turn.say(page)
    turn.say(pages[-1], ((Button(turn.words.plain("privacy.my_data.button"), "p:start"),),))


def notice_pages(service: Service, words: Words) -> list[Html]:
    """The whole notice in messages, none longer than Telegram takes."""
    pages: list[list[str]] = [[]]
    room = LONGEST_TEXT
    for section in _sections(service, words):
        if len(section) + 2 > room:
            pages.append([])
            room = LONGEST_TEXT
        pages[-1].append(section)
        room -= len(section) + 2
    return [Html("\n\n".join(page)) for page in pages]


def _sections(service: Service, words: Words) -> Iterator[Html]:
    known = facts(service, words)
    version = service.policy.privacy.notice_version
    yield from (words(key, **known) for key in _AT_THE_START)
    yield words("privacy.keep")
    for topic in topics():
        if topic not in _NOT_FOR_RESIDENTS:
            yield _topic(service, words, topic)
    yield _who_sees(words)
    yield from (words(f"privacy.basis.{basis.value}") for basis in Basis)
    yield from (words(key, version=version, **known) for key in _AT_THE_END)


def _topic(service: Service, words: Words, topic: Topic) -> Html:
    """What it is, and how long it is kept: of parts that end with the same event the longest."""
    longest: dict[str, Retention] = {}
    for one in of_topic(topic):
        if not one.personal and not _leads_to_somebody(one):
            continue
        for what in (one.kept, *one.also_kept):
            entry = retention_of(service.policy, what)
            key = what if words.has(f"privacy.kept.{what}") else entry.after
            if key not in longest or deletable_from(_ANY_DAY, entry) > deletable_from(_ANY_DAY, longest[key]):
                longest[key] = entry
    periods = [_period(words, key, entry) for key, entry in longest.items()]
    return Html(" ".join([words(f"privacy.topic.{topic.value}"), *periods]))


def _leads_to_somebody(declaration: Declaration) -> bool:
    return any(owner is not Owner.CASE for owner in declaration.owners.values())


def _period(words: Words, key: str, entry: Retention) -> Html:
    period = words.plural(f"privacy.period.{entry.unit}", entry.value)
    return words(f"privacy.kept.{key}", period=period)


def _who_sees(words: Words) -> Html:
    seen = dict.fromkeys(one.seen_by for topic in topics() for one in of_topic(topic))
    ordered = [sees for sees in Sees if sees in seen and sees is not Sees.NOBODY]
    return Html(" ".join([words("privacy.sees"), *(words(f"privacy.sees.{s.value}") for s in ordered)]))
