"""Deliveries: messages that nobody asked for, posted once, edited, and corrected where they cannot be edited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from functools import lru_cache, partial

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.arrival import Message
from bot.platforms import Address, Limits, Receipt, Rejected
from bot.platforms.parts import REMOVED, corrected, listed, noted, noted_files, partly_sent, unsent_files
from bot.platforms.slack.buttons import fitted
from bot.platforms.slack.errors import Unchangeable, translated
from bot.platforms.slack.uploads import Upload, Uploads
from bot.render.escape import one_line
from bot.render.renderer import Renderer
from bot.render.slack import SlackMessage, escaped, messages
from handlers.command import Button

_RENDERED = 16

LIMITS = Limits(per_second=4.0, target_seconds=1.0, at_once=8)
"""Slack: one message a second a channel, and "several hundred messages per minute" to the whole workspace, which is
read as at least 300 (docs.slack.dev/reference/methods/chat.postMessage, "Rate limiting")."""


class Deliveries:
    """Never waits, never tries again: its client must not either. Raises a `PlatformError`."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        render: Renderer,
        shorten: Callable[[str], Awaitable[str]],
    ) -> None:
        self._client = client
        self._uploads = Uploads(client, session)
        self._shorten = shorten
        # What goes to thousands is put into Slack's words once.
        self._rendered = lru_cache(maxsize=_RENDERED)(partial(_rendered, render))

    async def send(self, address: Address, message: Message) -> Receipt:
        parts = await self._parts(message)
        # Files come before words: while nobody has seen anything, the whole may be tried again.
        files = await self._uploads.bring(message.attachments)
        channel, stamps = await self._post_all(channel_of(address), address.thread, parts)
        with partly_sent():
            await self._share(files, channel, address.thread)
        return {"channel": channel, **noted("ts", stamps), **noted_files(message.attachments)}

    async def edit(self, address: Address, receipt: Receipt, message: Message) -> Receipt:
        """Editing twice does no harm, so until something new is posted a failure is no uncertain one."""
        stamps, channel = listed(receipt, "ts"), receipt.get("channel", "")
        if not (stamps and channel):
            return await self._send_anew(address, receipt, message)
        parts = await self._parts(message)
        new = unsent_files(receipt, message.attachments)
        files = await self._uploads.bring(new)
        try:
            await self._update(channel, stamps[0], parts[0])
        except Unchangeable:
            return await self._send_anew(address, receipt, message)
        beyond = parts[len(stamps) :]
        added = await self._update_rest(channel, stamps, parts) + beyond
        if added:
            # They stand below the first one, and not far away at the conversation's end.
            stamps += (await self._post_all(channel, address.thread or stamps[0], added))[1]
        with partly_sent() if added else nullcontext():
            await self._share(files, channel, address.thread)
        return {"channel": channel, **noted("ts", stamps), **noted_files(new, receipt)}

    async def _send_anew(self, address: Address, receipt: Receipt, message: Message) -> Receipt:
        sent = await self.send(address, corrected(message, receipt))
        return {**sent, **noted_files(message.attachments, receipt)}

    async def _update_rest(self, channel: str, stamps: list[str], parts: Sequence[SlackMessage]) -> list[SlackMessage]:
        """All but the first; where there are fewer parts now, say so. Gives the parts whose old place is gone."""
        (removed,) = self._rendered(REMOVED, ())
        lost: list[SlackMessage] = []
        for number, stamp in list(enumerate(stamps))[1:]:
            part = parts[number] if number < len(parts) else None
            try:
                await self._update(channel, stamp, part or removed)
            except Unchangeable:
                stamps.remove(stamp)
                lost += [part] if part else []
        return lost

    async def _post_all(self, channel: str, thread: str, parts: Sequence[SlackMessage]) -> tuple[str, list[str]]:
        """The conversation, and each part's `ts`; a person's id opens the direct messages."""
        channel, stamp = await self._post(channel, thread, parts[0])
        stamps = [stamp]
        with partly_sent():
            for part in parts[1:]:
                stamps.append((await self._post(channel, thread, part))[1])
        return channel, stamps

    async def _parts(self, message: Message) -> list[SlackMessage]:
        parts = self._rendered(message.markdown, tuple(await fitted(message.buttons, self._shorten)))
        if not parts and message.attachments:
            names = ", ".join(one_line(attachment.name) for attachment in message.attachments)
            parts = [SlackMessage(text=escaped(names), blocks=[])]
        if not parts:
            raise Rejected("there is nothing to say")
        return parts

    async def _post(self, channel: str, thread: str, part: SlackMessage) -> tuple[str, str]:
        with translated():
            answer = await self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                text=part["text"],
                blocks=part["blocks"],
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        return str(answer["channel"]), str(answer["ts"])

    async def _update(self, channel: str, stamp: str, part: SlackMessage) -> None:
        with translated():
            await self._client.chat_update(
                channel=channel, ts=stamp, text=part["text"], blocks=part["blocks"], link_names=False
            )

    async def _share(self, files: Sequence[Upload], channel: str, thread: str) -> None:
        if files:
            await self._uploads.share(files, channel, thread)


def _rendered(render: Renderer, markdown: str, buttons: Sequence[Button]) -> list[SlackMessage]:
    return messages(render.parse(markdown), buttons)


def channel_of(address: Address) -> str:
    """`C1` of `T1/C1`."""
    return address.conversation.rpartition("/")[2]
