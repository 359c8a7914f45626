"""Serving: under which token a kept file is fetched from the web, and its content in pieces."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import File, ServedFile
from storage.upsert import add_missing

_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Served:
    """A file that may be fetched."""

    digest: str
    name: str
    media_type: str
    size: int


async def token_of(session: AsyncSession, digest: str, name: str, media_type: str) -> str:
    """The token of a content under a name: always the same one, made at the first time."""
    row = {"token": secrets.token_urlsafe(_TOKEN_BYTES), "digest": digest, "name": name, "media_type": media_type}
    query = select(ServedFile.token).where(ServedFile.digest == digest, ServedFile.name == name)
    found = await session.scalar(query)
    if found is None:
        await add_missing(session, ServedFile, [row], ["digest", "name"])
        found = (await session.scalars(query)).one()
    return found


async def found(session: AsyncSession, token: str) -> Served | None:
    """The file of a token. None: there is no such token, or its file was removed."""
    query = select(ServedFile.digest, ServedFile.name, ServedFile.media_type, File.size)
    query = query.join(File, File.digest == ServedFile.digest).where(ServedFile.token == token)
    row = (await session.execute(query)).first()
    return Served(*row) if row else None


async def piece(session: AsyncSession, digest: str, begin: int, size: int) -> bytes:
    """So many bytes of a file from `begin` on; empty at its end, and when it was removed meanwhile."""
    part = func.substr(File.content, begin + 1, size, type_=LargeBinary())
    return await session.scalar(select(part).where(File.digest == digest)) or b""
