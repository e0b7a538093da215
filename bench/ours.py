"""This bot in a process of its own, as ``python -m bot run`` runs it by polling, with the measured form.

The only other difference is that messages leave unpaced, since the pace that Telegram allows is what every
bot would otherwise show.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.form import make_catalogs, make_kit
from bot.clock import SystemClock
from bot.process import Process
from bot.rates import Rates
from bot.run import lead, make_poller
from bot.telegram_http import AiohttpRequest
from casework.policy import parse_policy
from storage.crypto import Keyring, new_key_text
from storage.database import Database
from storage.migrations import upgrade

POLICY = Path(__file__).parents[1] / "policy" / "north-worcestershire.toml"


async def _run(api: str, token: str, database_url: str) -> None:
    database = Database(database_url, Keyring.from_text(new_key_text()))
    upgrade(database)
    process = await Process.start(
        token=token,
        api_url=api,
        database=database,
        policy=parse_policy(POLICY.read_text(encoding="utf-8")),
        catalogs=make_catalogs(),
        clock=SystemClock(),
        zone=ZoneInfo("Europe/London"),
        request=AiohttpRequest(),
        rates=Rates.unlimited(),
        kit=make_kit(),
    )
    work = asyncio.gather(make_poller(process).run(), lead(process))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await process.stop()
    database.close()


def main() -> None:
    """Run until SIGTERM."""
    parser = argparse.ArgumentParser()
    for name in ("api", "token", "database"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    asyncio.run(_run(given.api, given.token, given.database))


if __name__ == "__main__":
    main()
