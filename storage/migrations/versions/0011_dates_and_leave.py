"""Days that are moved, and leave with its deputies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("deadline", sa.Column("moved_from", sa.BigInteger()))
    op.add_column("deadline", sa.Column("first_due_on", sa.Date()))
    op.add_column("deadline", sa.Column("moves", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "leave",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("person_id", _KEY, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("deputy_id", _KEY, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("set_by", _KEY, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.String()),
        sa.Column("back_told_at", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_leave_person_id", "leave", ["person_id"])
    _partial_index("ix_leave_planned", "ended_at IS NULL")
    _partial_index("ix_leave_back", "back_told_at IS NULL")


def downgrade() -> None:
    op.drop_table("leave")
    for column in ("moves", "first_due_on", "moved_from"):
        op.drop_column("deadline", column)


def _partial_index(name: str, where: str) -> None:
    op.create_index(name, "leave", ["last_on"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
