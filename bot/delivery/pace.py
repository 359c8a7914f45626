"""The pace: how many sends may begin now on a platform, and to whom, given those that were begun before."""

from __future__ import annotations

import sys
from collections import deque

from bot.platforms import Limits

MARGIN = 0.005
"""Seconds by which every span is longer than its limit."""

LONGEST_WAY = 0.5
"""Seconds after which a message that was begun to be sent is thought to have come to the platform."""

_MINUTE = 60.0


class Pace:
    """Moments are seconds of any one clock."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._at_most = max(1, int(limits.per_second)) if limits.per_second != float("inf") else 0
        self._span = max(1.0, 1 / limits.per_second) + MARGIN
        self._begun: deque[float] = deque(maxlen=self._at_most)
        self._groups: dict[int, deque[float]] = {}
        self._barred: dict[int, float] = {}
        self._rests_until = float("-inf")

    def begin(self, target: int, is_group: bool, now: float) -> None:
        """A send begins."""
        self._begun.append(now)
        if self._limits.target_seconds > 0:
            self._bar(target, now + self._limits.target_seconds + MARGIN)
        limit = self._limits.group_per_minute
        if is_group and limit:
            begun = self._groups.setdefault(target, deque(maxlen=limit))
            begun.append(now)
            if len(begun) == limit:
                self._bar(target, begun[0] + _MINUTE + MARGIN)

    def end(self, target: int, begun: float, now: float) -> None:
        """A send that began then has ended: the platform may have counted it at any moment until now."""
        counted = min(now, begun + LONGEST_WAY)
        if self._at_most and begun in self._begun:
            self._begun[self._begun.index(begun)] = counted
        if self._limits.target_seconds > 0:
            self._bar(target, counted + self._limits.target_seconds + MARGIN)

    def rest(self, until: float, target: int | None = None) -> None:
        """Nothing may begin before then, or nothing to that target."""
        if target is None:
            self._rests_until = max(self._rests_until, until)
        else:
            self._bar(target, until)

    def room(self, now: float) -> int:
        """How many sends may begin now; very many where there is no limit."""
        if now < self._rests_until:
            return 0
        if not self._at_most:
            return sys.maxsize
        return self._at_most - sum(begun > now - self._span for begun in self._begun)

    def next_room(self, now: float) -> float:
        """When the next send may begin; now or before when it may now."""
        if not self._at_most or len(self._begun) < self._at_most:
            return max(now, self._rests_until)
        return max(now, self._rests_until, min(self._begun) + self._span)

    def barred(self, now: float) -> dict[int, float]:
        """The targets to which none may begin now, each with the moment when it may."""
        self._barred = {target: until for target, until in self._barred.items() if until > now}
        # A group is bound to its own minute for as long as that lasts.
        self._groups = {target: begun for target, begun in self._groups.items() if begun[-1] > now - _MINUTE - MARGIN}
        return dict(self._barred)

    def _bar(self, target: int, until: float) -> None:
        self._barred[target] = max(until, self._barred.get(target, until))
