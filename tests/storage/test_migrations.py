"""Migrations go up, down and up again, and end where the models are."""

from __future__ import annotations

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, PrimaryKeyConstraint, inspect, text

from storage.database import Database
from storage.migrations import current_revision, downgrade, head_revision, upgrade
from storage.models import Base
from tests.storage.rows import add_case
from tests.support.databases import opened


@pytest.fixture
def empty_sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def empty_postgres_url(postgres_server):
    with postgres_server.empty() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request):
    with opened(request.getfixturevalue(f"empty_{request.param}_url")) as database:
        yield database


def shape(database: Database) -> dict[str, list[str]]:
    """Tables with their columns, indexes and triggers, as the database itself tells them."""
    with database.engine.connect() as connection:
        reader = inspect(connection)
        return {
            table: sorted(
                [column["name"] for column in reader.get_columns(table)]
                + [str(index["name"]) for index in reader.get_indexes(table)]
                + triggers(connection, table)
            )
            for table in reader.get_table_names()
        }


def triggers(connection: Connection, table: str) -> list[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal"
    return list(connection.execute(text(query), {"table": table}).scalars())


def test_a_new_database_has_no_revision(empty_database):
    assert current_revision(empty_database) is None


def test_up_down_and_up_again_ends_the_same(empty_database):
    upgrade(empty_database)
    first = shape(empty_database)
    assert current_revision(empty_database) == head_revision()
    assert "case_record" in first
    downgrade(empty_database, "base")
    assert set(shape(empty_database)) == {"alembic_version"}
    upgrade(empty_database)
    assert shape(empty_database) == first


def test_a_second_upgrade_changes_nothing(database):
    with database.transaction() as session:
        add_case(session)
    before = shape(database)
    upgrade(database)
    assert shape(database) == before


def test_the_tables_agree_with_the_models(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_names_of_constraints_agree_with_the_models(database):
    with database.engine.connect() as connection:
        reader = inspect(connection)
        for table in Base.metadata.sorted_tables:
            expected = {
                str(constraint.name)
                for constraint in table.constraints
                if not isinstance(
                    constraint, PrimaryKeyConstraint
                )  # SQLite numbers rows in an unnamed one only
            }
            found = {key["name"] for key in reader.get_foreign_keys(table.name)}
            found |= {unique["name"] for unique in reader.get_unique_constraints(table.name)}
            assert found == expected, table.name


def test_partial_indexes_agree_with_the_models(database):
    wheres = {
        index.name: str(index.dialect_kwargs[f"{database.dialect}_where"])
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_kwargs.get(f"{database.dialect}_where") is not None
    }
    if database.dialect == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE sql LIKE '% WHERE %' AND type = 'index'"
    else:
        query = (
            "SELECT relname, pg_get_expr(indpred, indrelid) FROM pg_index JOIN pg_class ON oid = indexrelid "
            "WHERE indpred IS NOT NULL"
        )
    with database.engine.connect() as connection:
        found = dict(connection.execute(text(query)).all())
    assert set(found) == set(wheres)
    for name, where in wheres.items():
        plain = found[name].replace("(", "").replace(")", "").replace("::text", "")
        assert plain.endswith(where), name


def test_a_migration_that_breaks_off_leaves_nothing_behind(empty_database):
    with empty_database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE outbox (id INTEGER)"))  # in the way of the first revision
    with pytest.raises(Exception, match="outbox"):
        upgrade(empty_database)
    assert set(shape(empty_database)) == {"outbox"}
    assert current_revision(empty_database) is None


def test_foreign_keys_hold_again_after_a_migration(empty_database):
    upgrade(empty_database)
    with pytest.raises(Exception, match=r"(?i)foreign key"), empty_database.transaction() as session:
        session.execute(
            text("INSERT INTO dialog VALUES (1, 404, :sealed, :at)"), {"sealed": b"", "at": "2026-01-01"}
        )


def test_processes_that_start_together_migrate_one_after_the_other(empty_postgres_url):
    failed = []

    def start() -> None:
        with opened(empty_postgres_url) as database:
            try:
                upgrade(database)
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
