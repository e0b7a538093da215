"""Deleting on the command line what is kept no longer, or only saying what would be deleted."""

from __future__ import annotations

from collections import Counter

from bot.application import make_service
from bot.settings import Settings, SettingsError
from casework.clock import Clock
from casework.policy import parse_policy
from handlers.my_data import housekeeping
from handlers.turn import Service
from handlers.words import Catalogs
from storage.database import Database
from storage.migrations import current_revision, head_revision
from storage.vault import vault_in

AT_ONCE = 50
"""Cases of a rule in one transaction."""
MOST_SHOWN = 100_000


def run_retention(settings: Settings, database: Database, clock: Clock, *, dry_run: bool) -> list[str]:
    """Delete all that is over; with ``dry_run`` nothing. Lines for the operator: the rule, and how many or which.

    SettingsError where the tables are not up to date. Files go with their case, bytes and all.
    """
    if current_revision(database) != head_revision():
        raise SettingsError("The tables are not up to date; run: python -m bot migrate")
    service = make_service(
        policy=parse_policy(settings.policy_file.read_text(encoding="utf-8")),
        clock=clock,
        catalogs=Catalogs.load(),
        database=database,
        zone=settings.zone,
        bot_username="",
        vault=vault_in(settings.data_dir, database.keyring),
    )
    if dry_run:
        with database.reading() as session:
            found = housekeeping.would_delete(session, service, clock.now(), limit=MOST_SHOWN)
        return [f"would delete {reference} ({rule})" for rule, reference in found]
    return [
        f"deleted {number} ({what})" for what, number in sorted(_delete(database, service, clock).items())
    ]


def _delete(database: Database, service: Service, clock: Clock) -> Counter[str]:
    """In many small transactions, so that a running bot can write in between."""
    done: Counter[str] = Counter()
    while True:
        with database.transaction() as session:
            counts = housekeeping.delete_cases(session, service, clock.now(), limit=AT_ONCE)
        if not counts:
            break
        done.update(counts)
    with database.transaction() as session:
        done.update(housekeeping.sweep(session, service, clock.now()))
    return +done
