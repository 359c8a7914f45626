"""Leaving `liaison-bot chat` with Ctrl-C where there is no prompt: a pipe, a dumb terminal."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from tests.end_to_end.forked import Forked
from tests.end_to_end.patience import LONG


async def test_ctrl_c_ends_a_chat_that_waits_for_a_line(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIAISON_BOT_")}
    async with asyncio.timeout(LONG):
        chat = await Forked(("chat",), environment, tmp_path).opened()
        os.write(chat._stdin.fileno(), b"help\n")
        await chat.stdout.readuntil(b"[1]")
        chat.send_signal(signal.SIGINT)
        assert await chat.wait() == 130
