"""Alembic's entry: runs revisions on the connection, and in the transaction, that it was given."""

from __future__ import annotations

from alembic import context

from storage.models import Base


def run() -> None:
    """Run the wanted revisions."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite changes a table by building it anew
        compare_type=True,
    )
    context.run_migrations()


run()
