"""Finding cases by keyed hashes, the history of searches, and indexes for a large caseload.

A search can be deleted only while a row of search_removal says that searches of before an instant may be.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_case_record_unowned": (
        "case_record",
        ["district", "received_at"],
        "closed_at IS NULL AND owner_id IS NULL",
    ),
    "ix_case_record_closed": ("case_record", ["kind", "anonymous", "closed_at"], "closed_at IS NOT NULL"),
    "ix_deadline_open_of_case": ("deadline", ["case_id", "due_on"], "ended_at IS NULL"),
}
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_term",
        sa.Column("term", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("case_id", _KEY, sa.ForeignKey("case_record.id"), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_term_case_id", "search_term", ["case_id", "term"])
    op.create_table("search_removal", sa.Column("before", sa.DateTime(timezone=True), primary_key=True))
    op.create_table(
        "case_search",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", _KEY, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_search_at", "case_search", ["at"])
    op.create_index("ix_case_search_actor_id", "case_search", ["actor_id"])
    _keep_searches()
    op.create_index("ix_broken_promise_at", "broken_promise", ["at"])
    for name, (table, columns, where) in _INDEXES.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("ix_broken_promise_at", "broken_promise")
    for name, (table, _, _) in _INDEXES.items():
        op.drop_index(name, table)
    op.drop_table("case_search")
    op.drop_table("search_removal")
    op.drop_table("search_term")
    if _is_postgresql():
        op.execute("DROP FUNCTION case_search_stays()")


def _keep_searches() -> None:
    """Append-only: only the same text under another key is let through, and deletion of what is over."""
    if _is_postgresql():
        op.execute(_STAYS)
        op.execute(
            "CREATE TRIGGER case_search_stays BEFORE UPDATE OR DELETE ON case_search "
            "FOR EACH ROW EXECUTE FUNCTION case_search_stays()"
        )
        return
    op.execute(
        """
        CREATE TRIGGER case_search_no_update BEFORE UPDATE ON case_search
        WHEN NOT (
            (NEW.id, NEW.at, NEW.actor_id, NEW.actor_role, NEW.kind, NEW.found)
            IS (OLD.id, OLD.at, OLD.actor_id, OLD.actor_role, OLD.kind, OLD.found)
            AND substr(NEW.text, 1, 2) <> substr(OLD.text, 1, 2)
        )
        BEGIN SELECT RAISE(ABORT, 'case_search is append-only'); END
        """
    )
    op.execute(
        """
        CREATE TRIGGER case_search_no_delete BEFORE DELETE ON case_search
        WHEN NOT EXISTS (SELECT 1 FROM search_removal WHERE OLD.at < before)
        BEGIN SELECT RAISE(ABORT, 'case_search is append-only'); END
        """
    )


_STAYS = """
CREATE OR REPLACE FUNCTION case_search_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.at, NEW.actor_id, NEW.actor_role, NEW.kind, NEW.found)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.at, OLD.actor_id, OLD.actor_role, OLD.kind, OLD.found)
           AND substr(NEW.text, 1, 2) <> substr(OLD.text, 1, 2) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM search_removal WHERE OLD.at < before) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'case_search is append-only';
END $$
"""


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
