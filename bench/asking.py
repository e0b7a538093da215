"""``python -m bench.asking``: how often the right page is found, and how fast, on the set that tests hold, too."""

from __future__ import annotations

import statistics
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from handlers.asking.library import PAGES
from storage.page_index import PageIndex, load_pages, load_small_words

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "asking" / "questions.toml"


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1; times in milliseconds."""

    questions: int
    first: float
    among_three: float
    off_topic: int
    refused: float
    build_ms: float
    median_ms: float
    p99_ms: float


def measure() -> Figures:
    """Ask every question of the held-out set once."""
    data = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))
    start = time.perf_counter()
    index = PageIndex(load_pages(PAGES).values(), load_small_words(PAGES))
    build = time.perf_counter() - start
    first = among = 0
    times: list[float] = []
    for key, text in data["held_out"]:
        start = time.perf_counter()
        keys = [hit.page.key for hit in index.search(text).hits]
        times.append(time.perf_counter() - start)
        first += keys[:1] == [key]
        among += key in keys
    asked = len(data["held_out"])
    refused = sum(not index.search(text).hits for text in data["off_topic"])
    return Figures(
        questions=asked,
        first=first / asked,
        among_three=among / asked,
        off_topic=len(data["off_topic"]),
        refused=refused / len(data["off_topic"]),
        build_ms=build * 1000,
        median_ms=statistics.median(times) * 1000,
        p99_ms=statistics.quantiles(times, n=100)[98] * 1000,
    )


def report(found: Figures) -> str:
    """The figures as a Markdown table."""
    rows = (
        (f"right page first, of {found.questions} questions", f"{found.first:.1%}"),
        ("right page among the three offered", f"{found.among_three:.1%}"),
        (f"refused, of {found.off_topic} questions about something else", f"{found.refused:.0%}"),
        ("index built", f"{found.build_ms:.0f} ms"),
        ("one search, median and p99", f"{found.median_ms:.2f} ms, {found.p99_ms:.2f} ms"),
    )
    lines = ["| asking | |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows)]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(measure()))
