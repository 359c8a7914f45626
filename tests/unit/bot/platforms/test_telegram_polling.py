"""Polling: that its end lets go of whoever waits for it no longer."""

from __future__ import annotations

import asyncio
from typing import cast

from telegram import Bot, Update

from bot.platforms.telegram.polling import Poller


class Telegram:
    """Has one update, again and again; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def get_updates(self, **_call: object) -> tuple[Update, ...]:
        self.asked += 1
        return (Update(1),)


async def test_who_does_not_wait_for_the_end_of_polling_is_let_go() -> None:
    telegram, taking = Telegram(), asyncio.Event()

    async def take(update: Update) -> None:
        taking.set()
        await asyncio.Event().wait()

    poller = Poller(cast(Bot, telegram), take, (), 0)
    poller.start()
    await taking.wait()
    poller._offset = 1  # there is something to confirm
    stopping = asyncio.create_task(poller.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.wait({stopping})
    assert (stopping.cancelled(), telegram.asked) == (True, 1)
