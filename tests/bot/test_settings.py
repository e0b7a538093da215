"""Settings: what is accepted, what each mistake is answered with, and that no secret shows."""

from pathlib import Path

import pytest

from bot.settings import GivenSettings, Settings, SettingsError, load_settings

KEY = "1:" + "A" * 43 + "="
NEEDED = {"BOT_TOKEN": "123456:ABC-def_123", "ENCRYPTION_KEYS": KEY}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in {**NEEDED, **values}.items():
        monkeypatch.setenv(name, value)
    return load_settings(env_file=None)


def test_a_token_and_keys_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch)
    assert found.database_url.get_secret_value() == "sqlite:///data/bot.sqlite3"
    assert found.telegram_api_url == "https://api.telegram.org"
    assert found.zone.key == "Europe/London"
    assert found.policy_file.name == "north-worcestershire.toml"
    assert (found.webhook_host, found.webhook_port) == ("127.0.0.1", 8080)
    assert not found.uses_webhook
    assert not found.several_processes


def test_the_database_lies_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, DATA_DIR="/srv/bot")
    assert found.database_url.get_secret_value() == "sqlite:////srv/bot/bot.sqlite3"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgres://u:p@h/n", "postgresql+psycopg://u:p@h/n"),  # as some hosts write it
        ("postgresql+psycopg://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("sqlite:////srv/bot.db", "sqlite:////srv/bot.db"),
    ],
)
def test_database_addresses_are_brought_to_one_form(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    found = settings(monkeypatch, DATABASE_URL=given)
    assert found.database_url.get_secret_value() == used
    assert found.uses_postgres is used.startswith("postgresql")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "not a token"),
        ("BOT_TOKEN", "123456"),
        ("ENCRYPTION_KEYS", "secret"),
        ("ENCRYPTION_KEYS", "A" * 43 + "="),  # its number is missing
        ("ENCRYPTION_KEYS", KEY + "," + "A" * 44),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://example.org"),
        ("DATABASE_URL", "mysql://u:p@h/n"),
        ("DATABASE_URL", "postgresql+asyncpg://u:p@h/n"),  # a driver that is not installed
        ("DATABASE_URL", "sqlite://"),  # in memory: gone at every restart
        ("POLICY_FILE", "nowhere.toml"),
        ("TIMEZONE", "Europe/Redditch"),
        ("TIMEZONE", "../etc"),
        ("LOG_LEVEL", "LOUD"),
        ("WEBHOOK_URL", "http://bot.example.org/telegram"),  # Telegram calls https only
        ("WEBHOOK_URL", "https://bot.example.org:9000/telegram"),  # on four ports only
        ("WEBHOOK_SECRET", "with spaces and more characters"),
        ("WEBHOOK_LISTEN", "8080"),
        ("WEBHOOK_LISTEN", "127.0.0.1"),
    ],
)
def test_a_mistake_is_answered_with_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(monkeypatch, **{name: value})
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{name} ")
    assert line.endswith(".")
    if name in {"BOT_TOKEN", "ENCRYPTION_KEYS", "WEBHOOK_SECRET"}:
        assert value not in line


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(monkeypatch, BOT_TOKEN="x", TIMEZONE="x", LOG_LEVEL="x")
    assert [line.split()[0] for line in str(refused.value).splitlines()] == [
        "BOT_TOKEN",
        "TIMEZONE",
        "LOG_LEVEL",
    ]


def test_without_keys_a_start_is_refused_with_the_command_that_makes_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SettingsError, match=r"^ENCRYPTION_KEYS is not set.*python -m bot new-key"):
        settings(monkeypatch, ENCRYPTION_KEYS="")


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"^WEBHOOK_SECRET is not set, and WEBHOOK_URL is"):
        settings(monkeypatch, WEBHOOK_URL="https://bot.example.org/telegram")


def test_postgresql_and_a_webhook_allow_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    webhook = {
        "WEBHOOK_URL": "https://bot.example.org/telegram",
        "WEBHOOK_SECRET": "s" * 32,
        "WEBHOOK_LISTEN": "[::1]:9000",
    }
    postgres = {"DATABASE_URL": "postgresql://u:p@h/n"}
    assert settings(monkeypatch, **webhook, **postgres).several_processes
    found = settings(monkeypatch, **webhook, DATABASE_URL="sqlite:///a.db")
    assert not found.several_processes
    assert (found.webhook_path, found.webhook_host, found.webhook_port) == ("/telegram", "::1", 9000)


def test_a_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"BOT_TOKEN=1:file\nENCRYPTION_KEYS={KEY}\nLOG_LEVEL=debug\nTIMEZONE=\nOTHER=x\n")
    monkeypatch.setenv("BOT_TOKEN", "2:environment")
    found = load_settings(env_file=file)
    assert found.bot_token.get_secret_value() == "2:environment"
    assert found.log_level == "DEBUG"
    assert found.timezone == "Europe/London"  # empty is as good as left out


def test_secrets_show_nowhere_and_are_known_to_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(
        monkeypatch,
        DATABASE_URL="postgresql://u:db-password@h/n",
        WEBHOOK_SECRET="s" * 32,
    )
    for secret in ("ABC-def_123", "A" * 43, "db-password", "s" * 32):
        assert secret not in repr(found)
        assert secret not in str(found.model_dump())
        assert any(secret in known for known in found.secrets)


def test_settings_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings(monkeypatch).timezone = "UTC"  # type: ignore[misc]


def test_given_settings_read_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "UTC")
    found = GivenSettings(bot_token="1:given", encryption_keys=KEY)
    assert found.timezone == "Europe/London"
    assert found.bot_token.get_secret_value() == "1:given"
