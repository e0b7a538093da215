"""The first tables. Column types are written out: a later change of the models leaves this as it is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_PEOPLE = ("person", "role_grant", "invitation", "draft", "dialog")
_CASES = ("case_record", "asb_report", "nns_referral", "case_event", "deadline", "reminder")
_TRAFFIC = ("heard", "stored_file", "outbox", "sent_message")
_BOOKS = ("seen_update", "fault", "job_slot", "key_check")


def upgrade() -> None:
    _create_people()
    _create_invitations()
    _create_drafts()
    _create_cases()
    _create_kinds_of_case()
    _create_history()
    _create_deadlines()
    _create_what_was_sent_in()
    _create_outbox()
    _create_bookkeeping()


def downgrade() -> None:
    for table in reversed((*_PEOPLE, *_CASES, *_TRAFFIC, *_BOOKS)):
        op.drop_table(table)
    if _is_postgresql():
        op.execute("DROP FUNCTION case_event_stays()")


def _create_people() -> None:
    _table(
        "person",
        _id(),
        sa.Column("chat_key", sa.BigInteger(), unique=True),
        _sealed("telegram_id", nullable=True),
        _sealed("profile"),
        _text("language"),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        _text("notice_version", nullable=True),
        _instant("notice_at", nullable=True),
        _instant("unreachable_since", nullable=True),
        _instant("created_at"),
    )
    _table(
        "role_grant",
        _id(),
        _refers("person_id", "person.id"),
        _text("role"),
        _text("district", nullable=True),
        _text("ward", nullable=True),
        _text("agency", nullable=True),
        _instant("granted_at"),
        _refers("granted_by", "person.id", nullable=True),
        _instant("ended_at", nullable=True),
    )
    _index("role_grant", "ix_role_grant_current_person", "person_id", where="ended_at IS NULL")
    _index("role_grant", "ix_role_grant_current_district", "district", "role", where="ended_at IS NULL")


def _create_invitations() -> None:
    _table(
        "invitation",
        _id(),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        _text("role"),
        sa.Column("districts", sa.JSON(), nullable=False),
        _text("ward", nullable=True),
        _text("agency", nullable=True),
        _sealed("name", nullable=True),
        _refers("created_by", "person.id", nullable=True),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        _refers("used_by", "person.id", nullable=True),
    )


def _create_drafts() -> None:
    _table(
        "draft",
        _id(),
        sa.Column("chat_key", sa.BigInteger(), nullable=False),
        _text("form"),
        _text("place"),
        _sealed("answers"),
        _sealed("partial", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("started_at"),
        _instant("updated_at"),
        _instant("expires_at"),
        _instant("reminded_at", nullable=True),
    )
    _index("draft", "ix_draft_chat_key", "chat_key")
    _index("draft", "ix_draft_expires_at", "expires_at")
    op.create_table(
        "dialog",
        sa.Column("chat_key", sa.BigInteger(), primary_key=True, autoincrement=False),
        _refers("draft_id", "draft.id", nullable=True, ondelete="SET NULL"),
        _sealed("screen"),
        _instant("updated_at"),
    )


def _create_cases() -> None:
    _table(
        "case_record",
        _id(),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        _text("kind"),
        _text("district", nullable=True),
        _text("ward", nullable=True),
        _text("status"),
        _text("risk"),
        _text("channel"),
        _refers("reporter_id", "person.id", nullable=True),
        _refers("referrer_id", "person.id", nullable=True),
        _refers("owner_id", "person.id", nullable=True),
        _instant("received_at"),
        _instant("acknowledged_at", nullable=True),
        _instant("closed_at", nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        _instant("reporter_unreachable_since", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("updated_at"),
    )
    still_open = "closed_at IS NULL"
    _index("case_record", "ix_case_record_open_district", "district", "received_at", where=still_open)
    _index("case_record", "ix_case_record_open_owner", "owner_id", "received_at", where=still_open)
    _index("case_record", "ix_case_record_reporter_id", "reporter_id")
    _index("case_record", "ix_case_record_referrer_id", "referrer_id")


def _create_kinds_of_case() -> None:
    op.create_table(
        "asb_report",
        _refers("case_id", "case_record.id", primary_key=True, autoincrement=False),
        _text("category"),
        sa.Column("danger_now", sa.Boolean(), nullable=False),
        _sealed("detail"),
        _text("postcode_outward", nullable=True),
        sa.Column("last_happened_on", sa.Date()),
        sa.Column("approximate", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "nns_referral",
        _refers("case_id", "case_record.id", primary_key=True, autoincrement=False),
        sa.Column("consent_given_on", sa.Date(), nullable=False),
        _text("consent_how"),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _sealed("detail"),
        sa.Column("name_hash", sa.LargeBinary()),
        sa.Column("address_hash", sa.LargeBinary()),
    )
    _index("nns_referral", "ix_nns_referral_name_hash", "name_hash")
    _index("nns_referral", "ix_nns_referral_address_hash", "address_hash")


def _create_history() -> None:
    _table(
        "case_event",
        _id(),
        _refers("case_id", "case_record.id"),
        _instant("at"),
        _refers("actor_id", "person.id", nullable=True),
        _text("actor_role"),
        _text("kind"),
        sa.Column("public", sa.Boolean(), nullable=False),
        _sealed("detail"),
    )
    _index("case_event", "ix_case_event_case_id", "case_id")
    for statement in _HISTORY_STAYS_POSTGRESQL if _is_postgresql() else _HISTORY_STAYS_SQLITE:
        op.execute(statement)


# Nothing is deleted. Nothing is changed but the detail, and that only when the id of its key (the first two
# bytes) changes with it: the same text under another key.
_HISTORY_STAYS_SQLITE = (
    """
    CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event
    BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END
    """,
    """
    CREATE TRIGGER case_event_no_update
    BEFORE UPDATE OF id, case_id, at, actor_id, actor_role, kind, public ON case_event
    BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END
    """,
    """
    CREATE TRIGGER case_event_no_new_detail BEFORE UPDATE OF detail ON case_event
    WHEN substr(NEW.detail, 1, 2) = substr(OLD.detail, 1, 2)
    BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END
    """,
)
_HISTORY_STAYS_POSTGRESQL = (
    """
    CREATE FUNCTION case_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
    """,
    """
    CREATE TRIGGER case_event_no_change BEFORE UPDATE OR DELETE ON case_event
    FOR EACH ROW EXECUTE FUNCTION case_event_stays()
    """,
    """
    CREATE TRIGGER case_event_no_truncate BEFORE TRUNCATE ON case_event
    FOR EACH STATEMENT EXECUTE FUNCTION case_event_stays()
    """,
)


def _create_deadlines() -> None:
    _table(
        "deadline",
        _id(),
        _refers("case_id", "case_record.id"),
        _text("kind"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _instant("due_at"),
        _instant("set_at"),
        sa.Column("working", sa.JSON(), nullable=False),
        _instant("met_at", nullable=True),
        _instant("ended_at", nullable=True),
        _text("end_reason", nullable=True),
    )
    _index("deadline", "ix_deadline_case_id", "case_id")
    _index("deadline", "ix_deadline_open", "due_at", where="ended_at IS NULL")
    _table(
        "reminder",
        _id(),
        _refers("deadline_id", "deadline.id", nullable=True),
        _refers("case_id", "case_record.id", nullable=True),
        _text("stage"),
        _text("audience"),
        _refers("person_id", "person.id", nullable=True),
        _instant("at"),
        _text("status"),
        _instant("ended_at", nullable=True),
        _text("reason", nullable=True),
        sa.UniqueConstraint("deadline_id", "stage", "audience"),
    )
    _index("reminder", "ix_reminder_case_id", "case_id")
    _index("reminder", "ix_reminder_planned", "at", where="status = 'planned'")
    _index("reminder", "ix_reminder_queued", "at", where="status = 'queued'")


def _create_what_was_sent_in() -> None:
    _table(
        "heard",
        _id(),
        sa.Column("chat_key", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("draft_id", "draft.id", nullable=True, ondelete="CASCADE"),
        _refers("case_id", "case_record.id", nullable=True),
        _text("question", nullable=True),
        _sealed("body"),
        _instant("at"),
        sa.UniqueConstraint("chat_key", "message_id", "version"),
    )
    _table(
        "stored_file",
        _id(),
        _refers("draft_id", "draft.id", nullable=True, ondelete="SET NULL"),
        _refers("case_id", "case_record.id", nullable=True),
        sa.Column("chat_key", sa.BigInteger()),
        _text("kind"),
        _sealed("file_id"),
        sa.Column("file_unique_id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger()),
        _text("mime", nullable=True),
        _sealed("name", nullable=True),
        _text("state"),
        sa.Column("sha256", sa.LargeBinary()),
        _instant("received_at"),
    )
    for table in ("heard", "stored_file"):
        _index(table, f"ix_{table}_draft_id", "draft_id")
        _index(table, f"ix_{table}_case_id", "case_id")


def _create_outbox() -> None:
    _table(
        "outbox",
        _id(),
        sa.Column("chat_key", sa.BigInteger(), nullable=False),
        _text("method"),
        _sealed("payload"),
        _text("handle", nullable=True),
        _text("edit_handle", nullable=True),
        sa.Column("dedupe_key", sa.String(), unique=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _instant("not_before"),
        _instant("claimed_until", nullable=True),
        sa.Column("dead", sa.Boolean(), nullable=False),
        _text("error", nullable=True),
        sa.Column("receipts", sa.JSON(), nullable=False),
        _refers("case_id", "case_record.id", nullable=True),
        _instant("created_at"),
    )
    living = "NOT dead" if _is_postgresql() else "dead = 0"
    _index("outbox", "ix_outbox_live_chat", "chat_key", "id", where=living)
    _index("outbox", "ix_outbox_live", "id", where=living)
    _index("outbox", "ix_outbox_case_id", "case_id")
    op.create_table(
        "sent_message",
        sa.Column("chat_key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("handle", sa.String(), primary_key=True),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        _instant("sent_at"),
    )
    _index("sent_message", "ix_sent_message_sent_at", "sent_at")


def _create_bookkeeping() -> None:
    op.create_table(
        "seen_update",
        sa.Column("update_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        _instant("seen_at"),
    )
    _index("seen_update", "ix_seen_update_seen_at", "seen_at")
    _table(
        "fault",
        _id(),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        sa.Column("update_id", sa.BigInteger()),
        _instant("at"),
        _text("error"),
        _sealed("body"),
    )
    _index("fault", "ix_fault_at", "at")
    op.create_table(
        "job_slot",
        sa.Column("job", sa.String(), primary_key=True),
        sa.Column("slot", sa.String(), primary_key=True),
        _instant("at"),
    )
    op.create_table(
        "key_check",
        sa.Column("id", _KEY, primary_key=True, autoincrement=False),
        _sealed("value"),
    )


def _table(name: str, *parts: Any) -> None:
    """A table with an id of its own, which SQLite never gives out again: buttons and handles name it."""
    op.create_table(name, *parts, sqlite_autoincrement=True)


def _index(table: str, name: str, *columns: str, where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def _id() -> sa.Column[int]:
    return sa.Column("id", _KEY, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _sealed(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(name: str, target: str, *, ondelete: str | None = None, **options: Any) -> sa.Column[int]:
    options.setdefault("nullable", False)
    return sa.Column(name, _KEY, sa.ForeignKey(target, ondelete=ondelete), **options)


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
