"""Importing a file: whole or not at all, every problem at once, nothing written when nothing changes."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database, unfit
from storage.tables import AuditEntry, CatalogueVersion
from storage.transfer import csv_file, json_file
from storage.transfer.batch import Batch, Cells
from storage.transfer.columns import check, names, optional
from storage.transfer.kind import Change, Kept, Kind, kind_named
from storage.transfer.problems import FileRefused, Problem, Problems
from storage.transfer.source import LARGEST, Progress, Source, opened


@dataclass(frozen=True, slots=True)
class RowDifference:
    """What a row adds or changes: (column, old, new) of each field; `added` rows have no old values."""

    row: int
    key: str
    added: bool
    fields: Sequence[tuple[str, str, str]]


OnDifference = Callable[[RowDifference], None]


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do. `made` are bodies, groups and Questions made because rows mention them;
    `notes` are what a person should look at."""

    kind: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    made: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.made)

    def __str__(self) -> str:
        return f"{self.kind}: {self.added} added, {self.changed} changed, {self.unchanged} unchanged"


async def import_file(
    database: Database,
    kind: str,
    path: Path,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    on_difference: OnDifference | None = None,
    largest: int = LARGEST,
) -> Outcome:
    """Bring the rows of a file into the database, in one transaction.

    A dry run does the same and takes it back. Raises `FileRefused`, and `DatabaseUnfit` when the database fails.
    """
    try:
        async with database.writing() as session:
            connection = await session.connection()
            await keep_others_out(connection)
            outcome = await bring(connection, kind, path, now, progress, on_difference, largest)
            if dry_run:
                await session.rollback()
            return outcome
    except (DBAPIError, sqlite3.Error) as error:
        raise unfit(error, database.url) from error


