"""Overhearing: what is dropped where the secretariat works, without a word to the bot."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.arrival import Arrival
from bot.dispatch import Dispatcher
from handlers.command import Place
from storage import inbox, secretariat
from storage.database import Database
from storage.roles import Role

GRACE = 2.0
"""Seconds in which what was overheard may turn out to be said to the bot as well: platforms tell both in any order."""


class Covered(Exception):
    """What was overheard is told by another arrival, which is handled instead."""


async def is_heard(database: Database, dispatcher: Dispatcher, account: str, place: Place, now: datetime) -> bool:
    """Whether what this account drops there is meant for the bot: it is of the secretariat, in a place of theirs."""
    async with database.reading() as session:
        if not await secretariat.is_chosen(session, place.platform, place.conversation):
            return False
    arrival = Arrival(platform=place.platform, event_id="", account=account, place=place, kind="message")
    async with database.writing() as session:
        return (await dispatcher.caller(session, arrival, now)).role >= Role.SECRETARIAT


async def grace() -> None:
    """Give what is said with it the time to come."""
    await asyncio.sleep(GRACE)


async def check(session: AsyncSession, event: int) -> None:
    """Raise `Covered` for what need not be handled any more."""
    if not await inbox.is_waiting(session, event):
        raise Covered
