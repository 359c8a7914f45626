"""Notices: what deliveries say, with their files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.outbox import Enclosure, from_json
from storage.tables import File, Notice, NoticeFile


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice as it was written. `buttons` are (label, command, url, style)."""

    template: str
    data: Mapping[str, object]
    buttons: Sequence[Sequence[Any]]
    subject: str
    is_secret: bool
    enclosures: Sequence[Enclosure]


async def read(session: AsyncSession, notices: Collection[int]) -> dict[int, Wording]:
    """The notices with these numbers, with their files."""
    files: dict[int, list[Enclosure]] = {}
    query = (
        select(NoticeFile.notice_id, NoticeFile.name, NoticeFile.media_type, File.content)
        .join(File, File.digest == NoticeFile.digest)
        .where(NoticeFile.notice_id.in_(notices))
        .order_by(NoticeFile.notice_id, NoticeFile.position)
    )
    for notice, name, media_type, content in await session.execute(query):
        files.setdefault(notice, []).append(Enclosure(name, media_type, content))
    rows = select(Notice.id, Notice.template, Notice.data, Notice.buttons, Notice.subject, Notice.is_secret)
    return {
        id_: Wording(template, from_json(data), buttons, subject, is_secret, files.get(id_, ()))
        for id_, template, data, buttons, subject, is_secret in await session.execute(
            rows.where(Notice.id.in_(notices))
        )
    }
