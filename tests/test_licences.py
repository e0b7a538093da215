"""Whoever runs the bot may: nothing it needs is under a licence that would bind the project's own code."""

import re
from importlib.metadata import Distribution, distribution

import pytest

from tests.test_structure import locked

# GPL or AGPL with another licence to choose, or with an exception; each with where that is said.
ALTERNATIVES: dict[str, str] = {}

_COPYLEFT = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_LESSER = re.compile(r"\bLGPL|GNU Lesser|Library or Lesser General Public", re.IGNORECASE)


def licences(of: Distribution) -> list[str]:
    """What a package says about itself: the expression, the classifiers, or the first line of free text."""
    metadata = of.metadata
    found = [metadata["License-Expression"] or ""]
    found += [c for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    if not any(found):
        found += (metadata["License"] or "").strip().splitlines()[:1]
    return [licence for licence in found if licence]


def binding(texts: list[str]) -> bool:
    """GPL or AGPL without LGPL beside it."""
    return any(_COPYLEFT.search(text) and not _LESSER.search(text) for text in texts) and not any(
        " or " in text.lower() and _LESSER.search(text) for text in texts
    )


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["MIT"], False),
        (["GPL-3.0-or-later"], True),
        (["License :: OSI Approved :: GNU Affero General Public License v3"], True),
        (["LGPL-3.0-only"], False),
        (["License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)"], False),
        (["GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1"], False),  # one may choose
    ],
)
def test_licences_are_told_apart(texts: list[str], expected: bool) -> None:
    assert binding(texts) is expected


@pytest.mark.parametrize("name", sorted(locked("requirements.lock")))
def test_every_package_that_the_bot_needs_is_free_of_binding_licences(name: str) -> None:
    try:
        package = distribution(name)
    except ModuleNotFoundError:
        pytest.skip("not for this platform")
    texts = licences(package)
    assert texts, f"{name} names no licence: look it up and list it in ALTERNATIVES"
    assert not binding(texts) or name in ALTERNATIVES, texts


def test_every_exception_is_still_needed() -> None:
    assert [name for name in ALTERNATIVES if not binding(licences(distribution(name)))] == []
