"""Moves what people did to the bot and what it says back, step by step: for whoever plays a script."""

from __future__ import annotations

from telegram import Update

from bot.polling import ALLOWED_UPDATES
from bot.process import Process


class Pump:
    """Asks the Bot API for updates, works on them in order, delivers the outbox, until nothing is left.

    Never beside a poller or a running delivery of the same bot.
    """

    def __init__(self, process: Process) -> None:
        self.process = process
        self._offset: int | None = None

    async def settle(self) -> None:
        """All that was done is worked on, and all that is due was sent."""
        while True:
            updates = await self._updates()
            for update in updates:
                await self.process.application.process_update(update)
            sent = await self.process.delivery.drain()
            if not updates and not sent:
                return

    async def tick(self) -> None:
        """What the scheduler does every few seconds, once; then its delivery."""
        await self.process.tick()
        await self.settle()

    async def _updates(self) -> list[Update]:
        got = await self.process.application.bot.get_updates(
            offset=self._offset, timeout=0, allowed_updates=list(ALLOWED_UPDATES)
        )
        if got:
            self._offset = got[-1].update_id + 1
        return list(got)

    async def confirm(self) -> None:
        """Tell the Bot API that all was received, before somebody else polls."""
        await self._updates()
