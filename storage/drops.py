"""Drops: files that people dropped into a chat, kept until they are used or forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Account, Base, Drop, File

KEPT = timedelta(days=30)
"""A drop that nobody used for so long is forgotten."""

_UNCLAIMED = timedelta(days=1)  # a file is kept before what refers to it


@dataclass(frozen=True, slots=True)
class Content:
    """A file whose content is kept already: its name, what it is, and where its content is."""

    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that somebody dropped. `is_again`: they had dropped the same one in the same place before."""

    id: int
    name: str
    media_type: str
    size: int
    digest: str
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """Who wants to use a drop, and in which conversation. `sees_all`: there they may use those of others too.

    `is_secretariat`: what came by mail is theirs, wherever they are.
    """

    person_id: int
    place: str = ""
    sees_all: bool = False
    is_secretariat: bool = False


async def keep_content(session: AsyncSession, content: bytes, now: datetime) -> str:
    """Keep a content once, for a day at least; gives its SHA-256 in hexadecimal."""
    digest = hashlib.sha256(content).hexdigest()
    # One that was there is touched, so that whoever removes old ones just now leaves it.
    if not (await session.execute(_TOUCH, {"of": digest, "now": now})).first():
        row = {"digest": digest, "size": len(content), "content": content, "kept_at": now}
        await session.execute(_adding(session.get_bind().dialect.name, File, ("digest",), ("kept_at",)), row)
    return digest


async def kept(session: AsyncSession, digest: str) -> bytes | None:
    """A content that is kept; None: it is not any more."""
    return await session.scalar(select(File.content).where(File.digest == digest))


async def touch(session: AsyncSession, digests: Collection[str], now: datetime) -> Collection[str]:
    """Keep these contents for a day more; gives those that are kept."""
    if not digests:
        return ()
    touched = update(File).where(File.digest.in_(list(digests))).values(kept_at=now).returning(File.digest)
    return set(await session.scalars(touched.execution_options(synchronize_session=False)))


async def drop(session: AsyncSession, one: Content, account: int, place: str, now: datetime) -> Dropped:
    """Somebody dropped a file, whose content is kept, into a conversation."""
    mine = (Drop.account_id == account, Drop.place == place, Drop.digest == one.digest)
    is_again = (await session.execute(select(exists().where(*mine)))).scalar_one()
    row = {
        "account_id": account,
        "place": place,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "digest": one.digest,
        "dropped_at": now,
        "used_at": None,
    }
    keys = ("account_id", "place", "digest")
    adding = _adding(session.get_bind().dialect.name, Drop, keys, ("name", "media_type", "dropped_at", "used_at"))
    await session.execute(adding, row)
    number = (await session.execute(select(Drop.id).where(*mine))).scalar_one()
    return Dropped(number, one.name, one.media_type, one.size, one.digest, is_again)


async def find(session: AsyncSession, numbers: Sequence[int], user: User) -> Sequence[Dropped]:
    """Those of these drops that the user may use, in the order of the numbers."""
    query = _of(user).where(Drop.id.in_(numbers))
    found = {row.id: Dropped(*row) for row in await session.execute(query)}
    return [found[number] for number in numbers if number in found]


async def newest(session: AsyncSession, person: int, limit: int) -> Sequence[Dropped]:
    """What a person dropped anywhere, the latest first."""
    query = _of(User(person)).order_by(Drop.dropped_at.desc(), Drop.id.desc()).limit(limit)
    return [Dropped(*row) for row in await session.execute(query)]


async def size_since(session: AsyncSession, person: int, since: datetime) -> int:
    """How many bytes a person dropped since then."""
    query = select(func.coalesce(func.sum(Drop.size), 0)).join(Account, Account.id == Drop.account_id)
    return int((await session.execute(query.where(Account.person_id == person, Drop.dropped_at >= since))).scalar_one())


async def content(session: AsyncSession, number: int) -> bytes:
    """What is in a drop. Raises `NoResultFound` when it is forgotten."""
    query = select(File.content).join(Drop, Drop.digest == File.digest).where(Drop.id == number)
    return (await session.execute(query)).scalar_one()


async def use(session: AsyncSession, numbers: Sequence[int], now: datetime) -> None:
    """These are used for something."""
    used = update(Drop).where(Drop.id.in_(numbers)).values(used_at=now)
    await session.execute(used.execution_options(synchronize_session=False))


async def has_unused(session: AsyncSession, numbers: Sequence[int]) -> bool:
    """Whether one of these is there and was never used for anything."""
    query = select(exists().where(Drop.id.in_(numbers), Drop.used_at.is_(None)))
    return bool((await session.execute(query)).scalar_one())


async def remove(session: AsyncSession, numbers: Sequence[int]) -> None:
    """Forget drops, and their content where nothing else refers to it."""
    gone = delete(Drop).where(Drop.id.in_(numbers)).returning(Drop.digest)
    digests = set(await session.scalars(gone.execution_options(synchronize_session=False)))
    await _remove_unclaimed(session, digests)


async def forget(session: AsyncSession, now: datetime) -> int:
    """Forget what nobody used for long, and contents that nothing refers to; gives how many drops."""
    is_old = func.coalesce(Drop.used_at, Drop.dropped_at) < now - KEPT
    old = Drop.dropped_at < now - KEPT
    gone = delete(Drop).where(old, is_old).returning(Drop.id)
    count = len((await session.scalars(gone.execution_options(synchronize_session=False))).all())
    left = delete(File).where(File.kept_at < now - _UNCLAIMED, ~_is_claimed())
    await session.execute(left.execution_options(synchronize_session=False))
    return count


def _of(user: User) -> Select[int, str, str, int, str]:
    query = select(Drop.id, Drop.name, Drop.media_type, Drop.size, Drop.digest)
    query = query.outerjoin(Account, Account.id == Drop.account_id)
    may_use = [Account.person_id == user.person_id]
    if user.sees_all and user.place:
        may_use.append(Drop.place == user.place)
    if user.is_secretariat:
        may_use.append(Drop.account_id.is_(None))
    return query.where(or_(*may_use))


async def _remove_unclaimed(session: AsyncSession, digests: set[str]) -> None:
    left = delete(File).where(File.digest.in_(digests), ~_is_claimed())
    await session.execute(left.execution_options(synchronize_session=False))


def _is_claimed() -> ColumnElement[bool]:
    """Whether any table refers to the file, but for what goes with it."""
    columns = [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column is _TABLE.c.digest and key.ondelete != "CASCADE" for key in column.foreign_keys)
    ]
    return or_(*(exists().where(column == File.digest) for column in columns))


_TABLE = cast(Table, File.__table__)
_TOUCH = (
    update(_TABLE).where(_TABLE.c.digest == bindparam("of")).values(kept_at=bindparam("now")).returning(_TABLE.c.digest)
)


@cache
def _adding(dialect: str, table: type[Base], key: tuple[str, ...], changed: tuple[str, ...]) -> Executable:
    """Insert a row; one of that key gets only some values."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(cast(Table, table.__table__))
    changes = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changes)
