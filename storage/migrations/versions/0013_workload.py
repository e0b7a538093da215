"""Since when somebody has owned a case, who ended a role, and the days that came due, whatever became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OWNED = sa.text("owner_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("case_record", sa.Column("owned_since", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_case_record_owned_since",
        "case_record",
        ["owner_id", "owned_since"],
        sqlite_where=_OWNED,
        postgresql_where=_OWNED,
    )
    op.create_index("ix_deadline_due_at", "deadline", ["due_at"])
    with op.batch_alter_table("role_grant") as table:
        table.add_column(sa.Column("ended_by", _KEY))
        table.create_foreign_key("fk_role_grant_ended_by", "person", ["ended_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("role_grant") as table:
        table.drop_constraint("fk_role_grant_ended_by", type_="foreignkey")
        table.drop_column("ended_by")
    op.drop_index("ix_deadline_due_at", "deadline")
    op.drop_index("ix_case_record_owned_since", "case_record")
    op.drop_column("case_record", "owned_since")
