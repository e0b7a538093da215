"""Catches personal data that the notice, the copy and erasure know nothing of."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Table

from casework.data_declarations import DECLARATIONS, NOT_PERSONAL, declared, topics
from casework.data_terms import Basis, Copy, Erase, Owner, Sees, Topic, WithCase
from casework.retention import RULES, retention_of
from storage.models import Base
from storage.types import encrypted_context
from tests.support.service import the_policy, the_words

TABLES = {table.name: table for table in Base.metadata.sorted_tables}
PEOPLE = ("person.id", "case_record.id")


def targets(column: Column) -> set[str]:
    return {key.target_fullname for key in column.foreign_keys}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_encrypted_column_is_declared(table: Table) -> None:
    known = declared(table.name)
    for column in table.columns:
        if encrypted_context(column.type) and f"{table.name}.{column.name}" not in NOT_PERSONAL:
            assert known is not None, f"{table.name} is not declared"
            assert column.name in known.personal


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_column_that_leads_to_a_person_is_declared(table: Table) -> None:
    known = declared(table.name)
    for column in table.columns:
        if "person.id" in targets(column) or column.name == "chat_key":
            assert known is not None, f"{table.name} is not declared"
            # A look-up beside the person's own id leads nowhere else.
            own = table.name == "person" and column.name == "chat_key"
            assert own or column.name in {*known.owners, *known.staff, *known.personal}, column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_what_happens_with_its_case_is_declared_for_every_table_of_a_case(table: Table) -> None:
    for column in table.columns:
        if "case_record.id" in targets(column):
            known = declared(table.name)
            assert known is not None, f"{table.name} is not declared"
            if known.with_case is WithCase.LET_GO:
                assert column.nullable, f"{table.name} cannot lose its case"


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=[one.table for one in DECLARATIONS])
def test_a_declaration_names_only_what_there_is(declaration) -> None:
    columns = set(TABLES[declaration.table].columns.keys())
    named = {*declaration.personal, *declaration.owners, *declaration.staff}
    assert named | {path.partition(".")[0] for path in declaration.left_out} <= columns
    assert retention_of(the_policy(), declaration.kept).value > 0
    if declaration.copy is Copy.PUBLIC:
        assert "public" in columns
    if declaration.copy is not Copy.NONE or declaration.erase is Erase.DELETE:
        assert declaration.owners, "nobody could be given or spared what is theirs"


def test_a_table_is_declared_once() -> None:
    assert len({one.table for one in DECLARATIONS}) == len(DECLARATIONS)


def test_what_is_let_go_can_lose_its_owners() -> None:
    for one in DECLARATIONS:
        if one.erase is Erase.LET_GO:
            free = [name for name, owner in one.owners.items() if owner is not Owner.CASE]
            assert all(TABLES[one.table].c[name].nullable for name in free)


def test_every_kind_of_case_has_one_rule_of_retention() -> None:
    from casework.cases import LIFECYCLES

    for kind, lifecycle in LIFECYCLES.items():
        for status in lifecycle.states:
            for anonymous in (False, True):
                fitting = [r for r in RULES if r.fits(kind.value, status, anonymous=anonymous)]
                assert len(fitting) == 1, (kind, status, anonymous)


def test_every_part_of_the_declarations_has_words() -> None:
    words = the_words().words("en")
    for key in (
        *(f"privacy.topic.{topic.value}" for topic in topics() if topic is not Topic.TEAM),
        *(f"privacy.basis.{basis.value}" for basis in Basis),
        *(f"privacy.sees.{sees.value}" for sees in Sees if sees is not Sees.NOBODY),
        *(f"privacy.kept.{entry.after}" for entry in the_policy().retention),
        *(f"my_data.paper.table.{one.table}.label" for one in DECLARATIONS if one.copy is not Copy.NONE),
    ):
        assert words.has(key), key


def test_figures_that_stand_in_two_places_agree() -> None:
    from bot import jobs

    policy = the_policy()
    assert retention_of(policy, "sent_message").value == jobs.KEEP_SENT.days
    assert retention_of(policy, "fault").value == jobs.KEEP_FAULTS.days
    assert retention_of(policy, "draft").value == policy.lifetimes.draft_days.value
    assert retention_of(policy, "asked_question").value == policy.enquiries.questions_days.value
