"""Shared files: what people drop in a channel without a word to the bot (`file_shared`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pydantic import ValidationError
from slack_sdk.web.async_client import AsyncWebClient

from bot.arrival import Arrival
from bot.platforms import PlatformError
from bot.platforms.slack.arrivals import of_shared
from bot.platforms.slack.downloads import LOST
from bot.platforms.slack.errors import translated
from bot.platforms.slack.payloads import EventDelivery, SharedFile
from bot.platforms.slack.way import Way, place
from handlers.command import Place

# Slack wants its acknowledgement within three seconds; without an answer the file is fetched by its number alone.
_PATIENCE = 1.0
_DOCUMENTS = frozenset({"", "hosted", "snippet", "email"})
_SEEN_AND_HEARD = ("image/", "audio/", "video/")

Hears = Callable[[str, Place], Awaitable[bool]]
"""Called with the account and the place; see `bot.platforms.Reception.hears`."""


class Shared:
    def __init__(self, client: AsyncWebClient, hears: Hears, bot: str) -> None:
        self._client = client
        self._hears = hears
        self._bot = bot

    async def arrival(self, delivery: EventDelivery, now: float) -> Arrival | None:
        """None for all that the bot has no business with; Slack is asked about a file only where the bot listens."""
        if not is_dropped_in_channel(delivery, self._bot):
            return None
        event = delivery.event
        where = place(delivery.team_id, Way(event.user_id, event.channel_id))
        if not await self._hears(f"{delivery.team_id}/{event.user_id}", where):
            return None
        file = await self._file(event.file_id)
        return of_shared(delivery, file, now) if file and is_document(file) else None

    async def _file(self, number: str) -> SharedFile | None:
        """None when Slack has it no more."""
        try:
            async with asyncio.timeout(_PATIENCE):
                with translated():
                    answer = await self._client.files_info(file=number)
            return SharedFile.model_validate(answer.get("file"))
        except PlatformError as error:
            return None if str(error) in LOST else SharedFile(id=number)
        except (TimeoutError, ValidationError):
            return SharedFile(id=number)


def is_dropped_in_channel(delivery: EventDelivery, bot: str) -> bool:
    """Direct messages are heard with their files as messages; what the bot itself sends is nobody's drop."""
    event = delivery.event
    is_named = bool(event.file_id and event.user_id and event.channel_id)
    return is_named and event.user_id != bot and not Way(event.user_id, event.channel_id).is_private


def is_document(file: SharedFile) -> bool:
    """Whether it may be a paper: links, canvases and pictures among colleagues are not for the bot."""
    is_here = file.mode in _DOCUMENTS and not file.is_external
    return is_here and not file.mimetype.startswith(_SEEN_AND_HEARD)
