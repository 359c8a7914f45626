"""The outbox: what the bot will say on its own account, written with its cause, said by the pump."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Delivery, File, Notice, NoticeFile, Target
from storage.upsert import add_missing
from storage.words import DeliveryState

PAGE = 1_000
"""Deliveries that are written at once."""


class Priority(IntEnum):
    """What goes first when not everything can go at once."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: a template with its data, buttons as (label, command, url, style), and files.

    The data are text, numbers, lists and mappings of such, days and aware moments; anything else is refused, since
    it could not be kept. `zone` and `host` are added when it is sent, as the target's.
    """

    template: str
    data: Mapping[str, object] = field(default_factory=dict)
    buttons: Sequence[tuple[str, str, str | None, str]] = ()
    enclosures: Sequence[Enclosure] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One delivery to be: to which target, under which key. A key that is known already is not put again."""

    target: int
    key: str


async def write(session: AsyncSession, words: Words, now: datetime) -> int:
    """Keep what deliveries are going to say; gives the notice's id."""
    notice = Notice(
        template=words.template,
        data=to_json(words.data),
        buttons=[list(button) for button in words.buttons],
        subject=words.subject,
        written_at=now,
    )
    session.add(notice)
    await session.flush()
    for position, enclosure in enumerate(words.enclosures):
        digest = await keep_file(session, enclosure.content, now)
        session.add(
            NoticeFile(
                notice_id=notice.id,
                position=position,
                name=enclosure.name,
                media_type=enclosure.media_type,
                digest=digest,
            )
        )
    await session.flush()
    return notice.id


async def keep_file(session: AsyncSession, content: bytes, now: datetime) -> str:
    """Keep a file once; gives its SHA-256 in hexadecimal."""
    digest = hashlib.sha256(content).hexdigest()
    await add_missing(
        session, File, [{"digest": digest, "size": len(content), "content": content, "kept_at": now}], ["digest"]
    )
    return digest


async def put(
    session: AsyncSession,
    notice: int,
    posts: Iterable[Post],
    *,
    cause: str,
    now: datetime,
    due: datetime | None = None,
    expires: datetime | None = None,
    priority: Priority = Priority.NORMAL,
) -> int:
    """Put deliveries into the outbox, due now or at `due`; gives how many were new.

    Part of the transaction of their cause. Two of one key, even in two transactions at once, are one.
    """
    wanted = list(posts)
    count = 0
    for start in range(0, len(wanted), PAGE):
        page = wanted[start : start + PAGE]
        platforms = await _platforms(session, {post.target for post in page})
        rows: list[dict[str, object]] = [
            {
                "dedupe_key": post.key,
                "cause": cause,
                "platform": platforms[post.target],
                "target_id": post.target,
                "notice_id": notice,
                "priority": int(priority),
                "due_at": due or now,
                "expires_at": expires,
                "state": DeliveryState.WAITING,
                "tries": 0,
                "doubts": 0,
                "problem": "",
                "receipt": {},
                "put_at": now,
            }
            for post in page
        ]
        count += await add_missing(session, Delivery, rows, ["dedupe_key"])
    return count


async def reword(session: AsyncSession, cause: str, words: Words, now: datetime) -> None:
    """Say something else to everybody whom the cause reached or will reach.

    What still waits is sent in the new words; what was sent, or is being sent, is edited.
    """
    notice = await write(session, words, now)
    waiting = Delivery.state == DeliveryState.WAITING
    is_first = Delivery.edits.is_(None)
    await session.execute(update(Delivery).where(Delivery.cause == cause, waiting).values(notice_id=notice))
    reached = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    query = select(Delivery.id, Delivery.target_id, Delivery.platform, Delivery.priority).where(
        Delivery.cause == cause, is_first, Delivery.state.in_(reached)
    )
    edits = [
        {
            "dedupe_key": f"edit:{row.id}:{notice}",
            "cause": cause,
            "platform": row.platform,
            "target_id": row.target_id,
            "notice_id": notice,
            "edits": row.id,
            "priority": row.priority,
            "due_at": now,
            "expires_at": None,
            "state": DeliveryState.WAITING,
            "tries": 0,
            "doubts": 0,
            "problem": "",
            "receipt": {},
            "put_at": now,
        }
        for row in await session.execute(query)
    ]
    # An older edit that still waits says the new words already.
    waits = set(await session.scalars(select(Delivery.edits).where(Delivery.cause == cause, waiting, ~is_first)))
    await add_missing(session, Delivery, [one for one in edits if one["edits"] not in waits], ["dedupe_key"])


async def withdraw(session: AsyncSession, cause: str) -> int:
    """Drop what still waits; gives how many. What is being sent is not stopped."""
    dropped = (
        update(Delivery)
        .where(Delivery.cause == cause, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED)
    )
    return len((await session.execute(dropped.returning(Delivery.id))).all())


def to_json(value: object) -> Any:
    """Data as JSON keeps it; `from_json` gives it back. Raises `TypeError` for what cannot be kept."""
    match value:
        case datetime():
            return {"$moment": value.astimezone(UTC).isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case str():
            return str(value)
        case None | bool() | int() | float():
            return value
        case Mapping():
            return {str(name): to_json(one) for name, one in value.items()}
        case list() | tuple():
            return [to_json(one) for one in value]
        case _:
            raise TypeError(f"a notice cannot keep a {type(value).__name__}")


def from_json(kept: Any) -> Any:
    """Data as they were written."""
    if isinstance(kept, list):
        return [from_json(one) for one in kept]
    if not isinstance(kept, dict):
        return kept
    if set(kept) == {"$moment"}:
        return datetime.fromisoformat(kept["$moment"])
    if set(kept) == {"$day"}:
        return date.fromisoformat(kept["$day"])
    return {name: from_json(one) for name, one in kept.items()}


async def _platforms(session: AsyncSession, targets: Iterable[int]) -> dict[int, str]:
    query = select(Target.id, Target.platform).where(Target.id.in_(list(targets)))
    return {row.id: row.platform for row in await session.execute(query)}
