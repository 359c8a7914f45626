"""Ways: how to answer what arrived, in a form that survives a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from handlers.command import Place

TRIGGER_SECONDS = 2.5
"""Slack takes a trigger for three seconds; what it needs to reach us and back is not ours to spend."""


@dataclass(frozen=True, slots=True)
class Way:
    """An arrival's address. `quiet` answers are for the asker's eyes; `received` is in seconds since 1970."""

    user: str
    channel: str = ""
    thread_ts: str = ""
    response_url: str = ""
    trigger_id: str = ""
    received: float = 0.0
    quiet: bool = False
    share: bool = False

    @property
    def is_private(self) -> bool:
        """Direct messages' ids begin with D; a person's id stands for the direct messages with that person."""
        return self.channel[:1] in ("D", "U", "W", "")

    def address(self) -> dict[str, str]:
        """As an arrival keeps it."""
        return {name: str(int(value) if isinstance(value, bool) else value) for name, value in _given(self).items()}

    def can_ask(self, now: float) -> bool:
        """Whether a modal may still be opened."""
        return bool(self.trigger_id) and now - self.received < TRIGGER_SECONDS

    def direct(self) -> Way:
        """To the person's direct messages: Slack opens them for a person's id."""
        return replace(self, channel=self.user, thread_ts="", response_url="", quiet=False)


def way_of(address: Mapping[str, str]) -> Way:
    return Way(
        user=address.get("user", ""),
        channel=address.get("channel", ""),
        thread_ts=address.get("thread_ts", ""),
        response_url=address.get("response_url", ""),
        trigger_id=address.get("trigger_id", ""),
        received=float(address.get("received", "0")),
        quiet=address.get("quiet") == "1",
        share=address.get("share") == "1",
    )


def place(team: str, way: Way) -> Place:
    """Where a person speaks. App Home and direct messages are one conversation, named by the person."""
    return Place("slack", f"{team}/{way.user if way.is_private else way.channel}", way.thread_ts, way.is_private)


def _given(way: Way) -> dict[str, object]:
    return {name: value for name, value in asdict(way).items() if value}
