"""What reaches the log: ids and events, never a token, a telephone number or a message."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot.logs import Scrubber, configure_logs, log_context

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SHORT_TOKEN = "1:demo"


@pytest.fixture(params=[True, False], ids=["json", "terminal"])
def as_json(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def log(as_json: bool) -> Iterator[Callable[[], str]]:
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    configure_logs("INFO", [SHORT_TOKEN, "hunter2hunter2"], stream, as_json)
    yield stream.getvalue
    structlog.reset_defaults()
    root.handlers[:] = before[1]
    root.setLevel(before[0])


def test_the_token_never_appears(log: Callable[[], str]) -> None:
    ours, theirs = structlog.get_logger("bot.test"), logging.getLogger("somebody.else")
    address = f"https://api.telegram.org/bot{TOKEN}/getMe"
    ours.warning("asked", address=address, nested={"deep": [TOKEN]}, **{TOKEN: "as a name"})
    theirs.error("HTTP Request: POST %s", address)
    theirs.error("http://127.0.0.1:1/bot%s/getMe", SHORT_TOKEN)
    ours.info(TOKEN)
    assert log().count("[removed]") >= 6
    assert TOKEN not in log()
    assert TOKEN.partition(":")[2] not in log()
    assert SHORT_TOKEN not in log()


def test_the_token_does_not_appear_in_the_text_of_an_exception(log: Callable[[], str]) -> None:
    try:
        try:
            raise ConnectionError(f"cannot reach /bot{TOKEN}/sendMessage for +44 7700 900123")
        except ConnectionError as error:
            raise RuntimeError("not sent") from error
    except RuntimeError:
        structlog.get_logger("bot.test").exception("delivery_failed")
        logging.getLogger("somebody.else").exception("failed")
    assert log().count("RuntimeError: not sent") == 2
    assert TOKEN not in log()
    assert "900123" not in log()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 07700 900123 now", "call [removed] now"),
        ("call +44 7700 900 123", "call [removed]"),
        ("chat 5551234567", "chat [removed]"),
        ("chat -1001234567890", "chat -[removed]"),
        ("B97 4AA and 6 digits 123456", "B97 4AA and 6 digits 123456"),
        ("due 2026-11-26", "due 2026-11-26"),
        ("at 2026-11-26 09:30", "at 2026-11-26 09:30"),
        ("KM4P-X7RB", "KM4P-X7RB"),
        (5551234567, "[removed]"),
        (42, 42),
        (True, True),
        (None, None),
        (["5551234567"], ["[removed]"]),
    ],
)
def test_long_numbers_are_taken_out(text: object, expected: object) -> None:
    assert Scrubber().numbers(text) == expected


def test_passwords_in_addresses_are_taken_out() -> None:
    scrubbed = Scrubber(["hunter2hunter2"]).secrets("postgresql+psycopg://bot:pass@db/bot key=hunter2hunter2")
    assert scrubbed == "postgresql+psycopg://bot:[removed]@db/bot key=[removed]"


@pytest.mark.parametrize("as_json", [True], indirect=True)
def test_each_line_is_json_with_time_level_event_and_context(log: Callable[[], str]) -> None:
    with log_context(update=987654321, case=12345678):
        structlog.get_logger("bot.test").info("case_opened", ward="Central")
        logging.getLogger("somebody.else").warning("slow")
    structlog.get_logger("bot.test").info("after")
    opened, slow, after = map(json.loads, log().splitlines())
    assert opened.pop("timestamp").endswith("Z")
    assert opened == {
        "event": "case_opened",
        "level": "info",
        "logger": "bot.test",
        "ward": "Central",
        "update": 987654321,
        "case": 12345678,
    }
    assert slow["update"] == 987654321
    assert "update" not in after


@pytest.mark.parametrize(
    "name", ["httpx", "telegram.ext", "sqlalchemy.engine", "apscheduler", "aiohttp.access"]
)
def test_talkative_libraries_are_heard_from_warnings_on(log: Callable[[], str], name: str) -> None:
    logging.getLogger(name).info("chatter")
    logging.getLogger(name).warning("trouble")
    assert "chatter" not in log()
    assert "trouble" in log()


def test_an_update_that_cannot_be_read_is_not_copied_to_the_log(log: Callable[[], str]) -> None:
    received = [{"message": {"text": "my neighbour threatened me"}}]
    logging.getLogger("telegram.Bot").critical("Error while parsing updates! Received data was %r", received)
    assert "Error while parsing updates" in log()
    assert "threatened" not in log()
