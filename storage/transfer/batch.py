"""A batch of rows of one kind, kept column by column: a column is checked and written faster than a row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

Cells = dict[str, str]
"""One row: what stands in each column."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows with their numbers in the file; the columns of the kind that the file has, each as long as `numbers`."""

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, column: str) -> Sequence[str]:
        return self.columns[column]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Number and cells of each row."""
        names = tuple(self.columns)
        for number, *cells in zip(self.numbers, *self.columns.values(), strict=True):
            yield number, dict(zip(names, cells, strict=True))

    def only(self, places: Sequence[int]) -> Batch:
        """The rows at these places of the batch."""
        if len(places) == len(self.numbers):
            return self
        columns = {name: [cells[place] for place in places] for name, cells in self.columns.items()}
        return Batch([self.numbers[place] for place in places], columns)

    def filled(self, names: Sequence[str]) -> Batch:
        """With all of these columns: those that it lacks are empty."""
        empty = [""] * len(self.numbers)
        return Batch(self.numbers, {name: self.columns.get(name, empty) for name in names})

    def without(self, numbers: Collection[int]) -> Batch:
        """The rows that do not have these numbers."""
        return self.only([place for place, number in enumerate(self.numbers) if number not in numbers])
