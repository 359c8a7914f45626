"""Files of liaison statements: the statement itself and its attachments, each content once a statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.drops import Content, Dropped
from storage.liaison import texts
from storage.representing.trail import Actor
from storage.tables import File, Liaison, LiaisonFile
from storage.words import LiaisonFileKind

_F = LiaisonFile


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file to be kept with a statement: its content is kept already. `text` is what can be read in it."""

    content: Content
    kind: LiaisonFileKind = LiaisonFileKind.ATTACHMENT
    text: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of a statement; `id` is part of its address. `number` is its statement's."""

    id: int
    liaison_id: int
    number: str
    kind: LiaisonFileKind
    name: str
    media_type: str
    size: int
    digest: str
    added_at: datetime


_PAPERS = select(
    _F.id, _F.liaison_id, Liaison.number, _F.kind, _F.name, _F.media_type, _F.size, _F.digest, _F.added_at
).join(Liaison, Liaison.id == _F.liaison_id)


def content_of(dropped: Dropped) -> Content:
    """What was dropped, as a content to be kept."""
    return Content(dropped.name, dropped.media_type, dropped.size, dropped.digest)


async def add(
    session: AsyncSession, liaison_id: int, enclosed: Sequence[Enclosed], actor: Actor, now: datetime
) -> Sequence[Paper]:
    """Keep files with a statement, but those that it has; gives the new ones. Whoever adds some too waits."""
    await session.execute(select(Liaison.id).where(Liaison.id == liaison_id).with_for_update())
    known = set(await session.scalars(select(_F.digest).where(_F.liaison_id == liaison_id)))
    new = {one.content.digest: one for one in enclosed if one.content.digest not in known}
    rows = [
        {
            "liaison_id": liaison_id,
            "kind": one.kind,
            "name": one.content.name,
            "media_type": one.content.media_type,
            "size": one.content.size,
            "digest": one.content.digest,
            "text": one.text[: texts.LONGEST],
            "added_by": actor.person_id,
            "added_at": now,
        }
        for one in new.values()
    ]
    if not rows:
        return []
    await session.execute(insert(_F), rows)
    await texts.refresh(session, [liaison_id])
    return [one for one in await of(session, liaison_id) if one.digest in new]


async def of(session: AsyncSession, liaison_id: int) -> Sequence[Paper]:
    """The statement itself first, then its attachments, in the order in which they came."""
    query = _PAPERS.where(_F.liaison_id == liaison_id)
    papers = [Paper(*row) for row in await session.execute(query.order_by(_F.id))]
    return sorted(papers, key=lambda one: one.kind is not LiaisonFileKind.STATEMENT)


async def found(session: AsyncSession, id: int) -> Paper | None:
    row = (await session.execute(_PAPERS.where(_F.id == id))).first()
    return Paper(*row) if row else None


async def content(session: AsyncSession, paper: Paper) -> bytes:
    return (await session.execute(select(File.content).where(File.digest == paper.digest))).scalar_one()


async def having(session: AsyncSession, digests: Collection[str]) -> int | None:
    """The statement that has one of these contents as the statement itself, if there is one."""
    is_itself = _F.digest.in_(digests) & (_F.kind == LiaisonFileKind.STATEMENT)
    return await session.scalar(select(_F.liaison_id).where(is_itself).order_by(_F.id).limit(1))
