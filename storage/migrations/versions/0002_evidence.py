"""Evidence: where a file's bytes are, and what was made of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "stored_file"
_KEEPER = "fk_stored_file_person_id"
_CHAT_INDEX = "ix_stored_file_chat_key"
_OWNERS = ("draft_id", "case_id", "person_id")
_PARTIAL_INDEXES = {
    "ix_stored_file_waiting": (("id",), "state = 'waiting'"),
    "ix_stored_file_person_id": (("person_id",), "person_id IS NOT NULL"),
    "ix_stored_file_orphan": (_OWNERS, " AND ".join(f"{owner} IS NULL" for owner in _OWNERS)),
}


def upgrade() -> None:
    with op.batch_alter_table(_TABLE) as table:
        for column in _columns():
            table.add_column(column)
        table.create_foreign_key(_KEEPER, "person", ["person_id"], ["id"])
    op.create_index(_CHAT_INDEX, _TABLE, ["chat_key"])
    for name, (columns, condition) in _PARTIAL_INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, _TABLE, list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in (*_PARTIAL_INDEXES, _CHAT_INDEX):
        op.drop_index(name, _TABLE)
    with op.batch_alter_table(_TABLE) as table:
        table.drop_constraint(_KEEPER, type_="foreignkey")
        for column in _columns():
            table.drop_column(column.name)


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("person_id", _KEY, nullable=True),
        sa.Column("caption", sa.LargeBinary(), nullable=True),
        sa.Column("content_type", sa.String(), nullable=True),
        sa.Column("original", sa.String(), nullable=True),
        sa.Column("copy", sa.String(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
    )
