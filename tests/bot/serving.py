"""The sandbox's Bot API on a real loopback port, for commands that make their own connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.clock import MovableClock
from bot.sandbox.server import create_app
from bot.sandbox.world import Telegram


@contextmanager
def served(world: Telegram) -> Iterator[str]:
    """The base address of ``world`` while it is served by a thread of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(world), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def new_world(clock: MovableClock) -> Telegram:
    """A Telegram with one bot and nobody in it."""
    return Telegram(clock, bot_username="nwcsp_test_bot")
