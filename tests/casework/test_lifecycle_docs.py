"""Catches a page about lifecycles that says something else than the lifecycles do."""

import re

from click.testing import CliRunner

from bot.cli import main
from bot.lifecycle_docs import FILE, document
from casework.cases import LIFECYCLES
from casework.policy import parse_policy
from tests.casework.conftest import POLICY_FILE

POLICY = parse_policy(POLICY_FILE.read_text(encoding="utf-8"))


def test_the_page_is_the_one_that_the_lifecycles_write():
    assert FILE.read_text(encoding="utf-8") == document(POLICY), "run python -m bot docs lifecycles"


def test_the_command_writes_the_page(tmp_path):
    path = tmp_path / "lifecycles.md"
    done = CliRunner().invoke(main, ["docs", "lifecycles", "--file", str(path)])
    assert (done.exit_code, done.output) == (0, "wrote lifecycles.md\n")
    assert path.read_text(encoding="utf-8") == FILE.read_text(encoding="utf-8")


def test_each_diagram_has_every_change_of_state_and_no_other():
    diagrams = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", document(POLICY), re.S)
    assert len(diagrams) == len(LIFECYCLES)
    for diagram, lifecycle in zip(diagrams, LIFECYCLES.values(), strict=True):
        drawn = {
            (source, target, name)
            for source, target, names in re.findall(r"(\w+) --> (\w+): (.+)", diagram)
            for name in names.split(", ")
        }
        assert drawn == {
            (source, move.target, move.name)
            for move in lifecycle.moves
            for source in move.sources
            if move.target not in (None, source)
        }


def test_each_table_has_a_row_for_every_move():
    rows = re.findall(r"^\| \*\*(\w+)\*\* \|", document(POLICY), re.M)
    assert rows == [move.name for lifecycle in LIFECYCLES.values() for move in lifecycle.moves]
