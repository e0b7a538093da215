"""What the operator decides, read once at start from the environment and from ``.env``.

Facts about the partnership are no settings: they are in the policy file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
TELEGRAM = "https://api.telegram.org"
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_KEYS = re.compile(r"\d+:[A-Za-z0-9_-]{43}=?(,\s*\d+:[A-Za-z0-9_-]{43}=?)*")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# https://core.telegram.org/bots/api#setwebhook: the ports that Telegram calls.
_WEBHOOK_PORTS = frozenset({None, 443, 80, 88, 8443})


class SettingsError(Exception):
    """The settings cannot be used. Its text has one line a problem: the setting, and what to do."""


class Settings(BaseSettings):
    """Frozen; secrets show as asterisks. A field's description says where its value comes from."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    bot_token: SecretStr = Field(description="@BotFather shows it after /newbot and under /mybots.")
    telegram_api_url: str = Field(TELEGRAM, description="The base of the Bot API, such as " + TELEGRAM + ".")
    encryption_keys: SecretStr = Field(
        description="Make the first one with: python -m bot new-key. Keep a copy away from the database."
    )
    data_dir: Path = Field(Path("data"), description="A folder that only the bot's account can read.")
    database_url: SecretStr = Field(
        default_factory=lambda data: SecretStr(f"sqlite:///{data.get('data_dir', Path('data'))}/bot.sqlite3"),
        description="sqlite:///path/to/file or postgresql://user:password@host/name.",
    )
    policy_file: Path = Field(
        PROJECT / "policy" / "north-worcestershire.toml", description="The partnership's own facts, as TOML."
    )
    timezone: str = Field("Europe/London", description="A name such as Europe/London.")
    log_level: LogLevel = Field("INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    webhook_url: str | None = Field(
        None, description="An https address that Telegram can reach, with a path."
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="1 to 256 letters, digits, - or _, better 32 or more; make one up and keep it to yourself.",
    )
    webhook_listen: str = Field("127.0.0.1:8080", description="Host and port, such as 127.0.0.1:8080.")

    @field_validator("bot_token")
    @classmethod
    def _token_has_its_shape(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("is not a bot token (digits, a colon, letters)")
        return token

    @field_validator("encryption_keys")
    @classmethod
    def _keys_have_their_shape(cls, keys: SecretStr) -> SecretStr:
        if not _KEYS.fullmatch(keys.get_secret_value()):
            raise ValueError("is not a list of keys (number:key, newest first, with commas between)")
        return keys

    @field_validator("telegram_api_url")
    @classmethod
    def _api_is_an_address(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError("is not an address")
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_is_supported(cls, url: SecretStr) -> SecretStr:
        scheme, _, rest = url.get_secret_value().partition("://")
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
            return SecretStr(f"postgresql+psycopg://{rest}")
        if scheme == "sqlite" and len(rest) > 1:
            return url
        raise ValueError("names no database that the bot can use")

    @field_validator("policy_file")
    @classmethod
    def _policy_exists(cls, path: Path) -> Path:
        if not path.is_file():
            raise ValueError(f"names no file ({path})")
        return path

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is not a time zone") from None
        return name

    @field_validator("log_level", mode="before")
    @classmethod
    def _level_in_any_case(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("webhook_url")
    @classmethod
    def _webhook_can_be_called(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.hostname in _LOOPBACK:  # the sandbox
            return url
        if parts.scheme != "https" or not parts.hostname or parts.port not in _WEBHOOK_PORTS:
            raise ValueError("is not an https address on port 443, 80, 88 or 8443")
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _secret_is_allowed(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("is too short, or has characters that Telegram does not allow")
        return secret

    @field_validator("webhook_listen")
    @classmethod
    def _listen_has_a_port(cls, listen: str) -> str:
        parts = urlsplit(f"//{listen}")
        if not parts.hostname or not parts.port:
            raise ValueError("is not a host and a port")
        return listen

    @model_validator(mode="after")
    def _webhook_has_a_secret(self, _: ValidationInfo) -> Settings:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_SECRET is not set, and WEBHOOK_URL is. " + _advice("webhook_secret"))
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that may never be shown or logged."""
        keys = re.findall(r"(?<=:)[^,\s]+", self.encryption_keys.get_secret_value())
        password = urlsplit(self.database_url.get_secret_value()).password
        webhook = self.webhook_secret.get_secret_value() if self.webhook_secret else None
        found = (self.bot_token.get_secret_value(), *keys, password, webhook)
        return tuple(secret for secret in found if secret)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people read dates and times."""
        return ZoneInfo(self.timezone)

    @property
    def uses_webhook(self) -> bool:
        """Whether Telegram calls us; otherwise we ask it."""
        return self.webhook_url is not None

    @property
    def uses_postgres(self) -> bool:
        """Whether the database is PostgreSQL; otherwise it is SQLite."""
        return self.database_url.get_secret_value().startswith("postgresql")

    @property
    def several_processes(self) -> bool:
        """Whether more than one process may run: PostgreSQL's locks and Telegram's webhook allow it."""
        return self.uses_postgres and self.uses_webhook

    @property
    def webhook_path(self) -> str:
        """The path at which Telegram calls us, with its slash."""
        return urlsplit(self.webhook_url or "").path or "/"

    @property
    def webhook_host(self) -> str:
        """The address to listen on."""
        return urlsplit(f"//{self.webhook_listen}").hostname or ""

    @property
    def webhook_port(self) -> int:
        """The port to listen on."""
        return urlsplit(f"//{self.webhook_listen}").port or 0


class GivenSettings(Settings):
    """The same from arguments only: the demo and the tests may not read an operator's ``.env``."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, and nothing else."""
        return (init_settings,)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment, then ``env_file``. SettingsError when anything is missing or unusable."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        # A default that leans on another setting is not worked out where that one has a problem of its own.
        own = (e for e in error.errors(include_input=False) if e["type"] != "default_factory_not_called")
        problems = "\n".join(_sentence(problem) for problem in own)
    raise SettingsError(problems)


def _sentence(problem: Any) -> str:
    if not problem["loc"]:  # about two settings together: the sentence names them itself
        return str(problem["ctx"]["error"])
    field = str(problem["loc"][0])
    if problem["type"] == "missing":
        what = "is not set"
    elif problem["type"] == "value_error":
        what = str(problem["ctx"]["error"])
    else:
        what = "cannot be read"
    return f"{field.upper()} {what}. {_advice(field)}"


def _advice(field: str) -> str:
    return Settings.model_fields[field].description or ""
