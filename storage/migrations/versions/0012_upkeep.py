"""What managers are asked to look at, and what open dates were worked out with."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "upkeep_task",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        _instant("raised_at", nullable=False),
        _instant("told_at"),
        _instant("asked_at"),
        _instant("done_at"),
        sa.Column("done_by", _KEY, sa.ForeignKey("person.id")),
        sa.UniqueConstraint("kind", "slot"),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_upkeep_task_open", "upkeep_task", "kind", "done_at IS NULL")
    op.create_table(
        "date_basis",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("after_id", _KEY, nullable=False, unique=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        _instant("set_at", nullable=False),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_deadline_recalculated", "deadline", "ended_at", "end_reason = 'recalculated'")
    op.create_index("ix_case_event_at", "case_event", ["at"])


def downgrade() -> None:
    op.drop_index("ix_case_event_at", "case_event")
    op.drop_index("ix_deadline_recalculated", "deadline")
    op.drop_table("date_basis")
    op.drop_table("upkeep_task")


def _instant(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _partial_index(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)
