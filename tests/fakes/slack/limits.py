"""Slack's documented limits, watched: what was posted too fast, and what was called before a Retry-After was over."""

from collections import Counter, deque
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Violation:
    """A call of a method before its Retry-After was over. `early_by` is in seconds."""

    method: str
    channel: str
    early_by: float


@dataclass(frozen=True)
class Excess:
    """A post beyond one a second to a channel, or beyond what a workspace takes in a minute."""

    kind: Literal["channel", "workspace"]
    channel: str
    at: float


class Limits:
    """Records and refuses nothing. What comes within `grace` seconds of a refusal was on its way already.

    The number of messages a minute is the least that "several hundred" can mean.
    """

    def __init__(self, channel_seconds: float = 1.0, per_minute: int = 300, grace: float = 0.25) -> None:
        self.channel_seconds, self.per_minute, self.grace = channel_seconds, per_minute, grace
        self.violations: list[Violation] = []
        self.excesses: list[Excess] = []
        self.posts: Counter[str] = Counter()
        self._rests: dict[str, tuple[float, float]] = {}
        self._last: dict[str, float] = {}
        self._lately: deque[float] = deque()

    def refused(self, method: str, now: float, retry_after: float) -> None:
        began, until = self._rests.get(method, (now, now))
        # Whoever comes while the method rests learns of no other time.
        self._rests[method] = (began if now < until else now, max(until, now + retry_after))

    def called(self, method: str, channel: str, now: float) -> None:
        began, until = self._rests.get(method, (now, now))
        if began + self.grace < now < until:
            self.violations.append(Violation(method, channel, until - now))

    def posted(self, channel: str, now: float) -> None:
        self.posts[channel] += 1
        if now - self._last.get(channel, float("-inf")) < self.channel_seconds:
            self.excesses.append(Excess("channel", channel, now))
        self._last[channel] = now
        while self._lately and self._lately[0] <= now - 60:
            self._lately.popleft()
        self._lately.append(now)
        if len(self._lately) > self.per_minute:
            self.excesses.append(Excess("workspace", channel, now))
