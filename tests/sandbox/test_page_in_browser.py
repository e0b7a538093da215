"""The page in a real browser: what one person sees and does on three phones."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.clock import MovableClock
from bot.sandbox.page_routes import Controls, Seat
from bot.sandbox.person import Person
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram
from tests.sandbox.loopback import served
from tests.support.browser import a_page

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)> & <b>bold</b>"


@pytest.fixture
async def page(world: Telegram, clock: MovableClock) -> AsyncIterator[Page]:
    people = [(1, "Asha Patel", "Resident"), (2, "Cllr Omar Khan", "Member"), (3, "Jo Green", "Officer")]
    seats = [Seat(Person(world, number, name), role) for number, name, role in people]
    seats.append(Seat(Person(world, 4, "Sam Reid"), "Manager", shown=False))
    async with served(create_app(world, page=True, controls=Controls(clock, seats))) as address:
        async with a_page(address) as page:
            yield page
        await world.close()


async def test_a_conversation_is_held_with_the_keyboard_alone(page: Page, bot: Bot):
    phone = page.get_by_label("Resident: Asha Patel")
    await phone.get_by_role("button", name="Start", exact=True).press("Enter")
    await phone.get_by_label("Message from Asha Patel").fill(HOSTILE)
    await phone.get_by_label("Message from Asha Patel").press("Enter")
    await expect(phone.get_by_role("log")).to_contain_text(HOSTILE)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    await bot.send_message(1, "Is it <b>loud</b>?", parse_mode="HTML", reply_markup=keyboard)
    await expect(phone.locator(".from-bot b")).to_have_text("loud")
    before = await bot.get_updates(timeout=5)
    await phone.get_by_role("button", name="Yes").press("Enter")
    updates = await bot.get_updates(timeout=5, offset=before[-1].update_id + 1)
    assert updates[0].callback_query.data == "y"
    await updates[0].callback_query.edit_message_text("It is loud")
    await expect(phone.get_by_role("button", name="Yes")).to_have_count(0)


async def test_moving_the_clock_shows_and_brings_unread_news(page: Page, bot: Bot, world: Telegram):
    officer = page.get_by_label("Officer: Jo Green")
    await officer.get_by_role("button", name="Start", exact=True).click()
    await expect(officer.get_by_role("log")).to_contain_text("/start")
    await page.get_by_role("button", name="Next working day 9:00").click()
    await expect(page.locator("#clock")).to_have_text("Tue, 24 Nov 2026, 09:00")
    await bot.send_message(3, "KM4P-X7RB is due today")
    await expect(officer.locator(".unread")).to_contain_text("1")
    await officer.get_by_label("Chat of Jo Green with the bot").click()
    await expect(officer.locator(".unread")).to_be_hidden()


async def test_a_narrow_screen_shows_one_phone_at_a_time(page: Page):
    await page.set_viewport_size({"width": 360, "height": 740})
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await page.get_by_role("tab", name="Officer").click()
    await expect(page.get_by_label("Officer: Jo Green")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_the_manager_joins_on_request(page: Page):
    await expect(page.get_by_label("Manager: Sam Reid")).to_be_hidden()
    await page.get_by_label("Also show Sam Reid, manager").check()
    await expect(page.get_by_label("Manager: Sam Reid")).to_be_visible()


async def test_a_link_to_the_bot_is_start_with_its_payload(page: Page, bot: Bot, world: Telegram):
    phone = page.get_by_label("Member: Cllr Omar Khan")
    await phone.get_by_role("button", name="Start", exact=True).click()
    await phone.get_by_label("Message from Cllr Omar Khan").fill("https://t.me/nwcsp_demo_bot?start=abc_123")
    await phone.get_by_role("button", name="Send").click()
    await expect(phone.get_by_role("log")).to_contain_text("/start abc_123")


async def test_blocking_stops_the_bot_and_restarting_lets_it_in(page: Page, bot: Bot, world: Telegram):
    phone = page.get_by_label("Resident: Asha Patel")
    await phone.get_by_role("button", name="Start", exact=True).click()
    await phone.get_by_label("Block the bot").check()
    await phone.get_by_role("button", name="Restart the bot").click()
    await expect(phone.get_by_label("Message from Asha Patel")).to_be_visible()
    assert not world.chats[1].blocked
