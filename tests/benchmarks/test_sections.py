"""Parts of the benchmarks' page that are measured alone: they replace themselves, and leave the rest as it was."""

from __future__ import annotations

from bench.sections import with_sections

PAGE = "# Benchmarks\n\n## Speed\n\nfast\n\n## Targets\n\nreached\n"


def test_a_new_part_stands_before_the_targets() -> None:
    page = with_sections(PAGE, {"Search": "found\n"})
    assert page == PAGE.replace("## Targets", "## Search\n\nfound\n\n## Targets")


def test_a_part_that_is_there_is_replaced_where_it_stands() -> None:
    once = with_sections(PAGE, {"Search": "| old |", "Cases": "many"})
    assert with_sections(once, {"Search": "| new |"}) == once.replace("old", "new")
    assert with_sections(PAGE, {"Targets": "missed"}) == PAGE.replace("reached", "missed")


def test_a_page_without_targets_gets_the_part_at_its_end() -> None:
    assert with_sections("# Page\n", {"Search": "found"}) == "# Page\n\n## Search\n\nfound\n"
