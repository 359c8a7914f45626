"""Numbers of liaison statements: ours, without a gap, and the one by which everybody calls a statement."""

from __future__ import annotations

import re

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import numbering
from storage.tables import Liaison
from storage.words import Direction


async def ours(session: AsyncSession, direction: Direction, pattern: str, host: str) -> str:
    """Our next number by the pattern, which has `{n}` and may have `{host}`.

    It is taken in this transaction: what is rolled back was never given, and whoever takes one too waits. One that an
    imported list has is passed over.
    """
    template = pattern.replace("{host}", host)
    above = await highest(session, template)
    number = await numbering.take(session, f"liaison:{direction.value}:{template}", above)
    return template.replace("{n}", str(number))


async def called(session: AsyncSession, number: str, source: str, own: str) -> str:
    """What a statement will be called: its sender's number, with the sender where another has that number, else ours.

    `own` was taken in this transaction, so that nobody else logs one meanwhile.
    """
    candidates = [number, f"{source} {number}"] if number else []
    for one in candidates:
        if not await _is_taken(session, one):
            return one
    return own


async def highest(session: AsyncSession, template: str) -> int:
    """The highest number that a statement has by the template, which has `{n}`; 0 where none has one."""
    before, _, after = template.partition("{n}")
    like = Liaison.number.startswith(before, autoescape=True) & Liaison.number.endswith(after, autoescape=True)
    shape = re.compile(re.escape(before) + r"(\d{1,9})" + re.escape(after))
    found = (shape.fullmatch(one) for one in await session.scalars(select(Liaison.number).where(like)))
    return max((int(match[1]) for match in found if match), default=0)


async def _is_taken(session: AsyncSession, number: str) -> bool:
    query = select(Liaison.id).where(func.lower(Liaison.number) == number.lower()).limit(1)
    return (await session.execute(query)).first() is not None
