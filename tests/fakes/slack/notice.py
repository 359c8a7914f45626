"""Waiting for something to happen, without polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Truth = TypeVar("Truth")


class Notice:
    """Everything that happens calls `changed`; whoever waits looks again then."""

    def __init__(self) -> None:
        self._condition = asyncio.Condition()
        self._waiting = 0

    async def changed(self) -> None:
        if self._waiting:
            async with self._condition:
                self._condition.notify_all()

    async def wait_for(
        self, condition: Callable[[], Truth | None], timeout: float, explain: Callable[[], str]
    ) -> Truth:
        """The first true value of `condition`; an `AssertionError` with the explanation after `timeout` seconds."""
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout), self._condition:
                while not (found := condition()):
                    await self._condition.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"it did not happen within {timeout} s; {explain()}") from None
        finally:
            self._waiting -= 1
