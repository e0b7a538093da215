"""The English texts as running prose, for the checks of reading."""

from handlers.words import ENGLISH
from tests.words.checks import Entry, read_aloud
from tests.words.entries import project_entries


def text_of(entry: Entry) -> str:
    """The last form, as a person meets it."""
    return read_aloud(entry.forms[-1])


def domain_text(domain: str) -> str:
    """All sentences of one domain, labels and lists of typed words left out."""
    return "\n".join(
        text_of(entry)
        for entry in project_entries()
        if entry.language == ENGLISH
        and entry.key.partition(".")[0] == domain
        and not entry.is_label
        and not entry.is_typed
    )
