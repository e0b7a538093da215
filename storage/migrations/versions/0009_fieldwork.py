"""Visits with their reminders, risk bands changed by hand, links between cases, and addresses as keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from casework.addresses import address_key
from storage.crypto import keyring_in_use
from storage.types import EncryptedJSON

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE = 500
_VISIT = "fk_reminder_visit_id"
_STAGES = "uq_reminder_visit_id_stage_audience"


def upgrade() -> None:
    _create_visit()
    _create_risk_change()
    _create_case_link()
    with op.batch_alter_table("reminder") as table:
        table.add_column(sa.Column("visit_id", _KEY, nullable=True))
        table.create_foreign_key(_VISIT, "visit", ["visit_id"], ["id"])
        table.create_unique_constraint(_STAGES, ["visit_id", "stage", "audience"])
    op.add_column("asb_report", sa.Column("address_hash", sa.LargeBinary()))
    _fill("asb_report")
    _fill("nns_referral")
    op.create_index("ix_asb_report_address_hash", "asb_report", ["address_hash"])


def downgrade() -> None:
    op.drop_index("ix_asb_report_address_hash", "asb_report")
    op.drop_column("asb_report", "address_hash")
    op.execute("DELETE FROM reminder WHERE visit_id IS NOT NULL")
    with op.batch_alter_table("reminder") as table:
        table.drop_constraint(_STAGES, type_="unique")
        table.drop_constraint(_VISIT, type_="foreignkey")
        table.drop_column("visit_id")
    for name in ("case_link", "risk_change", "visit"):
        op.drop_table(name)


def _create_visit() -> None:
    _table(
        "visit",
        _refers("case_id", "case_record.id"),
        _instant("at"),
        sa.Column("place", sa.LargeBinary()),
        _refers("visitor_id", "person.id", nullable=True),
        _instant("booked_at"),
        sa.Column("changes", sa.Integer(), nullable=False),
        _instant("ended_at", nullable=True),
        sa.Column("outcome", sa.String()),
        sa.Column("reason", sa.LargeBinary()),
    )
    op.create_index("ix_visit_case_id", "visit", ["case_id"])
    _one_at_a_time("ix_visit_open", "visit", ["case_id"], "ended_at IS NULL")


def _create_risk_change() -> None:
    _table(
        "risk_change",
        _refers("case_id", "case_record.id"),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        _refers("made_by", "person.id", nullable=True),
        _instant("made_at"),
        _refers("decided_by", "person.id", nullable=True),
        _instant("decided_at", nullable=True),
        sa.Column("decision", sa.String()),
    )
    op.create_index("ix_risk_change_case_id", "risk_change", ["case_id"])
    _one_at_a_time("ix_risk_change_waiting", "risk_change", ["case_id"], "decided_at IS NULL")


def _create_case_link() -> None:
    _table(
        "case_link",
        _refers("case_id", "case_record.id"),
        _refers("other_id", "case_record.id"),
        sa.Column("kind", sa.String(), nullable=False),
        _refers("linked_by", "person.id", nullable=True),
        _instant("linked_at"),
        _refers("ended_by", "person.id", nullable=True),
        _instant("ended_at", nullable=True),
        sa.Column("reason", sa.LargeBinary()),
    )
    op.create_index("ix_case_link_case_id", "case_link", ["case_id"])
    op.create_index("ix_case_link_other_id", "case_link", ["other_id"])
    _one_at_a_time("ix_case_link_open", "case_link", ["case_id", "other_id"], "ended_at IS NULL")


def _fill(name: str) -> None:
    """The hashes of the addresses that are there already, a batch at a time, so that memory stays flat."""
    table = sa.table(
        name,
        sa.column("case_id", sa.BigInteger()),
        sa.column("detail", EncryptedJSON(f"{name}.detail")),
        sa.column("address_hash", sa.LargeBinary()),
    )
    change = (
        table.update().where(table.c.case_id == sa.bindparam("of")).values(address_hash=sa.bindparam("hash"))
    )
    after = 0
    while rows := _batch(table, after):
        after = rows[-1].case_id
        op.get_bind().execute(change, [{"of": row.case_id, "hash": _hash(row.detail)} for row in rows])


def _batch(table: sa.TableClause, after: int) -> Sequence[Any]:
    found = sa.select(table.c.case_id, table.c.detail).where(table.c.case_id > after)
    return op.get_bind().execute(found.order_by(table.c.case_id).limit(_AT_ONCE)).all()


def _hash(detail: dict[str, Any]) -> bytes | None:
    where = detail.get("where") or {}
    key = address_key(where.get("text"), where.get("postcode"))
    return None if key is None else keyring_in_use().hash_text("resident_address", key)


def _table(name: str, *parts: Any) -> None:
    """A table with an id of its own, which SQLite never gives out again: buttons name it."""
    op.create_table(name, sa.Column("id", _KEY, primary_key=True), *parts, sqlite_autoincrement=True)


def _one_at_a_time(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _refers(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _KEY, sa.ForeignKey(target), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
