"""Unsubscribing: the link of a mail, and the one request that ends a subscription (RFC 8058)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail_link import MailLink, Pages, link_url, page
from storage import tokens

UNSUBSCRIBE = "unsubscribe"
"""What the path of the link begins with."""

_NO_MORE = "No more messages will come to this address because of its subscription."
_ONE_CLICK = '<input type="hidden" name="List-Unsubscribe" value="One-Click">\n'


class Unsubscribing(MailLink):
    """Looking at it ends nothing; a post does."""

    pages: ClassVar[Pages] = Pages(
        asked=page("Unsubscribe?", _NO_MORE, "Unsubscribe", _ONE_CLICK),
        done=page("Unsubscribed", _NO_MORE),
        unknown=page("Not found", "This link leads to no subscription. The newest message has the right one."),
    )

    async def _is_known(self, session: AsyncSession, token: str) -> bool:
        return await tokens.is_known(session, token)

    async def _do(self, session: AsyncSession, token: str, now: datetime) -> None:
        await tokens.end(session, token, now)


def unsubscribe_url(public_url: str, token: str) -> str:
    """The address that ends the subscription of a token."""
    return link_url(public_url, UNSUBSCRIBE, token)
