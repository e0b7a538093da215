"""What a person asked of their own data, and how discreet we are to be.

A case's history can be deleted from here on, but only while its case has a removal permit.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = (
    "recent_message",
    "removal_permit",
    "audit_line",
    "tombstone",
    "case_hold",
    "data_request",
    "notice",
)


def upgrade() -> None:
    _add_settings_of_person()
    _create_notice()
    _create_requests()
    _create_deletion()
    _allow_removal()


def downgrade() -> None:
    _refuse_removal()
    for table in _TABLES:
        op.drop_table(table)
    for column in ("erasure_asked_at", "draft_reminders", "quiet_to", "quiet_from", "discreet"):
        op.drop_column("person", column)


def _add_settings_of_person() -> None:
    yes = sa.true()
    op.add_column("person", sa.Column("discreet", sa.Boolean(), nullable=False, server_default=yes))
    op.add_column("person", sa.Column("quiet_from", sa.Time()))
    op.add_column("person", sa.Column("quiet_to", sa.Time()))
    op.add_column("person", sa.Column("draft_reminders", sa.Boolean(), nullable=False, server_default=yes))
    op.add_column("person", _instant("erasure_asked_at", nullable=True))


def _create_notice() -> None:
    _table(
        "notice",
        _id(),
        _refers("person_id", "person.id"),
        _refers("case_id", "case_record.id", nullable=True),
        sa.Column("reference", sa.String()),
        _sealed("body"),
        _instant("created_at"),
        _instant("send_at"),
        _instant("sent_at", nullable=True),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id"])
    op.create_index("ix_notice_case_id", "notice", ["case_id"])
    waiting = sa.text("sent_at IS NULL")
    op.create_index(
        "ix_notice_waiting", "notice", ["send_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _create_requests() -> None:
    op.create_table(
        "data_request",
        _refers("case_id", "case_record.id", primary_key=True, autoincrement=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("extended_on", sa.Date()),
        _sealed("detail"),
    )


def _create_deletion() -> None:
    _table(
        "case_hold",
        _id(),
        _refers("case_id", "case_record.id"),
        _sealed("reason"),
        _refers("placed_by", "person.id", nullable=True),
        _instant("placed_at"),
        _instant("ended_at", nullable=True),
    )
    op.create_index("ix_case_hold_case_id", "case_hold", ["case_id"])
    _table(
        "tombstone",
        _id(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("district", sa.String()),
        sa.Column("received_in", sa.String(), nullable=False),
        sa.Column("closed_in", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("deleted_on", sa.Date(), nullable=False),
    )
    _table(
        "audit_line",
        _id(),
        _refers("tombstone_id", "tombstone.id"),
        _instant("at"),
        _refers("actor_id", "person.id", nullable=True),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
    )
    op.create_index("ix_audit_line_tombstone_id", "audit_line", ["tombstone_id"])
    op.create_index("ix_audit_line_at", "audit_line", ["at"])
    op.create_table(
        "removal_permit", _refers("case_id", "case_record.id", primary_key=True, autoincrement=False)
    )
    op.create_table(
        "recent_message",
        sa.Column("chat_key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        _instant("sent_at"),
    )
    op.create_index("ix_recent_message_sent_at", "recent_message", ["sent_at"])


def _allow_removal() -> None:
    if _is_postgresql():
        op.execute(_STAYS_UNLESS_PERMITTED)
        return
    op.execute("DROP TRIGGER case_event_no_delete")
    op.execute(
        """
        CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event
        WHEN NOT EXISTS (SELECT 1 FROM removal_permit WHERE case_id = OLD.case_id)
        BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END
        """
    )


def _refuse_removal() -> None:
    if _is_postgresql():
        op.execute(_STAYS)
        return
    op.execute("DROP TRIGGER case_event_no_delete")
    op.execute(
        """
        CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event
        BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END
        """
    )


_STAYS = """
CREATE OR REPLACE FUNCTION case_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.case_id, NEW.at, NEW.actor_id, NEW.actor_role, NEW.kind, NEW.public)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.case_id, OLD.at, OLD.actor_id, OLD.actor_role, OLD.kind, OLD.public)
           AND substr(NEW.detail, 1, 2) <> substr(OLD.detail, 1, 2) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'case_event is append-only';
END $$
"""
_STAYS_UNLESS_PERMITTED = _STAYS.replace(
    "    RAISE",
    """    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM removal_permit WHERE case_id = OLD.case_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE""",
)


def _table(name: str, *parts: Any) -> None:
    """A table with an id of its own, which SQLite never gives out again: buttons and handles name it."""
    op.create_table(name, *parts, sqlite_autoincrement=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", _KEY, primary_key=True)


def _sealed(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(name: str, target: str, **options: Any) -> sa.Column[int]:
    options.setdefault("nullable", False)
    return sa.Column(name, _KEY, sa.ForeignKey(target), **options)


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
