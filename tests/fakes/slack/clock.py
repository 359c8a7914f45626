"""The clock of the loopback Slack: real time, plus what a test adds."""

import time


class Clock:
    """Seconds since 1970; `advance` lets trigger ids and response URLs grow old without waiting."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
