"""The history of each case is a chain, and is sealed each day. What is there already is chained as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.crypto import keyring_in_use
from storage.history_chain import START, Line, chained
from storage.types import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_AT_ONCE = 2000
_DETAIL = b"case_event.detail"
_EVENTS = sa.table(
    "case_event",
    sa.column("id", sa.BigInteger()),
    sa.column("case_id", sa.BigInteger()),
    sa.column("at", UTCDateTime()),
    sa.column("actor_id", sa.BigInteger()),
    sa.column("actor_role", sa.Text()),
    sa.column("kind", sa.Text()),
    sa.column("public", sa.Boolean()),
    sa.column("detail", sa.LargeBinary()),
    sa.column("seq", sa.Integer()),
    sa.column("link", sa.LargeBinary()),
)


def upgrade() -> None:
    op.add_column("case_event", sa.Column("seq", sa.Integer()))
    op.add_column("case_event", sa.Column("link", sa.LargeBinary()))
    if _is_postgresql():
        op.execute("ALTER TABLE case_event DISABLE TRIGGER case_event_no_change")
    _chain_all(op.get_bind())
    if _is_postgresql():
        op.execute("ALTER TABLE case_event ENABLE TRIGGER case_event_no_change")
    op.create_index("ix_case_event_case_id_seq", "case_event", ["case_id", "seq"], unique=True)
    _create_seals()
    if _is_postgresql():
        op.execute(_stays(_COLUMNS + _CHAIN))
        op.execute(_LAST_LINK)
    else:
        _no_update_on_sqlite(_COLUMNS + _CHAIN)


def downgrade() -> None:
    if _is_postgresql():
        op.execute("DROP FUNCTION last_link_of_case(bigint)")
        op.execute(_stays(_COLUMNS))
    else:
        _no_update_on_sqlite(_COLUMNS)
    op.drop_table("history_seal")
    op.drop_table("sealed_case")
    op.drop_index("ix_case_event_case_id_seq", "case_event")
    op.drop_column("case_event", "link")
    op.drop_column("case_event", "seq")


def _chain_all(connection: sa.Connection) -> None:
    """Chain every line in the order of each case's, some at a time."""
    keyring = keyring_in_use()
    case_id, end = 0, START
    fill = (
        sa.update(_EVENTS)
        .where(_EVENTS.c.id == sa.bindparam("row"))
        .values(seq=sa.bindparam("place"), link=sa.bindparam("digest"))
    )
    for rows in _each_part(connection):
        filled = []
        for row in rows:
            before = end if row.case_id == case_id else START
            case_id, end = row.case_id, chained(keyring, before, _line(row))
            filled.append({"row": row.id, "place": end.seq, "digest": end.digest})
        connection.execute(fill, filled)


def _each_part(connection: sa.Connection) -> Iterator[list[Any]]:
    after = (0, 0)
    while True:
        rows = connection.execute(
            sa.select(_EVENTS)
            .where(sa.tuple_(_EVENTS.c.case_id, _EVENTS.c.id) > sa.tuple_(*map(sa.literal, after)))
            .order_by(_EVENTS.c.case_id, _EVENTS.c.id)
            .limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        yield list(rows)
        after = (rows[-1].case_id, rows[-1].id)


def _line(row: Any) -> Line:
    plain = keyring_in_use().decrypt(bytes(row.detail), _DETAIL)
    return Line(row.case_id, row.at, row.actor_id, row.actor_role, row.kind, row.public, plain)


def _create_seals() -> None:
    op.create_table(
        "sealed_case",
        sa.Column("case_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("removed_on", sa.Date()),
        sa.Column("rule", sa.String()),
        sa.Column("removal", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("case_id", name="pk_sealed_case"),
    )
    op.create_table(
        "history_seal",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_history_seal"),
    )


_COLUMNS = ("id", "case_id", "at", "actor_id", "actor_role", "kind", "public")
_CHAIN = ("seq", "link")


def _no_update_on_sqlite(columns: tuple[str, ...]) -> None:
    op.execute("DROP TRIGGER case_event_no_update")
    op.execute(
        f"""
        CREATE TRIGGER case_event_no_update BEFORE UPDATE OF {", ".join(columns)} ON case_event
        BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END
        """
    )


def _stays(columns: tuple[str, ...]) -> str:
    """What PostgreSQL lets through: a new key, and deletion while the case has a removal permit."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return _STAYS.replace("_NEW_", new).replace("_OLD_", old)


_STAYS = """
        CREATE OR REPLACE FUNCTION case_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF (_NEW_) IS NOT DISTINCT FROM (_OLD_)
                   AND substr(NEW.detail, 1, 2) <> substr(OLD.detail, 1, 2) THEN
                    RETURN NEW;
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN
                IF EXISTS (SELECT 1 FROM removal_permit WHERE case_id = OLD.case_id) THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION 'case_event is append-only';
        END $$
    """


# Each statement of such a function sees what was committed before it began, so the second sees what the first
# waited for. Lines that refer to the case (FOR KEY SHARE) are not kept waiting.
_LAST_LINK = """
    CREATE FUNCTION last_link_of_case(of_case bigint) RETURNS TABLE (seq integer, link bytea)
    LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        PERFORM 1 FROM case_record WHERE id = of_case FOR NO KEY UPDATE;
        RETURN QUERY
            SELECT e.seq, e.link FROM case_event e
            WHERE e.case_id = of_case AND e.seq IS NOT NULL ORDER BY e.seq DESC LIMIT 1;
    END $$
"""


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
