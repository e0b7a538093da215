"""The operator's commands. Each does one thing and ends with a sentence; the work itself is elsewhere.

Exit status: 0 done, 1 a check found something wrong, 2 it could not be done.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

# Everything else is imported by the command that needs it: help and new-key answer at once.
if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.database import Database

INVITED_ROLES = ("manager", "officer", "member", "partner")


class Refusal(click.ClickException):
    """One sentence for the operator, and exit status 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """The sentence alone, on standard error."""
        click.echo(self.message, err=True)


@click.group()
def main() -> None:
    """The Telegram bot of a community safety partnership."""


@main.command()
def run() -> None:
    """Run the bot with the settings of the environment and .env."""
    with _one_sentence():
        settings = _settings()
        from bot.run import run as run_bot

        run_bot(settings)


@main.command()
def check() -> None:
    """Say what is wrong with settings, database, token and policy, one line a finding."""
    from bot.clock import SystemClock
    from bot.operator_check import check_all

    findings = check_all(SystemClock())
    for finding in findings:
        click.echo(str(finding))
    sys.exit(any(finding.is_wrong for finding in findings))


@main.command()
def migrate() -> None:
    """Bring the database to the present version of its tables."""
    with _one_sentence(), _database(_settings()) as database:
        from storage.migrations import current_revision, upgrade

        before = current_revision(database)
        upgrade(database)
        after = current_revision(database)
    click.echo(
        f"The tables were at {after} already." if before == after else f"The tables are at {after} now."
    )


@main.command()
@click.option("--role", type=click.Choice(INVITED_ROLES), required=True, help="What the person will be.")
@click.option("--district", "districts", multiple=True, help="A district's key; more than once for several.")
@click.option("--ward", help="A Member's ward.")
@click.option("--agency", help="A partner's agency.")
@click.option("--name", help="Whom it is for, as managers will see it.")
def invite(role: str, districts: tuple[str, ...], **details: str | None) -> None:
    """Print a link that gives ROLE to the first person who opens it."""
    with _one_sentence():
        settings = _settings()
        from bot.clock import SystemClock
        from bot.invite import make_invitation

        with _database(settings) as database:
            made = make_invitation(
                settings, database, SystemClock(), role=role, districts=districts, **details
            )
    click.echo(made.link)
    click.echo(f"It works once, until {made.until}.", err=True)


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
def retention(dry_run: bool) -> None:
    """Delete what is kept no longer, by the policy's retention."""
    with _one_sentence():
        settings = _settings()
        from bot.clock import SystemClock
        from bot.retention import run_retention

        with _database(settings) as database:
            lines = run_retention(settings, database, SystemClock(), dry_run=dry_run)
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("Nothing is over.")


@main.command("verify-history")
@click.option("--code", help="The code of a seal, as it was noted from the log or from an earlier run.")
def verify_history(code: str | None) -> None:
    """Prove that the history of every case is whole, or say where it is not."""
    with _one_sentence():
        settings = _settings()
        from bot.verify_history import verify

        with _database(settings) as database:
            whole = verify(settings, database, code, say=click.echo)
    sys.exit(not whole)


@main.command()
def reindex() -> None:
    """Write anew what cases can be found by; the bot may be running."""
    with _one_sentence(), _database(_settings()) as database:
        from storage.reindexing import reindex as write_anew

        with database.transaction() as session:
            database.check_keys(session)
        done = write_anew(database)
    click.echo(f"{done} cases can be found.")


@main.command()
@click.option("--apply", "really", is_flag=True, help="Move the dates, and tell whose cases they are of.")
def recalculate(really: bool) -> None:
    """Show every open date that moves by the policy and the bank holidays as they are now."""
    with _one_sentence():
        settings = _settings()
        from bot.clock import SystemClock
        from bot.recalculation import run_recalculate

        with _database(settings) as database:
            for line in run_recalculate(settings, database, SystemClock(), really=really):
                click.echo(line)


@main.command("new-key")
@click.option("--number", type=click.IntRange(1, 65535), default=1, help="One more than your newest key has.")
def new_key(number: int) -> None:
    """Print a new encryption key, ready to stand in ENCRYPTION_KEYS."""
    from storage.crypto import new_key_text

    click.echo(new_key_text(number))
    if number > 1:
        click.echo("Put it first in ENCRYPTION_KEYS, with a comma behind it, and keep the others.", err=True)


@main.command("reencrypt")
def move_to_newest_key() -> None:
    """Put all that is stored, files among it, under the newest key; the bot may run meanwhile."""
    with _one_sentence():
        settings = _settings()
        from storage.rotation import reencrypt
        from storage.vault import vault_in

        with _database(settings) as database:
            values = reencrypt(database, database.keyring)
            files = vault_in(settings.data_dir, database.keyring).reencrypt()
    click.echo(f"Moved to the newest key: {values} values, {files} files.")


@main.command()
@click.option("--port", type=int, default=None, help="The port of the page; a free one when left out.")
def demo(port: int | None) -> None:
    """Run the bot in its sandbox: no token and no network."""
    with _one_sentence():
        from bot.sandbox.demo import main as run_demo

        run_demo(port=port)


@main.group()
def words() -> None:
    """The catalogs of what the bot says."""


@words.command("compile")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=None)
def compile_words(folder: Path | None) -> None:
    """Write the .mo files that differ from their .po files."""
    with _one_sentence():
        from bot.catalogs import compile_catalogs
        from handlers.words import LOCALES

        written = compile_catalogs(folder or LOCALES)
    for path in written:
        click.echo(f"wrote {'/'.join(path.parts[-3:])}")
    if not written:
        click.echo("All catalogs are up to date.")


@main.group()
def docs() -> None:
    """The pages that are written from the rules."""


@docs.command("routing")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), default=None)
def routing(file: Path | None) -> None:
    """Write docs/routing.md: who acts on which report."""
    with _one_sentence():
        from bot.routing_table import write

        path = write(file)
    click.echo(f"wrote {path.name}")


@docs.command("lifecycles")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), default=None)
def lifecycles(file: Path | None) -> None:
    """Write docs/lifecycles.md: the states of every kind of case, and who may move it where."""
    with _one_sentence():
        from bot.lifecycle_docs import write

        path = write(file)
    click.echo(f"wrote {path.name}")


def _settings() -> Settings:
    """The settings; from here on all logging goes the right way, without its secrets."""
    from bot.logs import configure_logs
    from bot.settings import load_settings

    settings = load_settings()
    configure_logs(settings.log_level, settings.secrets)
    return settings


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    from storage.crypto import Keyring
    from storage.database import Database

    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keyring = Keyring.from_text(settings.encryption_keys.get_secret_value())
    with closing(Database(settings.database_url.get_secret_value(), keyring)) as database:
        yield database


@contextmanager
def _one_sentence() -> Iterator[None]:
    """End with one sentence for the operator. A bug's details are in the log before it."""
    try:
        yield
    except (click.exceptions.Exit, click.ClickException):
        raise
    except Exception as error:
        from bot.operator_sentences import sentence_of

        sentence = sentence_of(error)
        if sentence is None:
            logging.getLogger("bot").exception("command_stopped")
            sentence = (
                f"This stopped on a fault in the bot itself ({type(error).__name__}). The log has more."
            )
        raise Refusal(sentence) from None
