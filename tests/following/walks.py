"""What officers and residents do over and over in these tests."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.service import LONDON, Somebody, Town
from tests.support.walks import goes_on


async def opens_case(officer: Somebody, reference: str) -> None:
    """Type the reference: the card."""
    await officer.says(reference)
    officer.sees(reference)


async def takes_case(officer: Somebody, reference: str) -> None:
    """Acknowledge it and take it."""
    await opens_case(officer, reference)
    await officer.taps("Acknowledge", "Take it")


async def makes_contact(officer: Somebody, reference: str) -> None:
    """Take it and record that there was contact."""
    await takes_case(officer, reference)
    await officer.taps("Contact made")


async def closes_case(officer: Somebody, reference: str, done: str = "We spoke with everybody.") -> None:
    """Close it as resolved."""
    await opens_case(officer, reference)
    await officer.taps("Close the case", "Resolved")
    await officer.says(done)
    await officer.taps("Close it now")


async def time_passes(town: Town, until: date, hour: int = 10) -> None:
    """The days go by, each with its morning, and the last one at an hour."""
    day = town.clock.now().astimezone(LONDON).date() + timedelta(days=1)
    while day < until:
        await town.until(day, 9)
        day += timedelta(days=1)
    await town.until(until, 9)
    await town.until(until, hour)


async def reports_again(somebody: Somebody, problem: str = "Noise") -> str:
    """Report something new, as somebody who reported before; the reference."""
    await somebody.says("/report")
    await somebody.taps("Something new")
    await goes_on(somebody, "danger", problem=problem)
    if "No, send it as new" in somebody.last.labels:
        await somebody.taps("No, send it as new")
    return somebody.reference()
