"""The incident diary."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "diary",
        sa.Column("person_id", _KEY, sa.ForeignKey("person.id"), primary_key=True, autoincrement=False),
        _refers("case_id", "case_record.id", nullable=True),
        _instant("heard_at"),
        _instant("ask_at", nullable=True),
    )
    op.create_index("ix_diary_ask_at", "diary", ["ask_at"])
    op.create_table(
        "diary_entry",
        sa.Column("id", _KEY, primary_key=True),
        _refers("person_id", "person.id"),
        _refers("case_id", "case_record.id", nullable=True),
        _refers("first_id", "diary_entry.id", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        _instant("entered_at"),
        sa.Column("happened_on", sa.Date(), nullable=False),
        _instant("starts_at", nullable=True),
        _instant("ends_at", nullable=True),
        sa.Column("band", sa.String()),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        _instant("confirmed_at", nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("first_id", "version"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_diary_entry_person_id", "diary_entry", ["person_id"])
    op.create_index("ix_diary_entry_case_id", "diary_entry", ["case_id"])
    op.create_table(
        "diary_file",
        _part_of("entry_id", "diary_entry.id"),
        _part_of("file_id", "stored_file.id"),
    )
    op.create_index("ix_diary_file_file_id", "diary_file", ["file_id"])
    for statement in _ENTRIES_STAY_POSTGRESQL if _is_postgresql() else _ENTRIES_STAY_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("diary_file", "diary_entry", "diary"):
        op.drop_table(table)
    if _is_postgresql():
        op.execute("DROP FUNCTION diary_entry_stays()")


# What was written stays as it was written: a correction is a new row. What may be set once is the case and the
# confirmation; the body changes only with the id of its key (the first two bytes): the same under another key.
# Rows may be deleted: retention and erasure do.
_FIXED = (
    "id, person_id, first_id, version, kind, entered_at, happened_on, starts_at, ends_at, band, approximate"
)
_ENTRIES_STAY_SQLITE = (
    f"""
    CREATE TRIGGER diary_entry_no_update BEFORE UPDATE OF {_FIXED} ON diary_entry
    BEGIN SELECT RAISE(ABORT, 'diary_entry is append-only'); END
    """,
    """
    CREATE TRIGGER diary_entry_no_new_body BEFORE UPDATE OF body ON diary_entry
    WHEN substr(NEW.body, 1, 2) = substr(OLD.body, 1, 2)
    BEGIN SELECT RAISE(ABORT, 'diary_entry is append-only'); END
    """,
    """
    CREATE TRIGGER diary_entry_set_once BEFORE UPDATE OF case_id, confirmed_at ON diary_entry
    WHEN (OLD.case_id IS NOT NULL AND OLD.case_id IS NOT NEW.case_id)
      OR (OLD.confirmed_at IS NOT NULL AND OLD.confirmed_at IS NOT NEW.confirmed_at)
    BEGIN SELECT RAISE(ABORT, 'diary_entry is append-only'); END
    """,
)
_NEW_FIXED = ", ".join(f"NEW.{name}" for name in _FIXED.split(", "))
_OLD_FIXED = ", ".join(f"OLD.{name}" for name in _FIXED.split(", "))
_ENTRIES_STAY_POSTGRESQL = (
    f"""
    CREATE FUNCTION diary_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF ({_NEW_FIXED}) IS NOT DISTINCT FROM ({_OLD_FIXED})
           AND (NEW.body = OLD.body OR substr(NEW.body, 1, 2) <> substr(OLD.body, 1, 2))
           AND (OLD.case_id IS NULL OR OLD.case_id IS NOT DISTINCT FROM NEW.case_id)
           AND (OLD.confirmed_at IS NULL OR OLD.confirmed_at IS NOT DISTINCT FROM NEW.confirmed_at) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'diary_entry is append-only';
    END $$
    """,
    """
    CREATE TRIGGER diary_entry_no_change BEFORE UPDATE ON diary_entry
    FOR EACH ROW EXECUTE FUNCTION diary_entry_stays()
    """,
)


def _refers(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _KEY, sa.ForeignKey(target), nullable=nullable)


def _part_of(name: str, target: str) -> sa.Column[int]:
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, _KEY, key, primary_key=True, autoincrement=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
