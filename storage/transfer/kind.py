"""What a kind of rows is: how it looks in a file, and how it is kept in the database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Executable, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import DeclarativeBase

from storage.transfer import kinds
from storage.transfer.batch import Batch, Cells
from storage.transfer.columns import names, optional
from storage.transfer.problems import Problem

PAGE = 1_000
"""Rows that are read or written at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the database in the form of a file."""

    id: Any
    cells: Cells


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the file that differs from what is kept."""

    number: int
    id: Any
    before: Cells
    after: Cells

    @property
    def fields(self) -> list[str]:
        return [name for name, cell in self.after.items() if cell != self.before[name]]


class Kind(ABC):
    """One kind, on one connection. A kind is a module of `storage.transfer.kinds` with one subclass, called `Rows`.

    `row` is the model of a row; its fields are the columns; a file may lack those with a default. `key` are the
    columns that tell rows apart; `unique` are further columns that no two rows of a file share. `made` lists what was
    made because rows mention it, `notes` what a person should look at; `refused` are the identities of rows that are
    wrong, so that nobody is told that they are missing.
    """

    row: ClassVar[type[BaseModel]]
    key: ClassVar[tuple[str, ...]]
    unique: ClassVar[tuple[tuple[str, ...], ...]] = ()
    table: ClassVar[type[DeclarativeBase]]

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.made: list[str] = []
        self.notes: list[str] = []
        self.refused: set[Hashable] = set()

    async def begin(self) -> None:
        """Read what rows are checked against, or shown with."""
        return

    async def prepare(self, batch: Batch) -> None:
        """Read what the rows of this batch are checked against."""
        return

    def identities(self, batch: Batch) -> Sequence[Hashable]:
        """What tells the rows from all others: those with an equal identity are the same row."""
        if len(self.key) == 1:
            return batch[self.key[0]]
        return list(zip(*(batch[column] for column in self.key), strict=True))

    def check(self, batch: Batch) -> Iterator[Problem]:
        """What is wrong with rows whose cells, each by itself, are right."""
        return iter(())

    async def kept(self, batch: Batch) -> dict[Hashable, Kept]:
        """The rows of the database that rows of the batch are about, by their identity."""
        rows = await self.read(self.about(batch))
        return dict(zip(self.identities(as_batch(row.cells for row in rows)), rows, strict=True)) if rows else {}

    def merge(self, before: Cells, after: Cells) -> Cells:
        """What the row shall be, where the file does not replace what is kept."""
        return after

    def order(self) -> ColumnElement[Any]:
        """What rows are exported by."""
        return self.table.__table__.c.id

    async def count(self) -> int:
        """Rows in the database."""
        return int((await self.connection.scalar(select(func.count()).select_from(self.table))) or 0)

    async def columns(self) -> list[str]:
        """The columns of an export: those that a file may lack are there where something stands in them."""
        own = self.table.__table__.c
        unused = [
            name
            for name in optional(self.row)
            if not await self.connection.scalar(select(exists().where(own[name] != "")))
        ]
        return [name for name in names(self.row) if name not in unused]

    async def pages(self) -> AsyncIterator[list[Kept]]:
        """All rows in their stable order, page by page."""
        last: Any = 0
        while page := await self.read(self.order() > last, PAGE):
            yield page
            last = page[-1].id

    async def finish(self) -> Iterable[Problem]:
        """Do what needs all rows to be there; gives what is wrong then."""
        return ()

    async def settle(self) -> None:
        """Wait for what is still being written."""
        return

    @abstractmethod
    def about(self, batch: Batch) -> ColumnElement[bool]:
        """A condition that finds the rows of the database that rows of the batch are about, perhaps with others."""

    @abstractmethod
    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        """Rows of the database in the form of the file, in their stable order."""

    @abstractmethod
    async def add(self, batch: Batch) -> None:
        """Add rows."""

    @abstractmethod
    async def change(self, changes: Sequence[Change]) -> None:
        """Change rows."""

    async def run(self, statement: Executable, values: Sequence[dict[str, Any]]) -> None:
        """Execute a statement for each of the values."""
        if values:
            await self.connection.execute(statement, values)


def as_batch(rows: Iterable[Cells]) -> Batch:
    """Rows of the database, numbered from 1."""
    found = list(rows)
    columns = {name: [cells[name] for cells in found] for name in found[0]} if found else {}
    return Batch(range(1, len(found) + 1), columns)


@cache
def kind_names() -> tuple[str, ...]:
    """The kinds there are: the modules of `storage.transfer.kinds`."""
    return tuple(sorted(module.name for module in iter_modules(kinds.__path__)))


def kind_named(name: str) -> type[Kind]:
    """The kind of that name, which is one of `kind_names()`."""
    # Imported when it is needed: `ask` starts without.
    rows: type[Kind] = import_module(f"{kinds.__name__}.{name}").Rows
    return rows
