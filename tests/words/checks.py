"""The rules for sentences as functions: each takes an entry and yields what is not right about it.

They judge our text only; whether the keys fit the code is test_keys.py's.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from string import Formatter

from tests.words.exceptions import BUTTONS, CAPITALS, STAFF_DOMAINS
from tests.words.reading import grade, sentences, words

LABEL_LENGTH = 34  # what a phone shows of a button in two columns
TEXT_LENGTH = 4096  # Bot API, sendMessage
QUESTION_LENGTH = 500
SENTENCE_WORDS = 25
# Room for values: the longest that the policy's limits let through are cut by whoever shows them.
VALUE_LENGTH = 40

# Bot API, "HTML style".
TAGS = frozenset(
    {
        "a",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "code",
        "pre",
        "blockquote",
        "tg-spoiler",
    }
)

BLAMING = ("invalid", "failed", "fail", "wrong", "you forgot", "must", "please", "sorry", "error")
UNKEPT = ("keep you safe", "this is secret", "no trace", "by continuing you agree", "as soon as possible")
NOT_OURS = (
    *("offender", "perpetrator", "suspect", "ticket", "submission", "submit", "agent", "customer", "token"),
    *("insufficient evidence", "target hardening", "case number", "vulnerable", "click", "click here"),
    *("e.g.", "i.e.", "etc", "etc."),
)
NOT_FOR_RESIDENTS = ("ASB", "NFA", "ID", "community trigger")
LONE_WORDS = frozenset({"ok", "okay", "submit", "continue", "yes", "no", "proceed"})

_LABEL = re.compile(r"\.(button|change|label|name)$|\.(choice|command)\.")
_BUTTON = re.compile(r"\.(button|change)$|\.choice\.")
_QUESTION = re.compile(r"\.ask$")
_COMMAND = re.compile(r"(?<!\S)/[a-z]+")
_TYPED = re.compile(r"\.(typed|synonyms)(\.|$)")


@dataclass(frozen=True)
class Entry:
    """One key of one language with all its forms, and English's to compare with."""

    language: str
    key: str
    forms: tuple[str, ...]
    english: tuple[str, ...]
    fuzzy: bool = False
    plain: bool = False
    """The code asks for it without HTML."""

    @property
    def is_label(self) -> bool:
        """A button, or a name that stands alone: no sentence."""
        return (
            self.is_button
            or bool(_LABEL.search(self.key))
            or (self.plain and not self.forms[0].endswith((".", "?", "!")))
        )

    @property
    def is_button(self) -> bool:
        """Something that stands on a button."""
        return self.key in BUTTONS or bool(_BUTTON.search(self.key))

    @property
    def is_typed(self) -> bool:
        """A list of what people may type: never shown."""
        return bool(_TYPED.search(self.key))

    @property
    def for_staff(self) -> bool:
        """Read by officers only."""
        return self.key.partition(".")[0] in STAFF_DOMAINS


Check = Callable[[Entry], Iterator[str]]


