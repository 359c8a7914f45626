"""Uploads: files on their way to Slack, seen by nobody until they are shared."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import Unavailable
from bot.platforms.slack.errors import refusal, translated
from handlers.command import Attachment

_UPLOAD_SECONDS = 40.0

Upload = dict[str, str | None]
"""The id and the title of a file that Slack has but shows to nobody yet."""


class Uploads:
    """Never waits and never tries again."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def bring(self, attachments: Sequence[Attachment]) -> list[Upload]:
        """Bring files to Slack; gives what `share` takes. A failure had no effect that anybody sees."""
        try:
            with translated():
                return [await self._bring(attachment) for attachment in attachments]
        except Unavailable as error:
            raise Unavailable(str(error)) from error

    async def share(self, files: Sequence[Upload], channel: str, thread: str) -> None:
        """Show them in a conversation, whose own id it takes: not a person's."""
        with translated():
            await self._client.files_completeUploadExternal(
                files=list(files), channel_id=channel, thread_ts=thread or None
            )

    async def _bring(self, attachment: Attachment) -> Upload:
        place = await self._client.files_getUploadURLExternal(filename=attachment.name, length=len(attachment.content))
        times = aiohttp.ClientTimeout(total=_UPLOAD_SECONDS)
        async with self._session.post(place["upload_url"], data=attachment.content, timeout=times) as response:
            if response.status != 200:
                raise refusal("", response.status, response.headers.get("Retry-After"))
        return {"id": str(place["file_id"]), "title": attachment.name}
