"""JSON files: a list of objects, read piece by piece so that a large file needs little memory."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from storage.transfer.batch import Batch
from storage.transfer.cells import join
from storage.transfer.csv_file import BATCH
from storage.transfer.problems import FileRefused, Problem, Problems

_PIECE = 1 << 16
_LARGEST_OBJECT = 1 << 22
_SPACE = " \t\r\n"


def read(text: TextIO, wanted: Sequence[str], problems: Problems, optional: Collection[str] = ()) -> Iterator[Batch]:
    """The objects in batches; the first has the number 1. Raises `FileRefused`.

    What names they have of those that are optional, the first one says for all.
    """
    numbers: list[int] = []
    rows: list[list[str]] = []
    for number, pairs in enumerate(_objects(text), start=1):
        if number == 1:
            first = dict(pairs) if isinstance(pairs, _Object) else {}
            wanted = [name for name in wanted if name in first or name not in optional]
        row = _row(number, pairs, wanted, problems)
        if row is not None:
            numbers.append(number)
            rows.append(row)
        if len(rows) == BATCH:
            yield _batch(numbers, rows, wanted)
            numbers, rows = [], []
    if rows:
        yield _batch(numbers, rows, wanted)


def write(columns: Sequence[str], rows: Iterable[Mapping[str, str]], out: TextIO, first: bool) -> None:
    """Write objects without the brackets around them, one a line."""
    for row in rows:
        out.write("\n " if first else ",\n ")
        out.write(json.dumps({column: row[column] for column in columns}, ensure_ascii=False))
        first = False


class _Object(list[tuple[str, Any]]):
    """An object's names and values as they were written: a dict would hide a name that stands twice."""


def _batch(numbers: Sequence[int], rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> Batch:
    return Batch(numbers, dict(zip(wanted, zip(*rows, strict=True), strict=True)))


def _row(number: int, item: object, wanted: Sequence[str], problems: Problems) -> list[str] | None:
    if not isinstance(item, _Object):
        problems.add(Problem(number, "", _kind(item), "an object with the columns as names"))
        return None
    found = dict(item)
    before = problems.count
    for name in wanted:
        if name not in found:
            problems.add(Problem(number, name, "", "this name must be in every object"))
    for name in found:
        if name not in wanted:
            problems.add(Problem(number, name[:40], "", f"only the names {', '.join(wanted)}"))
    if len(found) < len(item):
        problems.add(Problem(number, "", "a name that stands twice", "each name once"))
    cells = [_cell(number, name, found.get(name), problems) for name in wanted]
    return cells if problems.count == before else None


def _cell(number: int, name: str, value: object, problems: Problems) -> str:
    if type(value) is list and all(isinstance(part, str) for part in value):
        value = join(value)
    if isinstance(value, str):
        if value.isprintable() or _encodable(value):
            return value
        problems.add(Problem(number, name, value, "text without NUL and without halves of characters"))
        return ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    problems.add(Problem(number, name, _kind(value), "text"))
    return ""


def _encodable(value: str) -> bool:
    try:
        return b"\0" not in value.encode("utf-8")
    except UnicodeEncodeError:
        return False


def _kind(item: object) -> str:
    names = {_Object: "an object", list: "a list", str: "text", float: "a fraction", type(None): "null"}
    return names.get(type(item), "a value")


def _objects(text: TextIO) -> Iterator[object]:
    decoder = json.JSONDecoder(object_pairs_hook=_Object)
    buffer = _Buffer(text)
    if buffer.next_sign() != "[":
        what = "the file is empty" if buffer.ended else "the file is not a list of objects"
        raise FileRefused(what, "it must be a JSON list: [{...}, {...}]")
    buffer.skip()
    if buffer.next_sign() == "]":
        buffer.skip()
    else:
        yield from _members(buffer, decoder)
    if buffer.next_sign():
        raise FileRefused("something stands after the end of the list", "the file must be one JSON list")


def _members(buffer: _Buffer, decoder: json.JSONDecoder) -> Iterator[object]:
    while True:
        buffer.next_sign()
        yield buffer.take(decoder)
        sign = buffer.next_sign()
        if sign not in (",", "]"):
            raise FileRefused("the file is not well-formed JSON: a comma or ] is missing or it is cut off", _HINT)
        buffer.skip()
        if sign == "]":
            return


_HINT = "write it again with a JSON tool"


class _Buffer:
    """The part of the text that is being looked at."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._piece = ""
        self._place = 0
        self.ended = False

    def next_sign(self) -> str:
        """The next character that is no white space, not yet taken; empty at the end."""
        while True:
            while self._place < len(self._piece) and self._piece[self._place] in _SPACE:
                self._place += 1
            if self._place < len(self._piece):
                return self._piece[self._place]
            if not self._more():
                return ""

    def skip(self) -> None:
        self._place += 1

    def take(self, decoder: json.JSONDecoder) -> object:
        """The value that begins here."""
        while True:
            if not self.ended and len(self._piece) - self._place < _PIECE:
                self._more()
            try:
                value, end = decoder.raw_decode(self._piece, self._place)
            except (json.JSONDecodeError, RecursionError, ValueError) as error:
                if self.ended or isinstance(error, RecursionError):
                    reason = getattr(error, "msg", "nested too deep or a number too long")
                    raise FileRefused(f"the file is not well-formed JSON: {reason}", _HINT) from error
                if len(self._piece) - self._place > _LARGEST_OBJECT:
                    raise FileRefused("the file is not well-formed JSON, or an object is too large", _HINT) from error
                self._more(len(self._piece) - self._place)
                continue
            if end == len(self._piece) and not self.ended:
                # A number may go on in the next piece.
                self._more()
                continue
            self._place = end
            return value

    def _more(self, size: int = 0) -> bool:
        """Read on; doubling what is looked at, so that a long object is not decoded again for every piece."""
        piece = self._text.read(max(_PIECE, size))
        self._piece = self._piece[self._place :] + piece
        self._place = 0
        self.ended = not piece
        return bool(piece)
