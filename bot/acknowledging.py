"""Acknowledging: the link of a mail by which somebody says that they read an announcement."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail_link import MailLink, Pages, link_url, page
from storage import receipts

ACKNOWLEDGE = "acknowledge"
"""What the path of the link begins with."""


class Acknowledging(MailLink):
    """Looking at it acknowledges nothing; a post does."""

    pages: ClassVar[Pages] = Pages(
        asked=page("Acknowledge?", "It tells the secretariat that you have read the announcement.", "I have read it"),
        done=page("Thank you", "The secretariat knows now that you have read it."),
        unknown=page("Not found", "This link leads to no announcement. The newest message has the right one."),
    )

    async def _is_known(self, session: AsyncSession, token: str) -> bool:
        return await receipts.is_known(session, token)

    async def _do(self, session: AsyncSession, token: str, now: datetime) -> None:
        await receipts.acknowledge(session, token, now)


def acknowledge_url(public_url: str, token: str) -> str:
    """The address by which the token's person acknowledges."""
    return link_url(public_url, ACKNOWLEDGE, token)
