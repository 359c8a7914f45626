"""Work in the background: a thread that nobody waits for when the process ends."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_background(work: Callable[[], T]) -> T:
    """As `asyncio.to_thread`, whose threads would hold up the end of the process for as long as they hang."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(settle_: Callable[[], None]) -> None:
        if not done.done():
            settle_()

    def run() -> None:
        try:
            result = work()
        except Exception as error:
            failure = error
            settling = lambda: done.set_exception(failure)  # noqa: E731
        else:
            settling = lambda: done.set_result(result)  # noqa: E731
        # The loop may be gone by now, and nobody is interested any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, settling)

    threading.Thread(target=run, name="background", daemon=True).start()
    return await done
