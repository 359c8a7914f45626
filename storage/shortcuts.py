"""Shortcuts: tokens for command lines that are too long for a platform's button."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Shortcut


async def shorten(session: AsyncSession, command: str) -> str:
    """The token of a command line: 32 characters, always the same for the same line."""
    token = blake2b(command.encode(), digest_size=16).hexdigest()
    if await lengthen(session, token) is None:
        try:
            async with session.begin_nested():
                await session.execute(insert(Shortcut).values(token=token, command=command))
        except IntegrityError:
            pass  # another process kept the same line at the same instant
    return token


async def lengthen(session: AsyncSession, token: str) -> str | None:
    """The command line behind a token."""
    return await session.scalar(select(Shortcut.command).where(Shortcut.token == token))
