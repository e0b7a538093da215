"""The real policy file, and its calendar: the rules are tested with the figures that people will work by."""

from pathlib import Path

import pytest

from casework.policy import Policy, parse_policy
from casework.working_days import WorkingCalendar

POLICY_FILE = Path(__file__).parents[2] / "policy" / "north-worcestershire.toml"


@pytest.fixture(scope="session")
def policy_text() -> str:
    return POLICY_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def policy(policy_text) -> Policy:
    return parse_policy(policy_text)


@pytest.fixture(scope="session")
def calendar(policy) -> WorkingCalendar:
    return WorkingCalendar.from_policy(policy)
