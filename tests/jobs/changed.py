"""The same team after somebody changed the policy file and started the bot again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from casework.policy import parse_policy
from casework.working_days import WorkingCalendar
from tests.jobs.world import jobs_of
from tests.officers.world import World

TEXT = (Path(__file__).parents[2] / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8")
HOLIDAY = ("extra_bank_holidays = []", 'extra_bank_holidays = [{ day = 2026-12-02, name = "A funeral" }]')
TWO_DAYS = ("medium = { value = 3", "medium = { value = 2")
FIVE_DAYS = ("medium = { value = 3", "medium = { value = 5")
BEFORE_ONE = ("before_wd = [2]", "before_wd = [1]")


def restarted(world: World, *changes: tuple[str, str]) -> World:
    """The team a minute later, with a bot that has just read this policy; its first tick is done."""
    world.clock.advance(timedelta(minutes=1))
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    policy = parse_policy(text)
    service = replace(world.service, policy=policy, calendar=WorkingCalendar.from_policy(policy))
    fresh = replace(world, service=service)
    jobs_of(fresh).tick()
    return fresh
