"""The outbox: what the bot will say on its own account, written with its cause, said by the pump."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import IntEnum
from functools import cache
from itertools import islice
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    CursorResult,
    Executable,
    FromClause,
    Integer,
    String,
    Table,
    bindparam,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.drops import keep_content
from storage.tables import Delivery, Notice, NoticeFile, Target
from storage.tables.base import Moment
from storage.words import DeliveryState

PAGE = 1_000
"""Deliveries that are written at once."""

_PUT = "outbox"


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
    it could not be kept. `zone` and `host` are added when it is sent, as the target's. The data of what `is_secret` are
    kept only until it is sent or given up (`wipe_secrets`).
    """

    template: str
    data: Mapping[str, object] = field(default_factory=dict)
    buttons: Sequence[tuple[str, str, str | None, str]] = ()
    enclosures: Sequence[Enclosure] = ()
    subject: str = ""
    is_secret: bool = False


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
        is_secret=words.is_secret,
        written_at=now,
    )
    session.add(notice)
    await session.flush()
    for position, enclosure in enumerate(words.enclosures):
        digest = await keep_content(session, enclosure.content, now)
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
    putting = _putting(session.get_bind().dialect.name)
    same = {
        "cause": cause,
        "notice": notice,
        "priority": int(priority),
        "due": due or now,
        "expires": expires,
        "now": now,
        "nothing": {},
    }
    remaining, count = iter(posts), 0
    while page := list(islice(remaining, PAGE)):
        count += await _put_page(session, putting, page, same)
    note_fuller(session)
    return count


def is_fuller(session: AsyncSession) -> bool:
    """Whether something was put into the outbox in this session, so that whoever sends it should look."""
    return _PUT in session.info


async def withdraw(session: AsyncSession, cause: str) -> int:
    """Drop what still waits; gives how many. What is being sent is not stopped."""
    dropped = (
        update(Delivery)
        .where(Delivery.cause == cause, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED)
    )
    return len((await session.execute(dropped.returning(Delivery.id))).all())


async def wipe_secrets(session: AsyncSession) -> None:
    """Remove what secret notices said and nobody has to be told any more."""
    unsettled = select(Delivery.notice_id).where(Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING)))
    gone = update(Notice).where(Notice.is_secret.is_(True), Notice.id.not_in(unsettled))
    await session.execute(
        gone.values(data={}, buttons=[], is_secret=False).execution_options(synchronize_session=False)
    )


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


def note_fuller(session: AsyncSession) -> None:
    """Something was put into it in this session."""
    session.info[_PUT] = True


async def _put_page(
    session: AsyncSession, putting: Executable, page: Sequence[Post], same: Mapping[str, object]
) -> int:
    if session.get_bind().dialect.name == "sqlite":
        posts: dict[str, object] = {"posts": [[post.key, post.target] for post in page]}
    else:
        posts = {"keys": [post.key for post in page], "targets": [post.target for post in page]}
    options = {"preserve_rowcount": True}
    result = await session.execute(putting, {**same, **posts}, execution_options=options)
    return cast("CursorResult[object]", result).rowcount


@cache
def _putting(dialect: str) -> Executable:
    """One statement for a page: only the key and the target differ, and the platform is the target's."""
    posts, key, target, position = _posts(dialect)
    columns = {
        "dedupe_key": key,
        "cause": bindparam("cause", type_=String),
        "platform": Target.platform,
        "target_id": Target.id,
        "notice_id": bindparam("notice", type_=Integer),
        "priority": bindparam("priority", type_=Integer),
        "due_at": bindparam("due", type_=Moment),
        "expires_at": bindparam("expires", type_=Moment),
        "state": literal(DeliveryState.WAITING, Delivery.state.type),
        "tries": literal(0),
        "doubts": literal(0),
        "problem": literal(""),
        "receipt": bindparam("nothing", type_=JSON),
        "put_at": bindparam("now", type_=Moment),
    }
    rows = select(*columns.values()).join_from(posts, Target, Target.id == target)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # The condition only tells SQLite where the query ends and the conflict begins.
    chosen = rows.where(true()).order_by(position)
    return (
        insert(cast(Table, Delivery.__table__))
        .from_select(list(columns), chosen)
        .on_conflict_do_nothing(index_elements=[Delivery.dedupe_key])
    )


def _posts(dialect: str) -> tuple[FromClause, ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
    """The posts of a page as a table, and its columns: key, target, position."""
    if dialect == "sqlite":
        each = func.json_each(bindparam("posts", type_=JSON)).table_valued("key", "value")
        key, target = (func.json_extract(each.c.value, f"$[{place}]") for place in (0, 1))
        return each, key, target, each.c.key
    lists = func.unnest(bindparam("keys", type_=ARRAY(String)), bindparam("targets", type_=ARRAY(Integer)))
    table = lists.table_valued("post_key", "target", with_ordinality="position").render_derived()
    return table, table.c.post_key, table.c.target, table.c.position
