"""Messages of a case, and what a resident is told while it is open."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("case_message", "broken_promise", "closure", "case_review_info")


def upgrade() -> None:
    _table(
        "case_message",
        _refers("case_id", "case_record.id"),
        _instant("at"),
        sa.Column("from_team", sa.Boolean(), nullable=False),
        _refers("author_id", "person.id", nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        _instant("answered_at", nullable=True),
    )
    _table(
        "broken_promise",
        _refers("case_id", "case_record.id"),
        _refers("deadline_id", "deadline.id"),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("new_on", sa.Date()),
        sa.Column("told", sa.Boolean(), nullable=False),
        _instant("at"),
        sa.UniqueConstraint("deadline_id", "promised_on", name="uq_broken_promise_deadline_id_promised_on"),
    )
    _table(
        "closure",
        _refers("case_id", "case_record.id"),
        _instant("at"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("done", sa.LargeBinary()),
        _refers("closed_by", "person.id", nullable=True),
        sa.Column("better", sa.String()),
        sa.Column("informed", sa.String()),
        _instant("reopened_at", nullable=True),
    )
    _table(
        "case_review_info",
        _refers("person_id", "person.id"),
        _refers("case_id", "case_record.id"),
        _instant("sent_at"),
    )
    for table in _TABLES:
        op.create_index(f"ix_{table}_case_id", table, ["case_id"])
    op.create_index("ix_case_review_info_person_id", "case_review_info", ["person_id"])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _table(name: str, *parts: Any) -> None:
    """A table with an id of its own, which SQLite never gives out again: buttons name it."""
    op.create_table(name, sa.Column("id", _KEY, primary_key=True), *parts, sqlite_autoincrement=True)


def _refers(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _KEY, sa.ForeignKey(target), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
