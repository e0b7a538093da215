"""One log for the bot and its libraries: JSON lines, or readable ones at a terminal.

Events carry ids, never what people wrote. As a last guard every line passes a scrubber that takes out
tokens, passwords and long numbers (telephone numbers, chat ids) before it is written.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

log_context = structlog.contextvars.bound_contextvars
"""``with log_context(update=…, case=…):`` puts these ids on every line written inside, in this thread."""

# Their INFO and DEBUG lines have the token in addresses, statements with their values, or nothing of use.
_TALKATIVE = (
    "aiohttp", "alembic", "apscheduler", "asyncio", "httpcore", "httpx", "psycopg", "sqlalchemy",
    "telegram", "uvicorn",
)  # fmt: skip

# Our own ids, which may be long and name nobody.
_ID_FIELDS = frozenset({"update", "case", "draft", "row", "rows", "reminder", "deadline", "fault", "count"})

_REMOVED = "[removed]"
_TOKENS = re.compile(r"/bot\d+:[A-Za-z0-9_-]+|(?<!\d)\d{1,20}:[A-Za-z0-9_-]{20,}")
_PASSWORD_IN_URL = re.compile(r"(?<=://)([^\s:/@]*):([^\s@]+)@")
_LONG_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){6,}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d)?")


class Scrubber:
    """Takes secrets and long numbers out of text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        longest_first = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def secrets(self, text: str) -> str:
        """Without tokens, passwords in addresses and the secrets that it was made with."""
        if self._secrets:
            text = self._secrets.sub(_REMOVED, text)
        return _PASSWORD_IN_URL.sub(rf"\1:{_REMOVED}@", _TOKENS.sub(_REMOVED, text))

    def numbers(self, value: object) -> object:
        """Without runs of seven digits or more (dates stay); looks into lists and mappings."""
        if isinstance(value, str):
            # Secrets first: half a token, its number gone, would no longer be known as one.
            return _LONG_NUMBER.sub(_without_number, self.secrets(value))
        if isinstance(value, int):
            return value if -(10**6) < value < 10**6 else _REMOVED
        if isinstance(value, float) or value is None:
            return value
        if isinstance(value, Mapping):
            return {str(key): self.numbers(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.numbers(item) for item in value]
        return self.numbers(str(value))

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """As a structlog processor: the long numbers of every field but our own ids."""
        return {
            name: value if name in _ID_FIELDS or name == "timestamp" else self.numbers(value)
            for name, value in event.items()
        }


class _ScrubbedFormatter(structlog.stdlib.ProcessorFormatter):
    """Scrubs the finished line as well: a token may come in by an exception's text or a field's name."""

    def __init__(self, scrubber: Scrubber, processors: list[Processor], foreign: list[Processor]) -> None:
        super().__init__(processors=processors, foreign_pre_chain=foreign)
        self._scrubber = scrubber

    def format(self, record: logging.LogRecord) -> str:
        return self._scrubber.secrets(super().format(record))


class _WithoutUpdates(logging.Filter):
    """Keeps people's messages out of PTB's lines: it logs a whole update that it cannot read."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] == "telegram":
            record.args = ()
        return True


def configure_logs(
    level: str = "INFO",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
    as_json: bool | None = None,
) -> None:
    """Send all logging to ``stream`` (standard error), as JSON unless that is a terminal.

    ``secrets`` are texts that may never appear: the token, the keys, the webhook's secret.
    """
    target = stream or sys.stderr
    if as_json is None:
        as_json = not target.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(_formatter(Scrubber(secrets), shared, as_json))
    handler.addFilter(_WithoutUpdates())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


def _formatter(scrubber: Scrubber, shared: list[Processor], as_json: bool) -> logging.Formatter:
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        scrubber,
        renderer,
    ]
    return _ScrubbedFormatter(scrubber, last, shared)


def _without_number(found: re.Match[str]) -> str:
    text = found.group()
    return text if _DATE.fullmatch(text) else _REMOVED
