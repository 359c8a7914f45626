"""What the end-to-end dialogues of representatives share: a bot with e-mail, and the codes that it mails."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.reception import utc_now
from storage import inbox
from storage.database import Database
from storage.tables import Delivery
from storage.words import DeliveryState
from tests.fakes.smtp import SmtpFake

PATIENCE = 60.0
CODE = re.compile(r"\b\d{3} \d{3}\b")


def settings_of(database: Database, server: SmtpFake, administrator: str) -> dict[str, str]:
    """Settings of a process on this database, which mails through this server."""
    return {
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "HTTP_BIND": "127.0.0.1:0",
        "SMTP_URL": server.url,
        "EMAIL_FROM": "bot@example.org",
        "ADMINISTRATORS": administrator,
    }


async def mailed(server: SmtpFake, address: str, words: str) -> str:
    """The plain text of the mail to the address that says this, once it has come."""

    def found() -> str | None:
        return next((mail.text for mail in server.messages_to(address) if words in mail.text), None)

    text = await server.wait_for(found, PATIENCE)
    assert text is not None
    return text


async def code_for(server: SmtpFake, address: str) -> str:
    """The digits that were mailed to the address first."""
    match = CODE.search(await mailed(server, address, "Your code"))
    assert match
    return match[0]


async def all_sent(address: str) -> None:
    """Wait until the bot has noted that all in its outbox is sent: what a crash cuts off there waits for a minute."""
    await _until_none(address, [_unsent])


async def all_answered(address: str) -> None:
    """Wait until the bot has answered all that arrived, and sent what came of it: what it says next is an answer."""
    await _until_none(address, [inbox.waiting, _unsent])


async def _unsent(session: AsyncSession) -> int:
    is_open = Delivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING])
    return await session.scalar(select(func.count()).where(is_open, Delivery.due_at <= utc_now())) or 0


async def _until_none(address: str, counts: Sequence[Callable[[AsyncSession], Awaitable[int]]]) -> None:
    database = Database(address)
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.reading() as session:
                if not any([await count(session) for count in counts]):
                    break
            await asyncio.sleep(0.02)  # another process's database tells nobody
    await database.close()
