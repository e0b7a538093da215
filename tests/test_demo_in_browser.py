"""The demo as a newcomer sees it: one person plays all three, and the clock brings the reminders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox.demo import running_demo
from tests.support.browser import a_page

pytestmark = pytest.mark.browser
PICTURE = "demo.png"


async def taps(phone: Locator, label: str, then: str) -> None:
    """Tap the newest button of that name, and wait for what comes."""
    await phone.get_by_role("button", name=label).last.click()
    await expect(phone.get_by_role("log")).to_contain_text(then)


async def says(page: Page, name: str, text: str) -> None:
    """Type and send."""
    box = page.get_by_label(f"Message from {name}")
    await box.fill(text)
    await box.press("Enter")


async def test_from_a_report_to_an_overdue_reminder(tmp_path: Path):
    async with running_demo(tmp_path, port=0) as demo, a_page(demo.address, height=900) as page:
        asha, jo = page.get_by_label("Resident: Asha Patel"), page.get_by_label("Officer: Jo Green")
        log = asha.get_by_role("log")
        await taps(asha, "Start", "In danger now?")
        await taps(asha, "Report a problem", "Is anyone in danger now?")
        await taps(asha, "No, nobody is", "What is the problem?")
        await taps(asha, "Noise", "Where is it?")
        await says(page, "Asha Patel", "b97 4aa")
        await taps(asha, "Yes, Redditch", "What happens?")
        await says(page, "Asha Patel", "Drums in the flat below, every night until three.")
        await taps(asha, "That's all", "How often?")
        await taps(asha, "Most days or nights", "Who owns your home?")
        await taps(asha, "The council", "And the home it comes from?")
        await taps(asha, "Housing association", "What is your name?")
        await taps(asha, "Use my name", "Which number can we call?")
        await says(page, "Asha Patel", "01632 960123")
        await taps(asha, "Yes, and leave a message", "Not sent yet.")
        await taps(asha, "Send report", "We have your report.")
        found = re.search(r"\w{4}-\w{4}", await log.locator("code").last.inner_text())
        assert found
        reference = found[0]

        await expect(jo.get_by_role("log")).to_contain_text(f"{reference} · new report · Redditch")
        await expect(jo.get_by_role("log")).not_to_contain_text("Drums")
        await page.screenshot(path=tmp_path / PICTURE)

        for _ in range(3):
            await page.get_by_role("button", name="Next working day 9:00").click()
        await expect(jo.get_by_role("log")).to_contain_text(
            f"{reference}, report, Redditch: acknowledge was due"
        )
        await taps(jo, reference, "Drums in the flat below")
        await taps(jo, "Acknowledge", "The person who sent it has been told.")
        await expect(log).to_contain_text(f"Update on {reference}")
        await taps(asha, "Show the update", "Redditch and Bromsgrove Community Safety Team")
        assert (tmp_path / PICTURE).stat().st_size > 10_000
