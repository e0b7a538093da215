"""How much harm there may be, where a report went and why, and how an anonymous one is followed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("person", _no("silent"))
    op.add_column("case_record", sa.Column("follow_token_hash", sa.LargeBinary()))
    op.create_index("ix_case_record_follow_token_hash", "case_record", ["follow_token_hash"], unique=True)
    op.add_column("asb_report", sa.Column("sub_kind", sa.String()))
    op.add_column("asb_report", sa.Column("route", sa.JSON()))
    op.add_column("asb_report", _no("on_behalf"))
    op.create_table(
        "risk_assessment",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("case_id", _KEY, sa.ForeignKey("case_record.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", _KEY, sa.ForeignKey("person.id")),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("floors", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_risk_assessment_case_id", "risk_assessment", ["case_id"])


def downgrade() -> None:
    op.drop_table("risk_assessment")
    for column in ("on_behalf", "route", "sub_kind"):
        op.drop_column("asb_report", column)
    op.drop_index("ix_case_record_follow_token_hash", "case_record")
    op.drop_column("case_record", "follow_token_hash")
    op.drop_column("person", "silent")


def _no(name: str) -> sa.Column[bool]:
    """A column that is false in the rows there are."""
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
