"""What is wrong with an installation, one line a finding: ``python -m bot check``.

It changes nothing and sends nothing to anybody. Later checks run even where earlier ones found something,
unless they would only say the same again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from sqlalchemy.orm import Session

from bot.operator_sentences import sentence_of
from bot.settings import Settings, SettingsError, load_settings
from casework.clock import Clock
from casework.policy import parse_policy
from handlers.words import Catalogs
from storage.crypto import Keyring
from storage.database import Database
from storage.migrations import current_revision, head_revision

# Deadlines reach weeks ahead: time for an officer to look up the next year's bank holidays.
_CALENDAR_NOTICE = timedelta(days=90)


class Level(StrEnum):
    """How a finding is to be taken. Only WRONG stops the bot from working."""

    OK = "ok"
    WARN = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    level: Level
    text: str

    @property
    def is_wrong(self) -> bool:
        """Whether the operator has to do something before the bot can run."""
        return self.level is Level.WRONG

    def __str__(self) -> str:
        return f"{self.level}: {self.text}"


def check_all(clock: Clock) -> list[Finding]:
    """Every finding about the settings of the environment, in the order in which to put them right."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return [_wrong(line) for line in str(error).splitlines()]
    return check_settings(settings, clock)


def check_settings(settings: Settings, clock: Clock) -> list[Finding]:
    """The same for settings that were read already."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _configuration(settings),
        lambda: _data_folder(settings),
        lambda: _database(settings),
        lambda: _policy(settings, clock),
        lambda: _telegram(settings),
        _languages,
    )
    return [finding for check in checks for finding in _findings(check())]


def _findings(check: Iterator[Finding]) -> Iterator[Finding]:
    """The check's findings; whatever it stumbles on becomes the last of them."""
    try:
        yield from check
    except Exception as error:
        sentences = sentence_of(error) or f"a check stopped with {type(error).__name__}: {error}"
        yield from map(_wrong, sentences.splitlines())


def _configuration(settings: Settings) -> Iterator[Finding]:
    way = "Telegram calls us" if settings.uses_webhook else "we ask Telegram"
    yield _ok(f"the settings can be read; updates come because {way}")
    if settings.uses_webhook and not settings.uses_postgres:
        yield _warn("with SQLite only one process may run; several need PostgreSQL in DATABASE_URL")
    if settings.uses_postgres and not settings.uses_webhook:
        yield _warn("without WEBHOOK_URL only one process may run, PostgreSQL or not")


def _data_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.exists():
        yield _warn(f"DATA_DIR {folder} is not there yet; the first start makes it")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield _wrong(f"DATA_DIR {folder} cannot be written by this account")
    elif folder.stat().st_mode & 0o007:
        yield _warn(f"DATA_DIR {folder} can be read by other accounts; chmod 700 puts that right")
    else:
        yield _ok("DATA_DIR can be written, and others cannot read it")


def _database(settings: Settings) -> Iterator[Finding]:
    keyring = Keyring.from_text(settings.encryption_keys.get_secret_value())
    url = settings.database_url.get_secret_value()
    file = Path(url.removeprefix("sqlite:///"))
    if not settings.uses_postgres and not file.exists():
        yield _wrong("there is no database yet; make it with: python -m bot migrate")
        return
    with closing(Database(url, keyring)) as database:
        current, head = current_revision(database), head_revision()
        yield _ok("the database can be reached")
        if current != head:
            yield _wrong(
                f"the tables are at {current or 'nothing'}, not at {head}; run: python -m bot migrate"
            )
            return
        yield _ok(f"the tables are up to date ({head})")
        with Session(database.engine) as session:
            database.check_keys(session)  # never committed: writing the proof is the first start's work
            session.rollback()
        yield _ok("ENCRYPTION_KEYS open the database")


def _policy(settings: Settings, clock: Clock) -> Iterator[Finding]:
    policy = parse_policy(settings.policy_file.read_text(encoding="utf-8"))
    yield _ok(f"the policy file of {policy.partnership.name} can be read")
    today = clock.now().astimezone(settings.zone).date()
    sections = groupby(policy.unverified(today), key=lambda entry: entry.where.partition(".")[0])
    for section, entries in sections:
        names = [entry.where.partition(".")[2] for entry in entries]
        yield _warn(f"policy {section}: not confirmed by an officer yet: {', '.join(names)}")
    until = policy.calendar.verified_until
    if until <= today:
        yield _wrong(f"policy calendar.verified_until has passed ({until}): check the bank holidays")
    elif until - today < _CALENDAR_NOTICE:
        yield _warn(f"policy calendar.verified_until is near ({until}): check the bank holidays")


def _telegram(settings: Settings) -> Iterator[Finding]:
    from bot.ask_telegram import ask_who_and_webhook

    who, webhook = ask_who_and_webhook(settings)
    yield _ok(f"BOT_TOKEN belongs to @{who.username}")
    if (webhook.url or None) != settings.webhook_url:
        at_telegram = f"calls {webhook.url}" if webhook.url else "has no webhook"
        # Each start puts the webhook in order, so a difference before the first start is no fault.
        yield _warn(f"Telegram {at_telegram}, which is not WEBHOOK_URL; the next start changes it")
    elif settings.uses_webhook:
        yield _ok("Telegram calls WEBHOOK_URL")
    if webhook.last_error_message and webhook.url:
        yield _warn(f"Telegram's last call to the webhook did not work: {webhook.last_error_message}")
    if webhook.pending_update_count > 100:
        yield _warn(f"{webhook.pending_update_count} updates wait at Telegram")


def _languages() -> Iterator[Finding]:
    catalogs = Catalogs.load()
    yield _ok("languages offered: " + ", ".join(map(catalogs.name_of, catalogs.offered())))


def _ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def _warn(text: str) -> Finding:
    return Finding(Level.WARN, text)


def _wrong(text: str) -> Finding:
    return Finding(Level.WRONG, text)
