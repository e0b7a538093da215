"""Every sentence that a person reads, by key and language.

Catalogs are gettext files, one a domain (the key's first part), English complete and the fallback of all
others. Which words to say is the conversations' business; compiling the files is bot/catalogs.py's.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

ENGLISH = "en"
LOCALES = Path(__file__).resolve().parent.parent / "locales"

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ps", "sd", "ur", "yi"})
_LEFT_TO_RIGHT_ISOLATE = "\u2066"
_POP_ISOLATE = "\u2069"
_MARKUP = re.compile(r"<[^>]*>|&\w+;")

# The files of one language, by domain.
Domains = Mapping[str, NullTranslations]


class Html(str):
    """Text that is safe to send as Telegram's HTML: its markup is ours, its values are escaped."""

    __slots__ = ()


class MissingWords(KeyError):
    """English has no such key, or the sentence wants a value that was not given."""


def escape(value: str) -> Html:
    """``value`` as HTML; what is Html already stays as it is."""
    return value if isinstance(value, Html) else Html(html.escape(value, quote=False))


class Catalogs:
    """All languages, read once at start."""

    def __init__(self, languages: Mapping[str, Domains]) -> None:
        if ENGLISH not in languages:
            raise FileNotFoundError("there is no English catalog: run python -m bot words compile")
        self._languages = dict(languages)
        self._templates: dict[tuple[str, str], str] = {}

    @classmethod
    def load(cls, folder: Path = LOCALES) -> Catalogs:
        """Read ``<folder>/<language>/LC_MESSAGES/*.mo``. FileNotFoundError without English."""
        languages: dict[str, dict[str, NullTranslations]] = {}
        for path in sorted(folder.glob("*/LC_MESSAGES/*.mo")):
            with path.open("rb") as file:
                languages.setdefault(path.parts[-3], {})[path.stem] = GNUTranslations(file)
        return cls(languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that has a catalog, complete or not."""
        return tuple(sorted(self._languages))

    def domains(self, language: str = ENGLISH) -> Domains:
        """The files of one language; KeyError for a language without any."""
        return self._languages[language]

    def offered(self) -> tuple[str, ...]:
        """The languages a person may choose, English first.

        Offered is what carries ``X-Offered: yes`` in the header of its common.po: complete for residents,
        and its safety lines checked by a person who speaks it.
        """
        others = (language for language in self.languages if language != ENGLISH)
        return (ENGLISH, *(language for language in others if self._is_offered(language)))

    def _is_offered(self, language: str) -> bool:
        common = self._languages[language].get("common")
        return common is not None and common.info().get("x-offered") == "yes"

    def name_of(self, language: str) -> str:
        """The language's name in itself, "Polski"."""
        return self.words(language).plain("common.language.name")

    def words(self, language: str) -> Words:
        """The words in ``language``; in English where the language is not known."""
        return Words(self, language)

    def known(self, language: str) -> str:
        """``language`` if there is a catalog of it, else English."""
        return language if language in self._languages else ENGLISH

    def template(self, language: str, key: str) -> str:
        """The sentence before its values go in. MissingWords when English has no such key."""
        template = self._templates.get((language, key))
        if template is None:
            template = self._found(language, key, lambda translations: translations.gettext(key))
            self._templates[language, key] = template
        return template

    def plural_template(self, language: str, key: str, n: int) -> str:
        """The form of the sentence for ``n`` things. MissingWords when English has no such key."""
        return self._found(language, key, lambda translations: translations.ngettext(key, key, n))

    def _found(self, language: str, key: str, look_up: Callable[[NullTranslations], str]) -> str:
        domain = key.partition(".")[0]
        for candidate in (language, ENGLISH):
            translations = self._languages[candidate].get(domain)
            text = look_up(translations) if translations else key
            if text != key:
                return text
        raise MissingWords(f"no words for {key}")


class Words:
    """What we say, in one language (English if that one is not known). Cheap to make."""

    def __init__(self, catalogs: Catalogs, language: str) -> None:
        self._catalogs = catalogs
        self.language = catalogs.known(language)
        self.right_to_left = self.language.partition("-")[0] in _RIGHT_TO_LEFT

    def __call__(self, key: str, /, **values: object) -> Html:
        """The sentence as HTML. Every value that is not Html is escaped.

        Values are text or whole numbers; dates and times go through :meth:`day` and its like first
        (TypeError otherwise). MissingWords for an unknown key or a value that the sentence lacks.
        """
        return Html(self._fill(key, self._template(key), self._escaped(values)))

    def plural(self, key: str, n: int, /, **values: object) -> Html:
        """The sentence for ``n`` things, which stands in it as ``{n}``."""
        template = self._catalogs.plural_template(self.language, key, n)
        return Html(self._fill(key, template, self._escaped({**values, "n": n})))

    def plain(self, key: str, /, **values: object) -> str:
        """The words without HTML, for buttons and commands. ValueError when the catalog has markup there."""
        template = self._template(key)
        if _MARKUP.search(template):
            raise ValueError(f"{key} is a label and may not have markup")
        return self._fill(key, template, {name: self._isolated(_text(v)) for name, v in values.items()})

    def has(self, key: str) -> bool:
        """Whether these words exist, at least in English (plural ones included)."""
        try:
            self._template(key)
        except MissingWords:
            return False
        return True

    def day(self, day: date, today: date) -> str:
        """ "Thursday 26 November"; with the year where it is not today's."""
        return _formatted_day(_locale(self.language), day, day.year != today.year)

    def time(self, moment: time) -> str:
        """ "10:30pm", "9am", "midday", "midnight"; other languages by their own custom."""
        if (moment.hour, moment.minute) in ((0, 0), (12, 0)):
            return self.plain("common.time.midday" if moment.hour else "common.time.midnight")
        if not self.language.startswith(ENGLISH):
            return _formatted_time(_locale(self.language), moment.replace(tzinfo=None))
        hour = moment.hour % 12 or 12
        clock = f"{hour}:{moment.minute:02}" if moment.minute else str(hour)
        return self.plain(
            "common.time.afternoon" if moment.hour >= 12 else "common.time.morning", clock=clock
        )

    def moment(self, instant: datetime, zone: tzinfo, today: date) -> str:
        """ "Thursday 26 November at 10:30pm", local to ``zone``. ValueError for a naive instant."""
        if instant.tzinfo is None:
            raise ValueError("an instant without a zone")
        local = instant.astimezone(zone)
        return self._joined("common.moment", self.day(local.date(), today), self.time(local.time()))

    def listing(self, items: Iterable[str]) -> str:
        """ "a, b and c". Html when an item is Html, the others being escaped; else plain text."""
        parts = list(items)
        if any(isinstance(part, Html) for part in parts):
            return Html(self._listed([escape(part) for part in parts]))
        return self._listed(parts)

    def _listed(self, parts: list[str]) -> str:
        if len(parts) < 2:
            return "".join(parts)
        *rest, last = parts
        start = functools.reduce(functools.partial(self._joined, "common.listing.comma"), rest)
        return self._joined("common.listing.last", start, last)

    def _joined(self, key: str, first: str, second: str) -> str:
        return self._fill(key, self._template(key), {"first": first, "second": second})

    def _template(self, key: str) -> str:
        return self._catalogs.template(self.language, key)

    def _escaped(self, values: Mapping[str, object]) -> dict[str, str]:
        return {
            name: self._isolated(value if isinstance(value, Html) else html.escape(_text(value), quote=False))
            for name, value in values.items()
        }

    def _isolated(self, value: str) -> str:
        """Keep a reference, a phone number or an English name in order inside right-to-left text."""
        if self.right_to_left and value and "\n" not in value and not _starts_right_to_left(value):
            return f"{_LEFT_TO_RIGHT_ISOLATE}{value}{_POP_ISOLATE}"
        return value

    @staticmethod
    def _fill(key: str, template: str, values: Mapping[str, str]) -> str:
        try:
            return template.format_map(values)
        except KeyError as missing:
            raise MissingWords(f"{key} wants a value for {missing}") from None


def _text(value: object) -> str:
    if isinstance(value, Html):
        raise TypeError("HTML has no place in plain words")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"a sentence takes text or whole numbers, not {type(value).__name__}")
    return str(value)


def _starts_right_to_left(value: str) -> bool:
    for character in _MARKUP.sub("", value):
        direction = unicodedata.bidirectional(character)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False


def _locale(language: str) -> str:
    return "en_GB" if language.startswith(ENGLISH) else language.replace("-", "_")


@functools.lru_cache(maxsize=2000)
def _formatted_day(locale: str, day: date, with_year: bool) -> str:
    # Babel takes a tenth of a second to import: only when the first date is shown.
    from babel.dates import format_date

    return format_date(day, "EEEE d MMMM y" if with_year else "EEEE d MMMM", locale)


@functools.lru_cache(maxsize=2000)
def _formatted_time(locale: str, moment: time) -> str:
    from babel.dates import format_time

    return format_time(moment, "short", locale=locale)
