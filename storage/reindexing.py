"""Writing what cases can be found by anew, while the bot runs: after the rules for it have changed."""

from __future__ import annotations

from storage.database import Database
from storage.models import AsbReport, NnsReferral
from storage.search import is_filled, rewrite_terms

AT_ONCE = 500


def reindex(database: Database, *, at_once: int = AT_ONCE) -> int:
    """Write the terms of every case anew, a batch a transaction. Returns how many cases were looked at.

    Safe to stop and to run again.
    """
    done = 0
    for model in (AsbReport, NnsReferral):
        after = 0
        while True:
            with database.transaction() as session:
                ids = rewrite_terms(session, model, after, at_once)
            if not ids:
                break
            after, done = ids[-1], done + len(ids)
    return done


def fill_where_empty(database: Database) -> int:
    """The first time that a database with cases is opened with this table. Returns how many were looked at."""
    with database.reading() as session:
        filled = is_filled(session)
    return 0 if filled else reindex(database)
