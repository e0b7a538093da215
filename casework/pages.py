"""Pages that answer questions: read from Markdown, and made into what one resident reads.

A page is TOML between two lines of ``+++``, then paragraphs. From ``## redditch`` on, text is for that district
only; under ``## elsewhere`` it is for everybody whose district isn't known. Numbers never stand in a page: they
come from the policy. Finding a page is storage.page_index's.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Annotated

from pydantic import Field, ValidationError

from casework.errors import UnknownKey
from casework.policy import Policy
from casework.policy_entries import Entry, Key, Text

ELSEWHERE = "elsewhere"
_FENCE = "+++"
_VARIANT = re.compile(r"^## +([a-z_]+) *$", re.MULTILINE)
_VALUE = re.compile(r"\{\{([a-z_]+)(?::([a-z0-9_]+))?\}\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^- ", re.MULTILINE)


class PageError(ValueError):
    """A page that cannot be read: which one, and why."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")


class _Head(Entry):
    title: Text
    asked: Annotated[tuple[Text, ...], Field(min_length=1)]
    keywords: tuple[Text, ...] = ()
    written_on: date
    checked_on: date | None = None
    source: Text
    related: tuple[Key, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. ``asked``: the ways in which people ask it; days are local.

    ``checked_on``: when an officer read it and found it right; None where nobody did yet.

    ``private``: what was asked to come here is not kept, and nothing follows by itself.
    """

    key: str
    title: str
    asked: tuple[str, ...]
    written_on: date
    source: str
    body: str
    keywords: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    variants: Mapping[str, str] = field(default_factory=dict)
    checked_on: date | None = None
    private: bool = False
    plain: bool = False
    """Written by an officer as plain text, without markup and without places for values."""

    @property
    def needs_district(self) -> bool:
        """Whether people of different districts read different things."""
        return any(key != ELSEWHERE for key in self.variants)

    @property
    def words(self) -> str:
        """Its text without the places of values, for the search."""
        return _VALUE.sub(" ", self.everything)

    @property
    def everything(self) -> str:
        """All of its text, for whatever district."""
        return "\n".join([self.body, *self.variants.values()])


def read_page(key: str, text: str) -> Page:
    """The page in a Markdown text. Raises PageError."""
    _, fence, rest = text.partition(f"{_FENCE}\n")
    head, closing, body = rest.partition(f"\n{_FENCE}\n")
    if not (fence and closing):
        raise PageError(key, "it has to begin with TOML between two lines of +++")
    try:
        known = _Head.model_validate(tomllib.loads(head))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise PageError(key, str(error)) from error
    if known.checked_on is not None and known.checked_on < known.written_on:
        raise PageError(key, "it was checked before it was written")
    common, *parts = _VARIANT.split(body)
    variants = {name: part.strip() for name, part in zip(parts[::2], parts[1::2], strict=True)}
    return Page(key=key, body=common.strip(), variants=variants, **dict(known))


def check_page(page: Page, known: Mapping[str, Page], policy: Policy) -> None:
    """Raise PageError where a page names a contact, a district or another page that isn't there."""
    districts = {district.key for district in policy.districts} | {ELSEWHERE}
    if unknown := set(page.variants) - districts:
        raise PageError(page.key, f"there is no district {sorted(unknown)[0]!r}")
    if unknown := set(page.related) - set(known):
        raise PageError(page.key, f"there is no page {sorted(unknown)[0]!r}")
    if page.needs_district and ELSEWHERE not in page.variants:
        raise PageError(page.key, "it says nothing to those whose district isn't known (## elsewhere)")
    for name, argument in _VALUE.findall(page.everything):
        try:
            _value(name, argument, None, policy)
        except (KeyError, UnknownKey) as error:
            raise PageError(page.key, f"nothing is known of {name}:{argument}") from error


def page_html(page: Page, district: str | None, policy: Policy) -> str:
    """What somebody of this district reads, as Telegram's HTML. None: nobody knows the district.

    A line with a contact that may not be shown to residents is left out whole.
    """
    if page.plain:
        return html.escape(page.body, quote=False)
    variant = page.variants.get(district or ELSEWHERE, page.variants.get(ELSEWHERE, ""))
    lines = "\n\n".join(part for part in (page.body, variant) if part).split("\n")
    shown = [line for line in (_line(line, district, policy) for line in lines) if line is not None]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(shown)).strip()


def _line(line: str, district: str | None, policy: Policy) -> str | None:
    values = [_value(name, argument, district, policy) for name, argument in _VALUE.findall(line)]
    if None in values:
        return None
    pieces = iter(values)
    filled = _VALUE.sub(lambda _: str(next(pieces)), line)
    return _BOLD.sub(r"<b>\1</b>", _BULLET.sub("• ", html.escape(filled, quote=False)))


def _value(name: str, argument: str, district: str | None, policy: Policy) -> str | None:
    """What stands for ``{{name:argument}}``; None for a contact that may not be shown. Raises KeyError."""
    if name == "contact":
        contact = policy.contact(argument)
        return contact.value if contact.may_be_shown else None
    return _VALUES[name](district, policy)


def _council(district: str | None, policy: Policy) -> str:
    return policy.district(district).council if district else "your district council"


def _hour(moment: time) -> str:
    """ "9am", "5:30pm"."""
    clock = f"{moment.hour % 12 or 12}" + (f":{moment.minute:02}" if moment.minute else "")
    return clock + ("pm" if moment.hour >= 12 else "am")


_VALUES: dict[str, Callable[[str | None, Policy], str]] = {
    "council": _council,
    "team": lambda district, policy: policy.team_of(district),
    "opens": lambda _, policy: _hour(policy.team.opens),
    "closes": lambda _, policy: _hour(policy.team.closes),
    "team_phone": lambda district, policy: policy.phone_of(district).value,
}
"""Values that a page may name besides contacts."""
