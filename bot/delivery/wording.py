"""The words of deliveries: each notice read once, and put into words once for each time zone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acknowledging import acknowledge_url
from bot.arrival import Message
from bot.platforms import Envelope
from bot.render.renderer import Renderer
from bot.unsubscribing import unsubscribe_url
from handlers.command import Attachment, Button
from storage import notices, receipts
from storage.deliveries import Claimed
from storage.notices import Wording
from storage.people import known_zone

MOST_NOTICES = 64
"""Notices that are kept at hand at most."""

MOST_BYTES = 32 * 1024 * 1024
"""Bytes of their files that are kept at hand, but for those of the newest notice."""


FEWER = "fewer"
"""The command of the button that every message has which came because of a subscription, before its kind."""

_ACKNOWLEDGE = "announcement acknowledge "


class Words:
    """What deliveries say, kept at hand while they go out. Of one notice and zone it is always the same message."""

    def __init__(self, renderer: Renderer, host: str, zone: ZoneInfo, public_url: str = "") -> None:
        """`public_url` is where the web endpoint is seen from outside; without it no mail has a link that ends it."""
        self._renderer = renderer
        self._host = host
        self._zone = zone
        self._public_url = public_url
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    async def learn(self, session: AsyncSession, claims: Iterable[Claimed]) -> None:
        """Read the notices that are not at hand."""
        wanted = {claimed.notice for claimed in claims}
        missing = wanted - self._kept.keys()
        if missing:
            for notice, wording in (await notices.read(session, missing)).items():
                self._kept[notice] = kept = _Kept(wording)
                if self._public_url and kept.announcement:
                    kept.tokens = await receipts.of_announcement(session, kept.announcement)
        for notice in wanted & self._kept.keys():
            self._kept.move_to_end(notice)
        self._forget(len(wanted))

    def message(self, claimed: Claimed) -> tuple[Message, Envelope]:
        """What goes to the target. Raises what the template raises, and `KeyError` for a notice never learnt."""
        kept = self._kept[claimed.notice]
        zone = known_zone(claimed.zone) or self._zone
        message = kept.messages.get(zone.key)
        if message is None:
            message = kept.messages[zone.key] = self._said(kept.wording, zone)
        token = kept.tokens.get(claimed.target, "")
        return self._linked(message, token) if token else message, self._envelope(claimed, kept)

    def forget_secrets(self, ended: Iterable[int]) -> bool:
        """Whether any of these notices is secret; such ones are not kept at hand any longer than they are needed."""
        found = {notice for notice in ended if notice in self._kept and self._kept[notice].wording.is_secret}
        for notice in found:
            del self._kept[notice]
        return bool(found)

    def _envelope(self, claimed: Claimed, kept: _Kept) -> Envelope:
        if not kept.kind:
            return Envelope(claimed.key, kept.wording.subject)
        has_link = claimed.token and self._public_url
        link = unsubscribe_url(self._public_url, claimed.token) if has_link else ""
        return Envelope(claimed.key, kept.wording.subject, link, f"{kept.kind}.{self._host}")

    def _linked(self, message: Message, token: str) -> Message:
        """The message with a link by which whoever reads it in a mail acknowledges it."""
        url = acknowledge_url(self._public_url, token)
        buttons = (
            replace(button, command="", url=url) if button.command.startswith(_ACKNOWLEDGE) else button
            for button in message.buttons
        )
        return replace(message, buttons=tuple(buttons))

    def _said(self, wording: Wording, zone: ZoneInfo) -> Message:
        data = {**wording.data, "zone": zone, "host": self._host}
        return Message(
            self._renderer.markdown(wording.template, data),
            tuple(Button(*button) for button in wording.buttons),
            tuple(Attachment(one.name, one.media_type, one.content) for one in wording.enclosures),
        )

    def _forget(self, needed: int) -> None:
        size = sum(kept.size for kept in self._kept.values())
        while len(self._kept) > needed and (len(self._kept) > MOST_NOTICES or size > MOST_BYTES):
            _, oldest = self._kept.popitem(last=False)
            size -= oldest.size


class _Kept:
    """A notice at hand. `kind` is the kind of message that people subscribed to, where it came because of that.

    `announcement` is the number of the one that it asks to acknowledge, else 0; `tokens` are those of mails, by target.
    """

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        commands = [str(button[1] or "") for button in wording.buttons]
        self.kind = next((kind for word, _, kind in (one.partition(" ") for one in commands) if word == FEWER), "")
        asked = (one.removeprefix(_ACKNOWLEDGE) for one in commands if one.startswith(_ACKNOWLEDGE))
        self.announcement = int(next((number for number in asked if number.isdecimal()), 0))
        self.tokens: Mapping[int, str] = {}
        self.messages: dict[str, Message] = {}
        self.size = sum(len(one.content) for one in wording.enclosures)
