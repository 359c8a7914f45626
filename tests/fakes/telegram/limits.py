"""Telegram's documented limits, watched: what was sent too fast."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Excess:
    """A message beyond 30 a second over all, one a second to a chat, or 20 a minute to a group."""

    kind: Literal["overall", "chat", "group"]
    chat_id: int
    at: float


class Limits:
    """Records and refuses nothing."""

    def __init__(self, per_second: int = 30, chat_seconds: float = 1.0, group_per_minute: int = 20) -> None:
        self.chat_seconds, self.group_per_minute = chat_seconds, group_per_minute
        self.excesses: list[Excess] = []
        self._lately: deque[float] = deque(maxlen=per_second)
        self._last: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}

    def sent(self, chat_id: int, *, is_group: bool, now: float) -> None:
        if _is_full(self._lately) and now - self._lately[0] < 1.0:
            self.excesses.append(Excess("overall", chat_id, now))
        self._lately.append(now)
        if now - self._last.get(chat_id, float("-inf")) < self.chat_seconds:
            self.excesses.append(Excess("chat", chat_id, now))
        self._last[chat_id] = now
        if is_group:
            minute = self._groups.setdefault(chat_id, deque(maxlen=self.group_per_minute))
            if _is_full(minute) and now - minute[0] < 60.0:
                self.excesses.append(Excess("group", chat_id, now))
            minute.append(now)


def _is_full(times: deque[float]) -> bool:
    return len(times) == times.maxlen
