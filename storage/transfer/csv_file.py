"""CSV files: rows in, rows out. The dialect is that of RFC 4180 with commas."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import TextIO

from storage.transfer.batch import Batch
from storage.transfer.formula import neutralise, restore
from storage.transfer.problems import FileRefused, Problem, Problems, shown

BATCH = 1_000

Row = Sequence[str]


def read(
    text: Iterable[str], wanted: Sequence[str], problems: Problems, optional: Collection[str] = ()
) -> Iterator[Batch]:
    """The rows in batches, with the wanted columns; a file may lack those that are optional.

    Ragged rows go to `problems`, blank rows are passed over. Raises `FileRefused`.
    """
    reader = csv.reader(text, strict=True)
    try:
        found = [name.strip() for name in next(reader, [])]
        check_header(found, wanted, optional)
        wanted = [name for name in wanted if name in found]
        arrange = _arrangement(found, wanted)
        width, number = len(wanted), 2
        while chunk := list(islice(reader, BATCH)):
            numbers, rows = _even(chunk, number, width, problems)
            number += len(chunk)
            if rows:
                yield _batch(numbers, rows, wanted, arrange)
    except csv.Error as error:
        raise FileRefused(f"the file is not well-formed CSV near line {reader.line_num}: {error}", _HINT) from error


def write(columns: Sequence[str], rows: Iterable[Mapping[str, str]], out: TextIO) -> None:
    """Write rows without the header; see `header`."""
    out.writelines(_line(neutralise(row[column]) for column in columns) for row in rows)


def header(columns: Sequence[str]) -> str:
    return _line(columns)


def check_header(found: Sequence[str], wanted: Sequence[str], optional: Collection[str] = ()) -> None:
    """Raise `FileRefused` unless these are the wanted columns, in whatever order, but perhaps for optional ones."""
    if not any(found):
        raise FileRefused("the file is empty", f"its first row must be {','.join(wanted)}")
    faults = [
        *_fault("twice", [name for name in dict.fromkeys(found) if found.count(name) > 1]),
        *_fault("missing", [name for name in wanted if name not in found and name not in optional]),
        *_fault("unknown", [name for name in dict.fromkeys(found) if name not in wanted]),
    ]
    if faults:
        hint = f"the columns are {','.join(wanted)}"
        if len(found) == 1 and (";" in found[0] or "\t" in found[0]):
            hint += ", with commas between them"
        raise FileRefused(f"wrong columns: {'; '.join(faults)}", hint)


_HINT = "cells with quotes, commas or line breaks stand in double quotes, and a quote in them is doubled"
_Arrange = Callable[[Sequence[Sequence[str]]], Sequence[Sequence[str]]]


def _fault(what: str, names: Sequence[str]) -> list[str]:
    return [f"{what}: {', '.join(name if name.isidentifier() else shown(name) for name in names)}"] if names else []


def _arrangement(found: Sequence[str], wanted: Sequence[str]) -> _Arrange | None:
    return None if found == wanted else itemgetter(*(found.index(name) for name in wanted))


def _even(chunk: list[list[str]], first: int, width: int, problems: Problems) -> tuple[Sequence[int], list[list[str]]]:
    numbers = range(first, first + len(chunk))
    if set(map(len, chunk)) == {width} and all(map(itemgetter(0), chunk)):
        return numbers, chunk
    kept = []
    for number, row in zip(numbers, chunk, strict=True):
        if not any(row):
            continue
        if len(row) == width:
            kept.append((number, row))
        else:
            problems.add(Problem(number, "", f"{len(row)} cells", f"{width} cells, as in the header"))
    return [number for number, _ in kept], [row for _, row in kept]


def _batch(numbers: Sequence[int], rows: Sequence[Row], wanted: Sequence[str], arrange: _Arrange | None) -> Batch:
    columns: Sequence[Sequence[str]] = [_restored(column) for column in zip(*rows, strict=True)]
    if arrange:
        columns = arrange(columns)
    return Batch(numbers, dict(zip(wanted, columns, strict=True)))


def _restored(column: Sequence[str]) -> Sequence[str]:
    # One look at the whole column: hardly any has a neutralised cell.
    return [restore(cell) for cell in column] if "\n'" in "\n" + "\n".join(column) else column


def _line(cells: Iterable[str]) -> str:
    return ",".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    # Not csv.writer: some versions leave a lone carriage return unquoted, which no reader gives back.
    if '"' in cell or "," in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