def placeholders(text: str) -> list[str]:
    """The names in braces, sorted. ValueError where the braces cannot be read."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def tags(text: str) -> list[str]:
    """The opening and closing tags, sorted."""
    return sorted(re.findall(r"</?[a-z-]+", text))


def read_aloud(text: str) -> str:
    """The text as a person meets it: without markup, and with a plain word for each value."""
    shown = html.unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\{\w*\}", "Friday", shown)


def same_placeholders(entry: Entry) -> Iterator[str]:
    """Every form of every language has the values of the English sentence."""
    for form in entry.forms:
        try:
            names, expected = set(placeholders(form)), set(placeholders(entry.english[-1]))
        except ValueError as error:
            yield f"braces: {error}"
            continue
        if len(entry.forms) > 1:  # "one day", "two days": the number may stand in words
            names, expected = names - {"n"}, expected - {"n"}
        if names != expected:
            yield f"has {sorted(names)}, English has {sorted(expected)}"
        if any(spec or change for _, _, spec, change in Formatter().parse(form)):
            yield "a placeholder is a name and nothing else"
        if not all(re.fullmatch(r"[a-z_]+", name) for name in names):
            yield f"placeholders need names: {names}"


def same_tags(entry: Entry) -> Iterator[str]:
    """Every form of every language has the markup of the English sentence."""
    for form in entry.forms:
        if tags(form) != tags(entry.english[0]):
            yield f"has {tags(form)}, English has {tags(entry.english[0])}"


def filled(entry: Entry) -> Iterator[str]:
    """No form is empty."""
    if not entry.forms or not all(form.strip() for form in entry.forms):
        yield "has an empty form"


def settled(entry: Entry) -> Iterator[str]:
    """No translation waits for somebody to look at it."""
    if entry.fuzzy:
        yield "is marked fuzzy"


def telegrams_html(entry: Entry) -> Iterator[str]:
    """Only tags that Telegram knows, closed in order; bare < and & nowhere."""
    for form in entry.forms:
        parser = _Tags()
        parser.feed(form)
        parser.close()
        yield from parser.problems
        if parser.open:
            yield f"<{parser.open[-1]}> is not closed"
        if re.search(r"&(?!(?:lt|gt|amp|quot);)", form):
            yield "a bare &"
        if re.search(r"<(?!/?[a-z])", form):
            yield "a bare <"


def plain_labels(entry: Entry) -> Iterator[str]:
    """What stands on a button has no markup."""
    if (entry.is_button or entry.plain) and any(tags(form) or "&" in form for form in entry.forms):
        yield "a label with markup"


def lengths(entry: Entry) -> Iterator[str]:
    """Labels fit a button, texts a message."""
    for form in entry.forms:
        if entry.is_button and len(re.sub(r"\{\w*\}", "", form)) > LABEL_LENGTH:
            yield f"{len(form)} characters on a button, {LABEL_LENGTH} fit"
        if len(re.sub(r"\{\w*\}", "x" * VALUE_LENGTH, form)) > TEXT_LENGTH:
            yield "too long for a message"
        if _QUESTION.search(entry.key) and len(read_aloud(form)) > QUESTION_LENGTH:
            yield f"a question of {len(read_aloud(form))} characters, {QUESTION_LENGTH} are enough"


def no_digits(entry: Entry) -> Iterator[str]:
    """Numbers, dates and telephone numbers (999 too) come as values from the policy file or the clock."""
    for form in entry.forms:
        if not entry.is_typed and re.search(r"\d", form):
            yield f"digits in the text: {re.findall(r'[0-9][0-9 ]*', form)}"


def tidy(entry: Entry) -> Iterator[str]:
    """No double spaces, square brackets, symbols, or spaces at an edge."""
    for form in entry.forms:
        if "  " in form or form != form.strip() or re.search(r"[ \t]\n|\n[ \t]|\n{3}", form):
            yield "a space or a line too many"
        if re.search(r"[\[\]]", form):
            yield "square brackets left in"
        if "&amp;" in form and entry.language == "en":
            yield '"and" is a word'
        if symbols := [c for c in form if unicodedata.category(c) in {"So", "Sk", "Co", "Cs"}]:
            yield f"symbols that are read out by name: {symbols}"
        if re.search(r"\{\w+\}['’]s\b", form):
            yield "a value with 's"


def no_capitals(entry: Entry) -> Iterator[str]:
    """No word is written in capitals throughout."""
    for form in entry.forms:
        shouted = [w for w in re.findall(r"\b[A-Z]{2,}\b", read_aloud(form)) if w not in CAPITALS]
        if shouted and not (entry.for_staff and set(shouted) <= set(NOT_FOR_RESIDENTS)):
            yield f"capitals: {shouted}"


def full_stops(entry: Entry) -> Iterator[str]:
    """A sentence ends like one. Labels, commands and lines that introduce a value do not have to."""
    if entry.is_label or entry.is_typed:
        return
    for form in entry.forms:
        last_line = html.unescape(re.sub(r"<[^>]*>", "", form)).rstrip().splitlines()[-1]
        is_sentence = len(words(last_line)) >= 4 and not _COMMAND.match(last_line)
        if is_sentence and not re.search(r"([.?!:}”\"]|(?<!\S)/[a-z]+)$", last_line):
            yield f"no full stop: {last_line!r}"


def short_sentences(entry: Entry) -> Iterator[str]:
    """No sentence over 25 words."""
    for form in entry.forms:
        for sentence in sentences(read_aloud(form)):
            if not entry.is_typed and len(words(sentence)) > SENTENCE_WORDS:
                yield f"{len(words(sentence))} words: {sentence!r}"


def banned_words(entry: Entry) -> Iterator[str]:
    """Nothing that blames, promises too much, or belongs to the office."""
    if entry.is_typed:
        return
    for form in entry.forms:
        shown = read_aloud(form)
        for word in (*BLAMING, *UNKEPT, *NOT_OURS):
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", shown, re.IGNORECASE):
                yield f"says {word!r}"
        for word in () if entry.for_staff else NOT_FOR_RESIDENTS:
            flags = re.IGNORECASE if " " in word else re.NOFLAG
            if re.search(rf"\b{re.escape(word)}\b", shown, flags):
                yield f"says {word!r} to residents"


def easy_to_read(entry: Entry) -> Iterator[str]:
    """A message is within reach of a child; the formula is noisy on few words, so those are let be."""
    text = read_aloud(entry.forms[-1])
    if not entry.for_staff and not entry.is_typed and len(words(text)) >= 20 and grade(text) > 8:
        yield f"grade {grade(text):.1f}"


def telling_buttons(entry: Entry) -> Iterator[str]:
    """A button makes sense when it is read alone."""
    if entry.is_button and any(form.strip(" .!").lower() in LONE_WORDS for form in entry.forms):
        yield f"a button that only says {entry.forms[0]!r}"


def question_first(entry: Entry) -> Iterator[str]:
    """The first line of a question is the question."""
    if _QUESTION.search(entry.key):
        for form in entry.forms:
            if "?" not in form.splitlines()[0]:
                yield "the first line asks nothing"


# By the name under which exceptions are listed. The second table judges English wording only.
EVERY_LANGUAGE: dict[str, Check] = {
    "placeholders": same_placeholders,
    "tags": same_tags,
    "filled": filled,
    "fuzzy": settled,
    "html": telegrams_html,
    "plain labels": plain_labels,
    "lengths": lengths,
    "digits": no_digits,
    "tidy": tidy,
}
ENGLISH_WORDING: dict[str, Check] = {
    "capitals": no_capitals,
    "full stops": full_stops,
    "sentence length": short_sentences,
    "banned words": banned_words,
    "grade": easy_to_read,
    "buttons": telling_buttons,
    "question first": question_first,
}


class _Tags(HTMLParser):
    """Follows the tags of one message."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.problems.append(f"Telegram has no <{tag}>")
        allowed = {"a": {"href"}, "blockquote": {"expandable"}}.get(tag, set())
        if {name for name, _ in attrs} - allowed:
            self.problems.append(f"Telegram takes no such attribute on <{tag}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")