async def keep_others_out(connection: AsyncConnection) -> None:
    """Let no other import write until the end of the transaction. On SQLite nobody can."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"LOCK TABLE {CatalogueVersion.__tablename__} IN EXCLUSIVE MODE"))


async def bring(
    connection: AsyncConnection,
    kind: str,
    path: Path,
    now: datetime,
    progress: Progress | None = None,
    on_difference: OnDifference | None = None,
    largest: int = LARGEST,
) -> Outcome:
    """As `import_file`, within the transaction of somebody else, who must roll it back on `FileRefused`."""
    rows = kind_named(kind)(connection)
    work = _Import(kind, rows, on_difference)
    try:
        with opened(path, progress, largest) as source, _no_collection():
            await work.read(source, _is_json(path))
    except FileRefused as refused:
        work.problems.extend(refused.problems)
        raise FileRefused(refused.message, refused.hint, work.problems) from refused
    finally:
        await rows.settle()
    await work.finish()
    if not work.outcome.is_nothing:
        await _record(connection, work.outcome, path, now)
    return work.outcome


class _Import:
    """One file on its way in."""

    def __init__(self, kind: str, rows: Kind, on_difference: OnDifference | None) -> None:
        self.outcome = Outcome(kind, made=rows.made, notes=rows.notes)
        self.problems = Problems()
        self._rows = rows
        self._on_difference = on_difference
        self._seen: dict[Hashable, int] = {}
        self._further: list[dict[Hashable, int]] = [{} for _ in rows.unique]
        self._is_empty = True

    async def read(self, source: Source, is_json: bool) -> None:
        await self._rows.begin()
        self._is_empty = await self._rows.count() == 0
        read = json_file.read if is_json else csv_file.read
        row = self._rows.row
        for batch in read(source.text, names(row), self.problems, optional(row)):
            await self._bring(batch)
            source.tell_progress()

    async def finish(self) -> None:
        """Raise `FileRefused` when there was a problem."""
        self.problems.extend(await self._rows.finish())
        if self.problems:
            count = self.problems.count
            raise FileRefused(
                f"the file has {count:,} problem{'s' if count > 1 else ''}; nothing was imported",
                "correct the rows and import the file again",
                self.problems,
            )

    async def _bring(self, given: Batch) -> None:
        batch = await self._right_rows(given)
        if not batch.numbers:
            return
        added, changes = await self._compare(batch)
        if added.numbers:
            await self._rows.add(added.filled(names(self._rows.row)))
        if changes:
            await self._rows.change(changes)
        self.outcome.added += len(added)
        self.outcome.changed += len(changes)
        self.outcome.unchanged += len(batch) - len(added) - len(changes)
        self._tell(added, changes)

    async def _right_rows(self, given: Batch) -> Batch:
        checked = check(self._rows.row, given, self.problems)
        await self._rows.prepare(checked)
        wrong = list(self._wrong(checked))
        self.problems.extend(wrong)
        batch = checked.without({problem.row for problem in wrong}) if wrong else checked
        if len(batch) < len(given):
            right = set(batch.numbers)
            refused = given.only([place for place, number in enumerate(given.numbers) if number not in right])
            self._rows.refused.update(self._rows.identities(refused))
        return batch

    def _wrong(self, batch: Batch) -> Iterator[Problem]:
        yield from _repeated(batch.numbers, self._rows.identities(batch), self._seen, self._rows.key, batch)
        for columns, seen in zip(self._rows.unique, self._further, strict=True):
            cells = list(zip(*(batch[column] for column in columns), strict=True))
            yield from _repeated(batch.numbers, cells, seen, columns, batch)
        yield from self._rows.check(batch)

    async def _compare(self, batch: Batch) -> tuple[Batch, list[Change]]:
        kept: dict[Hashable, Kept] = {} if self._is_empty else await self._rows.kept(batch)
        if not kept:
            return batch, []
        places, changes = [], []
        identified = zip(batch.rows(), self._rows.identities(batch), strict=True)
        for place, ((number, cells), identity) in enumerate(identified):
            if identity not in kept:
                places.append(place)
                continue
            before = kept[identity]
            after = self._rows.merge(before.cells, before.cells | cells)
            if after != before.cells:
                changes.append(Change(number, before.id, before.cells, after))
        return batch.only(places), changes

    def _tell(self, added: Batch, changes: Sequence[Change]) -> None:
        if self._on_difference is None:
            return
        found = [
            RowDifference(number, self._name(cells), True, [(name, "", cell) for name, cell in cells.items() if cell])
            for number, cells in added.rows()
        ]
        found += [
            RowDifference(
                change.number,
                self._name(change.after),
                False,
                [(name, change.before[name], change.after[name]) for name in change.fields],
            )
            for change in changes
        ]
        for difference in sorted(found, key=lambda one: one.row):
            self._on_difference(difference)

    def _name(self, cells: Cells) -> str:
        return ", ".join(cells[column] for column in self._rows.key)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Many rows and no circles among them: the collector would look through them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _repeated(
    numbers: Sequence[int],
    identities: Sequence[Hashable],
    seen: dict[Hashable, int],
    columns: Sequence[str],
    batch: Batch,
) -> Iterator[Problem]:
    if len(set(identities)) == len(identities) and seen.keys().isdisjoint(identities):
        seen.update(zip(identities, numbers, strict=True))
        return
    for place, (number, identity) in enumerate(zip(numbers, identities, strict=True)):
        first = seen.setdefault(identity, number)
        if first != number:
            value = ", ".join(batch[column][place] for column in columns)
            yield Problem(number, " and ".join(columns), value, f"what no other row has; row {first} has it")


def _is_json(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(".json")


async def _record(connection: AsyncConnection, outcome: Outcome, path: Path, now: datetime) -> None:
    counts = {"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged}
    await connection.execute(
        insert(AuditEntry).values(
            at=now,
            person_id=None,
            role="administrator",
            place="terminal",
            action="import",
            subject=outcome.kind,
            subject_id="",
            before={},
            after=counts | {"file": path.name, "made": outcome.made[:100]},
        )
    )
    raised = update(CatalogueVersion).values(version=CatalogueVersion.version + 1, changed_at=now)
    if (await connection.scalar(select(CatalogueVersion.id))) is None:
        await connection.execute(insert(CatalogueVersion).values(id=1, version=1, changed_at=now))
    else:
        await connection.execute(raised)
