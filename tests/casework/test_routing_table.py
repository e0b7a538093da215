"""Catches a page about routing that says something else than the rules do."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.routing_table import FILE, combinations, render, rows_for
from casework.categories import all_kinds, kind_of
from casework.policy import parse_policy
from casework.routing import Facts, route, support_by_home
from handlers.words import Catalogs
from tests.casework.conftest import POLICY_FILE

POLICY = parse_policy(POLICY_FILE.read_text(encoding="utf-8"))


def test_the_page_is_the_one_that_the_rules_write():
    assert FILE.read_text(encoding="utf-8") == render(POLICY, Catalogs.load()), (
        "run python -m bot docs routing"
    )


def test_the_command_writes_the_page(tmp_path):
    path = tmp_path / "routing.md"
    done = CliRunner().invoke(main, ["docs", "routing", "--file", str(path)])
    assert (done.exit_code, done.output) == (0, "wrote routing.md\n")
    assert path.read_text(encoding="utf-8") == FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("category", "sub_kind"), list(all_kinds(POLICY)))
def test_the_rows_cover_both_homes_in_every_district_once_and_say_what_the_rules_say(category, sub_kind):
    facts = Facts(category=category, sub_kind=sub_kind)
    there = set(combinations(POLICY))
    seen = []
    for row in rows_for(facts, POLICY):
        for cell in there & set(row.combinations()):
            seen.append(cell)
            theirs, mine, district = cell
            found = route(replace(facts, their_home=theirs, my_home=mine, district=district), POLICY)
            landlords = support_by_home(theirs, mine) if row.landlords else ()
            assert set(found.supporting) == {*row.found.supporting, *landlords} - {found.lead}, cell
            assert replace(found, supporting=()) == replace(row.found, supporting=()), cell
    assert sorted(map(str, seen)) == sorted(map(str, there))


def test_every_kind_of_problem_stands_on_the_page():
    page = FILE.read_text(encoding="utf-8")
    for category, sub_kind in all_kinds(POLICY):
        assert (sub_kind or category).replace("_", " ") in page


def test_what_has_no_two_homes_is_the_same_for_all_of_them():
    rows = rows_for(Facts(category="rubbish", sub_kind="fly_tipping"), POLICY)
    assert len(rows) == 1
    assert not kind_of("rubbish", "fly_tipping").between_homes
    assert not rows[0].landlords
