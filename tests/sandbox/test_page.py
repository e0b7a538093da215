"""The page's routes: who may use them, what they do, and what they tell."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.clock import MovableClock
from bot.sandbox.asgi_request import asgi_call
from bot.sandbox.page_routes import LONDON, Controls, Seat, weekday_morning
from bot.sandbox.person import Person
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram

HERE = "http://127.0.0.1:8081"
JSON = {b"content-type": b"application/json"}


class Page:
    """What a browser would do."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    async def get(self, path: str) -> tuple[int, bytes]:
        status, _, body = await asgi_call(self.app, "GET", HERE + path, {}, b"")
        return status, body

    async def post(self, path: str, body: dict[str, Any], headers: dict[bytes, bytes] = JSON) -> int:
        status, _, _ = await asgi_call(self.app, "POST", HERE + path, headers, json.dumps(body).encode())
        return status

    async def state(self, after: int = -1) -> dict[str, Any]:
        return json.loads((await self.get(f"/sandbox/state?after={after}"))[1])


@pytest.fixture
def moved() -> list[datetime]:
    return []


@pytest.fixture
def page(world: Telegram, clock: MovableClock, asha: Person, moved: list[datetime]) -> Page:
    async def on_clock_moved(now: datetime) -> None:
        moved.append(now)

    seats = [Seat(asha, "Resident"), Seat(Person(world, 4, "Sam Reid"), "Manager", shown=False)]
    return Page(create_app(world, page=True, controls=Controls(clock, seats, on_clock_moved)))


async def test_the_page_and_its_parts_are_served(page: Page):
    status, body = await page.get("/")
    assert status == 200
    for part in ("page.js", "phone.js", "message.js", "text.js", "page.css", "icon.svg"):
        assert (await page.get(f"/page/{part}"))[0] == 200
    assert b"invented" in body
    assert (await page.get("/page/bins.jpg"))[0] == 404
    assert (await page.get("/page/..%2fserver.py"))[0] == 404


async def test_the_page_asks_nobody_else_for_anything(page: Page):
    for part in (
        "/",
        "/page/page.js",
        "/page/phone.js",
        "/page/message.js",
        "/page/text.js",
        "/page/page.css",
    ):
        body = (await page.get(part))[1].decode()
        assert "<script>" not in body
        assert "innerHTML" not in body
        assert "//cdn" not in body
        assert "@import" not in body


async def test_the_state_shows_every_phone_and_then_only_news(page: Page, bot: Bot, asha: Person):
    state = await page.state()
    assert [(phone["name"], phone["role"], phone["shown"]) for phone in state["phones"]] == [
        ("Asha Patel", "Resident", True),
        ("Sam Reid", "Manager", False),
    ]
    waiting = asyncio.create_task(page.state(state["version"]))
    await asyncio.sleep(0)
    await bot.send_message(asha.user_id, "hello")
    news = await waiting
    assert [phone["messages"][-1]["text"] for phone in news["phones"]] == ["hello"]


async def test_what_is_done_on_the_page_reaches_the_bot(page: Page, bot: Bot, asha: Person):
    buttons = [
        [InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("No", callback_data="n")]
    ]
    sent = await bot.send_message(asha.user_id, "Sure?", reply_markup=InlineKeyboardMarkup(buttons))
    person = f"/sandbox/people/{asha.user_id}"
    assert await page.post(f"{person}/say", {"text": "hello"}) == 200
    assert await page.post(f"{person}/tap", {"message_id": sent.message_id, "row": 0, "column": 1}) == 200
    for act in ("photo", "location", "contact"):
        assert await page.post(f"{person}/{act}", {}) == 200
    assert await page.post(f"{person}/block", {"blocked": True}) == 200
    assert await page.post(f"{person}/start", {"payload": "p_library"}) == 200
    updates = await bot.get_updates()
    assert updates[0].message.text == "hello"
    assert updates[1].callback_query.data == "n"
    assert [
        bool(updates[2].message.photo),
        bool(updates[3].message.location),
        bool(updates[4].message.contact),
    ]
    assert updates[-1].message.text == "/start p_library"


IMPOSSIBLE = [
    # a button that is not there, an empty message
    ("tap", {"message_id": 99, "row": 0, "column": 0}, 409),
    ("tap", {"label": "Yes"}, 409),
    ("say", {"text": " "}, 409),
    # no such act
    ("fly", {}, 404),
]


@pytest.mark.parametrize(("act", "body", "status"), IMPOSSIBLE)
async def test_what_cannot_be_done_is_said(page: Page, asha: Person, act, body, status):
    assert await page.post(f"/sandbox/people/{asha.user_id}/{act}", body) == status


STEPS = [
    ("hour", datetime(2026, 11, 23, 10, tzinfo=LONDON)),
    ("day", datetime(2026, 11, 24, 9, tzinfo=LONDON)),
    ("working_day", datetime(2026, 11, 24, 9, tzinfo=LONDON)),
]


@pytest.mark.parametrize(("step", "instant"), STEPS)
async def test_the_clock_moves_and_the_service_is_told_at_once(page: Page, moved, clock, step, instant):
    assert await page.post("/sandbox/clock", {"step": step}) == 200
    assert moved == [clock.now()] == [instant]
    assert datetime.fromisoformat((await page.state())["now"]) == instant


async def test_an_unknown_step_moves_nothing(page: Page, moved):
    assert await page.post("/sandbox/clock", {"step": "back"}) == 400
    assert moved == []


MORNINGS = [
    # Friday to Monday; across the change to summer time; from just after midnight
    (datetime(2026, 11, 27, 17, tzinfo=LONDON), datetime(2026, 11, 30, 9, tzinfo=LONDON)),
    (datetime(2026, 3, 28, 23, tzinfo=LONDON), datetime(2026, 3, 30, 9, tzinfo=LONDON)),
    (datetime(2026, 11, 24, 0, 1, tzinfo=LONDON), datetime(2026, 11, 25, 9, tzinfo=LONDON)),
]


@pytest.mark.parametrize(("now", "morning"), MORNINGS)
def test_the_next_weekday_morning(now, morning):
    assert weekday_morning(now) == morning


STRANGERS = [
    # another name for this machine, as a website that rebinds its name would use
    {b"content-type": b"application/json", b"host": b"example.org"},
    # a form of another site: no JSON
    {b"content-type": b"text/plain"},
    # JSON sent from another site's page
    {b"content-type": b"application/json", b"origin": b"https://example.org"},
]


@pytest.mark.parametrize("headers", STRANGERS)
async def test_another_website_cannot_move_people_or_clock(page: Page, asha: Person, moved, headers):
    assert await page.post("/sandbox/clock", {"step": "hour"}, headers) == 403
    assert await page.post(f"/sandbox/people/{asha.user_id}/say", {"text": "x"}, headers) == 403
    assert moved == []


@pytest.mark.parametrize("client", [("192.0.2.7", 5000), ("", 0), None])
async def test_other_machines_are_refused(page: Page, client):
    answers = []

    async def send(message):
        answers.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"host", b"127.0.0.1")],
        "client": client,
    }
    await page.app(scope, asyncio.Event().wait, send)
    assert answers[0]["status"] == 403


async def test_without_a_page_there_are_no_controls(world: Telegram):
    page = Page(create_app(world))
    assert (await page.get("/"))[0] == 404
    assert await page.post("/sandbox/clock", {"step": "hour"}) == 404
