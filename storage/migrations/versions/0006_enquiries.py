"""Questions that no page answered, and pages that the team saved for others."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("case_id", _KEY, sa.ForeignKey("case_record.id"), primary_key=True, autoincrement=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        _instant("answered_at", nullable=True),
    )
    op.create_table(
        "asked_question",
        sa.Column("id", _KEY, primary_key=True),
        _instant("at"),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("page", sa.String()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_asked_question_at", "asked_question", ["at"])
    _partial_index("ix_asked_question_open", "asked_question", "at", "outcome <> 'offered'")
    _create_pages()


def _create_pages() -> None:
    op.create_table(
        "saved_page",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("case_id", _KEY, sa.ForeignKey("case_record.id")),
        sa.Column("written_by", _KEY, sa.ForeignKey("person.id"), nullable=False),
        _instant("written_at"),
        sa.Column("reviewed_by", _KEY, sa.ForeignKey("person.id")),
        _instant("reviewed_at", nullable=True),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_saved_page_published", "saved_page", "id", "state = 'published'")


def downgrade() -> None:
    for table in ("saved_page", "asked_question", "enquiry"):
        op.drop_table(table)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _partial_index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
