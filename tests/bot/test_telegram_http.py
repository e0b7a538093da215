"""The HTTP client against a real server on loopback: what it sends, and what its faults become."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from bot.telegram_http import AiohttpRequest, Timeouts, form

TOKEN = "123456:a-token-that-must-not-show"


class Server:
    """Writes down what arrives and answers as told."""

    def __init__(self) -> None:
        self.port = 0
        self.bodies: list[tuple[str, bytes]] = []
        self.silent = asyncio.Event()
        self.breaks = False

    async def answer(self, request: web.Request) -> web.Response:
        self.bodies.append((request.content_type, await request.read()))
        if self.breaks and request.transport:
            request.transport.abort()
        if request.path.endswith("/slow"):
            await self.silent.wait()
        if request.path.endswith("/moved"):
            return web.Response(status=302, headers={"Location": "/elsewhere"})
        return web.json_response({"ok": True, "result": {"message_id": 3}})

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot{TOKEN}"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    yield server
    server.silent.set()
    await runner.cleanup()


async def test_parameters_go_out_as_form_fields_with_json_inside(server: Server) -> None:
    markup = {"inline_keyboard": [[{"text": "Ja & ü", "callback_data": "1"}]]}
    async with AiohttpRequest() as request:
        result = await request.post(
            f"{server.base}/sendMessage",
            form({"chat_id": -5, "text": "a=b & ü\n", "reply_markup": markup, "left_out": None}),
        )
    assert result == {"message_id": 3}
    content_type, body = server.bodies[0]
    fields = dict(parse_qsl(body.decode()))
    assert content_type == "application/x-www-form-urlencoded"
    assert json.loads(fields.pop("reply_markup")) == markup
    assert fields == {"chat_id": "-5", "text": "a=b & ü\n"}


async def test_files_go_out_as_parts(server: Server) -> None:
    async with AiohttpRequest() as request:
        await request.post(
            f"{server.base}/sendDocument",
            form({"chat_id": 5}, {"document": ("plan.pdf", b"%PDF", "application/pdf")}),
        )
    content_type, body = server.bodies[0]
    assert content_type == "multipart/form-data"
    for part in (b'name="chat_id"', b'filename="plan.pdf"', b"application/pdf", b"%PDF"):
        assert part in body


async def test_the_bots_own_methods_work_over_it(server: Server) -> None:
    request = AiohttpRequest()
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{server.port}/bot", request=request)
    async with request:
        assert await bot.do_api_request("someNewMethod", {"a": [1, 2]}) == {"message_id": 3}
    assert dict(parse_qsl(server.bodies[0][1].decode())) == {"a": "[1, 2]"}


async def test_silence_becomes_a_time_out(server: Server) -> None:
    async with AiohttpRequest(timeouts=Timeouts(read=0.05)) as request:
        assert request.read_timeout == 0.05
        with pytest.raises(TimedOut):
            await request.post(f"{server.base}/slow")


async def test_a_call_may_bring_its_own_time_out(server: Server) -> None:
    async with AiohttpRequest(timeouts=Timeouts(read=60)) as request:
        with pytest.raises(TimedOut):
            await request.post(f"{server.base}/slow", read_timeout=0.05)


async def test_a_broken_connection_becomes_a_network_error_that_does_not_show_the_token(
    server: Server,
) -> None:
    server.breaks = True
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as raised:
            await request.post(f"{server.base}/sendMessage")
    assert not isinstance(raised.value, TimedOut)
    assert TOKEN not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_nobody_at_the_other_end_becomes_a_network_error(unused_port: int) -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError):
            await request.post(f"http://127.0.0.1:{unused_port}/bot{TOKEN}/getMe")


async def test_an_address_that_is_none_does_not_show_the_token() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as raised:
            await request.post(f"http:///bot{TOKEN}/getMe")
    assert TOKEN not in str(raised.value)


async def test_a_redirect_is_not_followed(server: Server) -> None:
    async with AiohttpRequest() as request:
        status, _ = await request.do_request(f"{server.base}/moved", "POST")
    assert status == 302
    assert len(server.bodies) == 1


async def test_before_its_start_and_after_its_end_it_refuses_to_work() -> None:
    request = AiohttpRequest()
    with pytest.raises(RuntimeError):
        await request.do_request("http://127.0.0.1:9/", "GET")
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()
    with pytest.raises(RuntimeError):
        await request.do_request("http://127.0.0.1:9/", "GET")


@pytest.fixture
async def unused_port() -> int:
    """A port that was free a moment ago."""
    listener = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()
    return port
