"""Outgoing: a reply that nobody asked for, on its way to targets through the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.command import Reply
from storage import outbox, rewording
from storage.outbox import Enclosure, Post, Priority, Words

__all__ = ["Occasion", "Priority", "reword", "tell", "words_of"]


class Occasion(Protocol):
    """What gives rise to a message: a request, or the errand of a chore."""

    @property
    def session(self) -> AsyncSession: ...

    @property
    def now(self) -> datetime: ...


async def tell(
    occasion: Occasion,
    targets: Iterable[int],
    reply: Reply,
    *,
    cause: str,
    subject: str = "",
    due: datetime | None = None,
    expires: datetime | None = None,
    priority: Priority = Priority.NORMAL,
    is_secret: bool = False,
) -> int:
    """Tell each of the targets once for this cause; part of the occasion's transaction. Gives how many will be told.

    The template gets `zone` and `host` beside the reply's data, and no `request`. `subject` is the mail's, else the
    message's first line. `cause` names the matter and the message: `representative:12:request`.
    What `is_secret` says is kept only until it is sent.
    """
    words = replace(words_of(reply, subject), is_secret=is_secret)
    notice = await outbox.write(occasion.session, words, occasion.now)
    posts = (Post(target, f"{cause}:{target}") for target in dict.fromkeys(targets))
    return await outbox.put(
        occasion.session, notice, posts, cause=cause, now=occasion.now, due=due, expires=expires, priority=priority
    )


async def reword(occasion: Occasion, cause: str, reply: Reply, subject: str = "") -> None:
    """Say this instead to everybody who was told for this cause: an edit where the platform can."""
    await rewording.reword(occasion.session, cause, words_of(reply, subject), occasion.now)


def words_of(reply: Reply, subject: str = "") -> Words:
    """The reply as the outbox keeps it. Raises `TypeError` for data that cannot be kept."""
    return Words(
        template=reply.template,
        data=reply.data,
        buttons=[(button.label, button.command, button.url, button.style) for button in reply.buttons],
        enclosures=[Enclosure(one.name, one.media_type, one.content) for one in reply.attachments],
        subject=subject,
    )
