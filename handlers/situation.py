"""The situation of a request: who speaks, where, when, and what is known to all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from storage.catalogue import Catalogue
from storage.people import Caller, Household
from storage.roles import Role


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody speaks: a conversation on a platform, and the thread in it if there is one.

    `title` is what people call a channel, where the platform says so.
    """

    platform: str
    conversation: str
    thread: str = ""
    private: bool = True
    title: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """What tells this place from all others, stable over restarts."""
        return f"{self.platform}:{self.conversation}:{self.thread}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that is known before it is said what is wanted.

    `now` is aware and in UTC; `zone` is the person's own; `host` is the code of the group that runs the bot;
    `household` is what the settings say of people.
    """

    session: AsyncSession
    catalogue: Catalogue
    caller: Caller
    place: Place
    now: datetime
    host: str
    household: Household

    @property
    def zone(self) -> ZoneInfo:
        return self.caller.zone

    @property
    def role(self) -> Role:
        return self.caller.role
