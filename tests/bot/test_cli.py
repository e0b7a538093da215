"""The operator's commands as an operator types them: what they print, and how they end."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.cli import main
from bot.clock import MovableClock
from bot.sandbox.world import Telegram
from bot.settings import Settings
from storage import deadlines, people
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.models import Invitation
from storage.vault import vault_in
from tests.bot.serving import new_world, served
from tests.jobs.changed import HOLIDAY, TEXT
from tests.jobs.test_look_ahead import update_due
from tests.jobs.world import jobs_of
from tests.officers.world import make_world
from tests.support import databases

Run = Callable[..., Result]
KEY = new_key_text(1)


@pytest.fixture
def world() -> Telegram:
    return new_world(MovableClock(datetime(2026, 11, 24, 9, tzinfo=UTC)))


@pytest.fixture
def telegram(world: Telegram) -> Iterator[str]:
    with served(world) as address:
        yield address


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, world: Telegram) -> Run:
    """Runs a command in an empty folder, with settings that an operator might have; None removes one."""
    monkeypatch.chdir(tmp_path)
    # Logging is the process's own: a test run keeps its own handlers.
    monkeypatch.setattr("bot.logs.configure_logs", lambda *_: None)

    def run_command(*arguments: str, **values: str | None) -> Result:
        # Nothing listens on the discard port.
        given = {"BOT_TOKEN": world.token, "ENCRYPTION_KEYS": KEY, "TELEGRAM_API_URL": "http://127.0.0.1:9"}
        for name in map(str.upper, Settings.model_fields):
            monkeypatch.delenv(name, raising=False)
        for name, value in {**given, **values}.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return CliRunner().invoke(main, arguments)

    return run_command


@pytest.fixture
def lines_of(run: Run) -> Callable[..., dict[str, list[str]]]:
    """``check``: its findings by level."""

    def check(**values: str | None) -> dict[str, list[str]]:
        result = run("check", **values)
        found: dict[str, list[str]] = {"ok": [], "warning": [], "wrong": []}
        for line in result.stdout.splitlines():
            level, _, text = line.partition(": ")
            found[level].append(text)
        assert result.exit_code == bool(found["wrong"])
        return found

    return check


def test_new_key_prints_a_key_that_settings_take(run: Run) -> None:
    first, second = run("new-key").stdout.strip(), run("new-key", "--number", "2")
    assert Keyring.from_text(f"{second.stdout.strip()},{first}").newest.id == 2
    assert "Put it first" in second.stderr


def test_migrate_makes_the_database_and_can_be_run_again(run: Run, tmp_path: Path) -> None:
    first = run("migrate")
    assert first.exit_code == 0, first.output
    assert "now" in first.stdout
    assert (tmp_path / "data" / "bot.sqlite3").exists()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert "already" in run("migrate").stdout


def test_values_and_files_are_moved_to_the_newest_key(run: Run, tmp_path: Path) -> None:
    both = f"{new_key_text(2)},{KEY}"
    run("migrate")
    with closing(Database(f"sqlite:///{tmp_path}/data/bot.sqlite3", Keyring.from_text(KEY))) as database:
        with database.transaction() as session:
            now = datetime(2026, 11, 24, 9, tzinfo=UTC)
            people.load_place(session, database.keyring, chat_id=5, now=now)
        name = vault_in(tmp_path / "data", database.keyring).write(b"a photo", now)
    first = run("reencrypt", ENCRYPTION_KEYS=both).stdout
    assert re.fullmatch(r"Moved to the newest key: [1-9]\d* values, 1 files\.\n", first)
    assert run("reencrypt", ENCRYPTION_KEYS=both).stdout == "Moved to the newest key: 0 values, 0 files.\n"
    newest = Keyring.from_text(both.partition(",")[0])
    assert vault_in(tmp_path / "data", newest).read(name) == b"a photo"


@pytest.mark.parametrize("command", [("run",), ("migrate",), ("invite", "--role", "manager")])
def test_settings_that_are_missing_end_a_command_with_a_sentence(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command, ENCRYPTION_KEYS=None)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(
        "ENCRYPTION_KEYS is not set. Make the first one with: python -m bot new-key"
    )


def test_a_database_that_cannot_be_opened_ends_with_a_sentence(run: Run) -> None:
    result = run("migrate", DATABASE_URL="postgresql://bot:hidden-password@127.0.0.1:9/bot")
    assert result.exit_code == 2
    assert result.stderr.startswith("The database of DATABASE_URL does not work: ")
    assert len(result.stderr.splitlines()) == 1
    assert "hidden-password" not in result.stderr


def test_a_bug_is_logged_and_ends_with_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("storage.migrations.upgrade", broken)
    result = run("migrate")
    assert result.exit_code == 2
    assert (
        result.stderr == "This stopped on a fault in the bot itself (ZeroDivisionError). The log has more.\n"
    )
    assert "a bug" in caplog.text


def test_an_invitation_is_a_link_that_is_stored_only_as_a_hash(
    run: Run, telegram: str, tmp_path: Path
) -> None:
    run("migrate")
    result = run("invite", "--role", "manager", "--name", "Sam Reid", TELEGRAM_API_URL=telegram)
    assert result.exit_code == 0, result.output
    link = result.stdout.strip()
    assert link.startswith("https://t.me/nwcsp_test_bot?start=i_")
    token = link.partition("start=i_")[2]
    assert len(token) == 22
    assert result.stderr.startswith("It works once, until ")
    file = tmp_path / "data" / "bot.sqlite3"
    assert token.encode() not in file.read_bytes()
    assert b"Sam Reid" not in file.read_bytes()
    database = Database(f"sqlite:///{file}", Keyring.from_text(KEY))
    with database.reading() as session:
        stored = session.scalars(select(Invitation)).one()
        assert (stored.role, stored.name, stored.created_by) == ("manager", "Sam Reid", None)
        assert (stored.expires_at - stored.created_at).days == 7
    database.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--role", "officer"), "--role officer needs --district, one of: "),
        (("--role", "officer", "--district", "york"), "--district york is none of: "),
        (("--role", "member", "--district", "redditch"), "--role member needs --ward"),
        (("--role", "partner"), "--role partner needs --agency"),
    ],
)
def test_an_invitation_that_would_not_work_is_refused(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run("invite", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(sentence)


def test_an_invitation_needs_telegram_for_the_bots_name(run: Run) -> None:
    result = run("invite", "--role", "manager")
    assert result.exit_code == 2
    assert result.stderr == "Telegram does not answer. Look at the network and at TELEGRAM_API_URL.\n"


def test_words_are_compiled(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "words" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "menu.po").write_text('msgid "menu.a"\nmsgstr "A"\n')
    assert run("words", "compile", "--folder", "words").stdout == "wrote en/LC_MESSAGES/menu.mo\n"
    assert run("words", "compile", "--folder", "words").stdout == "All catalogs are up to date.\n"


def test_a_sound_installation_has_nothing_wrong(
    run: Run, lines_of: Callable[..., dict[str, list[str]]], telegram: str
) -> None:
    run("migrate")
    found = lines_of(TELEGRAM_API_URL=telegram)
    assert found["wrong"] == []
    assert "BOT_TOKEN belongs to @nwcsp_test_bot" in found["ok"]
    assert "ENCRYPTION_KEYS open the database" in found["ok"]
    assert "languages offered: English" in found["ok"]
    assert any(line.startswith("policy timescales: not confirmed") for line in found["warning"])


def test_what_is_missing_is_told_line_by_line(lines_of: Callable[..., dict[str, list[str]]]) -> None:
    found = lines_of(BOT_TOKEN=None, ENCRYPTION_KEYS=None, TIMEZONE="Mars")
    assert [line.split()[0] for line in found["wrong"]] == ["BOT_TOKEN", "ENCRYPTION_KEYS", "TIMEZONE"]


def test_checking_an_empty_installation_changes_nothing(
    lines_of: Callable[..., dict[str, list[str]]], tmp_path: Path
) -> None:
    found = lines_of()
    assert "there is no database yet; make it with: python -m bot migrate" in found["wrong"]
    assert list(tmp_path.iterdir()) == []


def test_each_fault_is_found(
    run: Run,
    lines_of: Callable[..., dict[str, list[str]]],
    telegram: str,
    tmp_path: Path,
) -> None:
    run("migrate")
    with_keys = Database(f"sqlite:///{tmp_path}/data/bot.sqlite3", Keyring.from_text(KEY))
    with with_keys.transaction() as session:
        with_keys.check_keys(session)  # as the first start does
    with_keys.close()
    (tmp_path / "broken.toml").write_text("[partnership]\nname = \n")
    (tmp_path / "data").chmod(0o755)
    found = lines_of(
        TELEGRAM_API_URL=telegram,
        BOT_TOKEN="1:" + "x" * 35,
        ENCRYPTION_KEYS=new_key_text(1),
        POLICY_FILE="broken.toml",
    )
    wrong = "\n".join(found["wrong"])
    assert "does not open with key 1" in wrong
    assert "POLICY_FILE: Line 2" in wrong
    assert "Telegram does not know this BOT_TOKEN" in wrong
    assert len(found["wrong"]) == 3
    assert any("can be read by other accounts" in line for line in found["warning"])


def test_tables_of_an_older_version_are_found(
    run: Run, lines_of: Callable[..., dict[str, list[str]]], tmp_path: Path
) -> None:
    (tmp_path / "empty.db").touch()
    found = lines_of(DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")
    assert any(line.startswith("the tables are at nothing, not at ") for line in found["wrong"])


def test_a_webhook_at_telegram_that_differs_from_the_settings_is_told(
    run: Run, lines_of: Callable[..., dict[str, list[str]]], telegram: str
) -> None:
    run("migrate")
    found = lines_of(
        TELEGRAM_API_URL=telegram,
        WEBHOOK_URL="https://bot.example.org/telegram",
        WEBHOOK_SECRET="s" * 32,
    )
    assert "Telegram has no webhook, which is not WEBHOOK_URL; the next start changes it" in found["warning"]
    assert any("only one process may run" in line for line in found["warning"])


def test_the_dates_that_move_are_shown_and_moved_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    assert run("migrate").exit_code == 0
    first = run("recalculate")
    assert first.output.startswith("The bot has never run with this database")
    assert run("recalculate", "--apply").output == "Dates moved: 0.\n"
    assert run("recalculate").output == "No date would move.\n"


def test_every_date_that_moves_is_shown_with_its_reason(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'team.db'}"
    run("migrate", DATABASE_URL=url)
    with databases.opened(url, Keyring.from_text(KEY)) as database:
        team = make_world(database)
        jobs_of(team).tick()
        case = update_due(team, None, 14)
        with database.transaction() as session:
            (row,) = deadlines.list_open(session, case.id)
            assert row.due_on == deadlines.working_of(row).due_on
    policy = tmp_path / "changed.toml"
    policy.write_text(TEXT.replace(*HOLIDAY), encoding="utf-8")
    shown = run("recalculate", DATABASE_URL=url, POLICY_FILE=str(policy)).output
    assert f"{case.reference}, Nominated Neighbour referral: visit, Monday 14 December" in shown
    assert "would be Tuesday 15 December" in shown
    assert "A funeral" in shown
    assert shown.endswith("Dates that would move: 1. To move them: python -m bot recalculate --apply\n")
    assert run("recalculate", "--apply", DATABASE_URL=url, POLICY_FILE=str(policy)).exit_code == 0
    with databases.opened(url, Keyring.from_text(KEY)) as database, database.reading() as session:
        (row,) = deadlines.list_open(session, case.id)
    assert row.due_on == date(2026, 12, 15)
