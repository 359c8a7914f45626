"""People: names and time zones, asked of Slack once an hour."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import PlatformError
from bot.platforms.slack.errors import translated

log = logging.getLogger("bot.platforms.slack")
_HOUR, _MINUTE = 3600.0, 60.0
# A first question waits so long for its asker's name at most: Slack wants its acknowledgement within three seconds.
_PATIENCE = 0.3


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a person; `email` only where the app has the scope for it."""

    name: str = ""
    zone: str = ""
    email: str = ""


class People:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, tuple[Profile, float]] = {}
        self._asking: dict[str, asyncio.Task[Profile]] = {}

    async def profile(self, user: str) -> Profile:
        """What is known soon; an empty profile is better than a late acknowledgement."""
        known, until = self._known.get(user, (Profile(), 0.0))
        if time.monotonic() < until:
            return known
        asking = self._asking.get(user)
        if asking is None:
            asking = self._asking[user] = asyncio.create_task(self._ask(user, known))
        await asyncio.wait([asking], timeout=_PATIENCE)
        return asking.result() if asking.done() and not asking.cancelled() else known

    async def close(self) -> None:
        for asking in list(self._asking.values()):
            asking.cancel()

    async def _ask(self, user: str, known: Profile) -> Profile:
        try:
            with translated():
                found = (await self._client.users_info(user=user))["user"] or {}
        except PlatformError:
            profile, good_for = known, _MINUTE
        except Exception as error:  # whatever it is: a name is not worth an event
            log.error("a person could not be looked up on Slack: %s", type(error).__name__)
            profile, good_for = known, _MINUTE
        else:
            profile, good_for = Profile(_name(found), str(found.get("tz") or ""), _of_profile(found, "email")), _HOUR
        finally:
            self._asking.pop(user, None)
        self._known[user] = (profile, time.monotonic() + good_for)
        return profile


def _name(user: dict[str, object]) -> str:
    return str(user.get("real_name") or _of_profile(user, "real_name") or user.get("name") or "")


def _of_profile(user: dict[str, object], name: str) -> str:
    profile = user.get("profile")
    return str(profile.get(name) or "") if isinstance(profile, dict) else ""
