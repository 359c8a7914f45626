"""Rows that belong to another row and are shown as one list cell: aliases, topics of an item, addressees."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from storage.transfer.cells import join

Left = TypeVar("Left")
Right = TypeVar("Right")


async def mapping(connection: AsyncConnection, query: Select[Left, Right]) -> dict[Left, Right]:
    """The answer of a query for two columns, the first to the second."""
    return {left: right for left, right in await connection.execute(query)}  # noqa: C416  # dict() would ask its keys()


async def read_parts(
    connection: AsyncConnection,
    owner: InstrumentedAttribute[int],
    part: ColumnElement[str] | InstrumentedAttribute[str],
    owners: Collection[int],
    separator: str = ";",
    where: ColumnElement[bool] | None = None,
    through: Any = None,
) -> dict[int, str]:
    """The list cells of these owners. `through` is joined where the part's text is in another table."""
    if not owners:
        return {}
    table = owner.class_.__table__
    parts = select(owner, part).select_from(table)
    if through is not None:
        parts = parts.join(through)
    parts = parts.where(owner.in_(owners)).order_by(owner, table.c.position)
    if where is not None:
        parts = parts.where(where)
    found: dict[int, list[str]] = {}
    for id, text in await connection.execute(parts):
        found.setdefault(id, []).append(text)
    return {id: join(texts, separator) for id, texts in found.items()}


async def replace_parts(
    connection: AsyncConnection,
    owner: InstrumentedAttribute[int],
    rows: Mapping[int, Sequence[Mapping[str, Any]]],
    where: ColumnElement[bool] | None = None,
) -> None:
    """Give each owner these rows, in this order, instead of those that it has."""
    if not rows:
        return
    old = delete(owner.class_).where(owner.in_(rows))
    await connection.execute(old if where is None else old.where(where))
    await add_parts(connection, owner, rows)


async def add_parts(
    connection: AsyncConnection, owner: InstrumentedAttribute[int], rows: Mapping[int, Sequence[Mapping[str, Any]]]
) -> None:
    """Give each owner these rows, in this order."""
    values = [
        {owner.key: id, "position": position, **part}
        for id, parts in rows.items()
        for position, part in enumerate(parts)
    ]
    if values:
        await connection.execute(insert(owner.class_), values)
