"""Parts of docs/benchmarks.md that are measured on their own, and how they get to their places in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping

from bench import asking, cases

BEFORE = "## Targets"
"""Where a part goes that the page doesn't have yet."""
PARTS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "cases": ("A resident's reports, at size", lambda: cases.table(cases.measure_all())),
    "asking": ("Questions and their pages", lambda: asking.report(asking.measure())),
}
"""What ``--only`` takes: the heading, and what measures it and gives its Markdown."""


def measured(names: Iterable[str]) -> dict[str, str]:
    """Heading → Markdown of these parts. Raises KeyError for a part that there isn't."""
    chosen = [PARTS[name] for name in names]
    return {heading: f"{measure()}\n\n{_machine()}" for heading, measure in chosen}


def _machine() -> str:
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} cores; load of the last 1, 5 and 15 minutes: {load}."


def with_sections(page: str, sections: Mapping[str, str]) -> str:
    """The page with these sections in the place of those of the same heading; all else as it was."""
    for heading, text in sections.items():
        section = f"## {heading}\n\n{text.strip()}\n\n"
        there = re.search(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        if there:
            page = page[: there.start()] + section + page[there.end() :]
        elif BEFORE in page:
            page = page.replace(BEFORE, section + BEFORE, 1)
        else:
            page = f"{page.rstrip()}\n\n{section}"
    return page.rstrip() + "\n"
