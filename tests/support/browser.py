"""A real browser: the system's Chromium without a window, and without calls of its own to the outside."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium(own: str) -> str:
    """The system's Chromium, or else Playwright's own; without either the test is skipped."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or own
    if not Path(path).exists():
        pytest.skip("no Chromium on this machine")
    return path


@asynccontextmanager
async def a_page(address: str, *, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """The page at the address. Whatever the browser complains of fails the test at the end."""
    async with async_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        page = await browser.new_page(viewport={"width": width, "height": height})
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        await page.goto(address)
        yield page
        await browser.close()
    assert troubles == []
