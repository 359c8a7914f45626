"""Posts: how a message gets into a conversation, visibly or for one person's eyes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.arrival import Message
from bot.platforms import PlatformError, RateLimited, Unavailable, Unreachable
from bot.platforms.slack.buttons import fitted, share_button
from bot.platforms.slack.errors import refusal, translated
from bot.platforms.slack.library import LONGEST_PAUSE
from bot.platforms.slack.way import Way
from bot.render.escape import one_line
from bot.render.renderer import Renderer
from bot.render.slack import SlackMessage, escaped, messages
from bot.render.slack_text import Json
from handlers.command import Attachment

_MOST_BLOCKS = 50
_LONGEST_LINE = 200
_TRIES, _LONGEST_WAIT = 3, 30.0

Sender = Callable[[SlackMessage], Awaitable[str]]
"""Sends one message; returns the id of the conversation that it went to, if that may take files too."""


class Posts:
    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        render: Renderer,
        shorten: Callable[[str], Awaitable[str]],
    ) -> None:
        self._client = client
        self._session = session
        self._render = render
        self._shorten = shorten

    async def say(self, way: Way, message: Message, line: str = "") -> None:
        """Post the message with its files. A quiet answer to the command `line` gets a button that shares it."""
        quiet = way.quiet or (message.private and not way.is_private)
        buttons = list(message.buttons)
        if way.quiet and line and message.shareable and not message.private:
            buttons.append(share_button(line))
        parts = messages(self._render.parse(message.markdown), await fitted(buttons, self._shorten))
        if way.share and not quiet:
            parts = _shared(parts, way.user, line)
        senders = self._quiet(way) if quiet else self._visible(way)
        channel = ""
        for number, part in enumerate(parts):
            channel = await (_send_on if number else _send)(part, senders)
        if message.attachments:
            await self._upload(way, channel, message.attachments)

    def _visible(self, way: Way) -> list[Sender]:
        """A response URL reaches conversations that the bot is no member of."""
        return [self._post(way), *([self._respond(way, "in_channel")] if way.response_url else [])]

    def _quiet(self, way: Way) -> list[Sender]:
        """A response URL lives for half an hour and takes five messages; direct messages are always there."""
        urls = [self._respond(way, "ephemeral")] if way.response_url else []
        return [*urls, self._whisper(way), self._post(way.direct())]

    def _post(self, way: Way) -> Sender:
        async def post(part: SlackMessage) -> str:
            with translated():
                answer = await self._client.chat_postMessage(
                    channel=way.channel,
                    thread_ts=way.thread_ts or None,
                    text=part["text"],
                    blocks=part["blocks"],
                    link_names=False,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            return str(answer["channel"])

        return post

    def _whisper(self, way: Way) -> Sender:
        async def whisper(part: SlackMessage) -> str:
            with translated():
                await self._client.chat_postEphemeral(
                    channel=way.channel,
                    user=way.user,
                    thread_ts=way.thread_ts or None,
                    text=part["text"],
                    blocks=part["blocks"],
                    link_names=False,
                )
            return ""

        return whisper

    def _respond(self, way: Way, visibility: str) -> Sender:
        thread = {"thread_ts": way.thread_ts} if way.thread_ts else {}
        fixed = {"response_type": visibility, "replace_original": False, "unfurl_links": False, "unfurl_media": False}

        async def respond(part: SlackMessage) -> str:
            body = {**part, **fixed, **thread}
            try:
                await self._to_url(way.response_url, body)
            except RateLimited as limited:
                if limited.retry_after > LONGEST_PAUSE:
                    raise
                await asyncio.sleep(limited.retry_after)
                await self._to_url(way.response_url, body)
            return ""

        return respond

    async def _to_url(self, url: str, body: Json) -> None:
        with translated():
            async with self._session.post(url, json=body) as response:
                said = await response.text()
        problem = _problem(response.status, said, response.headers.get("Retry-After"))
        if problem is not None:
            raise problem

    async def _upload(self, way: Way, channel: str, attachments: Sequence[Attachment]) -> None:
        """Files are never for one person's eyes in a channel, so those of a quiet answer go to direct messages."""
        thread = way.thread_ts if channel == way.channel else ""
        if not channel:
            names = ", ".join(one_line(attachment.name) for attachment in attachments)
            channel = await self._post(way.direct())({"text": escaped(names), "blocks": []})
        uploads = [
            {"filename": attachment.name, "title": attachment.name, "content": attachment.content}
            for attachment in attachments
        ]
        with translated():
            await self._client.files_upload_v2(
                file_uploads=uploads, channel=channel, thread_ts=thread or None, request_file_info=False
            )


async def _send(part: SlackMessage, senders: list[Sender]) -> str:
    """By the first sender that can; those that cannot are dropped, for the following parts too."""
    while True:
        try:
            return await senders[0](part)
        except Unreachable:
            if len(senders) == 1:
                raise
            del senders[0]


async def _send_on(part: SlackMessage, senders: list[Sender]) -> str:
    """As `_send`, when a part is sent already: whoever is told to wait would begin again with the first one."""
    for _try in range(_TRIES):
        try:
            return await _send(part, senders)
        except RateLimited as limited:
            if limited.retry_after > _LONGEST_WAIT:
                break
            await asyncio.sleep(limited.retry_after)
    raise Unavailable("only the beginning of a long answer was sent")


def _problem(status: int, said: str, retry_after: str | None) -> PlatformError | None:
    try:
        answer = json.loads(said)
    except ValueError:
        answer = None
    code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
    if status == 200 and not code:
        return None
    if status in (403, 404, 410):
        return Unreachable(code or "the response URL is gone")
    return refusal(code, status, retry_after)


def _shared(parts: list[SlackMessage], user: str, line: str) -> list[SlackMessage]:
    shown = line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"
    elements: list[Json] = [{"type": "user", "user_id": user}, {"type": "text", "text": f": {one_line(shown)}"}]
    head: Json = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
    first = parts[0] if parts else SlackMessage(text=escaped(one_line(shown)), blocks=[])
    if len(first["blocks"]) >= _MOST_BLOCKS:
        return [SlackMessage(text=first["text"], blocks=[head]), *parts]
    return [SlackMessage(text=first["text"], blocks=[head, *first["blocks"]]), *parts[1:]]
