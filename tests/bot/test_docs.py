"""What is written about the program agrees with it."""

import re

import click
import pytest

from bot.cli import main
from bot.settings import PROJECT, GivenSettings, Settings

EXAMPLE = (PROJECT / ".env.example").read_text(encoding="utf-8")
GUIDE = (PROJECT / "docs" / "operator-guide.md").read_text(encoding="utf-8")
NAMES = [name.upper() for name in Settings.model_fields]
KEY = "1:" + "A" * 43 + "="


def assignments() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def commands() -> list[str]:
    """Every command as it is typed, groups followed by theirs."""
    found = []
    for name, command in main.commands.items():
        below = command.commands if isinstance(command, click.Group) else {}
        found += [f"{name} {inner}" for inner in below] or [name]
    return found


def test_the_example_lists_exactly_the_settings() -> None:
    assert sorted(assignments()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_of_the_example_has_a_comment(name: str) -> None:
    assert re.search(rf"^# .+\n{name}=", EXAMPLE, re.MULTILINE)


def test_the_values_of_the_example_are_the_defaults() -> None:
    defaults = GivenSettings(bot_token="1:a", encryption_keys=KEY)
    for name, value in assignments().items():
        if value:
            assert str(getattr(defaults, name.lower())) == value


def test_the_example_holds_no_secret() -> None:
    values = assignments()
    assert not any(
        values[name] for name in ("BOT_TOKEN", "ENCRYPTION_KEYS", "WEBHOOK_SECRET", "DATABASE_URL")
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_guide_has_a_row_for_every_setting(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("command", commands())
def test_the_guide_has_a_row_for_every_command(command: str) -> None:
    assert re.search(rf"^\| `python -m bot {command}` \|", GUIDE, re.MULTILINE)


def test_the_guide_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"python -m bot ([a-z-]+)", GUIDE))
    assert named <= set(main.commands)


@pytest.mark.parametrize("option", [p.opts[0] for p in main.commands["invite"].params])
def test_the_guide_names_every_option_of_an_invitation(option: str) -> None:
    assert f"`{option}`" in GUIDE
