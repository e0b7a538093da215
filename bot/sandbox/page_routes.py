"""The page's own routes: its files, the state of the phones, and the controls that move people and clock.

Besides the loopback rule of the server, the Host header must name this machine, so that no website can
reach the controls through a browser.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import MovableClock
from bot.sandbox.chats import Json
from bot.sandbox.person import NothingToTap, Person
from bot.sandbox.world import Telegram

LONDON = ZoneInfo("Europe/London")
HOLD_SECONDS = 10.0  # one request for news is held so long, then asked again
MORNING = time(9)

_SCRIPTS = ("page.js", "phone.js", "message.js", "text.js")
_PAGE_FILES = {
    "": ("index.html", "text/html; charset=utf-8"),
    **{name: (name, "text/javascript; charset=utf-8") for name in _SCRIPTS},
    "icon.svg": ("icon.svg", "image/svg+xml"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
}
_SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Seat:
    """A phone on the page: who holds it, in which role, and whether it is there from the start."""

    person: Person
    role: str
    shown: bool = True


def weekday_morning(now: datetime) -> datetime:
    """9:00 in London on the next Monday to Friday; knows no bank holidays."""
    day = now.astimezone(LONDON).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, LONDON)


@dataclass(frozen=True)
class Controls:
    """What the page may do. ``on_clock_moved`` runs after each move of the clock, before the answer."""

    clock: MovableClock | None = None
    seats: list[Seat] = field(default_factory=list)
    on_clock_moved: Callable[[datetime], Awaitable[None]] | None = None
    next_working_morning: Callable[[datetime], datetime] = weekday_morning


def page_routes(world: Telegram, controls: Controls) -> list[Route]:
    """The routes of the page and its controls."""
    desk = _Desk(world, controls)
    return [
        Route("/", _page_file),
        Route("/page/{name}", _page_file),
        Route("/sandbox/state", desk.state),
        Route("/sandbox/pictures/{file_id}", desk.picture),
        Route("/sandbox/people/{user_id:int}/{act}", desk.act, methods=["POST"]),
        Route("/sandbox/clock", desk.move_clock, methods=["POST"]),
    ]


async def _page_file(request: Request) -> Response:
    _check_host(request)
    found = _PAGE_FILES.get(request.path_params.get("name", ""))
    if found is None:
        raise HTTPException(404)
    return Response(_content(found[0]), media_type=found[1], headers=_SAFE)


@cache
def _content(name: str) -> bytes:
    return files("bot.sandbox").joinpath("page", name).read_bytes()


def _check_host(request: Request) -> None:
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if host not in ("127.0.0.1", "localhost", "[::1]"):
        raise HTTPException(403)
    origin = request.headers.get("origin")
    if request.method == "POST" and (
        request.headers.get("content-type") != "application/json"
        or (origin and origin.split("//")[-1] != request.headers.get("host"))
    ):
        raise HTTPException(403)


class _Desk:
    """Answers the page."""

    def __init__(self, world: Telegram, controls: Controls) -> None:
        self._world = world
        self._controls = controls
        self._people = {seat.person.user_id: seat.person for seat in controls.seats}

    async def state(self, request: Request) -> Response:
        """Phones that changed after ``?after=`` (a version), once there is news or the hold is over."""
        _check_host(request)
        after = int(request.query_params.get("after", "-1"))
        if after >= 0:
            await self._world.wait_for_change(after, HOLD_SECONDS)
        seats = [
            self._phone(seat)
            for seat in self._controls.seats
            if self._world.chats[seat.person.user_id].version > after or after < 0
        ]
        answer = {"version": self._world.version, "now": self._now().isoformat()}
        answer |= {"bot": self._bot(), "phones": seats}
        return JSONResponse(answer, headers=_SAFE)

    async def act(self, request: Request) -> Response:
        """One act of one person; 409 with the reason where it can't be done."""
        _check_host(request)
        person = self._people.get(request.path_params["user_id"])
        act = _ACTS.get(request.path_params["act"])
        if person is None or act is None:
            raise HTTPException(404)
        try:
            act(person, await request.json())
        except (NothingToTap, PermissionError, ValueError, KeyError) as error:
            return JSONResponse({"error": str(error)}, status_code=409)
        return JSONResponse({})

    async def move_clock(self, request: Request) -> Response:
        """Forward by an hour, to the next day, or to the next working day at 9:00."""
        _check_host(request)
        clock = self._controls.clock
        if clock is None:
            raise HTTPException(404)
        step = (await request.json()).get("step")
        now = self._now()
        if step == "hour":
            clock.advance(timedelta(hours=1))
        elif step == "day":
            tomorrow = now.date() + timedelta(days=1)
            clock.move_to(datetime.combine(tomorrow, now.timetz().replace(tzinfo=None), LONDON))
        elif step == "working_day":
            clock.move_to(self._controls.next_working_morning(now))
        else:
            raise HTTPException(400)
        self._world.touch()
        if self._controls.on_clock_moved:
            await self._controls.on_clock_moved(clock.now())
        return JSONResponse({})

    async def picture(self, request: Request) -> Response:
        """A photo that is in some chat."""
        _check_host(request)
        file = self._world.files.find(request.path_params["file_id"])
        if file is None or file.kind != "photo":
            raise HTTPException(404)
        kind = "image/png" if file.content.startswith(b"\x89PNG") else "image/jpeg"
        return Response(file.content, media_type=kind, headers=_SAFE | {"Cache-Control": "max-age=3600"})

    def _bot(self) -> Json:
        description = self._world.texts.get(("description", ""), "")
        return {"username": self._world.bot["username"], "description": description}

    def _now(self) -> datetime:
        return self._world.clock.now().astimezone(LONDON)

    def _phone(self, seat: Seat) -> Json:
        person = seat.person
        chat = self._world.chats[person.user_id]
        return {
            "id": person.user_id,
            "name": person.name,
            "role": seat.role,
            "shown": seat.shown,
            "started": chat.started,
            "blocked": chat.blocked,
            "typing": chat.action[0] if chat.action[1] > self._world.timestamp() else "",
            "notice": chat.notice,
            "pinned": chat.pinned,
            "reactions": chat.reactions,
            "keyboard": chat.reply_keyboard,
            "commands": person.commands,
            "bot_messages": chat.bot_messages,
            "messages": [one.data | {"from_bot": one.from_bot} for one in chat.visible()],
        }


def _say(person: Person, body: Json) -> Any:
    return person.say(str(body["text"]))


def _tap(person: Person, body: Json) -> Any:
    """A button by its message and place, so that old ones can be pressed too; else by its label."""
    if "message_id" not in body:
        return person.tap(str(body["label"]))
    return person.tap_at(int(body["message_id"]), int(body["row"]), int(body["column"]))


def _block(person: Person, body: Json) -> None:
    person.block() if body.get("blocked", True) else person.unblock()


_ACTS: dict[str, Callable[[Person, Json], Any]] = {
    "say": _say,
    "tap": _tap,
    "start": lambda person, body: person.start(body.get("payload")),
    "photo": lambda person, body: person.send_photo(str(body.get("caption", ""))),
    "location": lambda person, body: person.send_location(),
    "contact": lambda person, body: person.send_contact(),
    "block": _block,
}
